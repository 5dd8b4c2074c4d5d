import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import {
  grantSynapse,
  putGroup,
  putPrincipal,
  putResource,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "../testing/workspace.ts";

const base = "/managedVirtualNetworks/default/managedPrivateEndpoints";

describe("managed private endpoints", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let ml: string;
  let account: string;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, {
      name: "ws1",
      properties: { managedVirtualNetwork: "default" },
    });
    ml = await putResource(server, {
      type: "Microsoft.MachineLearningServices/workspaces",
      name: "ml1",
    });
    account = await putResource(server, {
      type: "Microsoft.Storage/storageAccounts",
      name: "acc1",
    });
  });
  after(() => server.close());

  const put = (name: string, properties: object, at = workspace) =>
    at.send(server.admin, "PUT", `${base}/${name}`, { properties });
  const get = async (name: string) =>
    (await workspace.send(server.admin, "GET", `${base}/${name}`)).body.properties;
  const connections = async () =>
    server.running.internals.store.read.documents<{
      id: string;
      name: string;
      properties: Record<string, unknown>;
    }>({ parent: ml.toLowerCase() });

  it("begin provisioning, then wait for the target's owner, whose word both sides show", async () => {
    const made = await put("to-ml", { privateLinkResourceId: ml, groupId: "amlworkspace" });
    assert.equal(made.status, 200, made.text);
    assert.ok(String(made.headers.location).endsWith(`${base}/to-ml?api-version=2020-12-01`));
    assert.deepEqual(made.body, {
      id: `${workspace.id}${base}/to-ml`,
      name: "to-ml",
      type: "Microsoft.Synapse/workspaces/managedVirtualNetworks/managedPrivateEndpoints",
      properties: {
        name: "to-ml",
        privateLinkResourceId: ml,
        groupId: "amlworkspace",
        provisioningState: "Provisioning",
        connectionState: {},
        isReserved: false,
        fqdns: [],
        isCompliant: false,
      },
    });
    const pending = await get("to-ml");
    assert.equal(pending.provisioningState, "Succeeded");
    assert.deepEqual(pending.connectionState, {
      status: "Pending",
      description: "",
      actionsRequired: "None",
    });
    const [connection] = await connections();
    assert.ok(connection);
    const { store } = server.running.internals;
    for (const status of ["Approved", "Rejected"]) {
      const state = { status, description: "by the owner", actionsRequired: "None" };
      const properties = {
        ...connection.body.properties,
        privateLinkServiceConnectionState: state,
      };
      await store.transaction((writer) =>
        writer.put({ ...connection, body: { ...connection.body, properties } }),
      );
      assert.deepEqual((await get("to-ml")).connectionState, state);
    }
    await store.transaction((writer) => writer.remove(connection.id));
    assert.equal((await get("to-ml")).connectionState.status, "Disconnected");
    await put("to-ml", { privateLinkResourceId: ml, groupId: "amlworkspace" });
    assert.equal((await get("to-ml")).connectionState.status, "Pending");
    const removed = await workspace.send(server.admin, "DELETE", `${base}/to-ml`);
    assert.deepEqual([removed.status, removed.text], [202, ""]);
    assert.deepEqual(await connections(), []);
    assert.equal((await workspace.send(server.admin, "DELETE", `${base}/to-ml`)).status, 204);
    const gone = await workspace.send(server.admin, "GET", `${base}/to-ml`);
    assert.equal(gone.status, 404);
    assert.equal(gone.body.error.code, "UnknownError");
    assert.match(gone.body.error.message, /PrivateEndpointNotFound/);
  });

  it("are approved through the resource manager on the target", async () => {
    await put("to-blob", { privateLinkResourceId: account, groupId: "blob" });
    const { store } = server.running.internals;
    const [connection] = await store.read.documents<{ id: string }>({
      parent: account.toLowerCase(),
      type: "Microsoft.Storage/storageAccounts/privateEndpointConnections",
    });
    const path = `${connection?.body.id}?api-version=2023-05-01`;
    const approved = await server.admin.send("PUT", path, {
      properties: { privateLinkServiceConnectionState: { status: "Approved", description: "ok" } },
    });
    assert.equal(approved.status, 200, approved.text);
    const { connectionState, fqdns } = await get("to-blob");
    assert.deepEqual([connectionState.status, connectionState.description], ["Approved", "ok"]);
    assert.deepEqual(fqdns, ["acc1.blob.core.windows.net"]);
  });

  it("of the workspace's own SQL are listed first and stay", async () => {
    const list = await workspace.send(server.admin, "GET", base);
    const names = list.body.value.map((item: { name: string }) => item.name);
    assert.deepEqual(names.slice(0, 2), ["synapse-ws-sql--ws1", "synapse-ws-sqlOnDemand--ws1"]);
    assert.equal(list.body.value[0].properties.connectionState.status, "Approved");
    const path = `${base}/synapse-ws-sql--ws1`;
    assert.equal((await workspace.send(server.admin, "DELETE", path)).status, 400);
  });

  it("are refused by name where they cannot be", async () => {
    const bare = await putWorkspace(server, { name: "bare" });
    const walled = await putWorkspace(server, {
      name: "walled",
      properties: {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { preventDataExfiltration: true },
      },
    });
    const foreign = ml.replace(
      /subscriptions\/[^/]+/,
      "subscriptions/00000000-0000-0000-0000-000000000009",
    );
    await put("fixed", { privateLinkResourceId: ml, groupId: "amlworkspace" });
    const to = (privateLinkResourceId: string, group = "amlworkspace") => ({
      privateLinkResourceId,
      groupId: group,
    });
    const rows: [string, TestWorkspace, string, object, number, string][] = [
      ["no network", bare, "e", to(ml), 400, "ManagedVirtualNetworkRequired"],
      ["foreign tenant", walled, "e", to(foreign), 403, "PrivateLinkTenantNotAllowed"],
      ["own tenant", walled, "e", to(ml), 200, ""],
      ["missing target", workspace, "e", to(`${ml}x`), 400, "PrivateLinkTargetNotFound"],
      ["no id", workspace, "e", to("ml1"), 400, "BadRequest"],
      ["wrong group", workspace, "e", to(ml, "blob"), 400, "PrivateLinkGroupNotSupported"],
      ["no group", workspace, "e", { privateLinkResourceId: ml }, 400, "BadRequest"],
      ["bad name", workspace, "-e", to(ml), 400, "BadRequest"],
      [
        "other target",
        workspace,
        "fixed",
        to(account, "blob"),
        409,
        "ManagedPrivateEndpointTargetImmutable",
      ],
    ];
    for (const [what, at, name, properties, status, code] of rows) {
      const answer = await put(name, properties, at);
      assert.deepEqual([answer.status, answer.body.error?.code ?? ""], [status, code], what);
    }
    const list = await bare.send(server.admin, "GET", base);
    assert.deepEqual(list.body.value, []);
  });

  it("need the role of their own, which Linked Data Manager holds and Contributor does not", async () => {
    const manager = await putPrincipal(server, "manager");
    const contributor = await putPrincipal(server, "contributor");
    for (const [caller, roleId] of [
      [manager, synapseRole.linkedDataManager],
      [contributor, synapseRole.contributor],
    ] as const) {
      await grantSynapse(server, {
        workspaceId: workspace.id,
        principalId: caller.objectId,
        roleId,
      });
    }
    const body = { properties: { privateLinkResourceId: ml, groupId: "amlworkspace" } };
    const path = `${base}/by-role`;
    assert.equal((await workspace.send(contributor, "PUT", path, body)).status, 403);
    assert.equal((await workspace.send(contributor, "GET", base)).status, 200);
    assert.equal((await workspace.send(manager, "PUT", path, body)).status, 200);
    assert.equal((await workspace.send(contributor, "DELETE", path)).status, 403);
    assert.equal((await workspace.send(manager, "DELETE", path)).status, 202);
  });

  it("ask for the target's consent first where the workspace says so", async () => {
    const careful = await putWorkspace(server, {
      name: "careful",
      properties: {
        managedVirtualNetwork: "default",
        managedVirtualNetworkSettings: { linkedAccessCheckOnTargetResource: true },
      },
    });
    const manager = await putPrincipal(server, "careful manager");
    await grantSynapse(server, {
      workspaceId: careful.id,
      principalId: manager.objectId,
      roleId: synapseRole.linkedDataManager,
    });
    const body = { properties: { privateLinkResourceId: ml, groupId: "amlworkspace" } };
    const refused = await careful.send(manager, "PUT", `${base}/e`, body);
    assert.deepEqual([refused.status, refused.body.error.code], [403, "AuthorizationFailed"]);
    assert.equal((await careful.send(server.admin, "PUT", `${base}/e`, body)).status, 200);
  });

  it("take the target's half along when their workspace goes", async () => {
    const other = await putWorkspace(server, {
      name: "ws-gone",
      properties: { managedVirtualNetwork: "default" },
    });
    const before = await connections();
    await put("to-ml", { privateLinkResourceId: ml, groupId: "amlworkspace" }, other);
    assert.equal((await connections()).length, before.length + 1);
    const removed = await server.admin.send("DELETE", `${other.id}?api-version=2021-06-01`);
    assert.equal(removed.status, 202, removed.text);
    assert.deepEqual(await connections(), before);
  });
});
