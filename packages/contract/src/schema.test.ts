import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Type } from "typebox";
import { canonicalise } from "./schema.ts";

const schema = Type.Object({
  nodeSize: Type.Enum(["Small", "Large"]),
  nodeCount: Type.Optional(Type.Integer()),
  enabled: Type.Optional(Type.Boolean({ default: true })),
  inner: Type.Optional(Type.Object({ Kind: Type.Literal("A") })),
  list: Type.Optional(Type.Array(Type.Object({ Name: Type.String() }))),
  map: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  either: Type.Optional(
    Type.Union([
      Type.String(),
      Type.Object({ type: Type.Literal("SecureString"), value: Type.String() }),
      Type.Object({ type: Type.Literal("Reference"), Name: Type.String() }),
    ]),
  ),
});

describe("a value made canonical", () => {
  const rows: [string, unknown, unknown][] = [
    ["names in the schema's casing", { NODESIZE: "Small" }, { nodeSize: "Small", enabled: true }],
    ["enum values too", { nodeSize: "small" }, { nodeSize: "Small", enabled: true }],
    [
      "numbers and booleans from text",
      { nodeCount: "3", enabled: "False" },
      { nodeCount: 3, enabled: false },
    ],
    [
      "text that is no number stays",
      { nodeCount: "three", enabled: true },
      { nodeCount: "three", enabled: true },
    ],
    ["literals", { inner: { kind: "a" }, enabled: true }, { inner: { Kind: "A" }, enabled: true }],
    ["items", { list: [{ name: "x" }], enabled: true }, { list: [{ Name: "x" }], enabled: true }],
    ["map values", { map: { Some: "1" }, enabled: true }, { map: { Some: 1 }, enabled: true }],
    ["unknown names go", { extra: 1, enabled: true }, { enabled: true }],
    [
      "the branch of a union by its literal",
      { either: { TYPE: "reference", name: "x" }, enabled: true },
      { either: { type: "Reference", Name: "x" }, enabled: true },
    ],
    ["what fits no branch stays", { either: 7, enabled: true }, { either: 7, enabled: true }],
  ];
  for (const [name, given, expected] of rows) {
    it(name, () =>
      assert.deepEqual(canonicalise(schema, given, { unknown: "drop", defaults: true }), expected),
    );
  }

  it("keeps unknown names where the plane says so, and no defaults where not", () => {
    assert.deepEqual(canonicalise(schema, { extra: 1 }, { unknown: "keep", defaults: false }), {
      extra: 1,
    });
  });
});
