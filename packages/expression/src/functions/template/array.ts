// The array chapter of the template functions; most of them take strings or objects too. Those that
// find one item are in item.ts.

import { consecutive } from "../../arithmetic.ts";
import {
  includesItem,
  includesText,
  intersectArrays,
  sameCollections,
  skipItems,
  takeItems,
  unionArrays,
} from "../../collection.ts";
import { ExpressionError } from "../../error.ts";
import { defineFunction, type FunctionDefinition, requireText } from "../../function.ts";
import { type Budget, checkDepth } from "../../limit.ts";
import { toText } from "../../text.ts";
import {
  definedKeys,
  equalValues,
  findKey,
  kindOf,
  type Value,
  type ValueObject,
} from "../../value.ts";
import { shared } from "../shared.ts";

const chapter = "array";
const source = "ARM template functions, Array";

export const arrayFunctions: readonly FunctionDefinition[] = [
  shared.array({
    chapter,
    source,
    examples: [
      { text: "[array(1)]", result: [1] },
      { text: "[array(createObject('a', 'b'))]", result: [{ a: "b" }] },
    ],
  }),
  defineFunction({
    name: "concat",
    chapter,
    signature: "(first: any, ...more: any): any",
    source,
    examples: [
      { text: "[concat('prefix', '-', 5)]", result: "prefix-5" },
      { text: "[concat(createArray(1, 2), createArray(3))]", result: [1, 2, 3] },
      { text: "[concat(createArray(1), 'a')]", fails: "ArgumentType" },
    ],
    call: (args, { budget }) => concat(args as Value[], budget),
  }),
  defineFunction({
    name: "contains",
    chapter,
    signature: "(collection: string|array|object, value: any): boolean",
    source,
    examples: [
      { text: "[contains('OneTwoThree', 'e')]", result: true },
      { text: "[contains('OneTwoThree', 'z')]", result: false },
      { text: "[contains('OneTwoThree', 'one')]", result: false },
      { text: "[contains(createObject('one', 'a'), 'ONE')]", result: true },
      { text: "[contains(createArray('one'), 'one')]", result: true },
    ],
    call: ([collection, value], { budget }) => {
      if (Array.isArray(collection)) return includesItem(collection, value, budget);
      const wanted = requireText("contains", value);
      return typeof collection === "string"
        ? includesText(collection, wanted, budget)
        : findKey(collection as ValueObject, wanted, budget) !== undefined;
    },
  }),
  defineFunction({
    name: "createArray",
    chapter,
    signature: "(...items: any): array",
    source,
    examples: [
      { text: "[createArray('a', 'b', 'c')]", result: ["a", "b", "c"] },
      { text: "[createArray()]", result: [] },
    ],
    call: (args) => args as Value[],
  }),
  shared.empty({
    chapter,
    source,
    examples: [
      { text: "[empty('')]", result: true },
      { text: "[empty(createArray(1))]", result: false },
      { text: "[empty(null())]", result: true },
    ],
  }),
  defineFunction({
    name: "flatten",
    chapter,
    signature: "(arrays: array): array",
    source,
    examples: [
      {
        text: "[flatten(createArray(createArray(1, 2), createArray(3, createArray(4))))]",
        result: [1, 2, 3, [4]],
      },
      { text: "[flatten(createArray(1))]", fails: "ArgumentType" },
    ],
    call: ([arrays], { budget }) => concat([[], ...arrays], budget),
  }),
  defineFunction({
    name: "intersection",
    chapter,
    signature: "(first: array|object, second: array|object, ...more: array|object): any",
    source,
    examples: [
      {
        text: "[intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))]",
        result: ["two", "three"],
      },
      {
        text: "[intersection(createObject('one', 'a', 'two', 'b'), createObject('one', 'a', 'two', 'z'))]",
        result: { one: "a" },
      },
    ],
    call: (args, { budget }) => {
      const same = sameCollections("intersection", args as (typeof args)[0][]);
      if ("arrays" in same) return intersectArrays(same.arrays, budget);
      const [first, ...others] = same.objects;
      const keys = definedKeys(first!).filter((key) =>
        others.every(
          (other) => Object.hasOwn(other, key) && equalValues(other[key]!, first![key]!, budget),
        ),
      );
      return Object.fromEntries(keys.map((key) => [key, first![key]!]));
    },
  }),
  defineFunction({
    name: "length",
    chapter,
    signature: "(collection: string|array|object): integer",
    source,
    examples: [
      { text: "[length(createArray('one', 'two', 'three'))]", result: 3 },
      { text: "[length('One Two Three')]", result: 13 },
      { text: "[length(createObject('a', 1, 'b', 2))]", result: 2 },
    ],
    call: ([collection]) =>
      typeof collection === "string" || Array.isArray(collection)
        ? collection.length
        : definedKeys(collection as ValueObject).length,
  }),
  shared.max({
    chapter,
    source,
    examples: [
      { text: "[max(0, 3, 2, 5, 4)]", result: 5 },
      { text: "[max(createArray(0, 3, 2, 5, 4))]", result: 5 },
    ],
  }),
  shared.min({
    chapter,
    source,
    examples: [
      { text: "[min(0, 3, 2, 5, 4)]", result: 0 },
      { text: "[min(createArray())]", fails: "ArgumentValue" },
    ],
  }),
  defineFunction({
    name: "range",
    chapter,
    signature: "(start: integer, count: integer): array",
    source,
    examples: [
      { text: "[range(5, 3)]", result: [5, 6, 7] },
      { text: "[range(0, 10001)]", fails: "ArgumentValue" },
    ],
    call: ([start, count], context) => consecutive({ start, count, countMax: 10_000 }, context),
  }),
  defineFunction({
    name: "skip",
    chapter,
    signature: "(collection: array|string, count: integer): any",
    source,
    examples: [
      { text: "[skip(createArray('one', 'two', 'three'), 2)]", result: ["three"] },
      { text: "[skip('one two three', 4)]", result: "two three" },
      { text: "[skip('abc', -1)]", result: "abc" },
    ],
    call: ([collection, count]) => skipItems(collection, count),
  }),
  defineFunction({
    name: "take",
    chapter,
    signature: "(collection: array|string, count: integer): any",
    source,
    examples: [
      { text: "[take(createArray('one', 'two', 'three'), 2)]", result: ["one", "two"] },
      { text: "[take('one two three', 2)]", result: "on" },
      { text: "[take('abc', 10)]", result: "abc" },
    ],
    call: ([collection, count]) => takeItems(collection, count),
  }),
  defineFunction({
    name: "union",
    chapter,
    signature: "(first: array|object, second: array|object, ...more: array|object): any",
    source,
    examples: [
      {
        text: "[union(createArray('one', 'two'), createArray('two', 'three'))]",
        result: ["one", "two", "three"],
      },
      {
        text: '[union(json(\'{"a":{"x":1,"y":[1]}}\'), json(\'{"a":{"y":[2],"z":3},"b":4}\'))]',
        result: { a: { x: 1, y: [2], z: 3 }, b: 4 },
      },
    ],
    call: (args, { budget }) => {
      const same = sameCollections("union", args as (typeof args)[0][]);
      if ("arrays" in same) return unionArrays(same.arrays, budget);
      return same.objects.reduce((merged, object) => mergeDeeply(merged, object, budget));
    },
  }),
];

