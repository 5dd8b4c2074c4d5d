import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOf } from "./range.ts";
import { binary, constant, select, unary, type Value } from "./value.ts";
import { anything, type ValueRange } from "./value-range.ts";

const plain: Value = { op: "input", column: 0 };
const bounded: Value = { op: "input", column: 1, range: { min: -1, max: 4, mayBeMissing: true } };
const isAbove = binary("greater", plain, constant(0));

const rows: readonly (readonly [what: string, value: Value, range: ValueRange])[] = [
  ["a constant is itself", constant(2.5), { min: 2.5, max: 2.5, mayBeMissing: false }],
  ["NaN can be anything", constant(Number.NaN), anything],
  ["a column without a promise can be anything", plain, anything],
  ["a column keeps its promise", bounded, { min: -1, max: 4, mayBeMissing: true }],
  ["a comparison is 0 or 1", isAbove, { min: 0, max: 1, mayBeMissing: false }],
  ["a sum can be anything", binary("add", bounded, bounded), anything],
  [
    "a choice spans both and may be missing",
    select(isAbove, constant(9), bounded),
    { min: -1, max: 9, mayBeMissing: true },
  ],
  [
    "an imputed column is not missing",
    select(unary("isNaN", bounded), constant(9), bounded),
    { min: -1, max: 9, mayBeMissing: false },
  ],
];
for (const [what, value, range] of rows) {
  test(what, () => assert.deepEqual(rangeOf(value), range));
}
