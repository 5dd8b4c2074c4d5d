// The logical chapter of the pipeline functions (expressions.md 3).

import { compareValues, equalLoosely } from "../../comparison.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";
import { shared } from "../shared.ts";

const chapter = "logical";
const source = "expressions.md 3, Logical";

export const logicalFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "and",
    chapter,
    signature: "(left: boolean, right: boolean): boolean",
    source,
    examples: [
      { text: "@and(equals(1, 1), equals(1, 2))", result: false },
      { text: "@and(true, true)", result: true },
      { text: "@and(true, true, true)", fails: "ArgumentCount" },
    ],
    call: ([left, right]) => left && right,
  }),
  defineFunction({
    name: "equals",
    chapter,
    signature: "(left: any, right: any): boolean",
    source,
    examples: [
      { text: "@equals(true, 1)", result: true },
      { text: "@equals(0, false)", result: true },
      { text: "@equals('abc', 'abcd')", result: false },
      { text: "@equals('1', 1)", result: false },
      { text: "@equals(1, 1.0)", result: true },
      { text: '@equals(json(\'{"a":1,"b":[2]}\'), json(\'{"b":[2],"a":1}\'))', result: true },
    ],
    call: ([left, right], { budget }) => equalLoosely(left, right, budget),
  }),
  defineFunction({
    name: "greater",
    chapter,
    signature: "(left: any, right: any): boolean",
    source,
    examples: [
      { text: "@greater(10, 5)", result: true },
      { text: "@greater('apple', 'banana')", result: false },
      { text: "@greater('apple', 1)", fails: "ArgumentType" },
      { text: "@greater(9007199254740993, 9007199254740992)", result: true },
    ],
    call: ([left, right]) => compareValues("greater", left, right) > 0,
  }),
  defineFunction({
    name: "greaterOrEquals",
    chapter,
    signature: "(left: any, right: any): boolean",
    source,
    examples: [
      { text: "@greaterOrEquals(5, 5)", result: true },
      { text: "@greaterOrEquals('apple', 'banana')", result: false },
    ],
    call: ([left, right]) => compareValues("greaterOrEquals", left, right) >= 0,
  }),
  // Only the branch that is taken is evaluated; the document leaves that open.
  shared.if({
    chapter,
    source,
    examples: [
      { text: "@if(equals(1, 1), 'yes', 'no')", result: "yes" },
      { text: "@if(equals(1, 2), div(1, 0), 'no')", result: "no" },
      { text: "@if('true', 1, 2)", fails: "ArgumentType" },
    ],
  }),
  defineFunction({
    name: "less",
    chapter,
    signature: "(left: any, right: any): boolean",
    source,
    examples: [
      { text: "@less(5, 10)", result: true },
      { text: "@less('banana', 'apple')", result: false },
      { text: "@less(1, 1.5)", result: true },
    ],
    call: ([left, right]) => compareValues("less", left, right) < 0,
  }),
  defineFunction({
    name: "lessOrEquals",
    chapter,
    signature: "(left: any, right: any): boolean",
    source,
    examples: [
      { text: "@lessOrEquals(10, 10)", result: true },
      { text: "@lessOrEquals('apply', 'apple')", result: false },
    ],
    call: ([left, right]) => compareValues("lessOrEquals", left, right) <= 0,
  }),
  shared.not({
    chapter,
    source,
    examples: [
      { text: "@not(equals(1, 2))", result: true },
      { text: "@not('false')", fails: "ArgumentType" },
    ],
  }),
  defineFunction({
    name: "or",
    chapter,
    signature: "(left: boolean, right: boolean): boolean",
    source,
    examples: [
      { text: "@or(true, false)", result: true },
      { text: "@or(true)", fails: "ArgumentCount" },
    ],
    call: ([left, right]) => left || right,
  }),
];
