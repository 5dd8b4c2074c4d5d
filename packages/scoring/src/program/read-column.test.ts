import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../column.ts";
import { lookUpReader } from "./read-column.ts";

function lookUp(keys: readonly (bigint | string)[], column: Column): number[] {
  const values = keys.map((_, place) => place + 1);
  const out = new Float32Array(column.values.length);
  const range = { firstRow: 0, rowCount: out.length };
  lookUpReader({ keys, values, otherwise: 0.5 })(column, range, out);
  return [...out];
}

const rows: [what: string, keys: readonly bigint[], found: number[]][] = [
  ["close together", [3n, 5n, 4n], [1, 3, 2, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
  ["far apart", [3n, 5n, -(2n ** 40n)], [1, 0.5, 2, 0.5, 0.5, 3, 0.5, 0.5, 0.5]],
  ["below 0", [-2n, -1n, 2n], [0.5, 0.5, 0.5, 3, 2, 0.5, 0.5, 0.5, 0.5]],
  ["none", [], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
];
const asked = [3n, 4n, 5n, 2n, -1n, -(2n ** 40n), 6n, 2n ** 63n - 1n, -(2n ** 63n)];
for (const [what, keys, found] of rows) {
  test(`integers are looked up among keys that are ${what}`, () => {
    assert.deepEqual(lookUp(keys, { values: BigInt64Array.from(asked) }), found);
    const narrow = Int32Array.from(asked.slice(0, 5), Number);
    assert.deepEqual(lookUp(keys, { values: narrow }), found.slice(0, 5));
  });
}

test("texts are looked up as they are, or by their place in a list, where -1 is in no list", () => {
  const keys = ["Delft", "Gouda"];
  assert.deepEqual(lookUp(keys, { values: ["Gouda", "Delft", "Leiden"] }), [2, 1, 0.5]);
  const coded = { values: Int32Array.of(1, 0, -1, 2), texts: ["Gouda", "Leiden", "Delft"] };
  assert.deepEqual(lookUp(keys, coded), [0.5, 2, 0.5, 1]);
});
