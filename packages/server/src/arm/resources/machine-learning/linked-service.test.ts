import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../../tests/fixture/server.ts";
import {
  azureRole,
  makeCaller,
  makePool,
  makeSynapse,
} from "../synapse/testing/workspace-fixture.ts";
import { type LinkFixture, makeLinkable, makeMachineLearning, v1 } from "./testing/link-fixture.ts";

describe("links from a machine learning to a Synapse workspace", () => {
  let server: TestServer;
  let at: LinkFixture;

  before(async () => {
    server = await startServer();
    at = await makeLinkable(server);
  });
  after(() => server.close());

  const path = (name: string, version = v1) => `${at.workspace}/linkedServices/${name}${version}`;
  const get = (name: string) => server.admin.send("GET", path(name));
  const remove = (name: string, query = "") => server.admin.send("DELETE", path(name) + query);
  const detach = (name: string) =>
    server.admin.send(
      "DELETE",
      `${at.workspace}/computes/${name}?api-version=2022-10-01&underlyingResourceAction=Detach`,
    );

  it("are registered with 200 in both api-versions, with the recorded shape", async () => {
    for (const version of ["2020-04-01-preview", "2020-09-01-preview"]) {
      const reply = await server.admin.send("PUT", path("shape1", `?api-version=${version}`), {
        name: "shape1",
        location: "westeurope",
        identity: { type: "systemAssigned" },
        properties: {
          linkedServiceResourceId: at.synapse.replace("resourceGroups", "resourcegroups"),
        },
      });
      assert.equal(reply.status, 200, reply.text);
      const { principalId } = reply.body.identity;
      const { createdTime, modifiedTime } = reply.body.properties;
      assert.deepEqual(reply.body, {
        id: path("shape1", ""),
        name: "shape1",
        type: "Microsoft.MachineLearningServices/workspaces/linkedServices",
        location: "westeurope",
        identity: { type: "SystemAssigned", principalId, tenantId: server.contract.tenantId },
        properties: {
          createdTime,
          modifiedTime,
          linkedServiceResourceId: at.synapse,
          linkType: "Synapse",
        },
      });
      const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/;
      assert.match(createdTime, time);
      assert.match(modifiedTime, time);
    }
    const list = await server.admin.send("GET", `${at.workspace}/linkedServices${v1}`);
    assert.deepEqual(Object.keys(list.body), ["value"]);
    assert.deepEqual(list.body.value, [(await get("shape1")).body]);
    await remove("shape1");
  });

  it("have one identity each, kept over a second registration and gone with the link", async () => {
    const first = (await at.link("identity1")).body;
    const again = (await at.link("identity1")).body;
    const other = (await at.link("identity2")).body;
    assert.equal(again.identity.principalId, first.identity.principalId);
    assert.equal(again.properties.createdTime, first.properties.createdTime);
    assert.notEqual(other.identity.principalId, first.identity.principalId);
    const { directory } = server.running.internals;
    const identity = await directory.principal(first.identity.principalId);
    assert.equal(identity?.displayName, "ml1/linkedServices/identity1");
    assert.equal((await remove("identity1")).status, 200);
    assert.equal((await remove("identity1")).status, 204);
    assert.equal(await directory.principal(first.identity.principalId), undefined);
    await remove("identity2");
  });

  it("get an identity without asking and refuse to be without", async () => {
    const unasked = await server.admin.send("PUT", path("unasked"), {
      properties: { linkedServiceResourceId: at.synapse },
    });
    assert.ok(unasked.body.identity.principalId, unasked.text);
    const none = await server.admin.send("PUT", path("none1"), {
      identity: { type: "None" },
      properties: { linkedServiceResourceId: at.synapse },
    });
    assert.equal(none.body.error?.target, "identity.type", none.text);
    await remove("unasked");
  });

  const badTargets: readonly [string, () => unknown][] = [
    ["no target", () => null],
    ["text that is no id", () => "ws1"],
    ["a collection", () => at.synapse.slice(0, at.synapse.lastIndexOf("/"))],
    ["a resource group", () => at.group],
    ["a resource of another type", () => at.workspace],
    ["a pool", () => at.pool],
    ["a workspace that is not there", () => `${at.synapse}x`],
    ["a number", () => 7],
  ];
  for (const [what, target] of badTargets) {
    it(`refuse ${what} with 400`, async () => {
      const reply = await at.link("bad1", target() as string);
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.body.error.target, "properties.linkedServiceResourceId");
      assert.equal((await get("bad1")).status, 404);
    });
  }

  it("refuse another kind of link, bad names, and a workspace that is not there", async () => {
    const properties = { linkedServiceResourceId: at.synapse, linkType: "Databricks" };
    const kind = await server.admin.send("PUT", path("kind1"), { properties });
    assert.equal(kind.body.error?.target, "properties.linkType", kind.text);
    for (const name of ["ab", "-ab", "a".repeat(34)]) {
      assert.equal((await at.link(name)).body.error?.code, "InvalidResourceName", name);
    }
    const nowhere = `${at.workspace}x/linkedServices/link1${v1}`;
    const reply = await server.admin.send("PUT", nowhere, {
      properties: { linkedServiceResourceId: at.synapse },
    });
    assert.equal(reply.status, 404, reply.text);
  });

  it("keep the workspace that they were made for", async () => {
    const other = await makeSynapse(server, at.group, "ws2");
    await at.link("fixed1");
    const reply = await at.link("fixed1", other);
    assert.equal(reply.body.error?.code, "PropertyChangeNotAllowed", reply.text);
    await remove("fixed1");
  });

  it("need an Owner of the Synapse workspace, and do not tell others what exists", async () => {
    const roles = (roleId: string) => [
      { roleId: azureRole.contributor, scope: at.workspace },
      { roleId, scope: at.synapse },
    ];
    const body = (target: string) => ({
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: target },
    });
    const owner = await makeCaller(server, roles(azureRole.owner));
    assert.equal((await owner.send("PUT", path("owned1"), body(at.synapse))).status, 200);
    for (const roleId of [azureRole.contributor, azureRole.reader]) {
      const caller = await makeCaller(server, roles(roleId));
      const refused = await caller.send("PUT", path("refused1"), body(at.synapse));
      assert.equal(refused.status, 403, refused.text);
      assert.equal(refused.body.error.code, "LinkedAuthorizationFailed");
      assert.match(refused.text, /Microsoft\.Authorization\/roleAssignments\/write/);
      const invisible = await caller.send("PUT", path("refused1"), body(`${at.synapse}x`));
      assert.equal(invisible.status, 403, invisible.text);
      // A Contributor may not make links but may use those that are there (features.md D-16).
      assert.equal((await caller.send("GET", path("owned1"))).status, 200);
    }
    assert.equal((await get("refused1")).status, 404);
    await remove("owned1");
  });

  it("stay while attached pools need them, unless the pools go too", async () => {
    await at.link("needed1");
    await at.attach("spark1");
    const refused = await remove("needed1");
    assert.equal(refused.status, 409, refused.text);
    assert.match(refused.body.error.message, /'spark1'/);
    assert.equal((await get("needed1")).status, 200);
    assert.equal((await remove("needed1", "&cascade=true")).status, 200);
    assert.equal((await get("needed1")).status, 404);
    const compute = await server.admin.send(
      "GET",
      `${at.workspace}/computes/spark1?api-version=2022-10-01`,
    );
    assert.equal(compute.status, 404);
    const events = await server.running.internals.store.read.activity({
      scope: `${at.workspace}/computes/spark1`.toLowerCase(),
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
      limit: 1,
    });
    const [event] = events as unknown as { body: { action: string } }[];
    assert.match(event?.body.action ?? "", /\/computes\/delete$/);
  });

  it("may go when the pools have identities, are elsewhere, or have another link", async () => {
    await at.link("free1");
    await at.attach("spark2", { identity: { type: "SystemAssigned" } });
    assert.equal((await remove("free1")).status, 200);
    await detach("spark2");

    const synapse = await makeSynapse(server, at.group, "ws10");
    await at.link("free2", synapse);
    await at.attach("spark3");
    assert.equal((await remove("free2")).status, 200);

    const far = await makePool(server, synapse, "pool10");
    await at.attach("spark4", { properties: { computeType: "SynapseSpark", resourceId: far } });
    await detach("spark3");
    await at.link("near1");
    assert.equal((await remove("near1")).status, 200);
    await detach("spark4");

    await at.attach("spark3");
    await at.link("free3");
    await at.link("free4");
    assert.equal((await remove("free3")).status, 200);
    assert.equal((await remove("free4")).status, 409);
    await detach("spark3");
    assert.equal((await remove("free4")).status, 200);
  });

  it("go with their workspace, identities included", async () => {
    const workspace = await makeMachineLearning(server, at.group, "ml2");
    const link = `${workspace}/linkedServices/gone1${v1}`;
    const { body } = await server.admin.send("PUT", link, {
      properties: { linkedServiceResourceId: at.synapse },
    });
    await server.admin.send("DELETE", `${workspace}?api-version=2022-10-01`);
    const { directory } = server.running.internals;
    assert.equal(await directory.principal(body.identity.principalId), undefined);
  });
});
