import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { type SimulatedClock, simulatedClock } from "../platform/simulated.ts";
import {
  grantSynapse,
  putGroup,
  putPrincipal,
  putWorkspace,
  synapseRole,
  type TestWorkspace,
} from "./testing/workspace.ts";

describe("long-running operations of the endpoint", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  let clock: SimulatedClock;
  const delayMs = 5000;
  before(async () => {
    clock = simulatedClock(new Date().toISOString());
    server = await startServer({ clock, operationDelayMs: delayMs });
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
  });
  after(() => server.close());

  const status = (id: string) => workspace.send(server.admin, "GET", `/operationStatuses/${id}`);

  it("answer 202 with a location until they are done, then the resource or the failure", async () => {
    const bodies = [
      { properties: { activities: [] } },
      { properties: { activities: [{ name: "no type" }] } },
    ];
    for (const [index, body] of bodies.entries()) {
      const isGood = index === 0;
      const accepted = await workspace.send(server.admin, "PUT", `/pipelines/p${index}`, body);
      const { operationId } = accepted.body;
      const running = await workspace.result(server.admin, accepted);
      assert.deepEqual([running.status, running.text], [202, ""]);
      assert.equal(running.headers.location, accepted.headers.location);
      assert.equal((await status(operationId)).body.status, "InProgress");
      clock.advance(delayMs);
      const done = await workspace.result(server.admin, accepted);
      assert.equal(done.status, 200);
      assert.deepEqual(
        [done.body.name, done.body.status],
        isGood ? ["p0", undefined] : [undefined, "Failed"],
      );
      const told = (await status(operationId)).body;
      assert.deepEqual(
        [told.status, told.error?.code],
        isGood ? ["Succeeded", undefined] : ["Failed", "BadRequest"],
      );
    }
  });

  it("are for those who may see the artifact, in their own workspace", async () => {
    const user = await putPrincipal(server, "user");
    const roleId = synapseRole.user;
    await grantSynapse(server, { workspaceId: workspace.id, principalId: user.objectId, roleId });
    const accepted = await workspace.send(server.admin, "PUT", "/pipelines/p", { properties: {} });
    clock.advance(delayMs);
    assert.equal((await workspace.result(user, accepted)).status, 403);
    const other = await putWorkspace(server, { name: "ws2" });
    const path = `/operationResults/${accepted.body.operationId}`;
    assert.equal((await other.send(server.admin, "GET", path)).status, 404);
    const none = await workspace.send(server.admin, "GET", "/operationResults/none");
    assert.equal(none.body.error.code, "OperationNotFound");
  });

  it("leave each write in the activity log with its outcome", async () => {
    const { store } = server.running.internals;
    const read = (scope: string) =>
      store.read.activity({ scope, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10 });
    const rows = [
      ["p0", "Succeeded"],
      ["p1", "Failed"],
    ];
    for (const [name, outcome] of rows) {
      const [event] = await read(`${workspace.id}/pipelines/${name}`.toLowerCase());
      const body = event?.body as Record<string, unknown>;
      assert.deepEqual(
        [body.action, body.status, body.callerObjectId],
        ["Microsoft.Synapse/workspaces/pipelines/write", outcome, server.admin.objectId],
      );
    }
  });
});
