import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Caller } from "../../../../tests/fixture/server.ts";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { artifactKinds } from "./kinds/index.gen.ts";
import {
  grantSynapse,
  putGroup,
  putPrincipal,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "./testing/workspace.ts";

describe("artifacts of the workspace endpoint", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let admin: Caller;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
    admin = server.admin;
  });
  after(() => server.close());

  const put = async (path: string, properties: object) => {
    const accepted = await workspace.send(admin, "PUT", path, { properties });
    assert.equal(accepted.status, 202, accepted.text);
    return workspace.result(admin, accepted);
  };

  it("are created with a record and read back as a resource, every kind", async () => {
    await put("/linkedservices/link1", {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://kv1.vault.azure.net/" },
    });
    for (const kind of artifactKinds) {
      const [example] = kind.examples;
      const version = `?api-version=${kind.apiVersions.at(-1)}`;
      const plural = kind.collection.toLowerCase();
      const path = `/${plural}/${example?.name}${version}`;
      const body = { properties: example?.properties };
      const accepted = await workspace.send(admin, "PUT", path, body);
      assert.equal(accepted.status, 202, `${kind.kind}: ${accepted.text}`);
      assert.equal(accepted.body.type, kind.kind);
      assert.equal(accepted.body.id, `${workspace.id}/${kind.collection}/${example?.name}`);
      const location = String(accepted.headers.location);
      const results = kind.backend === "notebook" ? "notebookOperationResults" : "operationResults";
      assert.ok(location.includes(`/${results}/${accepted.body.operationId}${version}`), location);
      const done = await workspace.result(admin, accepted);
      assert.equal(done.status, 200);
      assert.equal(done.body.id, `${workspace.id}/${plural}/${example?.name}`, done.text);
      assert.equal(done.body.type, `Microsoft.Synapse/workspaces/${plural}`);
      const read = await workspace.send(admin, "GET", path);
      assert.deepEqual(read.body, done.body);
      const list = await workspace.send(admin, "GET", `/${plural}${version}`);
      assert.ok(list.body.value.some((item: { name: string }) => item.name === example?.name));
      const again = await workspace.send(admin, "PUT", path, body);
      assert.equal(again.body.state, "Updating");
      assert.equal(again.body.artifactId, accepted.body.artifactId);
    }
  });

  it("answer 304, 412 and 404 as each backend does", async () => {
    await put("/sqlScripts/tags", { content: { query: "SELECT 1" } });
    const read = await workspace.send(admin, "GET", "/sqlScripts/tags");
    const etag = String(read.headers.etag);
    assert.equal(etag, `"${read.body.etag}"`);
    const rows = [
      { method: "GET", header: "if-none-match", value: etag, status: 304 },
      { method: "GET", header: "if-none-match", value: '"other"', status: 200 },
      { method: "PUT", header: "if-match", value: '"other"', status: 412 },
      { method: "PUT", header: "if-match", value: "*", status: 202 },
      { method: "DELETE", header: "if-match", value: etag, status: 412 },
    ];
    for (const { method, header, value, status } of rows) {
      const body =
        method === "PUT" ? { properties: { content: { query: "SELECT 2" } } } : undefined;
      const extra = { headers: { [header]: value } };
      const answer = await workspace.send(admin, method, "/sqlScripts/tags", body, extra);
      assert.equal(answer.status, status, `${method} ${header}: ${answer.text}`);
    }
    const none = await workspace.send(admin, "GET", "/pipelines/none");
    assert.equal(none.status, 404);
    assert.equal(none.body.code, "PipelineNotFound");
    assert.match(
      none.body.message,
      /^The Pipeline none was not found in \(subscription=.* resourceGroup=rg1 workspace=ws1\)$/,
    );
    const script = await workspace.send(admin, "GET", "/sqlScripts/none");
    assert.deepEqual(script.body, {
      code: "NotFound",
      message: "The document could not be retrieved because it does not exist.",
      target: `${workspace.id}/sqlscripts/none`,
      details: null,
      error: null,
    });
  });

  it("keep unknown properties, and notebooks and triggers come back as the service writes them", async () => {
    const pipeline = await put("/pipelines/unknown", { activities: [], mine: { a: [1] } });
    assert.deepEqual(pipeline.body.properties.mine, { a: [1] });
    assert.ok(pipeline.body.properties.lastPublishTime);
    const notebook = await put("/notebooks/shapes", {
      bigDataPool: { type: "BigDataPoolReference", referenceName: "pool" },
      sessionProperties: { driverCores: 4 },
      metadata: { language_info: { name: "python" } },
      nbformat: 4,
      nbformat_minor: 2,
      cells: [{ cell_type: "code", metadata: {}, source: ["1"], outputs: [] }],
    });
    assert.deepEqual(notebook.body.properties, {
      nbformat: 4,
      nbformat_minor: 2,
      entityState: null,
      renameOperationDetails: null,
      bigDataPool: { type: "BigDataPoolReference", referenceName: "pool" },
      sessionProperties: { driverCores: 4, conf: null },
      metadata: {
        language_info: { name: "python" },
        a365ComputeOptions: null,
        sessionKeepAliveTimeout: 0,
      },
      cells: [
        { cell_type: "code", metadata: {}, source: ["1"], outputs: [], execution_count: null },
      ],
      folder: null,
    });
    const summary = await workspace.send(admin, "GET", "/notebooksSummary");
    const listed = summary.body.value.find((item: { name: string }) => item.name === "shapes");
    assert.deepEqual(listed.properties.cells, []);
    const trigger = await put("/triggers/times", {
      type: "TumblingWindowTrigger",
      typeProperties: { startTime: "2020-07-10T02:00:00.000Z" },
    });
    assert.equal(trigger.body.properties.runtimeState, "Stopped");
    assert.equal(trigger.body.properties.typeProperties.startTime, "2020-07-10T02:00:00Z");
    const start = await workspace.send(admin, "POST", "/triggers/times/start");
    assert.equal(start.status, 501);
    assert.match(start.body.error.message, /'start' of a Trigger is not supported/);
    const stop = await workspace.send(admin, "POST", "/triggers/times/stop");
    assert.deepEqual([stop.status, stop.text], [200, ""]);
  });

  it("answer under Azure's host name with locations of the same form", async () => {
    const extra = { host: "ws1.dev.azuresynapse.net", audience: "https://dev.azuresynapse.net" };
    const path = "/SQLscripts/hosted?api-version=2020-12-01";
    const body = { properties: { content: { query: "SELECT 1" } } };
    const accepted = await admin.send("PUT", path, body, extra);
    const { href, pathname, search } = new URL(String(accepted.headers.location));
    assert.ok(href.startsWith("https://ws1.dev.azuresynapse.net/operationResults/"), href);
    const done = await admin.send("GET", pathname + search, undefined, extra);
    assert.equal(done.body.name, "hosted");
    const unknown = await admin.send("GET", path, undefined, {
      ...extra,
      host: "none.dev.azuresynapse.net",
    });
    assert.equal(unknown.body.error.code, "WorkspaceNotFound");
  });

  it("are renamed with everything that names them", async () => {
    await put("/linkedservices/old", {
      type: "AzureBlobFS",
      typeProperties: { url: "https://a.dfs.core.windows.net", accountKey: "k3y" },
    });
    await put("/datasets/data", {
      type: "Json",
      linkedServiceName: { referenceName: "OLD", type: "LinkedServiceReference" },
    });
    const taken = { newName: "data2" };
    await put("/datasets/data2", {
      type: "Json",
      linkedServiceName: { referenceName: "old", type: "LinkedServiceReference" },
    });
    const refused = await workspace.send(admin, "POST", "/datasets/data/rename", taken);
    assert.equal(refused.status, 409);
    const renamed = await workspace.send(admin, "POST", "/linkedservices/old/rename", {
      newName: "new",
    });
    assert.equal(renamed.status, 202, renamed.text);
    assert.equal((await workspace.result(admin, renamed)).body.name, "new");
    assert.equal((await workspace.send(admin, "GET", "/linkedservices/old")).status, 404);
    const dependent = await workspace.send(admin, "GET", "/datasets/data");
    assert.equal(dependent.body.properties.linkedServiceName.referenceName, "new");
  });

  it("are not deleted while others use them, and the answer names who", async () => {
    await put("/pipelines/child", { activities: [] });
    await put("/pipelines/caller", {
      activities: [
        {
          name: "Run",
          type: "ExecutePipeline",
          typeProperties: { pipeline: { referenceName: "child", type: "PipelineReference" } },
        },
      ],
    });
    const refused = await workspace.send(admin, "DELETE", "/pipelines/child");
    assert.equal(refused.status, 400);
    assert.match(refused.body.error.message, /referenced by Pipeline 'caller'/);
    const removed = await workspace.send(admin, "DELETE", "/pipelines/caller");
    assert.equal(removed.status, 202);
    assert.deepEqual(
      [removed.body.state, removed.body.recordId, removed.body.created],
      ["Deleting", 0, "0001-01-01T00:00:00"],
    );
    const done = await workspace.result(admin, removed);
    assert.deepEqual([done.status, done.text], [200, ""]);
    assert.equal((await workspace.send(admin, "DELETE", "/pipelines/child")).status, 202);
    assert.equal((await workspace.send(admin, "DELETE", "/pipelines/child")).status, 204);
    const renamed = await workspace.send(admin, "POST", "/pipelines/child/rename", {
      newName: "x",
    });
    assert.equal(renamed.status, 404);
  });

  it("are refused through the operation's body when what they name is missing", async () => {
    const failed = await put("/datasets/orphan", {
      type: "Json",
      linkedServiceName: { referenceName: "nowhere", type: "LinkedServiceReference" },
    });
    assert.equal(failed.status, 200);
    assert.equal(failed.body.status, "Failed");
    assert.equal(failed.body.error.code, "InvalidReference");
    assert.equal(failed.body.error.target, "properties.linkedServiceName");
    assert.equal((await workspace.send(admin, "GET", "/datasets/orphan")).status, 404);
  });

  it("answer bad requests with 4xx that name what is wrong", async () => {
    const rows = [
      { path: "/pipelines/a%3Cb", body: { properties: {} }, target: "name" },
      { path: `/pipelines/${"n".repeat(261)}`, body: { properties: {} }, target: "name" },
      { path: "/pipelines/p", body: {}, target: "properties" },
      { path: "/pipelines/p", body: { properties: [] }, target: "properties" },
      { path: "/pipelines/p", body: [], target: "body" },
      { path: "/pipelines/p", body: undefined, target: "body" },
    ];
    for (const { path, body, target } of rows) {
      const answer = await workspace.send(admin, "PUT", path, body);
      assert.equal(answer.status, 400, `${path} ${answer.text}`);
      assert.equal(answer.body.error.target, target);
    }
    const version = await workspace.send(admin, "GET", "/pipelines?api-version=1999-01-01");
    assert.equal(version.body.error.code, "InvalidApiVersionParameter");
    const deep = `{"properties":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`;
    const nested = await workspace.send(admin, "PUT", "/pipelines/deep", deep);
    assert.equal(nested.status, 400, nested.text);
    assert.equal((await workspace.send(admin, "GET", "/nothing")).status, 404);
  });

  it("ask Synapse RBAC on every call, in the order 401, 404 or 400, 403", async () => {
    const user = await putPrincipal(server, "synapse user");
    const reader = await putPrincipal(server, "artifact user");
    const manager = await putPrincipal(server, "linked data manager");
    const stranger = await putPrincipal(server, "stranger");
    const grant = (caller: Caller, roleId: string) =>
      grantSynapse(server, { workspaceId: workspace.id, principalId: caller.objectId, roleId });
    await grant(user, synapseRole.user);
    await grant(reader, synapseRole.artifactUser);
    await grant(manager, synapseRole.linkedDataManager);
    const vault = {
      type: "AzureKeyVault",
      typeProperties: { baseUrl: "https://v.vault.azure.net" },
    };
    const link = { properties: vault };
    const rows: [string, Caller, string, string, unknown, number][] = [
      ["nobody", server.nobody, "GET", "/linkedservices", undefined, 401],
      ["nobody, no version", server.nobody, "GET", "/linkedservices?api-version=x", undefined, 401],
      ["stranger, bad version", stranger, "GET", "/linkedservices?api-version=x", undefined, 400],
      ["stranger", stranger, "GET", "/linkedservices", undefined, 403],
      ["stranger, missing one", stranger, "GET", "/linkedservices/none", undefined, 403],
      ["user lists", user, "GET", "/linkedservices", undefined, 200],
      ["user opens", user, "GET", "/linkedservices/link1", undefined, 403],
      ["reader opens", reader, "GET", "/linkedservices/link1", undefined, 200],
      ["reader writes", reader, "PUT", "/linkedservices/mine", link, 403],
      ["manager writes a link", manager, "PUT", "/linkedservices/mine", link, 202],
      ["manager writes a pipeline", manager, "PUT", "/pipelines/mine", { properties: {} }, 403],
      ["manager deletes", manager, "DELETE", "/linkedservices/mine", undefined, 202],
      ["reader, refused by name", reader, "POST", "/queryPipelineRuns", {}, 501],
      ["stranger, refused by name", stranger, "POST", "/queryPipelineRuns", {}, 403],
    ];
    for (const [what, caller, method, path, body, status] of rows) {
      const answer = await workspace.send(caller, method, path, body);
      assert.equal(answer.status, status, `${what}: ${answer.text}`);
    }
    const refused = await workspace.send(user, "GET", "/linkedservices/link1");
    assert.equal(refused.body.error.code, "Unauthorized");
    assert.match(
      refused.body.error.message,
      /Action: Microsoft\.Synapse\/workspaces\/artifacts\/read/,
    );
    const list = await workspace.send(user, "GET", "/linkedservices");
    for (const item of list.body.value) assert.equal(item.properties.typeProperties, undefined);
  });
});
