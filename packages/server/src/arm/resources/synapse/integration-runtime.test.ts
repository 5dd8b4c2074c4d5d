import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import {
  azureRole,
  makeCaller,
  makeGroup,
  makeSynapse,
  must,
  synapseVersion as version,
} from "./testing/workspace-fixture.ts";

describe("integration runtimes", () => {
  let server: TestServer;
  let workspace: string;

  before(async () => {
    server = await startServer();
    workspace = await makeSynapse(server, await makeGroup(server), "ws1");
    await must(server, "PUT", path("shir1"), { properties: { type: "SelfHosted" } });
    await must(server, "PUT", path("managed1"), {
      properties: {
        type: "Managed",
        typeProperties: { computeProperties: { location: "westus" } },
      },
    });
  });
  after(() => server.close());

  const path = (below: string) => `${workspace}/integrationRuntimes/${below}${version}`;
  const post = (below: string, body?: unknown) => server.admin.send("POST", path(below), body);

  it("include Azure's own one, which nobody changes or deletes", async () => {
    const { value } = (await must(server, "GET", path("").replace("/?", "?"))).body;
    const names = value.map((row: { name: string }) => row.name);
    assert.deepEqual(names, ["AutoResolveIntegrationRuntime", "managed1", "shir1"]);
    const own = path("autoresolveintegrationruntime");
    assert.equal((await must(server, "GET", own)).body.properties.type, "Managed");
    assert.equal((await server.admin.send("DELETE", own)).status, 409);
    const put = await server.admin.send("PUT", own, { properties: { type: "SelfHosted" } });
    assert.equal(put.status, 409, put.text);
  });

  it("say what state they are in", async () => {
    const rows = [
      ["AutoResolveIntegrationRuntime", "Managed", "Online"],
      ["managed1", "Managed", "Online"],
      ["shir1", "SelfHosted", "NeedRegistration"],
    ];
    for (const [name, type, state] of rows) {
      const { body } = await post(`${name}/getStatus`);
      assert.equal(body.name, name);
      assert.equal(body.properties.type, type);
      assert.equal(body.properties.state, state);
      assert.deepEqual(body.properties.typeProperties.nodes, []);
    }
  });

  it("have two sealed keys when self-hosted, replaced one at a time", async () => {
    const first = (await post("shir1/listAuthKeys")).body;
    assert.match(first.authKey1, /^IR@[0-9a-f-]{36}@ws1@/);
    const read = await must(server, "GET", path("shir1"));
    assert.ok(!read.text.includes("IR@"));
    const second = (await post("shir1/regenerateAuthKey", { keyName: "authKey2" })).body;
    assert.equal(second.authKey1, first.authKey1);
    assert.notEqual(second.authKey2, first.authKey2);
    assert.deepEqual((await post("shir1/listAuthKeys")).body, second);
    assert.equal((await post("shir1/regenerateAuthKey", { keyName: "key3" })).status, 400);
    assert.equal((await post("managed1/listAuthKeys")).status, 400);
    await must(server, "PUT", path("shir1"), {
      properties: { type: "SelfHosted", description: "d" },
    });
    assert.deepEqual((await post("shir1/listAuthKeys")).body, second);
  });

  it("keep their keys from readers", async () => {
    const reader = await makeCaller(server, [{ roleId: azureRole.reader, scope: workspace }]);
    assert.equal((await reader.send("GET", path("shir1"))).status, 200);
    assert.equal((await reader.send("POST", path("shir1/listAuthKeys"))).status, 403);
  });

  const refused: readonly [string, Record<string, unknown>, number][] = [
    ["SSIS", { type: "Managed", typeProperties: { ssisProperties: {} } }, 501],
    ["sharing", { type: "SelfHosted", typeProperties: { linkedInfo: {} } }, 501],
    ["an unknown type", { type: "Airflow" }, 400],
    ["no type", {}, 400],
  ];
  for (const [what, properties, status] of refused) {
    it(`refuse ${what}`, async () => {
      const reply = await server.admin.send("PUT", path("refused"), { properties });
      assert.equal(reply.status, status, reply.text);
    });
  }

  it("keep their type, and refuse by name what needs nodes or SSIS", async () => {
    const changed = await server.admin.send("PUT", path("shir1"), {
      properties: { type: "Managed" },
    });
    assert.equal(changed.body.error?.code, "PropertyChangeNotAllowed", changed.text);
    const verbs =
      "start stop getConnectionInfo syncCredentials upgrade getObjectMetadata refreshObjectMetadata";
    for (const verb of verbs.split(" ")) {
      assert.equal((await post(`shir1/${verb}`)).status, 501, verb);
    }
    assert.equal((await server.admin.send("GET", path("shir1/nodes/n1"))).status, 501);
    assert.equal((await server.admin.send("DELETE", path("managed1"))).status, 200);
    assert.equal((await server.admin.send("DELETE", path("managed1"))).status, 204);
  });
});
