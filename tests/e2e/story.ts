// The world of both documents, made quickly through the REST routes: resource groups, what the
// workspaces need, both workspaces, a Spark pool and, on request, a SQL pool.

import assert from "node:assert/strict";
import type { TestServer } from "../fixture/server.ts";

export interface Story {
  readonly location: string;
  readonly synapseGroup: string;
  readonly machineLearningGroup: string;
  /** Ids. */
  readonly synapse: string;
  readonly machineLearning: string;
  readonly sparkPool: string;
  readonly sqlPool: string;
  /** Object id of the Synapse workspace's managed identity. */
  readonly synapseIdentity: string;
}

export interface StoryOptions {
  /** Short and unique in the instance: ends the names. */
  readonly suffix?: string;
  readonly hasSqlPool?: boolean;
  readonly hasManagedNetwork?: boolean;
}

const location = "westeurope";

/** `contoso-synapse{suffix}` with pool `spark1` in group `synapse-rg{suffix}`, `contoso-ml{suffix}` in `ml-rg{suffix}`. */
export async function prepareStory(
  server: TestServer,
  { suffix = "", hasSqlPool = false, hasManagedNetwork = false }: StoryOptions = {},
): Promise<Story> {
  // As the person who later clicks: whoever makes a Synapse workspace administers it.
  const owner = server.caller(server.contract.user.objectId);
  const put = async (id: string, version: string, body: object) => {
    const path = `${id}?api-version=${version}`;
    const reply = await owner.send("PUT", path, { location, ...body });
    assert.ok(reply.status < 300, `${path}: ${reply.text}`);
    return reply.body;
  };
  const synapseGroup = `${server.subscription}/resourceGroups/synapse-rg${suffix}`;
  const mlGroup = `${server.subscription}/resourceGroups/ml-rg${suffix}`;
  await Promise.all([put(synapseGroup, "2022-09-01", {}), put(mlGroup, "2022-09-01", {})]);
  const account = `lake${suffix}${server.contract.tenantId.slice(0, 6)}`;
  await Promise.all([
    put(`${synapseGroup}/providers/Microsoft.Storage/storageAccounts/${account}`, "2023-01-01", {
      sku: { name: "Standard_LRS" },
      kind: "StorageV2",
      properties: { isHnsEnabled: true },
    }),
    putPrerequisites(put, { group: mlGroup, suffix, tenantId: server.contract.tenantId }),
  ]);
  const synapse = `${synapseGroup}/providers/Microsoft.Synapse/workspaces/contoso-synapse${suffix}`;
  const made = await put(synapse, "2021-06-01", {
    identity: { type: "SystemAssigned" },
    properties: {
      defaultDataLakeStorage: {
        accountUrl: `https://${account}.dfs.core.windows.net`,
        filesystem: "synapse",
      },
      sqlAdministratorLogin: "sqladmin",
      sqlAdministratorLoginPassword: "Story-Passw0rd-1",
      ...(hasManagedNetwork ? { managedVirtualNetwork: "default" } : {}),
    },
  });
  const sparkPool = `${synapse}/bigDataPools/spark1`;
  await put(sparkPool, "2021-06-01", {
    properties: {
      sparkVersion: "3.4",
      nodeCount: 3,
      nodeSize: "Small",
      nodeSizeFamily: "MemoryOptimized",
    },
  });
  const sqlPool = `${synapse}/sqlPools/pool1`;
  if (hasSqlPool) await put(sqlPool, "2021-06-01", { sku: { name: "DW100c" } });
  const workspaces = `${mlGroup}/providers/Microsoft.MachineLearningServices/workspaces`;
  const machineLearning = `${workspaces}/contoso-ml${suffix}`;
  await put(machineLearning, "2022-10-01", {
    identity: { type: "SystemAssigned" },
    properties: prerequisiteIds(mlGroup, suffix),
  });
  return {
    location,
    synapseGroup,
    machineLearningGroup: mlGroup,
    synapse,
    machineLearning,
    sparkPool,
    sqlPool,
    synapseIdentity: made.identity.principalId,
  };
}

/** The last name of a resource id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function prerequisiteIds(group: string, suffix: string) {
  return {
    storageAccount: `${group}/providers/Microsoft.Storage/storageAccounts/mlstore${suffix}`,
    keyVault: `${group}/providers/Microsoft.KeyVault/vaults/mlvault${suffix}`,
    applicationInsights: `${group}/providers/Microsoft.Insights/components/mlinsights${suffix}`,
  };
}

async function putPrerequisites(
  put: (id: string, version: string, body: object) => Promise<unknown>,
  { group, suffix, tenantId }: { group: string; suffix: string; tenantId: string },
): Promise<void> {
  const { storageAccount, keyVault, applicationInsights } = prerequisiteIds(group, suffix);
  await Promise.all([
    put(storageAccount, "2023-01-01", { sku: { name: "Standard_LRS" }, kind: "StorageV2" }),
    put(keyVault, "2023-07-01", {
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    }),
    put(applicationInsights, "2020-02-02", {
      kind: "web",
      properties: { Application_Type: "web" },
    }),
  ]);
}
