import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseYaml, YamlError, type YamlValue } from "./yaml.ts";

function plain(value: YamlValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe("the YAML of MLmodel files", () => {
  const rows: [string, string, unknown][] = [
    ["nothing", "", {}],
    ["comments and document marks", "---\n# c\na: 1 # d\n...\n", { a: "1" }],
    [
      "nested mappings",
      "a:\n  b:\n    c: x\n  d: y\ne: z",
      { a: { b: { c: "x" }, d: "y" }, e: "z" },
    ],
    ["nulls", "a: null\nb: ~\nc:\nd: 'null'", { a: null, b: null, c: null, d: "null" }],
    ["sequences at their key's indentation", "a:\n- x\n- y\nb: 1", { a: ["x", "y"], b: "1" }],
    ["sequences indented", "a:\n  - x\n  - y\n", { a: ["x", "y"] }],
    [
      "sequences of mappings",
      "a:\n- b: 1\n  c: 2\n- b: 3",
      { a: [{ b: "1", c: "2" }, { b: "3" }] },
    ],
    ["empty flow collections", "a: {}\nb: []", { a: {}, b: [] }],
    ["colons inside plain text", "a: 12:30:00.5\nb: c:d", { a: "12:30:00.5", b: "c:d" }],
    ["single quotes with a doubled one", "a: 'it''s: #1'", { a: "it's: #1" }],
    [
      "single quotes over lines",
      'a: \'[{"x": 1},\n    {"y": 2}]\'\nb: 1',
      { a: '[{"x": 1}, {"y": 2}]', b: "1" },
    ],
    ["an empty line is a line break", "a: 'x\n\n  y'", { a: "x\ny" }],
    ["double quotes with escapes", 'a: "x\\ty\\u0041\\"" ', { a: 'x\tyA"' }],
    ["double quotes joined by a backslash", 'a: "xx\\\n  yy"', { a: "xxyy" }],
    ["plain text over lines", "a: one\n  two\nb: 3", { a: "one two", b: "3" }],
    ["quoted keys", "'a b': 1\n\"c\": 2", { "a b": "1", c: "2" }],
    [
      "names of the prototype are keys like others",
      "__proto__:\n  x: 1",
      JSON.parse('{"__proto__":{"x":"1"}}'),
    ],
  ];
  for (const [name, text, expected] of rows) {
    it(name, () => assert.deepEqual(plain(parseYaml(text)), expected));
  }

  const refused: [string, string, RegExp][] = [
    ["anchors", "a: &x 1", /line 1: '&x 1' is a form/],
    ["flow collections", "a: [1, 2]", /line 1/],
    ["block scalars", "a: |\n  x", /line 1/],
    ["a key twice", "a: 1\na: 2", /line 2: the key 'a' is there twice/],
    ["text that is no mapping", "just text", /line 1: 'just text' is no 'key: value'/],
    ["an unclosed quote", "a: 'x\nb: 1", /line 1: a quoted text does not end/],
    ["text behind a quote", "a: 'x' y", /something follows/],
    ["tabs as indentation", "a:\n\tb: 1", /line 2/],
    ["a line that is indented too far", "a: 'x'\n   b: 1", /line 2: it is indented too far/],
    [
      "depth without end",
      Array.from({ length: 64 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      /nested too deep/,
    ],
  ];
  for (const [name, text, message] of refused) {
    it(`refuses ${name} with the line`, () => {
      assert.throws(
        () => parseYaml(text),
        (error) => error instanceof YamlError && message.test(error.message),
      );
    });
  }

  it("takes time in proportion to the text, whatever the text", () => {
    const long = [
      `a: '${"x\n".repeat(300_000)}'`,
      `a: ${"b ".repeat(400_000)}`,
      "'".repeat(900_001),
      `a: ${"\\".repeat(900_000)}`,
    ];
    for (const text of long) {
      const started = performance.now();
      try {
        parseYaml(text);
      } catch (error) {
        assert.ok(error instanceof YamlError);
      }
      assert.ok(performance.now() - started < 2000);
    }
  });
});
