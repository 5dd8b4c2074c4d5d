import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  audiences,
  type Reply,
  startServer,
  type TestServer,
} from "../../../../tests/fixture/server.ts";

const version = "?api-version=7.4";

describe("the key vault endpoint", () => {
  let server: TestServer;
  let vaultId: string;
  before(async () => {
    server = await startServer();
    const group = `${server.subscription}/resourceGroups/rg1`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    vaultId = `${group}/providers/Microsoft.KeyVault/vaults/vault01`;
    const created = await putVault([
      { objectId: server.admin.objectId, permissions: { secrets: ["all"] } },
    ]);
    assert.equal(created.status, 200, created.text);
  });
  after(() => server.close());

  function putVault(policies: unknown[], enableRbacAuthorization = false): Promise<Reply> {
    const { tenantId } = server.contract;
    return server.admin.send("PUT", `${vaultId}?api-version=2023-07-01`, {
      location: "westeurope",
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization,
        accessPolicies: policies.map((policy) => ({ tenantId, ...(policy as object) })),
      },
    });
  }

  const ask = (method: string, path: string, body?: unknown, extra = {}) =>
    server.admin.send(method, path, body, {
      host: "vault01.vault.azure.net",
      audience: audiences.vault,
      ...extra,
    });

  it("challenges with authority and resource whose domain is the vault's", async () => {
    const reply = await server.nobody.send("GET", `/secrets${version}`, undefined, {
      host: "vault01.vault.azure.net",
    });
    assert.equal(reply.status, 401);
    assert.equal(
      reply.headers["www-authenticate"],
      `Bearer authorization="https://login.microsoftonline.com/${server.contract.tenantId}", resource="https://vault.azure.net"`,
    );
  });

  it("has no certificate contacts, for those who may see them", async () => {
    const path = `/certificates/contacts${version}`;
    assert.equal((await ask("GET", path)).status, 403);
    const { objectId } = server.admin;
    const secrets = ["all"];
    await putVault([{ objectId, permissions: { secrets, certificates: ["ManageContacts"] } }]);
    const reply = await ask("GET", path);
    assert.equal(reply.status, 404, reply.text);
    assert.equal(reply.body.error.code, "ContactsNotFound");
    await putVault([{ objectId, permissions: { secrets } }]);
  });

  it("is not reached by a path on our own origin", async () => {
    assert.equal((await server.admin.send("GET", `/vault/vault01/secrets${version}`)).status, 404);
  });

  it("keeps versions, answers the latest and a pinned one, never lists values", async () => {
    const first = await ask("PUT", `/secrets/key1${version}`, { value: "one", tags: { a: "b" } });
    assert.equal(first.status, 200, first.text);
    const second = await ask("PUT", `/secrets/key1${version}`, { value: "two" });
    assert.equal((await ask("GET", `/secrets/key1${version}`)).body.value, "two");
    const pinned = new URL(first.body.id).pathname;
    assert.equal((await ask("GET", `${pinned}${version}`)).body.value, "one");
    assert.notEqual(first.body.id, second.body.id);
    const listed = await ask("GET", `/secrets${version}`);
    assert.deepEqual(
      listed.body.value.map((item: { id: string }) => item.id),
      ["https://vault01.vault.azure.net/secrets/key1"],
    );
    assert.ok(!listed.text.includes("two"));
    assert.equal((await ask("GET", `/secrets/key1/versions${version}`)).body.value.length, 2);
  });

  it("refuses a disabled secret, an unknown one and a bad body by code", async () => {
    await ask("PUT", `/secrets/off${version}`, { value: "x", attributes: { enabled: false } });
    const off = await ask("GET", `/secrets/off${version}`);
    assert.deepEqual([off.status, off.body.error.innererror.code], [403, "SecretDisabled"]);
    assert.equal((await ask("GET", `/secrets/none${version}`)).body.error.code, "SecretNotFound");
    assert.equal(
      (await ask("PUT", `/secrets/bad${version}`, { value: 7 })).body.error.code,
      "BadParameter",
    );
  });

  it("deletes softly, recovers and purges", async () => {
    await ask("PUT", `/secrets/gone${version}`, { value: "x" });
    assert.equal((await ask("DELETE", `/secrets/gone${version}`)).status, 200);
    assert.equal((await ask("GET", `/secrets/gone${version}`)).status, 404);
    assert.equal((await ask("PUT", `/secrets/gone${version}`, { value: "y" })).status, 409);
    assert.equal((await ask("POST", `/deletedsecrets/gone/recover${version}`)).status, 200);
    assert.equal((await ask("GET", `/secrets/gone${version}`)).body.value, "x");
    await ask("DELETE", `/secrets/gone${version}`);
    assert.equal((await ask("DELETE", `/deletedsecrets/gone${version}`)).status, 204);
    assert.equal((await ask("PUT", `/secrets/gone${version}`, { value: "z" })).status, 200);
  });

  it("asks access policies, or Azure RBAC's data actions where the vault says so", async () => {
    await putVault([]);
    const policy = await ask("GET", `/secrets/key1${version}`);
    assert.deepEqual([policy.status, policy.body.error.innererror.code], [403, "AccessDenied"]);
    await putVault([], true);
    const rbac = await ask("GET", `/secrets/key1${version}`);
    assert.deepEqual([rbac.status, rbac.body.error.innererror.code], [403, "ForbiddenByRbac"]);
    const role = "4633458b-17de-408a-b874-0445c86b69e6";
    await server.admin.send(
      "PUT",
      `${vaultId}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111?api-version=2022-04-01`,
      { properties: { roleDefinitionId: role, principalId: server.admin.objectId } },
    );
    assert.equal((await ask("GET", `/secrets/key1${version}`)).body.value, "two");
    assert.equal((await ask("PUT", `/secrets/key1${version}`, { value: "three" })).status, 403);
  });
});
