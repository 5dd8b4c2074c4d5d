import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { stateOf } from "./principal.ts";
import { bodyOf, definitions, pathOf, versionOf } from "./resource-endpoint.ts";

interface SchemaNode {
  readonly type?: string;
  readonly properties?: Record<string, SchemaNode>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
}

interface WrongValue {
  readonly path: readonly string[];
  readonly what: string;
  readonly value: unknown;
}

const depthMax = 4;

/** Each property of a schema wrong in turn: of another type, out of range, too long, not in the list. */
function* wrongValues(node: SchemaNode, path: readonly string[]): Generator<WrongValue> {
  if (path.length > depthMax) return;
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    const inner = [...path, name];
    yield* wrongFor(property, inner);
    // What has a default may be left out.
    const isNeeded = node.required?.includes(name) && property.default === undefined;
    if (isNeeded) yield { path: inner, what: "missing", value: undefined };
    if (property.properties) yield* wrongValues(property, inner);
  }
}

function* wrongFor(node: SchemaNode, path: readonly string[]): Generator<WrongValue> {
  if (node.anyOf || node.const !== undefined) return;
  if (node.enum) yield { path, what: "not one of its values", value: "No-Such-Value" };
  switch (node.type) {
    case "string":
      yield { path, what: "an object for a text", value: { unexpected: [] } };
      if (node.maxLength !== undefined)
        yield { path, what: "too long", value: "x".repeat(node.maxLength + 1) };
      break;
    case "integer":
    case "number":
      yield { path, what: "text for a number", value: "many" };
      if (node.minimum !== undefined) yield { path, what: "too small", value: node.minimum - 1 };
      if (node.maximum !== undefined) yield { path, what: "too large", value: node.maximum + 1 };
      break;
    case "boolean":
      yield { path, what: "text for a boolean", value: "perhaps" };
      break;
    case "array":
      yield { path, what: "text for a list", value: "one" };
      break;
    case "object":
      yield { path, what: "text for an object", value: "one" };
      break;
    default:
  }
}

function withValue(body: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const object = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return { ...object, [name]: withValue(object[name], rest, value) };
}

const wrongBodies: readonly [string, unknown][] = [
  ["no JSON", "{ not json"],
  ["a list", []],
  ["a text", '"text"'],
  ["a prototype", '{"properties":{},"__proto__":{"polluted":true}}'],
  ["properties as text", { properties: "text", location: "westeurope" }],
  ["tags as a list", { tags: ["a"], location: "westeurope" }],
  ["an unknown identity", { identity: { type: "Borrowed" }, location: "westeurope" }],
  ["a deep nest", `${'{"properties":'.repeat(5_000)}{}${"}".repeat(5_000)}`],
];

/** Bodies that are wrong only for types which have such a property. */
const ignorable = new Set(["tags as a list", "an unknown identity", "a deep nest"]);

describe("bad input", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    for (const definition of definitions) {
      const body = bodyOf(server, definition);
      const path = `${pathOf(server, definition)}?${versionOf(definition)}`;
      if (body !== undefined) await server.admin.send("PUT", path, body);
    }
  });
  after(() => server.close());

  for (const definition of definitions) {
    if (definition.methods && !definition.methods.includes("put")) continue;
    it(`in each field of ${definition.type} gets a 4xx with code and target, and changes nothing`, async () => {
      const path = `${pathOf(server, definition)}?${versionOf(definition)}`;
      const good = bodyOf(server, definition) ?? { properties: {} };
      const before = await stateOf(server);
      for (const wrong of wrongValues(definition.properties as SchemaNode, ["properties"])) {
        const reply = await server.admin.send(
          "PUT",
          path,
          withValue(good, wrong.path, wrong.value),
        );
        const label = `${wrong.path.join(".")} ${wrong.what}: ${reply.status} ${reply.text}`;
        assert.ok(reply.status >= 400 && reply.status < 500, label);
        assert.ok(reply.body.error.code && reply.body.error.message, label);
        assert.ok(String(reply.body.error.target).startsWith("properties"), label);
      }
      assert.equal(await stateOf(server), before);
    });

    it(`as a whole body of ${definition.type} gets a 4xx and never a stack`, async () => {
      const path = `${pathOf(server, definition)}?${versionOf(definition)}`;
      for (const [what, body] of wrongBodies) {
        const reply = await server.admin.send("PUT", path, body);
        // What is only unknown to the type is ignored, as the resource manager does; then the type may
        // refuse every change by name.
        const isRefused = reply.body?.error?.code === "NotSupportedHere";
        if ((reply.status < 300 || isRefused) && ignorable.has(what)) continue;
        assert.ok(
          reply.status >= 400 && reply.status < 500,
          `${what}: ${reply.status} ${reply.text}`,
        );
        assert.ok(!/\bat .*\.ts:\d+/.test(reply.text), what);
      }
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });
  }

  it("in names is refused by the type's rule", async () => {
    for (const definition of definitions) {
      const body = bodyOf(server, definition);
      if (body === undefined || definition.preset) continue;
      const path = pathOf(server, definition);
      const parent = path.slice(0, path.lastIndexOf("/"));
      const reply = await server.admin.send(
        "PUT",
        `${parent}/%3Cbad%20name%3E${"x".repeat(300)}?${versionOf(definition)}`,
        body,
      );
      assert.ok(
        reply.status >= 400 && reply.status < 500,
        `${definition.type}: ${reply.status} ${reply.text}`,
      );
    }
  });
});
