import assert from "node:assert/strict";
import { test } from "node:test";
import { strictJson } from "./relaxed-json.ts";

const rows: readonly (readonly [what: string, text: string, value: unknown])[] = [
  ["strict JSON", '{"a": [1, true, null, "x\\"y\\n"]}', { a: [1, true, null, 'x"y\n'] }],
  ["a name without quotes", '{"p": 1, template:{"x": 2}}', { p: 1, template: { x: 2 } }],
  ["comments", '{ // one, "two"\n"a": /* { */ 1 }', { a: 1 }],
  ["comments' marks in a text", '{"a": "https://x/*y*/"}', { a: "https://x/*y*/" }],
  ["a text over lines", "{\"a\": \"[concat('x',\n  'y')]\"}", { a: "[concat('x',\n  'y')]" }],
  ["single quotes", "{'a': 'it\\'s \"x\"'}", { a: 'it\'s "x"' }],
  ["a comma after the last member", '{"a": [1, 2, ], } ', { a: [1, 2] }],
  ["a comma and a comment", '{"a": 1, // last\n}', { a: 1 }],
];
for (const [what, text, value] of rows) {
  test(`${what} reads as JSON`, () => assert.deepEqual(JSON.parse(strictJson(text)), value));
}

test("what is no JSON at all stays none, and lines stay where they are", () => {
  for (const text of ['{"a": }', '{"a" 1}', '{"a": 1', "[1 2]"]) {
    assert.throws(() => JSON.parse(strictJson(text)), SyntaxError, text);
  }
  const text = "{\n// one\n/* two\nthree */\na: 1}";
  assert.equal(strictJson(text).split("\n").length, text.split("\n").length);
});

test("texts made to be slow are read in one pass", () => {
  for (const part of ["/*", ",/*", '"', "'\\", ", \t"]) {
    const startMs = performance.now();
    assert.throws(() => JSON.parse(strictJson(part.repeat(500_000))));
    assert.ok(performance.now() - startMs < 5_000, part);
  }
});
