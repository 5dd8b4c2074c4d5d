import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../tests/fixture/server.ts";
import { connectors } from "./connectors/index.gen.ts";
import { artifactKinds } from "./kinds/index.gen.ts";
import { putGroup, putWorkspace, type TestWorkspace } from "./testing/workspace.ts";

type Json = Record<string, unknown>;

const wrongValues = [7, "", { unexpected: [] }, ["x"], null, true, "x".repeat(70_000), "@{nope("];

/** Every property of an example replaced by every wrong value in turn, and left out. */
function* spoiled(value: Json, path: string[] = []): Generator<{ what: string; value: Json }> {
  for (const [name, child] of Object.entries(value)) {
    const what = [...path, name].join(".");
    const { [name]: _gone, ...without } = value;
    yield { what: `${what} missing`, value: without };
    for (const wrong of wrongValues) {
      const shown = JSON.stringify(wrong).slice(0, 30);
      yield { what: `${what} = ${shown}`, value: { ...value, [name]: wrong } };
    }
    if (typeof child !== "object" || child === null || Array.isArray(child)) continue;
    for (const inner of spoiled(child as Json, [...path, name])) {
      yield { what: inner.what, value: { ...value, [name]: inner.value } };
    }
  }
}

describe("artifacts with wrong properties", () => {
  let server: TestServer;
  let workspace: TestWorkspace;
  before(async () => {
    server = await startServer();
    await putGroup(server);
    workspace = await putWorkspace(server, { name: "ws1" });
  });
  after(() => server.close());

  async function check(path: string, spoil: { what: string; value: Json }, what: string) {
    const label = `${what}: ${spoil.what}`;
    const accepted = await workspace.send(server.admin, "PUT", path, { properties: spoil.value });
    if (accepted.status !== 202) {
      assert.ok(accepted.status >= 400 && accepted.status < 500, `${label}: ${accepted.text}`);
      return;
    }
    const { status, body } = await workspace.result(server.admin, accepted);
    assert.equal(status, 200, label);
    if (body.status !== "Failed") return;
    assert.ok(body.error.code && body.error.message, label);
    assert.ok(typeof body.error.target === "string", `${label}: ${JSON.stringify(body)}`);
  }

  it("of every kind are refused with code and target, or kept, and never break the server", async () => {
    for (const { collection, examples, apiVersions, kind } of artifactKinds) {
      const path = `/${collection.toLowerCase()}/bad?api-version=${apiVersions.at(-1)}`;
      const [example] = examples;
      for (const spoil of spoiled(example?.properties ?? {})) await check(path, spoil, kind);
    }
  });

  it("of every connector too, and testing such a definition answers a verdict or a refusal", async () => {
    for (const { type, examples } of connectors) {
      const [typeProperties] = examples;
      for (const spoil of spoiled({ type, typeProperties })) {
        await check("/linkedservices/bad", spoil, type);
        const linkedService = { name: "bad", properties: spoil.value };
        const tested = await workspace.send(server.admin, "POST", "/testConnectivity", {
          linkedService,
        });
        const isAnswered = [200, 400, 501].includes(tested.status);
        assert.ok(isAnswered, `${type} ${spoil.what}: ${tested.status} ${tested.text}`);
      }
    }
  });
});
