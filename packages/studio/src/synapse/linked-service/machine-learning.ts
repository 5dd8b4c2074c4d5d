// The form of an Azure Machine Learning linked service (features.md ).

import type { Field, FormValues } from "../../control/form.ts";
import {
  isTargetChanged,
  type LinkContext,
  type LinkKind,
  type TypeProperties,
  withoutEmpty,
} from "./link-kind.ts";
import { isStoredSecret, secretFields, secretValue, secretValues } from "./secret-field.ts";

export const machineLearningType = "AzureMLService";

const key = "servicePrincipalKey";
const placeNames = ["subscriptionId", "resourceGroupName", "mlWorkspaceName"];
const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const machineLearning: LinkKind = { read, fields, build };

function read(properties: TypeProperties, context: LinkContext): FormValues | undefined {
  if (!isShown(properties)) return undefined;
  const text = (name: string) => (properties[name] as string | undefined) ?? "";
  const id = `/subscriptions/${text("subscriptionId")}/resourceGroups/${text("resourceGroupName")}/providers/Microsoft.MachineLearningServices/workspaces/${text("mlWorkspaceName")}`;
  const found = context.machineLearning.find((one) => one.id.toLowerCase() === id.toLowerCase());
  const isNew = placeNames.every((name) => text(name) === "");
  const [only, ...others] = context.subscriptions;
  const hasPrincipal =
    !isIdentity(properties) && (text("servicePrincipalId") !== "" || properties[key] !== undefined);
  return {
    authentication: hasPrincipal ? "principal" : "identity",
    selection: found || isNew ? "subscription" : "manual",
    subscription: isNew
      ? others.length === 0
        ? (only?.subscriptionId ?? "")
        : ""
      : text("subscriptionId"),
    workspace: found?.id ?? "",
    subscriptionId: text("subscriptionId"),
    resourceGroupName: text("resourceGroupName"),
    mlWorkspaceName: text("mlWorkspaceName"),
    servicePrincipalId: text("servicePrincipalId"),
    tenant: text("tenant") || context.tenantId,
    ...secretValues(key, properties[key], true),
  };
}

/** Fields show texts of known names; everything else is for the JSON. */
function isShown(properties: TypeProperties): boolean {
  const texts = [...placeNames, "authentication", "servicePrincipalId", "tenant"];
  const others = [key, "encryptedCredential"];
  return Object.entries(properties).every(([name, value]) =>
    texts.includes(name) ? typeof value === "string" : others.includes(name),
  );
}

function isIdentity({ authentication }: TypeProperties): boolean {
  return typeof authentication === "string" && authentication.toLowerCase() === "msi";
}

function build(values: FormValues, context: LinkContext): TypeProperties {
  const { saved = {} } = context;
  const place = placeOf(values);
  if (values.authentication === "identity") return { ...place, authentication: "MSI" };
  const stored = saved[key];
  const sent = secretValue(key, values, stored);
  return withoutEmpty({
    ...place,
    // Some clients write a word here; it is part of what a stored key is for.
    authentication: isIdentity(saved) ? undefined : saved.authentication,
    servicePrincipalId: values.servicePrincipalId,
    [key]: sent,
    // Stands for the secrets that are stored: only as long as one of them stays.
    encryptedCredential: sent === stored ? saved.encryptedCredential : undefined,
    tenant: values.tenant,
  });
}

/** The group is not asked for where the workspace was picked: it is part of its id. */
function placeOf(values: FormValues): TypeProperties {
  const { selection, subscriptionId, resourceGroupName, mlWorkspaceName } = values;
  if (selection === "manual") return { subscriptionId, resourceGroupName, mlWorkspaceName };
  const [, , subscription = "", , group = "", , , , name = ""] = (values.workspace ?? "").split(
    "/",
  );
  return { subscriptionId: subscription, resourceGroupName: group, mlWorkspaceName: name };
}

function fields(values: FormValues, context: LinkContext): readonly Field<FormValues>[] {
  return [
    {
      name: "authentication",
      label: "Authentication method",
      kind: "choice",
      isRequired: true,
      choices: [
        { value: "identity", label: "System Assigned Managed Identity" },
        { value: "principal", label: "Service Principal" },
      ],
    },
    {
      name: "selection",
      label: "Azure Machine Learning workspace selection method",
      kind: "radio",
      choices: [
        { value: "subscription", label: "From Azure subscription" },
        { value: "manual", label: "Enter manually" },
      ],
    },
    ...placeFields(values, context),
    ...principalFields(values, context),
  ];
}

function placeFields(values: FormValues, context: LinkContext): Field<FormValues>[] {
  const isManual = values.selection === "manual";
  const workspaces = context.machineLearning.filter(({ id }) =>
    id.toLowerCase().startsWith(`/subscriptions/${values.subscription?.toLowerCase()}/`),
  );
  const hidden = { isRequired: true, isHidden: !isManual } as const;
  return [
    {
      name: "subscription",
      label: "Azure subscription",
      kind: "choice",
      isRequired: true,
      isHidden: isManual,
      choices: context.subscriptions.map(({ subscriptionId, displayName }) => ({
        value: subscriptionId,
        label: `${displayName} (${subscriptionId})`,
      })),
    },
    {
      name: "workspace",
      label: "Azure Machine Learning workspace name",
      kind: "choice",
      isRequired: true,
      isHidden: isManual,
      choices: workspaces.map(({ id, name }) => ({ value: id, label: name })),
      ...(workspaces.length === 0 && {
        hint: values.subscription
          ? "You may see no Azure Machine Learning workspace in this subscription. Enter one manually, or create one in the portal."
          : "Choose the subscription first.",
      }),
    },
    {
      name: "subscriptionId",
      label: "Azure subscription ID",
      kind: "text",
      ...hidden,
      check: (value) =>
        isExpression(value) || guidPattern.test(value)
          ? undefined
          : "A subscription ID has the form 00000000-0000-0000-0000-000000000000.",
    },
    { name: "resourceGroupName", label: "Resource group name", kind: "text", ...hidden },
    { name: "mlWorkspaceName", label: "Azure Machine Learning workspace", kind: "text", ...hidden },
  ];
}

function principalFields(values: FormValues, context: LinkContext): Field<FormValues>[] {
  const isHidden = values.authentication !== "principal";
  const stored = context.saved?.[key];
  const secret = secretFields(
    {
      name: key,
      label: "Service principal key",
      isRequired: true,
      isStored: isStoredSecret(stored),
      isTargetChanged: isTargetChanged(build(values, context), context),
      vaults: context.vaults,
    },
    values,
  );
  return [
    {
      name: "servicePrincipalId",
      label: "Service principal ID",
      kind: "text",
      isRequired: true,
      isHidden,
      hint: "The application (client) ID from the application's overview, not its name.",
      check: (value) =>
        isExpression(value) || guidPattern.test(value)
          ? undefined
          : "This is no application (client) ID: that has the form 00000000-0000-0000-0000-000000000000.",
    },
    ...secret.map((field) => ({ ...field, isHidden: isHidden || (field.isHidden ?? false) })),
    {
      name: "tenant",
      label: "Tenant",
      kind: "text",
      isRequired: true,
      isHidden,
      hint: "The directory's ID or domain name.",
    },
  ];
}

/** Texts with `@` are worked out when the link is used (features.md A-15). */
function isExpression(value: string): boolean {
  return value.includes("@");
}
