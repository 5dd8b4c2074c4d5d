import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { simulatedClock } from "@callosum/server/platform/simulated.ts";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import {
  azureRole,
  makeCaller,
  makePool,
  must,
  synapseVersion,
} from "../synapse/testing/workspace-fixture.ts";
import { type LinkFixture, makeLinkable, v1, v2 } from "./testing/link-fixture.ts";

describe("attached Spark pools", () => {
  let server: TestServer;
  let at: LinkFixture;

  before(async () => {
    server = await startServer();
    at = await makeLinkable(server);
  });
  after(() => server.close());

  const path = (name: string, version = v2) => `${at.workspace}/computes/${name}${version}`;
  const get = async (name: string) => (await must(server, "GET", path(name))).body;
  const detach = (name: string, action = "Detach") =>
    server.admin.send("DELETE", `${path(name)}&underlyingResourceAction=${action}`);

  /** As SDK v1, SDK v2, Terraform and the template send it. */
  const dialects: readonly [string, string, () => Record<string, unknown>][] = [
    [
      "SDK v1",
      "2020-02-02",
      () => ({
        id: "",
        name: "",
        location: "westeurope",
        tags: null,
        properties: {
          description: null,
          resourceId: at.pool.replace("resourceGroups", "resourcegroups"),
          computeType: "SynapseSpark",
          properties: null,
          provisioningState: "Unknown",
          provisioningErrors: null,
          isAttachedCompute: true,
        },
      }),
    ],
    [
      "SDK v2",
      "2022-10-01",
      () => ({
        location: "westeurope",
        tags: { a: "1" },
        identity: { type: "SystemAssigned" },
        properties: { computeType: "SynapseSpark", resourceId: at.pool, description: "d" },
      }),
    ],
    [
      "Terraform",
      "2025-06-01",
      () => ({
        location: "westeurope",
        identity: { type: "SystemAssigned" },
        tags: {},
        properties: {
          computeType: "SynapseSpark",
          computeLocation: "westeurope",
          description: "",
          resourceId: at.pool,
          disableLocalAuth: true,
        },
      }),
    ],
    [
      "the template",
      "2018-11-19",
      () => ({
        location: "westeurope",
        properties: { resourceId: at.pool.toLowerCase(), computeType: "synapsespark" },
      }),
    ],
  ];
  for (const [client, version, body] of dialects) {
    it(`are attached by ${client}, with what every client reads`, async () => {
      const attach = () =>
        server.admin.send("PUT", path("dialect", `?api-version=${version}`), body());
      const created = await attach();
      assert.equal(created.status, 201, created.text);
      const operation = new URL(String(created.headers["azure-asyncoperation"]));
      const poll = await server.admin.send("GET", operation.pathname + operation.search);
      assert.equal(poll.body.status, "Succeeded");
      assert.equal((await attach()).status, 200);
      const read = await get("dialect");
      assert.equal(read.name, "dialect");
      assert.equal(read.location, "westeurope");
      assert.ok(typeof read.tags === "object");
      const { properties: inner, description, createdOn, modifiedOn, ...rest } = read.properties;
      assert.ok(description === null || typeof description === "string");
      assert.ok(createdOn && modifiedOn);
      assert.deepEqual(rest, {
        computeType: "SynapseSpark",
        computeLocation: "westeurope",
        resourceId: at.pool,
        disableLocalAuth: version === "2025-06-01",
        provisioningState: "Succeeded",
        provisioningErrors: null,
        isAttachedCompute: true,
      });
      assert.deepEqual(inner, {
        autoScaleProperties: { enabled: false, minNodeCount: 0, maxNodeCount: 0 },
        autoPauseProperties: { enabled: false, delayInMinutes: 0 },
        sparkVersion: "3.4",
        nodeCount: 3,
        nodeSize: "Small",
        nodeSizeFamily: "MemoryOptimized",
        subscriptionId: server.contract.subscriptionId,
        resourceGroup: "rg1",
        workspaceName: "ws1",
        poolName: "pool1",
      });
      const detached = await detach("dialect");
      assert.equal(detached.status, 202, detached.text);
      assert.ok(detached.headers["azure-asyncoperation"]);
      assert.equal((await server.admin.send("GET", path("dialect"))).status, 404);
      await must(server, "GET", `${at.pool}${synapseVersion}`);
    });
  }

  it("show the pool as it is now, and say when it is gone", async () => {
    const pool = await makePool(server, at.synapse, "changing");
    await at.attach("changing", {
      properties: { computeType: "SynapseSpark", resourceId: pool },
    });
    await must(server, "PUT", `${pool}${synapseVersion}`, {
      properties: { sparkVersion: "3.5", nodeSize: "Large", nodeCount: 5 },
    });
    const changed = (await get("changing")).properties;
    assert.equal(changed.properties.sparkVersion, "3.5");
    assert.equal(changed.properties.nodeCount, 5);
    await must(server, "DELETE", `${pool}${synapseVersion}`);
    const gone = (await get("changing")).properties;
    assert.equal(gone.provisioningState, "Failed");
    assert.equal(gone.provisioningErrors[0].error.code, "SparkPoolNotFound");
    assert.equal(typeof gone.properties, "object");
    assert.equal((await detach("changing")).status, 202);
  });

  it("need no link to be attached: the template deploys both at once", async () => {
    const { body } = await server.admin.send("GET", `${at.workspace}/linkedServices${v1}`);
    assert.deepEqual(body.value, []);
    assert.equal((await at.attach("unlinked")).status, 201);
    await detach("unlinked");
  });

  it("change identity and tags, never the pool", async () => {
    const other = await makePool(server, at.synapse, "pool2");
    await at.attach("identity");
    assert.equal((await get("identity")).identity, undefined);
    const patched = await server.admin.send("PATCH", path("identity"), {
      identity: { type: "SystemAssigned" },
      tags: { a: "1" },
    });
    assert.equal(patched.status, 200, patched.text);
    const { principalId } = patched.body.identity;
    const { directory } = server.running.internals;
    const identity = await directory.principal(principalId);
    assert.equal(identity?.displayName, "ml1/computes/identity");
    const again = await at.attach("identity");
    assert.equal(again.body.identity.principalId, principalId, again.text);
    const moved = await at.attach("identity", {
      properties: { computeType: "SynapseSpark", resourceId: other },
    });
    assert.equal(moved.body.error?.code, "PropertyChangeNotAllowed", moved.text);
    const none = await at.attach("identity", { identity: { type: "None" } });
    assert.equal(none.body.identity, undefined, none.text);
    assert.equal(await directory.principal(principalId), undefined);
    await detach("identity");
  });

  it("take user-assigned identities, which must exist", async () => {
    const id = `${at.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uami1`;
    const made = await must(server, "PUT", `${id}?api-version=2023-01-31`, {
      location: "westeurope",
    });
    const assigned = (identityId: string) => ({
      identity: { type: "UserAssigned", userAssignedIdentities: { [identityId]: {} } },
    });
    const reply = await at.attach("uami", assigned(id));
    const [identity] = Object.values(reply.body.identity.userAssignedIdentities);
    const { principalId, clientId } = made.body.properties;
    assert.deepEqual(identity, { principalId, clientId }, reply.text);
    const missing = await at.attach("uami2", assigned(`${id}x`));
    assert.equal(missing.body.error?.target, "identity.userAssignedIdentities", missing.text);
    await detach("uami");
  });

  const bad: readonly [string, () => Record<string, unknown>, number, string][] = [
    ["no pool", () => ({ resourceId: undefined }), 400, "properties.resourceId"],
    ["text that is no id", () => ({ resourceId: "pool1" }), 400, "properties.resourceId"],
    ["a workspace", () => ({ resourceId: at.synapse }), 400, "properties.resourceId"],
    ["a missing pool", () => ({ resourceId: `${at.pool}x` }), 400, "properties.resourceId"],
    ["no type", () => ({ computeType: undefined }), 400, "properties.computeType"],
    ["an unknown type", () => ({ computeType: "Mainframe" }), 400, "properties.computeType"],
    ["a cluster", () => ({ computeType: "AmlCompute" }), 501, "properties.computeType"],
    ["an instance", () => ({ computeType: "ComputeInstance" }), 501, "properties.computeType"],
    ["Kubernetes", () => ({ computeType: "AKS" }), 501, "properties.computeType"],
    ["Databricks", () => ({ computeType: "Databricks" }), 501, "properties.computeType"],
    [
      "a description too long",
      () => ({ description: "d".repeat(1025) }),
      400,
      "properties.description",
    ],
  ];
  for (const [what, properties, status, target] of bad) {
    it(`refuse ${what}`, async () => {
      const reply = await at.attach("bad1", {
        properties: { computeType: "SynapseSpark", resourceId: at.pool, ...properties() },
      });
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.body.error.target, target);
      assert.equal((await server.admin.send("GET", path("bad1"))).status, 404);
    });
  }

  const names: readonly [string, string, boolean][] = [
    ["2020-02-02", "ab", true],
    ["2020-02-02", "a".repeat(16), true],
    ["2020-02-02", "a".repeat(17), false],
    ["2020-02-02", "ends-with-", false],
    ["2022-10-01", "a".repeat(17), true],
    ["2022-10-01", "ends-with-", true],
    ["2022-10-01", "a".repeat(18), false],
    ["2022-10-01", "1digit", false],
    ["2022-10-01", "under_score", false],
  ];
  for (const [version, name, valid] of names) {
    it(`${valid ? "take" : "refuse"} the name '${name}' in ${version}`, async () => {
      const reply = await server.admin.send("PUT", path(name, `?api-version=${version}`), {
        properties: { computeType: "SynapseSpark", resourceId: at.pool },
      });
      assert.equal(reply.status, valid ? 201 : 400, reply.text);
      if (valid) await detach(name);
      else assert.equal(reply.body.error.code, "InvalidResourceName");
    });
  }

  it("are detached only, and only when that is said", async () => {
    await at.attach("detached");
    const unsaid = await server.admin.send("DELETE", path("detached"));
    for (const reply of [
      unsaid,
      await detach("detached", "Delete"),
      await detach("detached", "x"),
    ]) {
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, "underlyingResourceAction");
    }
    assert.equal((await detach("detached", "detach")).status, 202);
    assert.equal((await detach("detached")).status, 204);
  });

  it("need a right on the pool, and do not tell others what exists", async () => {
    const roles = [{ roleId: azureRole.contributor, scope: at.workspace }];
    const stranger = await makeCaller(server, roles);
    const body = (resourceId: string) => ({
      properties: { computeType: "SynapseSpark", resourceId },
    });
    for (const pool of [at.pool, `${at.pool}x`]) {
      const refused = await stranger.send("PUT", path("stranger"), body(pool));
      assert.equal(refused.status, 403, refused.text);
      assert.equal(refused.body.error.code, "LinkedAuthorizationFailed");
    }
    const reader = await makeCaller(server, [
      ...roles,
      { roleId: azureRole.reader, scope: at.synapse },
    ]);
    assert.equal((await reader.send("PUT", path("reader"), body(at.pool))).status, 201);
    await detach("reader");
  });

  it("refuse by name what only other kinds have", async () => {
    await at.attach("verbs");
    const verbs = "listKeys listNodes start stop restart customServices updateIdleShutdownSetting";
    for (const verb of verbs.split(" ")) {
      const reply = await server.admin.send("POST", `${at.workspace}/computes/verbs/${verb}${v2}`);
      assert.equal(reply.status, 501, `${verb}: ${reply.text}`);
    }
  });
});

describe("attaching while operations take their time", () => {
  it("is readable at once on both paths, and done when the operation is", async () => {
    const clock = simulatedClock(new Date().toISOString());
    const server = await startServer({ clock, operationDelayMs: 5_000 });
    try {
      const at = await makeLinkable(server);
      const attached = await at.attach("slow1");
      const operation = new URL(String(attached.headers["azure-asyncoperation"]));
      const path = `${at.workspace}/computes/slow1${v2}`;
      const states = async () => {
        const paths = [path, `/ml/westeurope/rp/workspaces${path}`];
        const replies = await Promise.all(paths.map((each) => must(server, "GET", each)));
        const poll = await must(server, "GET", operation.pathname + operation.search);
        // Go's and Python's clients wait half a minute where nothing is said.
        const wait = poll.body.status === "InProgress" ? "1" : undefined;
        assert.equal(poll.headers["retry-after"], wait);
        return [...replies.map(({ body }) => body.properties.provisioningState), poll.body.status];
      };
      assert.deepEqual(await states(), ["Creating", "Creating", "InProgress"]);
      clock.advance(5_000);
      assert.deepEqual(await states(), ["Succeeded", "Succeeded", "Succeeded"]);
    } finally {
      await server.close();
    }
  });
});
