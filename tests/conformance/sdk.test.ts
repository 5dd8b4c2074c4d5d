// The TypeScript SDK against an instance, on @azure/identity's own credential where tokens come from
// the token endpoint: both directions of a link, in the order of a person's work.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ComputeTarget, SynapseCompute } from "@callosum/sdk/compute-target.ts";
import { type Connection, connect } from "@callosum/sdk/connection.ts";
import {
  LinkedService,
  SynapseWorkspaceLinkedServiceConfiguration,
} from "@callosum/sdk/linked-service.ts";
import { RequestFailed } from "@callosum/sdk/request-failed.ts";
import {
  builtInRoles,
  createRoleAssignment,
  deleteRoleAssignment,
  findRoleDefinition,
  listRoleAssignments,
} from "@callosum/sdk/role-assignment.ts";
import { openSynapseWorkspace, synapseRoles } from "@callosum/sdk/synapse-workspace.ts";
import { Workspace } from "@callosum/sdk/workspace.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";
import { startServer, type TestServer } from "../fixture/server.ts";

let server: TestServer;
let connection: Connection;
let ids: Awaited<ReturnType<typeof createLinkableWorkspaces>>;
const folder = mkdtempSync(join(tmpdir(), "callosum-sdk-"));

before(async () => {
  server = await startServer();
  connection = connectAs(server, server.contract.admin.objectId);
  ids = await createLinkableWorkspaces(connection, server.contract.subscriptionId);
});
after(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

function connectAs(instance: TestServer, objectId: string): Connection {
  const { contract } = instance;
  return connect({
    credential: {
      async getToken(scopes) {
        const audience = [scopes].flat()[0]?.replace(/\/\.default$/, "") ?? "";
        const token = await instance.caller(objectId).token(audience);
        return { token, expiresOnTimestamp: Date.now() + 600_000 };
      },
    },
    endpoints: {
      resourceManager: contract.endpoints.resourceManager,
      synapse: contract.endpoints.synapse,
      graph: contract.endpoints.graph,
    },
    proxy: "none",
    pipeline: { tlsOptions: { ca: readFileSync(contract.caFile, "utf8") } },
  });
}

const subscriptionId = () => server.contract.subscriptionId;

test("a workspace is found by config.json as SDK v1 looks for it", async () => {
  const below = join(folder, "project", "notebooks");
  mkdirSync(join(folder, "project", ".azureml"), { recursive: true });
  mkdirSync(below);
  const config = {
    subscription_id: subscriptionId(),
    resource_group: "group1",
    workspace_name: "ml1",
  };
  writeFileSync(join(folder, "project", ".azureml", "config.json"), JSON.stringify(config));
  const workspace = await Workspace.fromConfig({ ...connection, path: below });
  assert.equal(workspace.id, ids.machineLearning);
  await assert.rejects(Workspace.fromConfig({ ...connection, path: folder }), /no config\.json/);
});

test("the link from machine learning is registered, listed and unregistered, with a pool", async () => {
  const workspace = await Workspace.get(
    { subscriptionId: subscriptionId(), resourceGroup: "group1", name: "ml1" },
    connection,
  );
  const configuration = SynapseWorkspaceLinkedServiceConfiguration({
    subscriptionId: subscriptionId(),
    resourceGroup: "group1",
    name: "ws1",
  });
  const link = await LinkedService.register(workspace, "link1", configuration);
  assert.equal(link.type, "Synapse");
  assert.equal(link.linkedServiceResourceId, ids.synapse);
  assert.match(link.systemAssignedIdentityPrincipalId ?? "", /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    (await LinkedService.list(workspace)).map(({ name }) => name),
    ["link1"],
  );
  assert.equal((await LinkedService.get(workspace, "link1")).id, link.id);

  const pool = SynapseCompute.attachConfiguration({ linkedService: link, poolName: "pool1" });
  const compute = await ComputeTarget.attach(workspace, "spark1", pool);
  assert.equal((await compute.waitForCompletion()).provisioningState, "Succeeded");
  assert.equal((await ComputeTarget.list(workspace))[0]?.resourceId, ids.pool);
  // The link is in use: its removal is refused until the pool is detached.
  const inUse = await LinkedService.unregister(workspace, "link1").catch((error) => error);
  assert.ok(inUse instanceof RequestFailed);
  assert.equal(inUse.status, 409);
  assert.equal(await ComputeTarget.detach(workspace, "spark1"), true);
  assert.equal(await ComputeTarget.detach(workspace, "spark1"), false);
  assert.equal(await LinkedService.unregister(workspace, "link1"), true);
  assert.equal(await LinkedService.unregister(workspace, "link1"), false);
  await assert.rejects(LinkedService.get(workspace, "link1"), {
    name: "RequestFailed",
    status: 404,
  });
});

test("the link from Synapse is created, read, listed and deleted", async () => {
  const { linkedServices } = openSynapseWorkspace("ws1", connection);
  const typeProperties = {
    subscriptionId: subscriptionId(),
    resourceGroupName: "group1",
    mlWorkspaceName: "ml1",
    authentication: "MSI",
  };
  const saved = await linkedServices.create("ml link", { type: "AzureMLService", typeProperties });
  assert.equal(saved.properties.type, "AzureMLService");
  assert.deepEqual((await linkedServices.get("ml link")).properties.typeProperties, typeProperties);
  const names = (await linkedServices.list()).map(({ name }) => name);
  assert.ok(names.includes("ml link"));
  assert.equal(await linkedServices.delete("ml link"), true);
  assert.equal(await linkedServices.find("ml link"), undefined);
  assert.equal(await linkedServices.delete("ml link"), false);
});

test("a save that the service refuses late is a failure, not a success with odd content", async () => {
  const { linkedServices } = openSynapseWorkspace("ws1", connection);
  const saving = linkedServices.create("bad", { type: "AzureMLService", typeProperties: {} });
  await assert.rejects(saving, (error) => error instanceof RequestFailed && error.code !== "");
  assert.equal(await linkedServices.find("bad"), undefined);
});

test("Synapse roles are granted and taken back", async () => {
  const { roleAssignments, roleDefinitions } = openSynapseWorkspace("ws1", connection);
  assert.equal((await roleDefinitions.list()).length, 11);
  const principalId = server.contract.user.objectId;
  const roleId = synapseRoles.credentialUser;
  const granted = await roleAssignments.create({ roleId, principalId });
  assert.equal(granted.scope, "workspaces/ws1");
  const held = await roleAssignments.list({ principalId });
  assert.ok(held.some(({ id }) => id === granted.id));
  assert.equal(await roleAssignments.delete(granted.id), true);
  const left = await roleAssignments.list({ principalId });
  assert.ok(!left.some(({ id }) => id === granted.id));
});

test("an Azure role is granted once, whatever the assignment is called", async () => {
  const scope = ids.machineLearning;
  const role = await findRoleDefinition(connection, { scope, role: "contributor" });
  assert.equal(role?.name, builtInRoles.contributor);
  const principalId = ids.synapseIdentity;
  const grant = { scope, roleDefinitionId: builtInRoles.contributor, principalId };
  const first = await createRoleAssignment(connection, grant);
  const second = await createRoleAssignment(connection, grant);
  assert.equal(second.id, first.id);
  const listed = await listRoleAssignments(connection, { scope, principalId });
  assert.deepEqual(
    listed.map(({ id }) => id),
    [first.id],
  );
  assert.equal(await deleteRoleAssignment(connection, first.id), true);
  assert.equal(await deleteRoleAssignment(connection, first.id), false);
});

test("a refusal keeps the service's code, message and request id", async () => {
  const { user } = server.contract;
  const nobody = connectAs(server, user.objectId);
  const missing = await nobody
    .send({
      service: "resourceManager",
      path: `${ids.synapse}x`,
      query: { "api-version": "2021-06-01" },
    })
    .catch((error) => error);
  assert.ok(missing instanceof RequestFailed);
  assert.equal(missing.code, "ResourceNotFound");
  assert.match(missing.requestId ?? "", /^[0-9a-f-]{36}$/);
});

test("a token goes to no other host than the endpoint's own", async () => {
  const request = { service: "resourceManager" as const, path: "https://example.org/next" };
  await assert.rejects(connection.send(request), /another host/);
});
