// What only the Synapse workspace's own endpoint takes, as the template of a publish branch: Azure's
// deployment task and `callosum apply` put it into a workspace. Secrets are secureString parameters
// without a value, named as the studio names them.

import { kindOfReference } from "@callosum/server/artifacts/artifact-document.ts";
import { referencesIn } from "@callosum/server/artifacts/reference.ts";
import { mask } from "../apply/secret.ts";
import { titleOf } from "../apply/source.ts";
import type { HeldItem, WorkspaceState } from "../apply/workspace-state.ts";

type Json = Record<string, unknown>;

export interface WorkspaceTemplate {
  readonly template: Json;
  readonly parameters: Json;
  readonly secrets: readonly string[];
  /** Parameters that say where another workspace lies, as it is written here. */
  readonly places: ReadonlyMap<string, string>;
  readonly count: number;
}

/** Set by the service itself. */
const ownMembers = new Set(["lastPublishTime", "runtimeState", "encryptedCredential"]);

/** Where another place has other values: the studio makes parameters of such properties too. */
const placeMembers = new Set([
  "url",
  "baseUrl",
  "serviceEndpoint",
  "subscriptionId",
  "resourceGroupName",
  "mlWorkspaceName",
  "tenant",
  "servicePrincipalId",
  "privateLinkResourceId",
]);

interface Writing {
  readonly parameters: Map<string, Json>;
  readonly item: HeldItem;
  readonly items: WorkspaceState["items"];
}

export function renderWorkspace({ workspace, items }: WorkspaceState): WorkspaceTemplate {
  const parameters = new Map<string, Json>([
    ["workspaceName", { type: "string", metadata: "Workspace name", defaultValue: workspace.name }],
  ]);
  // Runtimes and pools are resources of the resource manager: they are in the other template.
  const own = [...items.values()].filter(
    ({ kind, isAutomatic }) => kind.how !== "resource" && !isAutomatic,
  );
  const resources = own.map((item) => resourceOf({ parameters, item, items }));
  const secrets = [...parameters].filter(([, { type }]) => type === "secureString");
  return {
    template: {
      $schema: "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      parameters: Object.fromEntries(parameters),
      variables: {},
      resources,
    },
    parameters: {
      $schema: "https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#",
      contentVersion: "1.0.0.0",
      parameters: Object.fromEntries(
        [...parameters].map(([name, { defaultValue = "" }]) => [name, { value: defaultValue }]),
      ),
    },
    secrets: secrets.map(([name]) => name),
    places: new Map(
      [...parameters].flatMap(([name, { type, defaultValue }]) =>
        type === "string" && name !== "workspaceName" ? [[name, String(defaultValue)]] : [],
      ),
    ),
    count: own.length,
  };
}

function resourceOf(writing: Writing): Json {
  const { kind, name } = writing.item;
  const isEndpoint = kind.how === "endpoint";
  const below = isEndpoint ? `managedVirtualNetworks/${kind.label}` : kind.label;
  const path = `${isEndpoint ? "/default" : ""}/${name}`;
  return {
    name: `[concat(parameters('workspaceName'), '${path.replaceAll("'", "''")}')]`,
    type: `Microsoft.Synapse/workspaces/${below}`,
    apiVersion: "2019-06-01-preview",
    properties: propertiesOf(writing),
    dependsOn: dependsOn(writing),
  };
}

/** Azure's task orders by them; what comes with every workspace is not waited for. */
function dependsOn({ item, items }: Writing): string[] {
  const titles = referencesIn(item.properties).flatMap(({ type, name }) => {
    const collection = kindOfReference(type)?.collection;
    const held = items.get(`${collection}/${name}`.toLowerCase());
    return held && !held.isAutomatic && held !== item ? [titleOf(held)] : [];
  });
  return [...new Set(titles)].map(
    (title) =>
      `[concat('Microsoft.Synapse/workspaces/', parameters('workspaceName'), '/${title.replaceAll("'", "''")}')]`,
  );
}

function propertiesOf(writing: Writing): Json {
  const { item } = writing;
  const { properties } = item;
  if (item.kind.how === "endpoint") {
    const { privateLinkResourceId, groupId, fqdns } = properties;
    return written(writing, { privateLinkResourceId, groupId, fqdns }, ["properties"]) as Json;
  }
  const hidden = (properties.typeProperties as Json | undefined)?.encryptedCredential;
  const kept = written(writing, properties, ["properties"]) as Json;
  const typeProperties = kept.typeProperties as Json | undefined;
  // A secret that is neither a secure string nor shown is inside the connection string.
  const isInConnection =
    hidden !== undefined &&
    typeof typeProperties?.connectionString === "string" &&
    !JSON.stringify(typeProperties).includes('"SecureString"');
  if (!isInConnection) return kept;
  const connectionString = secretParameter(writing, "connectionString");
  return { ...kept, typeProperties: { ...typeProperties, connectionString } };
}

function written(writing: Writing, value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => written(writing, item, [...path, String(index)]));
  if (typeof value === "string") return text(writing, value, path);
  if (typeof value !== "object" || value === null) return value;
  const { type, value: secret } = value as { type?: unknown; value?: unknown };
  if (type === "SecureString" && secret === mask) {
    return { type, value: secretParameter(writing, path.at(-1) ?? "") };
  }
  const entries = Object.entries(value).filter(
    ([name]) => path.length > 2 || !ownMembers.has(name),
  );
  return Object.fromEntries(
    entries.map(([name, item]) => [name, written(writing, item, [...path, name])]),
  );
}

function text({ parameters, item }: Writing, value: string, path: readonly string[]): string {
  const isOfPlace =
    path.length <= 3 &&
    placeMembers.has(path.at(-1) ?? "") &&
    ["linkedServices", "credentials", "managedPrivateEndpoints"].includes(item.kind.label);
  if (isOfPlace && !value.startsWith("@")) {
    const name = `${item.name}_${path.join("_")}`;
    parameters.set(name, { type: "string", defaultValue: value });
    return `[parameters('${name.replaceAll("'", "''")}')]`;
  }
  return value.startsWith("[") && value.endsWith("]") ? `[${value}` : value;
}

function secretParameter({ parameters, item }: Writing, property: string): string {
  const name = `${item.name}_${property}`;
  const metadata = `Secure string for '${property}' of '${item.name}'`;
  parameters.set(name, { type: "secureString", metadata });
  return `[parameters('${name.replaceAll("'", "''")}')]`;
}
