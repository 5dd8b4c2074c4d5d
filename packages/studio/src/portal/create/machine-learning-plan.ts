// The writes that make an Azure Machine Learning workspace with its associated resources.

import { groupId, groupSteps, type Place, type PlaceValues } from "./place.ts";
import { putStep, type Step } from "./plan.ts";
import { accountStep, storageType } from "./storage.ts";
import { vaultStep, vaultType } from "./vault.ts";

export const machineLearningType = "Microsoft.MachineLearningServices/workspaces";

export const associatedTypes = {
  storageAccount: storageType,
  keyVault: vaultType,
  applicationInsights: "Microsoft.Insights/components",
  containerRegistry: "Microsoft.ContainerRegistry/registries",
} as const;

export type AssociatedName = keyof typeof associatedTypes;

export type MachineLearningValues = PlaceValues & {
  readonly [Name in AssociatedName]: string;
} & {
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly publicAccess: string;
};

export function machineLearningId(values: MachineLearningValues): string {
  return `${groupId(values)}/providers/${machineLearningType}/${values.name}`;
}

const nameLengthMax = 24;

/** The workspace's name and ten digits, as the portal names what it makes; fits 24 characters. */
export function derivedName(associated: AssociatedName, workspace: string, suffix: string): string {
  const plain = workspace.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  // A vault's name begins with a letter.
  const start = associated === "keyVault" && !/^[a-z]/.test(plain) ? `kv${plain}` : plain;
  return `${start.slice(0, nameLengthMax - suffix.length)}${suffix}`;
}

export function machineLearningPlan(
  values: MachineLearningValues,
  { place, suffix, tenantId }: { place: Place; suffix: string; tenantId: string },
): readonly Step[] {
  const group = groupId(values);
  const { location } = values;
  const nameOf = (associated: AssociatedName) => derivedName(associated, values.name, suffix);
  const idOf = (associated: AssociatedName) =>
    values[associated] || `${group}/providers/${associatedTypes[associated]}/${nameOf(associated)}`;
  const storage = { id: idOf("storageAccount"), name: nameOf("storageAccount") };
  const vault = { id: idOf("keyVault"), name: nameOf("keyVault") };
  return [
    ...groupSteps(place, values),
    ...(values.storageAccount ? [] : [accountStep({ ...storage, location, isLake: false })]),
    ...(values.keyVault
      ? []
      : [vaultStep({ ...vault, location, tenantId, sku: "standard", usesRoles: true })]),
    ...(values.applicationInsights
      ? []
      : insightsSteps({ group, location, name: nameOf("applicationInsights") })),
    putStep({
      key: "workspace",
      label: `Azure Machine Learning workspace ${values.name}`,
      id: machineLearningId(values),
      version: "2024-04-01",
      body: {
        location,
        identity: { type: "SystemAssigned" },
        properties: {
          friendlyName: values.friendlyName || values.name,
          description: values.description,
          storageAccount: storage.id,
          keyVault: vault.id,
          applicationInsights: idOf("applicationInsights"),
          ...(values.containerRegistry && { containerRegistry: values.containerRegistry }),
          publicNetworkAccess: values.publicAccess,
        },
      },
    }),
  ];
}

/** Application Insights keeps its data in a Log Analytics workspace. */
function insightsSteps(wanted: { group: string; location: string; name: string }): Step[] {
  const { group, location, name } = wanted;
  const logs = `${group}/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  return [
    putStep({
      key: "logs",
      label: `Log Analytics workspace ${name}`,
      id: logs,
      version: "2022-10-01",
      body: { location, properties: { sku: { name: "PerGB2018" }, retentionInDays: 30 } },
    }),
    putStep({
      key: "insights",
      label: `Application Insights ${name}`,
      id: `${group}/providers/Microsoft.Insights/components/${name}`,
      version: "2020-02-02",
      body: {
        location,
        kind: "web",
        properties: { Application_Type: "web", WorkspaceResourceId: logs },
      },
    }),
  ];
}
