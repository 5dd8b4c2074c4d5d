// The collection chapter of the pipeline functions (expressions.md 3).

import {
  includesItem,
  includesText,
  intersectArrays,
  itemAtEnd,
  sameCollections,
  skipItems,
  takeItems,
  unionArrays,
} from "../../collection.ts";
import { defineFunction, type FunctionDefinition, requireText } from "../../function.ts";
import { definedKeys, type ValueObject } from "../../value.ts";
import { shared } from "../shared.ts";

const chapter = "collection";
const source = "expressions.md 3, Collection";

export const collectionFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "contains",
    chapter,
    signature: "(collection: string|array|object, value: any): boolean",
    source,
    examples: [
      { text: "@contains('hello world', 'world')", result: true },
      { text: "@contains('hello world', 'WORLD')", result: false },
      { text: "@contains(createArray(1, 2), 2)", result: true },
      { text: "@contains(json('{\"key\":\"value\"}'), 'key')", result: true },
      { text: "@contains(json('{\"key\":\"value\"}'), 'value')", result: false },
    ],
    call: ([collection, value], { budget }) => {
      if (Array.isArray(collection)) return includesItem(collection, value, budget);
      const wanted = requireText("contains", value);
      return typeof collection === "string"
        ? includesText(collection, wanted, budget)
        : definedKeys(collection as ValueObject).includes(wanted);
    },
  }),
  shared.empty({
    chapter,
    source,
    examples: [
      { text: "@empty('')", result: true },
      { text: "@empty('abc')", result: false },
      { text: "@empty(json('{}'))", result: true },
      { text: "@empty(0)", fails: "ArgumentType" },
    ],
  }),
  defineFunction({
    name: "first",
    chapter,
    signature: "(collection: string|array): any",
    source,
    examples: [
      { text: "@first('hello')", result: "h" },
      { text: "@first(createArray(0, 1, 2))", result: 0 },
    ],
    call: ([collection]) => itemAtEnd(collection, "first"),
  }),
  defineFunction({
    name: "intersection",
    chapter,
    signature: "(first: array|object, second: array|object, ...more: array|object): array",
    source,
    examples: [
      {
        text: "@intersection(createArray(1, 2, 3), createArray(101, 2, 1, 10), createArray(6, 8, 1, 2))",
        result: [1, 2],
      },
      {
        text: '@intersection(json(\'{"a":1,"b":2}\'), json(\'{"b":3,"c":4}\'))',
        result: { b: 3 },
      },
      { text: "@intersection(createArray(1, 2), json('{}'))", fails: "ArgumentType" },
    ],
    call: (args, { budget }) => {
      const same = sameCollections("intersection", args as (typeof args)[0][]);
      if ("arrays" in same) return intersectArrays(same.arrays, budget);
      const [first, ...others] = same.objects;
      const last = same.objects.at(-1)!;
      const keys = definedKeys(first!).filter((key) =>
        others.every((other) => Object.hasOwn(other, key)),
      );
      return Object.fromEntries(keys.map((key) => [key, last[key]!]));
    },
  }),
  shared.join({
    chapter,
    source,
    examples: [
      { text: "@join(createArray('a', 'b', 'c'), '.')", result: "a.b.c" },
      { text: "@join(createArray(1, 2), ', ')", result: "1, 2" },
    ],
  }),
  defineFunction({
    name: "last",
    chapter,
    signature: "(collection: string|array): any",
    source,
    examples: [
      { text: "@last('abcd')", result: "d" },
      { text: "@last(createArray(0, 1, 2, 3))", result: 3 },
    ],
    call: ([collection]) => itemAtEnd(collection, "last"),
  }),
  defineFunction({
    name: "length",
    chapter,
    signature: "(collection: string|array): integer",
    source,
    examples: [
      { text: "@length('abcd')", result: 4 },
      { text: "@length(createArray(0, 1, 2, 3))", result: 4 },
    ],
    call: ([collection]) => collection.length,
  }),
  defineFunction({
    name: "skip",
    chapter,
    signature: "(items: array, count: integer): array",
    source,
    examples: [
      { text: "@skip(createArray(0, 1, 2, 3), 1)", result: [1, 2, 3] },
      { text: "@skip('abc', 1)", fails: "ArgumentType" },
    ],
    call: ([items, count]) => skipItems(items, count),
  }),
  defineFunction({
    name: "take",
    chapter,
    signature: "(collection: string|array, count: integer): any",
    source,
    examples: [
      { text: "@take('abcde', 3)", result: "abc" },
      { text: "@take(createArray(0, 1, 2, 3, 4), 3)", result: [0, 1, 2] },
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
        text: "@union(createArray(1, 2, 3), createArray(1, 2, 10, 101))",
        result: [1, 2, 3, 10, 101],
      },
      {
        text: '@union(json(\'{"a":1,"b":1}\'), json(\'{"b":2,"c":3}\'))',
        result: { a: 1, b: 2, c: 3 },
      },
    ],
    call: (args, { budget }) => {
      const same = sameCollections("union", args as (typeof args)[0][]);
      if ("arrays" in same) return unionArrays(same.arrays, budget);
      const entries = same.objects.flatMap((object) =>
        definedKeys(object).map((key) => [key, object[key]!] as const),
      );
      budget.spend(entries.length);
      return Object.fromEntries(entries);
    },
  }),
];
