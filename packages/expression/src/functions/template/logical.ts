// The logical and comparison chapters of the template functions.

import { compareValues } from "../../comparison.ts";
import { ExpressionError } from "../../error.ts";
import {
  abbreviate,
  defineFunction,
  type Example,
  type FunctionDefinition,
} from "../../function.ts";
import { equalValues } from "../../value.ts";
import { shared } from "../shared.ts";

const logicalSource = "ARM template functions, Logical";
const comparisonSource = "ARM template functions, Comparison";

const logical: readonly FunctionDefinition[] = [
  defineFunction({
    name: "and",
    chapter: "logical",
    signature: "(first: boolean, second: boolean, ...more: boolean): boolean",
    source: logicalSource,
    examples: [
      { text: "[and(bool('true'), bool('false'))]", result: false },
      { text: "[and(true(), true(), true())]", result: true },
      { text: "[and(true())]", fails: "ArgumentCount" },
    ],
    call: (args) => args.every((arg) => arg),
  }),
  defineFunction({
    name: "bool",
    chapter: "logical",
    signature: "(value: string|integer|boolean): boolean",
    source: logicalSource,
    examples: [
      { text: "[bool('true')]", result: true },
      { text: "[bool('False')]", result: false },
      { text: "[bool(1)]", result: true },
      { text: "[bool(0)]", result: false },
      { text: "[bool('maybe')]", fails: "ArgumentValue" },
    ],
    call: ([value]) => {
      if (typeof value === "boolean") return value;
      if (typeof value !== "string") return value !== 0;
      const text = value.toLowerCase();
      if (text === "true" || text === "false") return text === "true";
      throw new ExpressionError(
        "ArgumentValue",
        `'${abbreviate(value)}' cannot be converted to a boolean.`,
      );
    },
  }),
  // What a template says of itself where it cannot go on; in a branch that is not taken, nothing.
  defineFunction({
    name: "fail",
    chapter: "logical",
    signature: "(message: string): any",
    source: "Bicep logical functions, fail",
    examples: [
      { text: "[fail('no')]", fails: "Failed" },
      { text: "[if(true(), 1, fail('no'))]", result: 1 },
      { text: "[fail(1)]", fails: "ArgumentType" },
    ],
    call: ([message]) => {
      throw new ExpressionError("Failed", String(message));
    },
  }),
  defineFunction({
    name: "false",
    chapter: "logical",
    signature: "(): boolean",
    source: logicalSource,
    examples: [{ text: "[false()]", result: false }],
    call: () => false,
  }),
  // Only the branch that is taken is evaluated, as the document says.
  shared.if({
    chapter: "logical",
    source: logicalSource,
    examples: [
      { text: "[if(equals('a', 'a'), 'yes', 'no')]", result: "yes" },
      { text: "[if(false(), div(1, 0), json('{}'))]", result: {} },
      { text: "[if('true', 1, 2)]", fails: "ArgumentType" },
    ],
  }),
  shared.not({
    chapter: "logical",
    source: logicalSource,
    examples: [{ text: "[not(equals(1, 2))]", result: true }],
  }),
  defineFunction({
    name: "or",
    chapter: "logical",
    signature: "(first: boolean, second: boolean, ...more: boolean): boolean",
    source: logicalSource,
    examples: [{ text: "[or(bool('true'), bool('false'))]", result: true }],
    call: (args) => args.some((arg) => arg),
  }),
  defineFunction({
    name: "true",
    chapter: "logical",
    signature: "(): boolean",
    source: logicalSource,
    examples: [{ text: "[true()]", result: true }],
    call: () => true,
  }),
];

function defineOrder(
  name: string,
  holds: (order: number) => boolean,
  examples: readonly Example[],
): FunctionDefinition {
  return defineFunction({
    name,
    chapter: "comparison",
    signature: "(left: integer|string, right: integer|string): boolean",
    source: comparisonSource,
    examples,
    call: ([left, right]) => holds(compareValues(name, left, right)),
  });
}

const comparison: readonly FunctionDefinition[] = [
  shared.coalesce({
    chapter: "comparison",
    source: comparisonSource,
    examples: [
      { text: "[coalesce(null(), 'fallback', 1)]", result: "fallback" },
      { text: "[coalesce(null(), null())]", result: null },
      { text: "[coalesce('', 'a')]", result: "" },
    ],
  }),
  defineFunction({
    name: "equals",
    chapter: "comparison",
    signature: "(left: any, right: any): boolean",
    source: comparisonSource,
    examples: [
      { text: "[equals(1, 1)]", result: true },
      { text: "[equals('a', 'A')]", result: false },
      { text: "[equals(true(), 1)]", result: false },
      { text: "[equals(createArray('a', 1), createArray('a', 1))]", result: true },
      {
        text: "[equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))]",
        result: true,
      },
      { text: "[equals(createObject('a', 1), createObject('a', 1, 'b', 2))]", result: false },
    ],
    call: ([left, right], { budget }) => equalValues(left, right, budget),
  }),
  defineOrder("greater", (order) => order > 0, [
    { text: "[greater(1, 2)]", result: false },
    { text: "[greater('b', 'a')]", result: true },
    { text: "[greater('b', 1)]", fails: "ArgumentType" },
  ]),
  defineOrder("greaterOrEquals", (order) => order >= 0, [
    { text: "[greaterOrEquals(2, 2)]", result: true },
  ]),
  defineOrder("less", (order) => order < 0, [{ text: "[less(1, 2)]", result: true }]),
  defineOrder("lessOrEquals", (order) => order <= 0, [
    { text: "[lessOrEquals('b', 'a')]", result: false },
  ]),
];

export const logicalFunctions: readonly FunctionDefinition[] = [...logical, ...comparison];
