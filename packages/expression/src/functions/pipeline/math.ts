// The math chapter of the pipeline functions (expressions.md 3). Number forms: value.ts.

import { calculate, consecutive } from "../../arithmetic.ts";
import { ExpressionError } from "../../error.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";
import { shared } from "../shared.ts";

const chapter = "math";
const source = "expressions.md 3, Math";

/** As many as a ForEach takes (expressions.md 1). */
const rangeCountMax = 100_000;

export const mathFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "add",
    chapter,
    signature: "(left: number, right: number): number",
    source,
    examples: [
      { text: "@add(1, 1.5)", result: 2.5 },
      { text: "@string(add(9007199254740992, 1))", result: "9007199254740993" },
      { text: "@add(9223372036854775807, 1)", fails: "Overflow" },
      { text: "@add('1', 1)", fails: "ArgumentType" },
    ],
    call: ([left, right]) => calculate("add", left, right),
  }),
  defineFunction({
    name: "div",
    chapter,
    signature: "(dividend: number, divisor: number): number",
    source,
    examples: [
      { text: "@div(10, 5)", result: 2 },
      { text: "@div(11, 5)", result: 2 },
      { text: "@div(-11, 5)", result: -2 },
      { text: "@div(11.0, 5)", result: 2.2 },
      { text: "@div(float('10'), 4)", result: 2.5 },
      { text: "@div(1, 0)", fails: "DivisionByZero" },
      { text: "@div(-9223372036854775808, -1)", fails: "Overflow" },
    ],
    call: ([dividend, divisor]) => calculate("div", dividend, divisor),
  }),
  shared.max({
    chapter,
    source,
    examples: [
      { text: "@max(1, 2, 3)", result: 3 },
      { text: "@max(createArray(1, 2, 3))", result: 3 },
      { text: "@max(1, 2.5)", result: 2.5 },
      { text: "@max(createArray('a', 'b'))", fails: "ArgumentType" },
    ],
  }),
  shared.min({
    chapter,
    source,
    examples: [
      { text: "@min(1, 2, 3)", result: 1 },
      { text: "@min(createArray(1, 2, 3))", result: 1 },
    ],
  }),
  defineFunction({
    name: "mod",
    chapter,
    signature: "(dividend: number, divisor: number): number",
    source,
    examples: [
      { text: "@mod(3, 2)", result: 1 },
      { text: "@mod(-3, 2)", result: -1 },
      { text: "@mod(3, 0)", fails: "DivisionByZero" },
    ],
    call: ([dividend, divisor]) => calculate("mod", dividend, divisor),
  }),
  defineFunction({
    name: "mul",
    chapter,
    signature: "(left: number, right: number): number",
    source,
    examples: [
      { text: "@mul(1, 2)", result: 2 },
      { text: "@mul(1.5, 2)", result: 3 },
      { text: "@mul(4611686018427387904, 2)", fails: "Overflow" },
    ],
    call: ([left, right]) => calculate("mul", left, right),
  }),
  defineFunction({
    name: "rand",
    chapter,
    signature: "(minimum: integer, end: integer): integer",
    source,
    examples: [
      { text: "@rand(1, 5)", result: 3 },
      { text: "@rand(5, 5)", fails: "ArgumentValue" },
    ],
    call: ([minimum, end], { environment }) => {
      const [from, to] = [Number(minimum), Number(end)];
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to) {
        throw new ExpressionError("ArgumentValue", "'rand' needs a minimum below its end.");
      }
      // The product could round up to the end, which is exclusive.
      return Math.min(to - 1, Math.floor(from + environment.random() * (to - from)));
    },
  }),
  defineFunction({
    name: "range",
    chapter,
    signature: "(start: integer, count: integer): array",
    source,
    examples: [
      { text: "@range(1, 4)", result: [1, 2, 3, 4] },
      { text: "@range(10, 0)", result: [] },
      { text: "@range(1, -1)", fails: "ArgumentValue" },
      { text: "@range(0, 100001)", fails: "ArgumentValue" },
    ],
    call: ([start, count], context) =>
      consecutive({ start, count, countMax: rangeCountMax }, context),
  }),
  defineFunction({
    name: "sub",
    chapter,
    signature: "(left: number, right: number): number",
    source,
    examples: [
      { text: "@sub(10.3, .3)", result: 10 },
      { text: "@sub(1, 3)", result: -2 },
    ],
    call: ([left, right]) => calculate("sub", left, right),
  }),
];
