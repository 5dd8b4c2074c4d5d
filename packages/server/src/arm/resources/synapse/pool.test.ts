import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import {
  makeGroup,
  makeSynapse,
  must,
  synapseVersion as version,
} from "./testing/workspace-fixture.ts";

describe("pools of a Synapse workspace", () => {
  let server: TestServer;
  let workspace: string;

  before(async () => {
    server = await startServer();
    workspace = await makeSynapse(server, await makeGroup(server), "ws1");
  });
  after(() => server.close());

  const spark = (name: string) => `${workspace}/bigDataPools/${name}${version}`;
  const sql = (name: string) => `${workspace}/sqlPools/${name}${version}`;
  const sparkBody = (properties: Record<string, unknown> = {}) => ({
    properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3, ...properties },
  });

  it("answer 202 with both headers, then are there", async () => {
    const rows = [
      [spark("lro"), sparkBody(), 200],
      [sql("lro"), { sku: { name: "DW100c" }, properties: {} }, 201],
    ] as const;
    for (const [path, body, resultStatus] of rows) {
      const created = await server.admin.send("PUT", `${path}&force=false`, body);
      assert.equal(created.status, 202, created.text);
      assert.equal(created.body.properties.provisioningState, "Provisioning");
      const location = new URL(String(created.headers.location));
      assert.ok(created.headers["azure-asyncoperation"]);
      const result = await server.admin.send("GET", location.pathname + location.search);
      assert.equal(result.status, resultStatus, path);
      assert.equal(result.body.properties.provisioningState, "Succeeded");
      const removed = await server.admin.send("DELETE", path);
      assert.equal(removed.status, 202);
      assert.ok(removed.headers.location && removed.headers["azure-asyncoperation"]);
      assert.equal((await server.admin.send("GET", path)).status, 404);
    }
  });

  it("are at their workspace's location unless they say another", async () => {
    const created = await must(server, "PUT", spark("place"), sparkBody());
    assert.equal(created.body.location, "westeurope");
  });

  it("keep libraries and configuration files with the time of their change", async () => {
    const created = await must(
      server,
      "PUT",
      spark("files"),
      sparkBody({
        libraryRequirements: { content: "numpy", filename: "requirements.txt" },
        sparkConfigProperties: { content: "a 1", filename: "c.txt", configurationType: "File" },
        customLibraries: [{ name: "a.jar", path: "ws1/libraries/a.jar", type: "jar" }],
      }),
    );
    const { libraryRequirements, sparkConfigProperties, customLibraries } = created.body.properties;
    assert.equal(libraryRequirements.content, "numpy");
    assert.ok(Date.parse(libraryRequirements.time) && Date.parse(sparkConfigProperties.time));
    assert.equal(customLibraries[0].name, "a.jar");
  });

  it("change only their tags by PATCH", async () => {
    await must(server, "PUT", spark("patch"), sparkBody());
    const patched = await must(server, "PATCH", spark("patch"), {
      tags: { a: "1" },
      properties: { nodeCount: 50 },
    });
    assert.equal(patched.status, 200);
    assert.deepEqual(patched.body.tags, { a: "1" });
    assert.equal(patched.body.properties.nodeCount, 3);
  });

  const badSpark: readonly [string, Record<string, unknown>, string][] = [
    ["too few nodes", { nodeCount: 2 }, "properties.nodeCount"],
    ["too many nodes", { nodeCount: 201 }, "properties.nodeCount"],
    ["no nodes", { nodeCount: undefined }, "properties.nodeCount"],
    ["nodes that are no number", { nodeCount: "many" }, "properties.nodeCount"],
    [
      "too few nodes to scale from",
      { autoScale: { enabled: true, minNodeCount: 1, maxNodeCount: 5 } },
      "properties.autoScale.minNodeCount",
    ],
    [
      "too many nodes to scale to",
      { autoScale: { enabled: true, minNodeCount: 3, maxNodeCount: 500 } },
      "properties.autoScale.maxNodeCount",
    ],
    [
      "a scale upside down",
      { autoScale: { enabled: true, minNodeCount: 9, maxNodeCount: 5 } },
      "properties.autoScale.maxNodeCount",
    ],
    [
      "a pause too soon",
      { autoPause: { enabled: true, delayInMinutes: 4 } },
      "properties.autoPause.delayInMinutes",
    ],
    [
      "executors upside down",
      { dynamicExecutorAllocation: { enabled: true, minExecutors: 5, maxExecutors: 2 } },
      "properties.dynamicExecutorAllocation.maxExecutors",
    ],
    ["an unknown Spark", { sparkVersion: "9.9" }, "properties.sparkVersion"],
    ["no Spark", { sparkVersion: undefined }, "properties.sparkVersion"],
    ["an unknown size", { nodeSize: "Tiny" }, "properties.nodeSize"],
    ["no size", { nodeSize: undefined }, "properties.nodeSize"],
    ["an unknown family", { nodeSizeFamily: "Steam" }, "properties.nodeSizeFamily"],
  ];
  for (const [what, properties, target] of badSpark) {
    it(`refuse ${what}`, async () => {
      const reply = await server.admin.send("PUT", spark("bad"), sparkBody(properties));
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, target);
    });
  }

  it("refuse a force that is neither true nor false", async () => {
    const reply = await server.admin.send("PUT", `${spark("bad")}&force=maybe`, sparkBody());
    assert.equal(reply.body.error.target, "force");
  });

  for (const name of ["1pool", "with-hyphen", "a".repeat(16)]) {
    it(`refuse the Spark pool name '${name}'`, async () => {
      const reply = await server.admin.send("PUT", spark(name), sparkBody());
      assert.equal(reply.body.error?.code, "InvalidResourceName", reply.text);
    });
  }

  it("are paused and resumed, each only from the other state", async () => {
    await must(server, "PUT", sql("states"), { sku: { name: "DW100c" } });
    const act = (verb: string) =>
      server.admin.send("POST", `${workspace}/sqlPools/states/${verb}${version}`);
    const status = async () => (await must(server, "GET", sql("states"))).body.properties.status;
    assert.equal((await act("resume")).status, 409);
    const paused = await act("pause");
    assert.equal(paused.status, 202);
    assert.ok(paused.headers.location && paused.headers["azure-asyncoperation"]);
    assert.equal(await status(), "Paused");
    assert.equal((await act("pause")).status, 409);
    const scaled = await server.admin.send("PATCH", sql("states"), { sku: { name: "DW200c" } });
    assert.equal(scaled.status, 409, scaled.text);
    await act("resume");
    assert.equal(await status(), "Online");
    const larger = await server.admin.send("PATCH", sql("states"), { sku: { name: "DW200c" } });
    assert.equal(larger.status, 202, larger.text);
    assert.deepEqual(larger.body.sku, { name: "DW200c", capacity: 0 });
  });

  const level = { sku: { name: "DW100c" } };
  const badSql: readonly [string, Record<string, unknown>, number][] = [
    ["no performance level", {}, 400],
    ["an unknown performance level", { sku: { name: "DW1c" } }, 400],
    ["a collation of strange letters", { ...level, properties: { collation: "a b" } }, 400],
    ["a restore", { ...level, properties: { createMode: "PointInTimeRestore" } }, 501],
    ["an unknown redundancy", { ...level, properties: { storageAccountType: "ZRS" } }, 400],
  ];
  for (const [what, body, status] of badSql) {
    it(`refuse ${what}`, async () => {
      const reply = await server.admin.send("PUT", sql("bad"), body);
      assert.equal(reply.status, status, reply.text);
    });
  }

  it("keep their collation and refuse to be renamed", async () => {
    await must(server, "PUT", sql("collated"), { sku: { name: "DW100c" } });
    const changed = await server.admin.send("PUT", sql("collated"), {
      sku: { name: "DW100c" },
      properties: { collation: "Latin1_General_BIN" },
    });
    assert.equal(changed.body.error?.code, "PropertyChangeNotAllowed", changed.text);
    const moved = await server.admin.send("POST", `${workspace}/sqlPools/collated/move${version}`, {
      id: `${workspace}/sqlPools/other`,
    });
    assert.equal(moved.status, 501);
  });

  for (const name of ["master", "with-hyphen", "a".repeat(61)]) {
    it(`refuse the SQL pool name '${name.slice(0, 20)}'`, async () => {
      const reply = await server.admin.send("PUT", sql(name), { sku: { name: "DW100c" } });
      assert.equal(reply.body.error?.code, "InvalidResourceName", reply.text);
    });
  }
});
