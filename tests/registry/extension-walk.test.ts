import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { extensions } from "@callosum/server/arm/extensions/index.gen.ts";
import { audiences, type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { badTokens, createCaller, roleIds, stateOf } from "./principal.ts";

describe("every extension of the resource manager", () => {
  let server: TestServer;
  let stranger: Caller;
  let reader: Caller;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    const group = `${server.subscription}/resourceGroups/walk`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    stranger = await createCaller(server);
    reader = await createCaller(server, { roleId: roleIds.reader, scope: group });
  });
  after(() => server.close());

  function asked() {
    return extensions.flatMap(({ type, apiVersions, operations }) =>
      operations.map((operation) => {
        const name = operation.named ? `/${type.endsWith("/tags") ? "default" : randomUUID()}` : "";
        const version = apiVersions.at(-1) ?? "2022-04-01";
        return {
          label: `${operation.method} ${type}${name && "/{name}"}`,
          operation,
          path: `${server.subscription}/resourceGroups/walk/providers/${type}${name}?api-version=${version}`,
        };
      }),
    );
  }

  it("refuses nobody and bad tokens with 401 and changes nothing", async () => {
    const tokens = Object.values(await badTokens(server, audiences.arm));
    for (const { operation, path, label } of asked()) {
      const before = await stateOf(server);
      assert.equal((await server.nobody.send(operation.method, path, {})).status, 401, label);
      for (const token of tokens) {
        assert.equal(
          (await server.admin.send(operation.method, path, {}, { token })).status,
          401,
          label,
        );
      }
      assert.equal(await stateOf(server), before, label);
    }
  });

  it("asks for its right: none without a role, reads for a Reader", async () => {
    for (const { operation, path, label } of asked()) {
      if (operation.action === "none") continue;
      const before = await stateOf(server);
      assert.equal((await stranger.send(operation.method, path, {})).status, 403, label);
      const isRead = operation.action.endsWith("/read");
      const reply = await reader.send(operation.method, path, {});
      assert.ok(
        isRead ? [200, 404].includes(reply.status) : reply.status === 403,
        `${label}: ${reply.status}`,
      );
      assert.equal(await stateOf(server), before, label);
    }
  });

  it("answers an Owner without a crash, bad bodies with a 4xx", async () => {
    for (const { operation, path, label } of asked()) {
      for (const body of [{}, { properties: 7 }, { properties: { tags: [] } }, "{ no json", []]) {
        const reply = await server.admin.send(operation.method, path, body);
        assert.ok(
          reply.status < 500 || reply.status === 501,
          `${label}: ${reply.status} ${reply.text}`,
        );
      }
    }
  });
});
