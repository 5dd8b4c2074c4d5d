import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Caller } from "../../../../../tests/fixture/server.ts";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import {
  putGroup,
  putPrincipal,
  putResource,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "../testing/workspace.ts";

const guid = (n: number) => `10000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

describe("Synapse RBAC on the wire", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let admin: Caller;
  let someone: Caller;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
    await putResource(server, {
      type: "Microsoft.Synapse/workspaces/bigDataPools",
      name: "ws1/pool1",
    });
    admin = server.admin;
    someone = await putPrincipal(server, "someone");
  });
  after(() => server.close());

  const grant = (id: string, body: object, caller = admin) =>
    workspace.send(caller, "PUT", `/roleAssignments/${id}`, body);
  const user = () => ({
    roleId: synapseRole.user,
    principalId: someone.objectId,
    scope: "workspaces/ws1",
  });

  it("lists the eleven roles as a bare array, by scope too, and the six scopes", async () => {
    for (const version of ["2020-08-01-preview", "2020-12-01"]) {
      const all = await workspace.send(admin, "GET", `/roleDefinitions?api-version=${version}`);
      assert.equal(all.body.length, 11);
      assert.equal(all.body[0].availabilityStatus, "Available");
    }
    const path = "/roleDefinitions?scope=workspaces/ws1/linkedServices/x";
    const forLinks = await workspace.send(admin, "GET", path);
    assert.deepEqual(forLinks.body.map((role: { name: string }) => role.name).sort(), [
      "Synapse Administrator",
      "Synapse Credential User",
      "Synapse User",
    ]);
    const one = await workspace.send(admin, "GET", `/roleDefinitions/${synapseRole.user}`);
    assert.deepEqual(one.body.permissions[0].dataActions, ["Microsoft.Synapse/workspaces/read"]);
    assert.equal((await workspace.send(admin, "GET", `/roleDefinitions/${guid(9)}`)).status, 404);
    assert.equal((await workspace.send(admin, "GET", "/rbacScopes")).body.length, 6);
  });

  it("assigns, reads, filters with inheritance and removes", async () => {
    const made = await grant(guid(1), user());
    assert.deepEqual(made.body, {
      id: guid(1),
      roleDefinitionId: synapseRole.user,
      principalId: someone.objectId,
      scope: "workspaces/ws1",
      principalType: "ServicePrincipal",
    });
    assert.equal((await grant(guid(1), user())).status, 200);
    const pool = {
      roleId: synapseRole.computeOperator,
      principalId: someone.objectId,
      scope: "workspaces/ws1/bigDataPools/pool1",
    };
    assert.equal((await grant(guid(2), pool)).status, 200);
    const query = `?principalId=${someone.objectId}`;
    const all = await workspace.send(admin, "GET", `/roleAssignments${query}`);
    assert.deepEqual([all.body.count, all.body.value.length], [2, 2]);
    const atPool = await workspace.send(
      admin,
      "GET",
      `/roleAssignments${query}&scope=${pool.scope}`,
    );
    assert.equal(atPool.body.count, 2);
    const top = await workspace.send(admin, "GET", `/roleAssignments${query}&scope=workspaces/ws1`);
    assert.deepEqual(
      top.body.value.map((item: { id: string }) => item.id),
      [guid(1)],
    );
    assert.equal((await workspace.send(someone, "GET", "/roleAssignments")).status, 200);
    assert.equal(
      (await workspace.send(admin, "DELETE", `/roleAssignments/${guid(1)}`)).status,
      200,
    );
    assert.equal(
      (await workspace.send(admin, "DELETE", `/roleAssignments/${guid(1)}`)).status,
      204,
    );
    const gone = await workspace.send(admin, "GET", `/roleAssignments/${guid(1)}`);
    assert.deepEqual(
      [gone.status, gone.body],
      [404, { error: { code: "RoleAssignmentNotFound", message: "RoleAssignmentNotFound" } }],
    );
  });

  it("refuses what cannot be, naming it", async () => {
    await grant(guid(3), user());
    const rows: [string, string, object, number, string][] = [
      ["same again", guid(4), user(), 409, "RoleAssignmentExists"],
      [
        "changed",
        guid(3),
        { ...user(), roleId: synapseRole.artifactUser },
        409,
        "RoleAssignmentUpdateNotPermitted",
      ],
      ["no such role", guid(4), { ...user(), roleId: guid(7) }, 404, "RoleDefinitionNotFound"],
      ["no such principal", guid(4), { ...user(), principalId: guid(7) }, 400, "PrincipalNotFound"],
      [
        "role at a pool",
        guid(4),
        { ...user(), roleId: synapseRole.artifactUser, scope: "workspaces/ws1/bigDataPools/pool1" },
        400,
        "RoleNotAssignableAtScope",
      ],
      [
        "no such item",
        guid(4),
        { ...user(), scope: "workspaces/ws1/bigDataPools/none" },
        400,
        "BadRequest",
      ],
      ["other workspace", guid(4), { ...user(), scope: "workspaces/ws2" }, 400, "BadRequest"],
      ["no scope", guid(4), { ...user(), scope: undefined }, 400, "BadRequest"],
      ["id", "not-a-guid", user(), 400, "BadRequest"],
    ];
    for (const [what, id, body, status, code] of rows) {
      const answer = await grant(id, body);
      assert.deepEqual([answer.status, answer.body.error?.code], [status, code], what);
    }
    assert.equal((await grant(guid(5), user(), someone)).status, 403);
  });

  it("says what a principal may and which assignment says so", async () => {
    const check = await workspace.send(admin, "POST", "/checkAccessSynapseRbac", {
      subject: { principalId: workspace.identityId },
      scope: "workspaces/ws1",
      actions: [{ id: "Microsoft.Synapse/workspaces/read", isDataAction: true }],
    });
    assert.deepEqual(check.body, {
      AccessDecisions: [
        { accessDecision: "NotAllowed", actionId: "Microsoft.Synapse/workspaces/read" },
      ],
    });
    const own = await workspace.send(admin, "POST", "/checkAccessSynapseRbac", {
      subject: { principalId: admin.objectId, groupIds: [] },
      scope: "workspaces/ws1/credentials/WorkspaceSystemIdentity",
      actions: [
        { id: "Microsoft.Synapse/workspaces/credentials/useSecret/action", isDataAction: true },
      ],
    });
    const [decision] = own.body.AccessDecisions;
    assert.equal(decision.accessDecision, "Allowed");
    assert.equal(decision.roleAssignment.roleDefinitionId, synapseRole.administrator);
  });

  it("pages with a header", async () => {
    const all = new Set<string>();
    for (let index = 0; index < 120; index += 1) {
      const caller = await putPrincipal(server, `p${index}`);
      await grant(guid(1000 + index), { ...user(), principalId: caller.objectId });
    }
    let next: string | undefined;
    let pages = 0;
    do {
      const headers: Record<string, string> =
        next === undefined ? {} : { "x-ms-continuation": next };
      const page = await workspace.send(admin, "GET", "/roleAssignments", undefined, { headers });
      for (const item of page.body.value) all.add(item.id);
      next = page.headers["x-ms-continuation"] as string | undefined;
      pages += 1;
    } while (next !== undefined);
    assert.equal(pages, 2);
    assert.ok(all.size >= 121);
  });

  it("lets who may assign Azure roles administer Synapse roles without holding any", async () => {
    const bare = await putWorkspace(server, { name: "ws9" });
    const list = await bare.send(admin, "GET", "/roleAssignments");
    const [own] = list.body.value;
    assert.equal((await bare.send(admin, "DELETE", `/roleAssignments/${own.id}`)).status, 200);
    assert.equal((await bare.send(admin, "PUT", "/pipelines/p", { properties: {} })).status, 403);
    const back = await bare.send(admin, "PUT", `/roleAssignments/${guid(90)}`, {
      roleId: synapseRole.administrator,
      principalId: admin.objectId,
      scope: "workspaces/ws9",
    });
    assert.equal(back.status, 200, back.text);
    assert.equal((await bare.send(admin, "PUT", "/pipelines/p", { properties: {} })).status, 202);
  });

  it("serves the first version's routes", async () => {
    const legacy = (method: string, path: string, body?: object) =>
      workspace.send(admin, method, `${path}?api-version=2020-02-01-preview`, body);
    assert.equal((await legacy("GET", "/rbac/roles")).body.value.length, 11);
    const other = await putPrincipal(server, "legacy");
    const made = await legacy("POST", "/rbac/roleAssignments", {
      roleId: synapseRole.artifactUser,
      principalId: other.objectId,
    });
    const id = `${synapseRole.artifactUser}-${other.objectId}`;
    assert.deepEqual(made.body, {
      id,
      roleId: synapseRole.artifactUser,
      principalId: other.objectId,
    });
    assert.equal((await legacy("GET", `/rbac/roleAssignments/${id}`)).status, 200);
    assert.deepEqual((await legacy("POST", "/rbac/getMyAssignedRoles")).body, [
      synapseRole.administrator,
    ]);
    assert.equal((await legacy("DELETE", `/rbac/roleAssignments/${id}`)).status, 200);
    assert.equal((await legacy("GET", `/rbac/roleAssignments/${id}`)).status, 404);
  });

  it("takes assignments at an item away with the item, and along when it is renamed", async () => {
    const link = {
      properties: { type: "AzureKeyVault", typeProperties: { baseUrl: "https://v" } },
    };
    await workspace.send(admin, "PUT", "/linkedservices/l1", link);
    const scope = "workspaces/ws1/linkedServices/l1";
    const body = { roleId: synapseRole.credentialUser, principalId: someone.objectId, scope };
    assert.equal((await grant(guid(50), body)).status, 200);
    await workspace.send(admin, "POST", "/linkedservices/l1/rename", { newName: "l2" });
    const moved = await workspace.send(admin, "GET", `/roleAssignments/${guid(50)}`);
    assert.equal(moved.body.scope, "workspaces/ws1/linkedServices/l2");
    await workspace.send(admin, "DELETE", "/linkedservices/l2");
    assert.equal((await workspace.send(admin, "GET", `/roleAssignments/${guid(50)}`)).status, 404);
  });
});
