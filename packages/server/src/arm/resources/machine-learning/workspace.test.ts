import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import { azureRole, makeCaller, makeGroup, must } from "../synapse/testing/workspace-fixture.ts";
import { v2 } from "./testing/link-fixture.ts";

describe("machine learning workspaces", () => {
  let server: TestServer;
  let group: string;
  let account: string;

  before(async () => {
    server = await startServer();
    group = await makeGroup(server);
    account = `${group}/providers/Microsoft.Storage/storageAccounts/mlstore1`;
    await must(server, "PUT", `${account}?api-version=2023-01-01`, {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: {},
    });
  });
  after(() => server.close());

  const id = (name: string) =>
    `${group}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
  const put = (name: string, properties: Record<string, unknown> = {}, more = {}) =>
    server.admin.send("PUT", `${id(name)}${v2}`, { location: "westeurope", properties, ...more });
  const read = async (name: string) => (await must(server, "GET", `${id(name)}${v2}`)).body;

  it("answer 202 with both headers and are there when the operation succeeded", async () => {
    const created = await put("created");
    assert.equal(created.status, 202, created.text);
    assert.equal(created.body.properties.provisioningState, "Creating");
    assert.ok(created.headers.location);
    const operation = new URL(String(created.headers["azure-asyncoperation"]));
    const poll = await server.admin.send("GET", operation.pathname + operation.search);
    assert.equal(poll.body.status, "Succeeded");
    assert.equal((await read("created")).properties.provisioningState, "Succeeded");
    const removed = await server.admin.send("DELETE", `${id("created")}${v2}`);
    assert.equal(removed.status, 202);
    assert.equal((await server.admin.send("GET", `${id("created")}${v2}`)).status, 404);
  });

  it("have every key that SDK v1 reads, and an identity of their own unasked", async () => {
    await put("keys1", { storageAccount: account });
    const { body } = await must(server, "GET", `${id("keys1")}?api-version=2019-06-01`);
    for (const key of ["id", "name", "identity", "location", "type", "tags"])
      assert.ok(body[key], key);
    assert.equal(body.sku.tier, "Basic");
    assert.equal(body.identity.type, "SystemAssigned");
    const { properties } = body;
    const keys =
      "workspaceId description friendlyName creationTime storageAccount encryption hbiWorkspace allowPublicAccessWhenBehindVnet provisioningState imageBuildCompute serviceProvisionedResourceGroup discoveryUrl privateEndpointConnections notebookInfo";
    for (const key of keys.split(" ")) assert.ok(key in properties, key);
    assert.equal(properties.notebookInfo, null);
    assert.equal(properties.storageAccount, account);
    assert.match(properties.mlFlowTrackingUri, /^azureml:\/\/.*\/workspaces\/keys1$/);
  });

  it("take what the prerequisites template sends", async () => {
    const reply = await server.admin.send("PUT", `${id("template1")}?api-version=2020-03-01`, {
      location: "westeurope",
      identity: { type: "systemAssigned" },
      sku: { tier: "Basic", name: "Basic" },
      properties: {
        friendlyName: "template1",
        hbiWorkspace: "false",
        keyVault: null,
        encryption: {
          status: "Disabled",
          keyVaultProperties: { keyVaultArmId: "", keyIdentifier: "" },
        },
      },
    });
    assert.equal(reply.status, 202, reply.text);
    assert.equal(reply.body.properties.hbiWorkspace, false);
    assert.equal(reply.body.identity.type, "SystemAssigned");
  });

  it("answer the ids of what they are associated with in canonical casing", async () => {
    const reply = await put("casing1", { storageAccount: account.toLowerCase() });
    assert.equal(reply.body.properties.storageAccount, account, reply.text);
    const patched = await must(server, "PATCH", `${id("casing1")}${v2}`, {
      properties: { friendlyName: "renamed" },
    });
    assert.equal(patched.status, 200);
    assert.equal(patched.body.properties.storageAccount, account);
    assert.equal(patched.body.properties.friendlyName, "renamed");
  });

  it("list the keys of what they are associated with, to those who may", async () => {
    await put("secret1", { storageAccount: account });
    const list = `${id("secret1")}/listKeys${v2}`;
    const { body } = await must(server, "POST", list);
    const { body: keys } = await must(server, "POST", `${account}/listKeys?api-version=2023-01-01`);
    assert.equal(body.userStorageKey, keys.keys[0].value);
    assert.equal(body.userStorageResourceId, account);
    const reader = await makeCaller(server, [{ roleId: azureRole.reader, scope: group }]);
    assert.equal((await reader.send("POST", list)).status, 403);
    const { body: diagnosis } = await must(server, "POST", `${id("secret1")}/diagnose${v2}`, {});
    assert.deepEqual(diagnosis.value.storageAccountResults, []);
    await must(server, "POST", `${id("secret1")}/resyncKeys${v2}`);
    const refused = await server.admin.send("POST", `${id("secret1")}/prepareNotebook${v2}`);
    assert.equal(refused.status, 501);
  });

  it("keep whether their data is sensitive", async () => {
    await put("hbi1", { hbiWorkspace: true });
    const reply = await put("hbi1", { hbiWorkspace: false });
    assert.equal(reply.body.error?.target, "properties.hbiWorkspace", reply.text);
  });

  it("ask for a right on what they are associated with before they look", async () => {
    await put("linked1");
    const caller = await makeCaller(server, [
      { roleId: azureRole.contributor, scope: id("linked1") },
    ]);
    for (const storageAccount of [account, `${account}x`]) {
      const reply = await caller.send("PUT", `${id("linked1")}${v2}`, {
        location: "westeurope",
        properties: { storageAccount },
      });
      assert.equal(reply.body.error?.code, "LinkedAuthorizationFailed", reply.text);
    }
  });

  const bad: readonly [string, Record<string, unknown>, string][] = [
    ["an account that is not there", { storageAccount: "x" }, "properties.storageAccount"],
    ["a vault that is no vault", { keyVault: "/subscriptions/x" }, "properties.keyVault"],
    [
      "a network access unknown",
      { publicNetworkAccess: "Maybe" },
      "properties.publicNetworkAccess",
    ],
    ["a flag that is none", { hbiWorkspace: "perhaps" }, "properties.hbiWorkspace"],
    ["a name too long", { friendlyName: "f".repeat(1025) }, "properties.friendlyName"],
    [
      "a primary identity that is not assigned",
      { primaryUserAssignedIdentity: "/subscriptions/x" },
      "properties.primaryUserAssignedIdentity",
    ],
  ];
  for (const [what, properties, target] of bad) {
    it(`refuse ${what}`, async () => {
      const reply = await put("bad1", properties);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, target);
    });
  }

  it("refuse an account that was deleted", async () => {
    const reply = await put("bad1", { storageAccount: `${account}x` });
    assert.equal(reply.body.error?.target, "properties.storageAccount", reply.text);
  });

  const refused: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["hubs", {}, { kind: "Hub" }],
    [
      "customer-managed keys",
      { encryption: { status: "Enabled", keyVaultProperties: { keyVaultArmId: "x" } } },
      {},
    ],
    ["managed networks", { managedNetwork: { isolationMode: "AllowInternetOutbound" } }, {}],
    ["shared private links", { sharedPrivateLinkResources: [{}] }, {}],
  ];
  for (const [what, properties, more] of refused) {
    it(`refuse ${what} by name`, async () => {
      const reply = await put("refused1", properties, more);
      assert.equal(reply.status, 501, reply.text);
    });
  }

  it("refuse by name what of the provider is not run, and answer that there are no machines", async () => {
    await put("provider1");
    for (const below of [
      "components",
      "jobs/j1",
      "onlineEndpoints/e/deployments/d",
      "linkedWorkspaces",
    ]) {
      const reply = await server.admin.send("GET", `${id("provider1")}/${below}${v2}`);
      assert.equal(reply.status, 501, `${below}: ${reply.text}`);
    }
    const root = `${server.subscription}/providers/Microsoft.MachineLearningServices`;
    const lists = ["usages", "vmSizes", "quotas"].map((list) => `locations/westeurope/${list}`);
    for (const below of [...lists, "workspaces/skus"]) {
      const reply = await must(server, "GET", `${root}/${below}${v2}`);
      assert.deepEqual(reply.body, { value: [] });
    }
    const quotas = `${root}/locations/westeurope/updateQuotas${v2}`;
    assert.equal((await server.admin.send("POST", quotas, {})).status, 501);
  });

  for (const name of ["ab", "-ab", "a b", "a".repeat(34)]) {
    it(`refuse the name '${name}'`, async () => {
      const reply = await put(encodeURIComponent(name));
      assert.equal(reply.body.error?.code, "InvalidResourceName", reply.text);
    });
  }
});