function concat(args: readonly Value[], budget: Budget): Value {
  if (!Array.isArray(args[0])) {
    const texts = args.map((arg) => toText(rejectArray(arg), budget));
    budget.spendText(texts.reduce((sum, text) => sum + text.length, 0));
    return texts.join("");
  }
  const items: Value[] = [];
  for (const arg of args) {
    if (!Array.isArray(arg)) {
      throw new ExpressionError("ArgumentType", `An array is expected here, not a ${kindOf(arg)}.`);
    }
    budget.spend(arg.length);
    for (const item of arg) items.push(item);
  }
  return items;
}

function rejectArray(value: Value): Value {
  if (!Array.isArray(value)) return value;
  throw new ExpressionError("ArgumentType", "'concat' takes arrays only or no arrays.");
}

/** Objects inside are merged too; anything else of the later one wins. */
function mergeDeeply(
  earlier: ValueObject,
  later: ValueObject,
  budget: Budget,
  depth = 0,
): ValueObject {
  checkDepth(depth);
  const merged = new Map(definedKeys(earlier).map((key) => [key, earlier[key]!]));
  budget.spend(merged.size);
  for (const key of definedKeys(later)) {
    const [before, after] = [merged.get(key), later[key]!];
    const areObjects =
      before !== undefined && kindOf(before) === "object" && kindOf(after) === "object";
    const value = areObjects
      ? mergeDeeply(before as ValueObject, after as ValueObject, budget, depth + 1)
      : after;
    merged.set(key, value);
    budget.spend(1);
  }
  return Object.fromEntries(merged);
}
