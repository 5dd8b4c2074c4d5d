import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import { azureRole, makeCaller, makeGroup, must } from "../synapse/testing/workspace-fixture.ts";
import { makeMachineLearning, v2 } from "./testing/link-fixture.ts";

describe("datastores, connections and private endpoints of a workspace", () => {
  let server: TestServer;
  let workspace: string;

  before(async () => {
    server = await startServer();
    workspace = await makeMachineLearning(server, await makeGroup(server), "ml1");
  });
  after(() => server.close());

  const path = (below: string, version = v2) => `${workspace}/${below}${version}`;
  const put = (below: string, properties: Record<string, unknown>) =>
    server.admin.send("PUT", path(below), { properties });
  const stored = (below: string) =>
    server.running.internals.store.read.document(`${workspace}/${below}`.toLowerCase());

  const secret = "c2VjcmV0LW9mLXRoZS10ZXN0";
  const blob = {
    datastoreType: "AzureBlob",
    accountName: "store1",
    containerName: "data",
    credentials: {
      credentialsType: "AccountKey",
      secrets: { secretsType: "AccountKey", key: secret },
    },
  };

  it("datastores keep their secret sealed and give it to listSecrets only", async () => {
    const created = await put("datastores/blob1", blob);
    assert.equal(created.status, 201, created.text);
    const read = await must(server, "GET", path("datastores/blob1"));
    const document = JSON.stringify(await stored("datastores/blob1"));
    for (const text of [created.text, read.text, document]) assert.ok(!text.includes(secret));
    assert.deepEqual(read.body.properties.credentials, { credentialsType: "AccountKey" });
    const listed = await must(server, "POST", path("datastores/blob1/listSecrets"));
    assert.deepEqual(listed.body, { secretsType: "AccountKey", key: secret });
    const reader = await makeCaller(server, [{ roleId: azureRole.reader, scope: workspace }]);
    assert.equal((await reader.send("POST", path("datastores/blob1/listSecrets"))).status, 403);
    assert.equal((await server.admin.send("DELETE", path("datastores/blob1"))).status, 200);
  });

  it("datastores keep a secret for the same place and forget it for another", async () => {
    await put("datastores/moved", blob);
    const credentials = { credentialsType: "AccountKey" };
    const same = await put("datastores/moved", { ...blob, credentials, description: "d" });
    assert.equal(same.status, 200, same.text);
    const listed = await must(server, "POST", path("datastores/moved/listSecrets"));
    assert.equal(listed.body.key, secret);
    for (const change of [{ accountName: "evil" }, { endpoint: "evil.test" }]) {
      const moved = await put("datastores/moved", { ...blob, ...change, credentials });
      assert.equal(moved.body.error?.target, "properties.credentials.secrets.key", moved.text);
    }
    await put("datastores/moved", { ...blob, credentials: { credentialsType: "None" } });
    const none = await server.admin.send("POST", path("datastores/moved/listSecrets"));
    assert.equal(none.status, 400, none.text);
  });

  it("lists show what their parameters ask for", async () => {
    const none = { datastoreType: "AzureBlob", credentials: { credentialsType: "None" } };
    for (const name of ["list1", "list2"]) {
      await put(`datastores/${name}`, { ...none, accountName: "a", containerName: name });
      const category = name === "list1" ? "Git" : "S3";
      await put(`connections/${name}`, { category, target: `https://${name}`, authType: "None" });
    }
    const rows: readonly [string, string[]][] = [
      ["datastores?names=list1,other", ["list1"]],
      ["datastores?searchText=IST2", ["list2"]],
      ["datastores?searchText=list&isDefault=true", []],
      ["connections?category=git", ["list1"]],
      ["connections?target=https://list2", ["list2"]],
      ["connections?category=Git&target=https://list2", []],
    ];
    for (const [below, expected] of rows) {
      const { body } = await must(server, "GET", path(below, v2.replace("?", "&")));
      const found = body.value.map((row: { name: string }) => row.name);
      assert.deepEqual(found, expected, below);
    }
    const first = await must(server, "GET", path("datastores", `${v2}&count=1&searchText=list`));
    assert.equal(first.body.value.length, 1);
    const next = new URL(first.body.nextLink);
    const second = await must(server, "GET", next.pathname + next.search);
    assert.deepEqual([first.body.value[0].name, second.body.value[0].name], ["list1", "list2"]);
  });

  const badStores: readonly [string, Record<string, unknown>, string][] = [
    ["no container", { containerName: undefined }, "properties.containerName"],
    ["an unknown type", { datastoreType: "Tape" }, "properties.datastoreType"],
    ["no credentials", { credentials: undefined }, "properties.credentials"],
    [
      "no key",
      { credentials: { credentialsType: "AccountKey" } },
      "properties.credentials.secrets.key",
    ],
    [
      "an application without tenant",
      { credentials: { credentialsType: "ServicePrincipal", clientId: "c" } },
      "properties.credentials.tenantId",
    ],
    ["a lake without file system", { datastoreType: "AzureDataLakeGen2" }, "properties.filesystem"],
  ];
  for (const [what, properties, target] of badStores) {
    it(`datastores refuse ${what}`, async () => {
      const reply = await put("datastores/bad", { ...blob, ...properties });
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, target);
    });
  }

  it("connections keep what opens them sealed, in the old shape and the new", async () => {
    const base = { category: "PythonFeed", target: "https://feed.test", authType: "PAT" };
    const rows = [
      ["old1", { ...base, value: secret }, { value: secret }],
      ["new1", { ...base, credentials: { pat: secret } }, { credentials: { pat: secret } }],
    ] as const;
    for (const [name, properties, opens] of rows) {
      const created = await put(`connections/${name}`, properties);
      assert.equal(created.status, 200, created.text);
      const read = await must(server, "GET", path(`connections/${name}`));
      const document = JSON.stringify(await stored(`connections/${name}`));
      for (const text of [created.text, read.text, document]) assert.ok(!text.includes(secret));
      const listed = await must(server, "POST", path(`connections/${name}/listsecrets`));
      assert.deepEqual(listed.body.properties, { ...base, ...opens });
      const moved = await put(`connections/${name}`, { ...base, target: "https://evil.test" });
      assert.equal(moved.body.error?.target, "properties.credentials", moved.text);
    }
    assert.equal((await put("connections/bad", { ...base, authType: "Magic" })).status, 400);
    assert.equal((await server.admin.send("DELETE", path("connections/old1"))).status, 200);
    assert.equal((await server.admin.send("DELETE", path("connections/old1"))).status, 204);
  });

  it("private endpoint connections are approved or rejected by the workspace's owner", async () => {
    const name = crypto.randomUUID();
    const below = `privateEndpointConnections/${name}`;
    const properties = {
      privateEndpoint: { id: "/subscriptions/s/x" },
      privateLinkServiceConnectionState: { status: "Pending", description: "please" },
      provisioningState: "Succeeded",
      groupIds: ["amlworkspace"],
    };
    await server.running.internals.store.transaction((writer) =>
      writer.put({
        id: `${workspace}/${below}`.toLowerCase(),
        type: "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections",
        parent: workspace.toLowerCase(),
        body: { id: `${workspace}/${below}`, name, properties, systemData: {} },
      }),
    );
    for (const status of ["Approved", "Rejected"]) {
      const reply = await put(below, {
        privateLinkServiceConnectionState: { status, description: "d" },
      });
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(reply.body.properties, {
        ...properties,
        privateLinkServiceConnectionState: { status, description: "d", actionsRequired: "None" },
      });
      const { body } = await must(server, "GET", `${workspace}${v2}`);
      const [shown] = body.properties.privateEndpointConnections;
      assert.equal(shown.properties.privateLinkServiceConnectionState.status, status);
    }
    const unknown = await put(`privateEndpointConnections/${crypto.randomUUID()}`, properties);
    assert.equal(unknown.status, 404, unknown.text);
    const maybe = await put(below, { privateLinkServiceConnectionState: { status: "Maybe" } });
    assert.equal(maybe.status, 400);
    const { body: links } = await must(server, "GET", path("privateLinkResources"));
    assert.equal(links.value[0].properties.groupId, "amlworkspace");
    assert.equal((await server.admin.send("DELETE", path(below))).status, 200);
  });
});
