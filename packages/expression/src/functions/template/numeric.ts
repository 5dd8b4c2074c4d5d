// The numeric chapter of the template functions. copyIndex comes from the scope; max, min and range
// are in array.ts.

import { calculate, toFloat } from "../../arithmetic.ts";
import { defineFunction, type Example, type FunctionDefinition } from "../../function.ts";
import { shared } from "../shared.ts";

const chapter = "numeric";
const source = "ARM template functions, Numeric";

function defineOperation(
  name: "add" | "div" | "mod" | "mul" | "sub",
  examples: readonly Example[],
): FunctionDefinition {
  return defineFunction({
    name,
    chapter,
    signature: "(left: integer, right: integer): integer",
    source,
    examples,
    call: ([left, right]) => calculate(name, left, right),
  });
}

export const numericFunctions: readonly FunctionDefinition[] = [
  defineOperation("add", [
    { text: "[add(5, 3)]", result: 8 },
    { text: "[add(9223372036854775807, 1)]", fails: "Overflow" },
    { text: "[add(1.5, 1)]", fails: "ArgumentType" },
  ]),
  defineOperation("div", [
    { text: "[div(8, 3)]", result: 2 },
    { text: "[div(8, 0)]", fails: "DivisionByZero" },
  ]),
  defineFunction({
    name: "float",
    chapter,
    signature: "(value: string|integer): float",
    source,
    examples: [
      { text: "[float('3.5')]", result: 3.5 },
      { text: "[string(array(float(3)))]", result: "[3.0]" },
    ],
    call: ([value]) => toFloat(value),
  }),
  shared.int({
    chapter,
    source,
    examples: [
      { text: "[int('4')]", result: 4 },
      { text: "[int('x')]", fails: "ArgumentValue" },
    ],
  }),
  defineOperation("mod", [{ text: "[mod(7, 3)]", result: 1 }]),
  defineOperation("mul", [{ text: "[mul(5, 3)]", result: 15 }]),
  defineOperation("sub", [{ text: "[sub(7, 3)]", result: 4 }]),
];
