import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessControlClient } from "@azure/synapse-access-control";
import { startServer, type TestServer } from "../fixture/server.ts";
import { credentialOf, trust } from "./arm-client.ts";

const sparkAdministrator = "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1";
const administrator = "6e4bf58a-b8e1-4cc3-bbf9-d73143322b78";

describe("@azure/synapse-access-control with an explicit endpoint", () => {
  let server: TestServer;
  let client: AccessControlClient;
  let identityId: string;
  const name = "clitest000004";
  const scope = `workspaces/${name}`;

  before(async () => {
    server = await startServer();
    trust(server);
    const group = `${server.subscription}/resourceGroups/rg1`;
    const id = `${group}/providers/Microsoft.Synapse/workspaces/${name}?api-version=2021-06-01`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    await server.admin.send("PUT", id, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://lake000004.dfs.core.windows.net",
          filesystem: "fs",
        },
      },
    });
    identityId = (await server.admin.send("GET", id)).body.identity.principalId;
    const endpoint = `${server.contract.origin}/synapse/${name}`;
    client = new AccessControlClient(credentialOf(server.admin), endpoint);
  });
  after(() => server.close());

  it("finds the creator and the workspace's identity as administrators", async () => {
    const { count, value } = await client.roleAssignments.listRoleAssignments({
      roleId: administrator,
    });
    assert.equal(count, 2);
    assert.deepEqual(
      value?.map((item) => item.principalId).sort(),
      [server.admin.objectId, identityId].sort(),
    );
  });

  it("lists roles and scopes", async () => {
    const roles = await client.roleDefinitions.listRoleDefinitions();
    assert.equal(roles.length, 11);
    const role = await client.roleDefinitions.getRoleDefinitionById(sparkAdministrator);
    assert.equal(role.name, "Apache Spark Administrator");
    assert.ok(role.scopes?.includes("workspaces/{workspaceName}"));
    assert.equal(Object.values(await client.roleDefinitions.listScopes()).length, 6);
  });

  it("assigns a role, checks access with it and removes it", async () => {
    const id = "40000000-0000-4000-8000-000000000001";
    const principalId = server.contract.user.objectId;
    const { roleAssignments } = client;
    const made = await roleAssignments.createRoleAssignment(
      id,
      sparkAdministrator,
      principalId,
      scope,
    );
    assert.deepEqual(
      [made.id, made.roleDefinitionId, made.principalType],
      [id, sparkAdministrator, "User"],
    );
    assert.equal((await roleAssignments.getRoleAssignmentById(id)).scope, scope);
    // The client looks for `accessDecisions`; the service was recorded answering `AccessDecisions`.
    const answers: string[] = [];
    await roleAssignments.checkPrincipalAccess(
      { principalId },
      [{ id: "Microsoft.Synapse/workspaces/bigDataPools/useCompute/action", isDataAction: true }],
      scope,
      { onResponse: ({ bodyAsText }) => void answers.push(bodyAsText ?? "") },
    );
    const [decision] = JSON.parse(answers[0] ?? "{}").AccessDecisions;
    assert.equal(decision.accessDecision, "Allowed");
    assert.equal(decision.roleAssignment.id, id);
    await roleAssignments.deleteRoleAssignmentById(id, { scope });
    await assert.rejects(
      roleAssignments.getRoleAssignmentById(id),
      (error: { statusCode?: number }) => error.statusCode === 404,
    );
  });
});
