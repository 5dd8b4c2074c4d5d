// The writes that make a Synapse workspace with its lake.

import type { Resource } from "../../api/resource.ts";
import { assignmentPath } from "../access-control/role.ts";
import { groupId, groupSteps, type Place, type PlaceValues } from "./place.ts";
import { type Made, putStep, type Step } from "./plan.ts";
import { accountId, accountStep, containerStep } from "./storage.ts";

export const synapseType = "Microsoft.Synapse/workspaces";
const synapseVersion = "2021-06-01";
/** Built-in role Storage Blob Data Contributor. */
const blobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

export type SynapseValues = PlaceValues & {
  readonly name: string;
  readonly managedGroup: string;
  readonly account: string;
  readonly filesystem: string;
  readonly grantsIdentity: string;
  readonly grantsMe: string;
  readonly login: string;
  readonly password: string;
  readonly again: string;
  readonly network: string;
  readonly protection: string;
  readonly publicAccess: string;
};

export function synapseId(group: string, name: string): string {
  return `${group}/providers/${synapseType}/${name}`;
}

export function synapsePlan(
  values: SynapseValues,
  { place, accounts, me }: { place: Place; accounts: readonly Resource[]; me: string },
): readonly Step[] {
  const group = groupId(values);
  const known = accounts.find(({ name }) => name === values.account);
  const lake = known?.id ?? accountId(group, values.account);
  const { location } = values;
  return [
    ...groupSteps(place, values),
    ...(known ? [] : [accountStep({ id: lake, name: values.account, location, isLake: true })]),
    containerStep(lake, values.filesystem),
    putStep({
      key: "workspace",
      label: `Synapse workspace ${values.name}`,
      id: synapseId(group, values.name),
      version: synapseVersion,
      body: workspaceBody(values, lake),
    }),
    ...(values.grantsIdentity === "true"
      ? [grantStep("identity", { lake, label: "the workspace's managed identity", of: identityOf })]
      : []),
    ...(values.grantsMe === "true"
      ? [grantStep("me", { lake, label: "you", of: () => ({ id: me, type: "User" }) })]
      : []),
  ];
}

function workspaceBody(values: SynapseValues, lake: string): object {
  const hasNetwork = values.network === "true";
  return {
    location: values.location,
    identity: { type: "SystemAssigned" },
    properties: {
      defaultDataLakeStorage: {
        accountUrl: `https://${values.account}.dfs.core.windows.net`,
        filesystem: values.filesystem,
        resourceId: lake,
      },
      sqlAdministratorLogin: values.login,
      ...(values.password !== "" && { sqlAdministratorLoginPassword: values.password }),
      ...(values.managedGroup !== "" && { managedResourceGroupName: values.managedGroup }),
      ...(hasNetwork && {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: values.protection === "true" },
      }),
      publicNetworkAccess: values.publicAccess,
    },
  };
}

interface Principal {
  readonly id: string;
  readonly type: "User" | "ServicePrincipal";
}

function identityOf(made: Made): Principal {
  return { id: made.get("workspace")?.identity?.principalId ?? "", type: "ServicePrincipal" };
}

function grantStep(
  key: string,
  { lake, label, of }: { lake: string; label: string; of(made: Made): Principal },
): Step {
  return {
    key,
    label: `Role Storage Blob Data Contributor for ${label}`,
    existsCode: "RoleAssignmentExists",
    path: () => assignmentPath(lake, crypto.randomUUID()),
    body: (made) => {
      const { id, type } = of(made);
      return {
        properties: {
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${blobContributor}`,
          principalId: id,
          principalType: type,
        },
      };
    },
  };
}
