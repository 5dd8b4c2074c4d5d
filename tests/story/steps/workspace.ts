// Chapter 1: a group, the lake, a Synapse workspace with its pools, a machine learning workspace.

import {
  accessControlClient,
  graphClient,
  groupId,
  lakeClient,
  machineLearningClient,
  resourceClient,
  synapseClient,
} from "../client.ts";
import { type Chapter, expect, step } from "../step.ts";

/** Built in: Synapse Administrator. */
const administratorRole = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";

export const workspaces: Chapter = {
  name: "workspaces",
  title: "Two workspaces",
  steps: [
    step("a resource group", "@azure/arm-resources", async (state) => {
      const group = await resourceClient(state).resourceGroups.createOrUpdate(state.names.group, {
        location: state.location,
      });
      return [String(group.id)];
    }),
    step(
      "the workspace's lake: a storage account with a file system",
      "@azure/arm-resources",
      async (state) => {
        const id = `${groupId(state)}/providers/Microsoft.Storage/storageAccounts/${state.names.storage}`;
        const account = await resourceClient(state).resources.beginCreateOrUpdateByIdAndWait(
          id,
          "2023-05-01",
          {
            location: state.location,
            kind: "StorageV2",
            sku: { name: "Standard_LRS" },
            properties: { isHnsEnabled: true },
          },
        );
        const containers = `${id}/blobServices/default/containers/${state.names.fileSystem}`;
        await resourceClient(state).resources.beginCreateOrUpdateByIdAndWait(
          containers,
          "2023-05-01",
          {
            properties: {},
          },
        );
        return [String(account.id)];
      },
    ),
    step("a Synapse workspace with a managed identity", "@azure/arm-synapse", async (state) => {
      const { group, synapse, storage, fileSystem } = state.names;
      const workspace = await synapseClient(state).workspaces.beginCreateOrUpdateAndWait(
        group,
        synapse,
        {
          location: state.location,
          identity: { type: "SystemAssigned" },
          defaultDataLakeStorage: {
            accountUrl: `https://${storage}.dfs.core.windows.net`,
            filesystem: fileSystem,
          },
          sqlAdministratorLogin: "sqladmin",
          sqlAdministratorLoginPassword: "Story-Passw0rd-1",
        },
      );
      expect(workspace.provisioningState === "Succeeded", `it is ${workspace.provisioningState}`);
      const principalId = String(workspace.identity?.principalId);
      state.facts.synapsePrincipalId = principalId;
      return [`${workspace.connectivityEndpoints?.dev}`, `managed identity ${principalId}`];
    }),
    step(
      "the Owner user administers it, too: in the studio it is theirs",
      "@azure/synapse-access-control",
      async (state) => {
        const users = await graphClient().api("/users").select("id,userPrincipalName").get();
        const [user] = users.value as { id: string; userPrincipalName: string }[];
        expect(user !== undefined, "the directory has no user");
        await accessControlClient(state).roleAssignments.createRoleAssignment(
          crypto.randomUUID(),
          administratorRole,
          user.id,
          `workspaces/${state.names.synapse}`,
          { principalType: "User" },
        );
        return [`${user.userPrincipalName}: Synapse Administrator`];
      },
    ),
    step("a Spark pool", "@azure/arm-synapse", async (state) => {
      const { group, synapse, sparkPool } = state.names;
      const pool = await synapseClient(state).bigDataPools.beginCreateOrUpdateAndWait(
        group,
        synapse,
        sparkPool,
        {
          location: state.location,
          nodeSize: "Small",
          nodeSizeFamily: "MemoryOptimized",
          nodeCount: 3,
          sparkVersion: "3.4",
        },
      );
      return [`${pool.name}: ${pool.nodeCount} × ${pool.nodeSize}, Spark ${pool.sparkVersion}`];
    }),
    step("a dedicated SQL pool", "@azure/arm-synapse", async (state) => {
      const { group, synapse, sqlPool } = state.names;
      const pool = await synapseClient(state).sqlPools.beginCreateAndWait(group, synapse, sqlPool, {
        location: state.location,
        sku: { name: "DW100c" },
      });
      return [`${pool.name}: ${pool.sku?.name}, ${pool.status}`];
    }),
    step("an Azure Machine Learning workspace", "@azure/arm-machinelearning", async (state) => {
      const { group, ml } = state.names;
      const workspace = await machineLearningClient(state).workspaces.beginCreateOrUpdateAndWait(
        group,
        ml,
        {
          location: state.location,
          identity: { type: "SystemAssigned" },
          friendlyName: "Story",
        },
      );
      return [String(workspace.id)];
    }),
    step(
      "the lake answers with the same sign-in",
      "@azure/storage-file-datalake",
      async (state) => {
        const systems: string[] = [];
        for await (const system of lakeClient(state).listFileSystems()) systems.push(system.name);
        expect(systems.includes(state.names.fileSystem), `there is ${systems.join(", ")}`);
        return systems;
      },
    ),
  ],
};
