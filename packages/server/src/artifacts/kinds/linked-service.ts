// Linked services: the definition's frame here, what is inside typeProperties in connectors/. Rules
// that Azure checks late are checked at save, through the operation's Failed body (design.md §5).

import type { ArtifactContext } from "@callosum/contract/artifact.ts";
import { type ArtifactPut, defineArtifact } from "@callosum/contract/artifact.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { findConnector } from "../connector-registry.ts";
import { failSynapse } from "../error-catalogue.ts";
import { checkLink, type LinkProperties } from "../link-shape.ts";
import { protectLink } from "../secret.ts";
import { artifactApiVersions } from "../workspace.ts";

const autoResolve = "AutoResolveIntegrationRuntime";
/** As D59 documents for a linked service. */
const bytesMax = 100 * 1024;

async function put({ ctx, properties, existing }: ArtifactPut) {
  if (Buffer.byteLength(JSON.stringify(properties)) > bytesMax) {
    throw failSynapse.BadRequest({
      reason: `Invalid payload: a linked service has at most ${bytesMax} bytes.`,
      target: "properties",
    });
  }
  const sent = checkLink(properties);
  const connector = findConnector(sent.type);
  const runtime = await findRuntime(ctx, sent);
  connector?.check?.({ ctx, properties: sent, runtime });
  await requireVaultStores(ctx, sent.typeProperties);
  const rules = connector ?? { secrets: [], target: undefined };
  const { value, secrets } = await protectLink(ctx, {
    properties: sent,
    existing: existing?.properties,
    rules,
  });
  return { properties: value, secrets };
}

/** A secret's store must be a vault, whatever else exists by that name (features.md A-07). */
async function requireVaultStores(ctx: ArtifactContext, value: unknown): Promise<void> {
  if (typeof value !== "object" || value === null) return;
  const { type, store } = value as { type?: unknown; store?: { referenceName?: unknown } };
  const name = store?.referenceName;
  if (type === "AzureKeyVaultSecret" && typeof name === "string" && !name.includes("@")) {
    const found = await ctx.find("linkedServices", name);
    if (found?.properties.type !== "AzureKeyVault") {
      throw failSynapse.BadRequest({
        reason: `Invalid payload: the store '${name}' of a secret is not an Azure Key Vault linked service.`,
        target: "properties.typeProperties",
      });
    }
  }
  for (const child of Object.values(value)) await requireVaultStores(ctx, child);
}

async function findRuntime(
  ctx: ArtifactContext,
  sent: LinkProperties,
): Promise<ArmResource | undefined> {
  const name = sent.connectVia?.referenceName ?? autoResolve;
  const runtime = await ctx.child("integrationRuntimes", name);
  if (runtime || name.toLowerCase() === autoResolve.toLowerCase()) return runtime;
  throw failSynapse.IntegrationRuntimeNotFound({
    name,
    target: "properties.connectVia.referenceName",
  });
}

/** The two that come with every workspace (protocols.md 4.2, recorded). */
function automatic(workspace: ArmResource) {
  const { name, properties } = workspace;
  const storage = properties.defaultDataLakeStorage as { accountUrl?: string } | undefined;
  const connectVia = { referenceName: autoResolve, type: "IntegrationRuntimeReference" };
  return [
    {
      name: `${name}-WorkspaceDefaultSqlServer`,
      properties: {
        type: "AzureSqlDW",
        typeProperties: {
          connectionString: `Data Source=tcp:${name}.sql.azuresynapse.net,1433;Initial Catalog=@{linkedService().DBName}`,
        },
        parameters: { DBName: { type: "String" } },
        connectVia,
        annotations: [],
      },
    },
    {
      name: `${name}-WorkspaceDefaultStorage`,
      properties: {
        type: "AzureBlobFS",
        typeProperties: { url: storage?.accountUrl ?? "" },
        connectVia,
        annotations: [],
      },
    },
  ];
}

export const linkedService = defineArtifact({
  kind: "LinkedService",
  collection: "linkedServices",
  source: "protocols.md 4.1 to 4.3; OpenAPI linkedServices.json",
  summary: "A connection to another service",
  apiVersions: artifactApiVersions,
  backend: "factory",
  rename: true,
  referenceType: "LinkedServiceReference",
  automatic,
  put,
  examples: [
    {
      name: "link1",
      properties: {
        type: "AzureKeyVault",
        typeProperties: { baseUrl: "https://kv1.vault.azure.net/" },
      },
    },
  ],
});
