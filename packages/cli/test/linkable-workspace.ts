// Two workspaces that can be linked: what `callosum link` finds on a tenant's first day.

import type { Connection } from "@callosum/sdk/connection.ts";
import { putResource } from "@callosum/sdk/resource.ts";

export interface LinkableWorkspaces {
  readonly synapse: string;
  readonly synapseIdentity: string;
  readonly pool: string;
  readonly machineLearning: string;
}

/** Makes group1 with ws1 (and pool1) and ml1; gives their ids. */
export async function createLinkableWorkspaces(
  connection: Connection,
  subscriptionId: string,
): Promise<LinkableWorkspaces> {
  const location = "westeurope";
  const group = `/subscriptions/${subscriptionId}/resourceGroups/group1`;
  const put = (id: string, apiVersion: string, body: object) =>
    putResource(connection, { id, apiVersion, body: { location, ...body } });
  await put(group, "2022-09-01", {});
  const identity = { type: "SystemAssigned" };
  const synapse = `${group}/providers/Microsoft.Synapse/workspaces/ws1`;
  const made = await put(synapse, "2021-06-01", {
    identity,
    properties: {
      defaultDataLakeStorage: {
        accountUrl: "https://lake1.dfs.core.windows.net",
        filesystem: "default",
      },
    },
  });
  const pool = `${synapse}/bigDataPools/pool1`;
  await put(pool, "2021-06-01", {
    properties: {
      sparkVersion: "3.4",
      nodeCount: 3,
      nodeSize: "Small",
      nodeSizeFamily: "MemoryOptimized",
    },
  });
  const storage = `${group}/providers/Microsoft.Storage/storageAccounts/mlstorage1`;
  await put(storage, "2023-01-01", { sku: { name: "Standard_LRS" }, kind: "StorageV2" });
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/mlvault1`;
  await put(vault, "2023-07-01", {
    properties: {
      tenantId: made.identity?.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  });
  const insights = `${group}/providers/Microsoft.Insights/components/mlinsights1`;
  await put(insights, "2020-02-02", { kind: "web", properties: { Application_Type: "web" } });
  const machineLearning = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
  await put(machineLearning, "2022-10-01", {
    identity,
    properties: { storageAccount: storage, keyVault: vault, applicationInsights: insights },
  });
  return { synapse, synapseIdentity: made.identity?.principalId ?? "", pool, machineLearning };
}
