// What the tests of both providers start from: a group, and workspaces with what a test needs.

import assert from "node:assert/strict";
import { roleAssignmentType } from "@callosum/server/authz/azure.ts";
import { systemRandom } from "@callosum/server/platform/system.ts";
import type { Caller, Reply, TestServer } from "../../../../../../../tests/fixture/server.ts";

export const synapseVersion = "?api-version=2021-06-01";

export const lake = { accountUrl: "https://lake.dfs.core.windows.net", filesystem: "fs" };

/** Sends as the administrator and expects success. */
export async function must(
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const reply = await server.admin.send(method, path, body);
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
  return reply;
}

/** Makes a resource group; gives its id. */
export async function makeGroup(server: TestServer, name = "rg1"): Promise<string> {
  const id = `${server.subscription}/resourceGroups/${name}`;
  await must(server, "PUT", `${id}?api-version=2022-09-01`, { location: "westeurope" });
  return id;
}

/** Makes a Synapse workspace with an identity; gives its id. */
export async function makeSynapse(
  server: TestServer,
  group: string,
  name: string,
  properties: Record<string, unknown> = {},
): Promise<string> {
  const id = `${group}/providers/Microsoft.Synapse/workspaces/${name}`;
  await must(server, "PUT", `${id}${synapseVersion}`, {
    location: "westeurope",
    identity: { type: "SystemAssigned" },
    properties: { defaultDataLakeStorage: lake, ...properties },
  });
  return id;
}

/** Makes a Spark pool; gives its id. */
export async function makePool(server: TestServer, workspace: string, name = "pool1") {
  const id = `${workspace}/bigDataPools/${name}`;
  await must(server, "PUT", `${id}${synapseVersion}`, {
    properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 },
  });
  return id;
}

/** A new principal that holds Azure roles (by GUID) at scopes. */
export async function makeCaller(
  server: TestServer,
  roles: readonly { roleId: string; scope: string }[],
): Promise<Caller> {
  const { store, directory } = server.running.internals;
  const { principalId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, {
      resourceId: `${server.subscription}/providers/Test.Callers/callers/${systemRandom.guid()}`,
      displayName: "caller of a test",
      explicit: true,
    }),
  );
  for (const { roleId, scope } of roles) {
    const assignment = `${scope}/providers/${roleAssignmentType}/${systemRandom.guid()}`;
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
    const properties = { roleDefinitionId, principalId };
    await must(server, "PUT", `${assignment}?api-version=2022-04-01`, { properties });
  }
  return server.caller(principalId);
}

export const azureRole = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
};
