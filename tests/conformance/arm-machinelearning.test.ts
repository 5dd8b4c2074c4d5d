import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { startServer, type TestServer } from "../fixture/server.ts";
import { collect, credentialOf, differences, trust } from "./arm-client.ts";

const group = "rg1";
const workspace = "ml1";
const quick = { updateIntervalInMs: 1 };

/** A group with a Synapse workspace and a Spark pool; gives the pool's id. */
async function prepare(server: TestServer): Promise<string> {
  const root = `${server.subscription}/resourceGroups/${group}`;
  const synapse = `${root}/providers/Microsoft.Synapse/workspaces/ws1`;
  const rows: readonly [string, unknown][] = [
    [`${root}?api-version=2022-09-01`, { location: "westeurope" }],
    [
      `${synapse}?api-version=2021-06-01`,
      {
        location: "westeurope",
        properties: {
          defaultDataLakeStorage: { accountUrl: "https://l.dfs.core.windows.net", filesystem: "f" },
        },
      },
    ],
    [
      `${synapse}/bigDataPools/pool1?api-version=2021-06-01`,
      { properties: { sparkVersion: "3.4", nodeSize: "Small", nodeCount: 3 } },
    ],
  ];
  for (const [path, body] of rows) {
    const reply = await server.admin.send("PUT", path, body);
    assert.ok(reply.status < 300, reply.text);
  }
  return `${synapse}/bigDataPools/pool1`;
}

describe("@azure/arm-machinelearning with an explicit endpoint", () => {
  let server: TestServer;
  let client: AzureMachineLearningWorkspaces;
  let pool: string;

  before(async () => {
    server = await startServer();
    trust(server);
    client = new AzureMachineLearningWorkspaces(
      credentialOf(server.admin),
      server.contract.subscriptionId,
      { endpoint: server.contract.origin },
    );
    pool = await prepare(server);
  });
  after(() => server.close());

  it("makes a workspace, reads it, lists it and updates it", async () => {
    const made = await client.workspaces.beginCreateOrUpdateAndWait(
      group,
      workspace,
      {
        location: "westeurope",
        identity: { type: "SystemAssigned" },
        friendlyName: "Friendly",
        hbiWorkspace: false,
      },
      quick,
    );
    assert.equal(made.provisioningState, "Succeeded");
    assert.equal(made.discoveryUrl, `${server.contract.origin}/ml/westeurope/discovery`);
    assert.ok(made.systemData?.createdAt instanceof Date);
    const read = await client.workspaces.get(group, workspace);
    assert.equal(read.workspaceId, made.workspaceId);
    const lists = [
      client.workspaces.listBySubscription(),
      client.workspaces.listByResourceGroup(group),
    ];
    for (const list of lists) {
      assert.deepEqual(
        (await collect(list)).map(({ name }) => name),
        [workspace],
      );
    }
    const changed = await client.workspaces.beginUpdateAndWait(
      group,
      workspace,
      { friendlyName: "Friendlier", tags: { a: "1" } },
      quick,
    );
    assert.equal(changed.friendlyName, "Friendlier");
  });

  it("attaches a Spark pool with an identity, shows it and detaches it", async () => {
    const made = await client.computeOperations.beginCreateOrUpdateAndWait(
      group,
      workspace,
      "spark1",
      {
        location: "westeurope",
        identity: { type: "SystemAssigned" },
        properties: { computeType: "SynapseSpark", resourceId: pool, description: "d" },
      },
      quick,
    );
    assert.match(made.identity?.principalId ?? "", /^[0-9a-f-]{36}$/);
    const { properties } = await client.computeOperations.get(group, workspace, "spark1");
    assert.equal(properties?.computeType, "SynapseSpark");
    assert.equal(properties?.resourceId, pool);
    assert.equal(properties?.provisioningState, "Succeeded");
    const { properties: inner } = properties as { properties?: Record<string, unknown> };
    assert.equal(inner?.poolName, "pool1");
    assert.equal(inner?.sparkVersion, "3.4");
    const list = await collect(client.computeOperations.list(group, workspace));
    assert.deepEqual(
      list.map(({ name }) => name),
      ["spark1"],
    );
    await assert.rejects(client.computeOperations.listKeys(group, workspace, "spark1"), {
      code: "NotSupportedHere",
    });
    await client.computeOperations.beginDeleteAndWait(group, workspace, "spark1", "Detach", quick);
    await assert.rejects(client.computeOperations.get(group, workspace, "spark1"), {
      statusCode: 404,
    });
  });

  it("keeps connections and datastores, and gives secrets on request only", async () => {
    await client.workspaceConnections.create(group, workspace, "feed1", {
      properties: {
        authType: "PAT",
        category: "PythonFeed",
        target: "https://feed.test",
        credentials: { pat: "secret" },
      },
    });
    const { properties } = await client.workspaceConnections.get(group, workspace, "feed1");
    assert.equal(properties.target, "https://feed.test");
    assert.ok(!JSON.stringify(properties).includes("secret"));
    const made = await client.datastores.createOrUpdate(group, workspace, "data1", {
      properties: {
        datastoreType: "AzureBlob",
        accountName: "store1",
        containerName: "data",
        credentials: {
          credentialsType: "AccountKey",
          secrets: { secretsType: "AccountKey", key: "c2VjcmV0" },
        },
      },
    });
    assert.ok(!JSON.stringify(made).includes("c2VjcmV0"));
    const secrets = await client.datastores.listSecrets(group, workspace, "data1");
    assert.deepEqual(secrets, { secretsType: "AccountKey", key: "c2VjcmV0" });
    const list = await collect(client.datastores.list(group, workspace));
    assert.deepEqual(
      list.map(({ name }) => name),
      ["data1"],
    );
  });

  it("lists operations, no machines, and reads refusals by name", async () => {
    const operations = await collect(client.operations.list());
    const action = "Microsoft.MachineLearningServices/workspaces/linkedServices/write";
    assert.ok(operations.some(({ name }) => name === action));
    assert.deepEqual((await client.virtualMachineSizes.list("westeurope")).value, []);
    assert.deepEqual(await collect(client.usages.list("westeurope")), []);
    await assert.rejects(collect(client.jobs.list(group, workspace)), { code: "NotSupportedHere" });
  });

  it("deletes the workspace", async () => {
    await client.workspaces.beginDeleteAndWait(group, workspace, quick);
    await assert.rejects(client.workspaces.get(group, workspace), { code: "ResourceNotFound" });
  });
});

