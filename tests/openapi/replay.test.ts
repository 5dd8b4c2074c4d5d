import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { audiences, type Reply, startServer, type TestServer } from "../fixture/server.ts";
import { createSubject, groupName, type Subject, subjectOf } from "./subject.ts";

/** A request in the manner of the published examples, and what its answer must say. */
interface Row {
  readonly title: string;
  readonly method: string;
  /** `{group}`, `{synapse}` and `{learning}` are ids of the subject; `/synapse/…` is the endpoint. */
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly says?: (reply: Reply) => void;
}

const pool = "{synapse}/sqlPools/restored1";
const version = "api-version=2021-06-01";
const livy = "/synapse/example-workspace/livyApi/versions/2019-11-01-preview/sparkPools/pool1";
const model = "{learning}/models/model1";

const rows: readonly Row[] = [
  {
    title: "a SQL pool of size zero and without collation has the defaults",
    method: "PUT",
    path: `${pool}?${version}`,
    body: {
      location: "westeurope",
      sku: { tier: "", name: "DW100c" },
      properties: { maxSizeBytes: 0, collation: "", createMode: "" },
    },
    status: 202,
  },
  {
    title: "such a pool says its size",
    method: "GET",
    path: `${pool}?${version}`,
    status: 200,
    says: ({ body }) => {
      assert.ok(body.properties.maxSizeBytes > 0);
      assert.notEqual(body.properties.collation, "");
    },
  },
  {
    title: "a size of zero in a PATCH leaves the size as it is",
    method: "PATCH",
    path: `${pool}?${version}`,
    body: { tags: { tier: "gold" }, properties: { maxSizeBytes: 0 } },
    status: 202,
    says: ({ body }) => assert.ok(body.properties.maxSizeBytes > 0),
  },
  {
    title: "a name is free under the first name of the type too",
    method: "POST",
    path: `{subscription}/providers/Microsoft.Synapse/checkNameAvailability?${version}`,
    body: { name: "nobodys-workspace", type: "Microsoft.ProjectArcadia/workspaces" },
    status: 200,
    says: ({ body }) => assert.equal(body.available, true),
  },
  {
    title: "a removed key is shown once more",
    method: "DELETE",
    path: `{synapse}/keys/key1?${version}`,
    status: 200,
    says: ({ body }) => assert.equal(body.name, "key1"),
  },
  {
    title: "a key that is not there is removed without a word",
    method: "DELETE",
    path: `{synapse}/keys/key1?${version}`,
    status: 204,
    says: ({ text }) => assert.equal(text, ""),
  },
  {
    title: "operations of Synapse are a bare list that says whether they are data actions as text",
    method: "GET",
    path: "/providers/Microsoft.Synapse/operations",
    status: 200,
    says: ({ body }) => assert.equal(body[0].isDataAction, "false"),
  },
  {
    title: "operations of other providers are below value",
    method: "GET",
    path: "/providers/Microsoft.ManagedIdentity/operations?api-version=2023-01-31",
    status: 200,
    says: ({ body }) =>
      assert.equal(body.value[0].name, "Microsoft.ManagedIdentity/userAssignedIdentities/read"),
  },
  {
    title: "keys that an AML workspace has no use for are left out",
    method: "POST",
    path: "{learning}/listKeys?api-version=2022-10-01",
    status: 200,
    says: ({ body }) => assert.ok(!Object.values(body).includes(null)),
  },
  {
    title: "models do not say how far they are in versions that do not know it",
    method: "GET",
    path: `${model}?api-version=2022-10-01`,
    status: 200,
    says: ({ body }) => assert.equal(body.properties.provisioningState, undefined),
  },
  {
    title: "models say how far they are in later versions",
    method: "GET",
    path: `${model}?api-version=2023-06-01-preview`,
    status: 200,
    says: ({ body }) => assert.equal(body.properties.provisioningState, "Succeeded"),
  },
  {
    title: "a datastore with everything said that may be said",
    method: "PUT",
    path: "{learning}/datastores/sales?api-version=2022-10-01&skipValidation=false",
    body: {
      properties: {
        description: "What was sold",
        tags: { team: "sales" },
        properties: null,
        datastoreType: "AzureBlob",
        accountName: "examplelake",
        containerName: "sold",
        endpoint: "core.windows.net",
        protocol: "https",
        credentials: {
          credentialsType: "AccountKey",
          secrets: { secretsType: "AccountKey", key: "a2V5IG9mIGEgdGVzdA==" },
        },
      },
    },
    status: 201,
    says: ({ text }) => assert.ok(!text.includes("a2V5IG9mIGEgdGVzdA")),
  },
  {
    title: "a deny assignment is not found",
    method: "GET",
    path: "{group}/providers/Microsoft.Authorization/denyAssignments/d1?api-version=2022-04-01",
    status: 404,
    says: ({ body }) => assert.equal(body.error.code, "ResourceNotFound"),
  },
  ...refusals([
    ["POST", `${livy}/sessions?api-version=2020-12-01`],
    ["PUT", `${livy}/sessions/1/reset-timeout?api-version=2020-12-01`],
    ["GET", `${livy}/batches/1?api-version=2020-12-01`],
    [
      "GET",
      "/synapse/example-workspace/monitoring/workloadTypes/spark/Applications?api-version=2020-12-01",
    ],
    ["POST", "{group}/moveResources?api-version=2022-09-01"],
    ["PUT", "{subscription}/tagNames/team?api-version=2022-09-01"],
    ["GET", "{subscription}/providers/Microsoft.Synapse/resourceTypes?api-version=2022-09-01"],
    ["GET", "/providers/Microsoft.Authorization/providerOperations?api-version=2022-04-01"],
    [
      "GET",
      "{synapse}/providers/Microsoft.ManagedIdentity/identities/default?api-version=2023-01-31",
    ],
    ["POST", `${model}/versions/1/package?api-version=2023-06-01-preview`],
  ]),
];

function refusals(calls: readonly (readonly [string, string])[]): Row[] {
  return calls.map(([method, path]) => ({
    title: `${method} ${path.split("?")[0]} is refused by name`,
    method,
    path,
    ...(method === "GET" ? {} : { body: {} }),
    status: 501,
    says: ({ body }) => assert.equal(body.error.code, "NotSupportedHere"),
  }));
}

describe("requests in the manner of the published examples", () => {
  let server: TestServer;
  let subject: Subject;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    subject = subjectOf(server);
    await createSubject(subject);
  });
  after(() => server.close());

  function fill(path: string): string {
    const { subscription } = server;
    const group = `${subscription}/resourceGroups/${groupName}`;
    return path
      .replace("{subscription}", subscription)
      .replace("{group}", group)
      .replace("{synapse}", `${group}/providers/Microsoft.Synapse/workspaces/${subject.synapse}`)
      .replace(
        "{learning}",
        `${group}/providers/Microsoft.MachineLearningServices/workspaces/${subject.machineLearning}`,
      );
  }

  for (const { title, method, path, body, status, says } of rows) {
    it(title, async () => {
      const audience = path.startsWith("/synapse/") ? audiences.synapse : audiences.arm;
      const reply = await subject.send({ method, path: fill(path), body, audience });
      assert.equal(reply.status, status, reply.text);
      says?.(reply);
    });
  }
});
