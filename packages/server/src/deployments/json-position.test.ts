import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locate, pathSteps } from "./json-position.ts";

const text = `{
  "a": [ {"x": 1}, "]", { "name": "n\\"{",
    "deep": { "y": [true, null, -1.5e3] } } ],
  "b": "last"
}`;

describe("where a value stands", () => {
  const rows: [string, number, number][] = [
    ["", 1, 1],
    ["a", 2, 8],
    ["a[0].x", 2, 16],
    ["a[1]", 2, 20],
    ["a[2].name", 2, 35],
    ["A[2].Deep.y[2]", 3, 33],
    ["b", 4, 8],
    // What is not there is where its owner is.
    ["a[2].deep.z", 3, 13],
  ];
  for (const [path, lineNumber, linePosition] of rows) {
    it(`'${path}' is at ${lineNumber}:${linePosition}`, () => {
      assert.deepEqual(locate(text, pathSteps(path)), { lineNumber, linePosition });
    });
  }
});