/** recordings/azureml-core.json and protocols.md 1.2: keys of the answers and one value of each. */
const recorded = {
  link: {
    id: "",
    name: "synapselink1",
    location: "westus",
    type: "Microsoft.MachineLearningServices/workspaces/linkedServices",
    identity: { type: "SystemAssigned", principalId: "", tenantId: "" },
    properties: {
      createdTime: "",
      modifiedTime: "",
      linkedServiceResourceId: "",
      linkType: "Synapse",
    },
  },
  compute: {
    id: "",
    name: "",
    location: "",
    properties: {
      computeType: "SynapseSpark",
      resourceId: "",
      description: null,
      provisioningState: "Succeeded",
      provisioningErrors: null,
      isAttachedCompute: true,
      createdOn: "",
      modifiedOn: "",
      computeLocation: "",
      properties: {
        sparkVersion: "3.4",
        nodeCount: 3,
        nodeSize: "Small",
        nodeSizeFamily: "MemoryOptimized",
        autoScaleProperties: { enabled: false, minNodeCount: 0, maxNodeCount: 0 },
        autoPauseProperties: { enabled: true, delayInMinutes: 15 },
      },
    },
  },
};

describe("recorded exchanges of SDK v1", () => {
  let server: TestServer;
  let pool: string;
  before(async () => {
    server = await startServer();
    pool = await prepare(server);
  });
  after(() => server.close());

  it("replayed, answer with the recorded status, headers, keys and types", async () => {
    const root = `${server.subscription}/resourceGroups/${group}/providers`;
    const base = `${root}/Microsoft.MachineLearningServices/workspaces/${workspace}`;
    await server.admin.send("PUT", `${base}?api-version=2020-03-01`, {
      location: "westus",
      properties: {},
    });
    const target = pool.replace("/bigDataPools/pool1", "").replace("/resourceG", "/resourceg");
    const link = await server.admin.send(
      "PUT",
      `/${base}/linkedServices/synapselink1?api-version=2020-04-01-preview`,
      {
        name: "synapselink1",
        location: "westus",
        identity: { type: "SystemAssigned" },
        properties: { linkedServiceResourceId: target },
      },
    );
    assert.equal(link.status, 200, link.text);
    assert.deepEqual(differences(recorded.link, link.body), []);
    const path = `${base}/computes/spark1?api-version=2020-02-02`;
    const attached = await server.admin.send("PUT", `/${path}`, {
      id: "",
      name: "",
      location: "westus",
      tags: null,
      properties: {
        description: null,
        resourceId: `${target}/bigDataPools/pool1`,
        computeType: "SynapseSpark",
        properties: null,
        provisioningState: "Unknown",
        provisioningErrors: null,
        isAttachedCompute: true,
      },
    });
    assert.equal(attached.status, 201, attached.text);
    assert.ok(attached.headers["azure-asyncoperation"]);
    const read = await server.admin.send("GET", `/ml/westus/rp/workspaces${path}`);
    assert.equal(read.status, 200, read.text);
    assert.ok("tags" in read.body);
    assert.deepEqual(differences(recorded.compute, read.body), []);
    assert.equal(read.body.properties.resourceId, pool);
  });
});
