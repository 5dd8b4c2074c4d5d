import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { createCaller } from "./principal.ts";

describe("the activity log", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it("has every write, refused ones included, with principal, action, scope and outcome", async () => {
    const group = `${server.subscription}/resourceGroups/logged`;
    const stranger = await createCaller(server);
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    await stranger.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    const filter = encodeURIComponent(
      "eventTimestamp ge '2020-01-01T00:00:00Z' and resourceGroupName eq 'logged'",
    );
    const log = await server.admin.send(
      "GET",
      `${server.subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${filter}`,
    );
    assert.equal(log.status, 200, log.text);
    const events = log.body.value.map(
      (event: Record<string, { value: string }> & { claims: { oid: string } }) => [
        event.claims.oid,
        event.operationName?.value,
        event.status?.value,
        event.subStatus?.value,
      ],
    );
    const action = "Microsoft.Resources/subscriptions/resourceGroups/write";
    assert.deepEqual(events, [
      [stranger.objectId, action, "Failed", "403"],
      [server.admin.objectId, action, "Succeeded", "201"],
    ]);
    assert.equal(
      (
        await stranger.send(
          "GET",
          log.body.value[0]
            ? `${server.subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01`
            : "",
        )
      ).status,
      403,
    );
  });

  it("keeps a hundred refused writes of one caller a minute; all are answered", async () => {
    const path = `${server.subscription}/resourceGroups/flood?api-version=2022-09-01`;
    const stranger = await createCaller(server);
    const refuse = () => stranger.send("PUT", path, { location: "westeurope" });
    const replies = await Promise.all(Array.from({ length: 130 }, refuse));
    assert.ok(replies.every(({ status }) => status === 403));
    const scope = `${server.subscription}/resourceGroups/flood`.toLowerCase();
    const window = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1000 };
    const kept = await server.running.internals.store.read.activity({ scope, ...window });
    assert.equal(kept.length, 100);
  });
});
