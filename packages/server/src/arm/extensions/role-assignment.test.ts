import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";

const version = "?api-version=2022-04-01";
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

describe("role assignments", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    for (const name of ["rg1", "rg2"]) {
      const path = `${server.subscription}/resourceGroups/${name}?api-version=2022-09-01`;
      await server.admin.send("PUT", path, { location: "westeurope" });
    }
  });
  after(() => server.close());

  const at = (scope: string, name: string) =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}${version}`;
  const group = (name: string) => `${server.subscription}/resourceGroups/${name}`;
  const body = (principalId: string, roleId = reader, principalType?: string) => ({
    properties: {
      roleDefinitionId: `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      principalId,
      principalType,
    },
  });

  it("take effect at once, at their scope and below, and end when removed", async () => {
    const user = server.caller(server.contract.user.objectId);
    const someone = await createPrincipal(server);
    const read = () => someone.send("GET", `${group("rg1")}?api-version=2022-09-01`);
    assert.equal((await read()).body.error.code, "AuthorizationFailed");
    const path = at(group("rg1"), randomUUID());
    const created = await user.send("PUT", path, body(someone.objectId));
    assert.equal(created.status, 201, created.text);
    assert.equal(created.body.properties.createdBy, null);
    assert.equal(created.body.properties.principalType, "ServicePrincipal");
    assert.equal((await read()).status, 200);
    const other = await someone.send("GET", `${group("rg2")}?api-version=2022-09-01`);
    assert.equal(other.status, 403);
    assert.equal(
      (await someone.send("PUT", at(group("rg1"), randomUUID()), body(someone.objectId))).status,
      403,
    );
    assert.equal((await server.admin.send("DELETE", path)).status, 200);
    assert.equal((await read()).status, 403);
    assert.equal((await server.admin.send("DELETE", path)).status, 204);
  });

  it("refuse what is wrong by the service's own codes", async () => {
    const someone = await createPrincipal(server);
    const path = at(group("rg2"), randomUUID());
    assert.equal((await server.admin.send("PUT", path, body(someone.objectId))).status, 201);
    const rows: [string, string, unknown, number, string][] = [
      [
        "the same grant again",
        at(group("rg2"), randomUUID()),
        body(someone.objectId),
        409,
        "RoleAssignmentExists",
      ],
      [
        "an unknown principal",
        at(group("rg1"), randomUUID()),
        body(randomUUID()),
        400,
        "PrincipalNotFound",
      ],
      [
        "an unknown role",
        at(group("rg1"), randomUUID()),
        body(someone.objectId, randomUUID()),
        400,
        "RoleDefinitionDoesNotExist",
      ],
      [
        "a type that is not the principal's",
        at(group("rg1"), randomUUID()),
        body(someone.objectId, reader, "User"),
        400,
        "UnmatchedPrincipalType",
      ],
      [
        "a name that is no GUID",
        at(group("rg1"), "mine"),
        body(someone.objectId),
        400,
        "InvalidRoleAssignmentId",
      ],
      [
        "a missing group",
        at(group("none"), randomUUID()),
        body(someone.objectId),
        404,
        "ResourceGroupNotFound",
      ],
      [
        "no principal",
        at(group("rg1"), randomUUID()),
        { properties: { roleDefinitionId: reader } },
        400,
        "InvalidParameter",
      ],
    ];
    for (const [what, where, sent, status, code] of rows) {
      const reply = await server.admin.send("PUT", where, sent);
      assert.deepEqual([reply.status, reply.body.error?.code], [status, code], what);
    }
    const listed = await server.admin.send(
      "GET",
      `${group("rg2")}/providers/Microsoft.Authorization/roleAssignments${version}&$filter=principalId%20eq%20'${someone.objectId}'`,
    );
    assert.equal(listed.body.value.length, 1);
    const above = await server.admin.send(
      "GET",
      `${group("rg1")}/providers/Microsoft.Authorization/roleAssignments${version}&$filter=atScope()`,
    );
    assert.deepEqual(
      above.body.value.map((item: { properties: { scope: string } }) => item.properties.scope),
      ["/", "/"],
    );
  });
});

async function createPrincipal(server: TestServer) {
  const { store, directory } = server.running.internals;
  const { principalId } = await store.transaction((writer) =>
    directory.createManagedIdentity(writer, {
      resourceId: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Test/things/${randomUUID()}`,
      displayName: "someone",
      explicit: false,
    }),
  );
  return server.caller(principalId);
}
