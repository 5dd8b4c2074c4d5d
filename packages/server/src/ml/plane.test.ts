import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";

describe("the regional machine learning endpoint", () => {
  let server: TestServer;
  let group: string;
  const version = "?api-version=2020-02-02";
  const region = "westeurope.api.azureml.ms";

  before(async () => {
    server = await startServer();
    group = `${server.subscription}/resourceGroups/rg1`;
    const put = async (path: string, body: unknown) => {
      const reply = await server.admin.send("PUT", path, body);
      assert.ok(reply.status < 300, reply.text);
    };
    const synapse = `${group}/providers/Microsoft.Synapse/workspaces/ws1`;
    await put(`${group}?api-version=2022-09-01`, { location: "westeurope" });
    await put(`${synapse}?api-version=2021-06-01`, {
      location: "westeurope",
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://lake.dfs.core.windows.net",
          filesystem: "f",
        },
      },
    });
    await put(`${synapse}/bigDataPools/pool1?api-version=2021-06-01`, {
      properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 },
    });
    await put(`${workspace()}?api-version=2022-10-01`, { location: "westeurope", properties: {} });
    await put(`${workspace()}/computes/spark1?api-version=2022-10-01`, {
      properties: { computeType: "SynapseSpark", resourceId: `${synapse}/bigDataPools/pool1` },
    });
  });
  after(() => server.close());

  const workspace = () => `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
  const regional = (path: string) => `/ml/westeurope/rp/workspaces${path}`;

  it("names the region's services to anyone, in the form of the request", async () => {
    const { body } = await server.nobody.send("GET", "/ml/westeurope/discovery");
    const keys = "api experimentation history hyperdrive modelmanagement studio unauthenticated";
    assert.deepEqual(Object.keys(body).sort(), keys.split(" ").sort());
    assert.equal(body.api, `${server.contract.origin}/ml/westeurope`);
    const hosted = await server.nobody.send("GET", "/discovery", undefined, { host: region });
    assert.equal(hosted.body.api, "https://westeurope.api.azureml.ms");
  });

  it("is where a workspace's discoveryUrl leads", async () => {
    const { body } = await server.admin.send("GET", `${workspace()}${version}`);
    const found = await server.nobody.send("GET", new URL(body.properties.discoveryUrl).pathname);
    assert.equal(found.status, 200);
    const hosted = await server.admin.send("GET", `${workspace()}${version}`, undefined, {
      host: "management.azure.com",
    });
    assert.equal(hosted.body.properties.discoveryUrl, `https://${region}/discovery`);
  });

  it("answers computes as the resource manager does, in any casing", async () => {
    const arm = await server.admin.send("GET", `${workspace()}/computes/spark1${version}`);
    const lower = `${workspace()}/computes/spark1${version}`.toLowerCase();
    const one = await server.admin.send("GET", regional(lower));
    assert.equal(one.status, 200, one.text);
    assert.deepEqual(one.body, arm.body);
    const list = await server.admin.send("GET", regional(`${workspace()}/computes${version}`));
    assert.deepEqual(list.body.value, [arm.body]);
    const hosted = await server.admin.send(
      "GET",
      `/rp/workspaces${workspace()}/computes/spark1${version}`,
      undefined,
      { host: region },
    );
    assert.deepEqual(hosted.body, arm.body);
  });

  it("detaches, and then says 404", async () => {
    const path = regional(`${workspace()}/computes/spark1${version}`);
    const removed = await server.admin.send("DELETE", `${path}&underlyingResourceAction=detach`);
    assert.equal(removed.status, 202, removed.text);
    const operation = new URL(String(removed.headers["azure-asyncoperation"]));
    const poll = await server.admin.send("GET", operation.pathname + operation.search);
    assert.equal(poll.body.status, "Succeeded");
    assert.equal((await server.admin.send("GET", path)).status, 404);
  });

  it("keeps the resource manager's order: token, version, right", async () => {
    const path = regional(`${workspace()}/computes/spark1`);
    assert.equal((await server.nobody.send("GET", `${path}${version}`)).status, 401);
    const versionless = await server.admin.send("GET", path);
    assert.equal(versionless.body.error.code, "MissingApiVersionParameter");
  });

  it("refuses by name what the region does not serve", async () => {
    const rows = [
      ["GET", regional(`${workspace()}${version}`)],
      ["GET", "/ml/westeurope/history/v1.0/subscriptions/x"],
      ["POST", "/ml/westeurope/pipelines/v1.0/subscriptions/x"],
    ] as const;
    for (const [method, path] of rows) {
      const reply = await server.admin.send(method, path, method === "POST" ? {} : undefined);
      assert.equal(reply.status, 501, `${method} ${path}: ${reply.text}`);
      assert.equal(reply.body.error.code, "NotSupportedHere");
      const nobody = await server.nobody.send(method, path, method === "POST" ? {} : undefined);
      assert.equal(nobody.status, 401, `${method} ${path}`);
    }
  });
});
