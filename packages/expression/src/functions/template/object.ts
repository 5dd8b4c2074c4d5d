// The object chapter of the template functions; tryGet and what arrays share is in array.ts.
import { ExpressionError } from "../../error.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";
import { parseJson } from "../../text.ts";
import { definedKeys, kindOf, type Value } from "../../value.ts";

const chapter = "object";
const source = "ARM template functions, Object";

export const objectFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "createObject",
    chapter,
    signature: "(...keysAndValues: any): object",
    source,
    examples: [
      {
        text: "[createObject('intProp', 1, 'nullProp', null(), 'nested', createObject('a', 'b'))]",
        result: { intProp: 1, nullProp: null, nested: { a: "b" } },
      },
      { text: "[createObject()]", result: {} },
      { text: "[createObject('a')]", fails: "ArgumentCount" },
      { text: "[createObject(1, 2)]", fails: "ArgumentType" },
    ],
    call: (args) => {
      if (args.length % 2 !== 0) {
        throw new ExpressionError("ArgumentCount", "'createObject' takes pairs of key and value.");
      }
      const entries: [string, Value][] = [];
      for (let i = 0; i < args.length; i += 2) {
        const key = args[i]!;
        if (typeof key !== "string") {
          throw new ExpressionError(
            "ArgumentType",
            `'createObject' expects string as argument ${i + 1}, but got ${kindOf(key)}.`,
          );
        }
        entries.push([key, args[i + 1]!]);
      }
      return Object.fromEntries(entries);
    },
  }),
  defineFunction({
    name: "items",
    chapter,
    signature: "(object: object): array",
    source,
    examples: [
      {
        text: "[items(createObject('b', 1, 'a', 2))]",
        result: [
          { key: "a", value: 2 },
          { key: "b", value: 1 },
        ],
      },
    ],
    call: ([object], { budget }) => {
      const keys = definedKeys(object).sort();
      budget.spend(keys.length);
      return keys.map((key) => ({ key, value: object[key]! }));
    },
  }),
  defineFunction({
    name: "json",
    chapter,
    signature: "(text: string): any",
    source,
    examples: [
      { text: '[json(\'{"a": "b"}\')]', result: { a: "b" } },
      { text: "[json('null')]", result: null },
      { text: "[json('1.5')]", result: 1.5 },
      { text: "[json('')]", fails: "ArgumentValue" },
    ],
    call: ([text], { budget }) => parseJson(text, budget),
  }),
  defineFunction({
    name: "null",
    chapter,
    signature: "(): null",
    source,
    examples: [{ text: "[null()]", result: null }],
    call: () => null,
  }),
  defineFunction({
    name: "objectKeys",
    chapter,
    signature: "(object: object): array",
    source,
    examples: [{ text: "[objectKeys(createObject('b', 1, 'a', 2))]", result: ["a", "b"] }],
    call: ([object]) => definedKeys(object).sort(),
  }),
  defineFunction({
    name: "shallowMerge",
    chapter,
    signature: "(objects: array): object",
    source,
    examples: [
      {
        text: '[shallowMerge(createArray(json(\'{"a":{"x":1},"b":1}\'), json(\'{"a":{"y":2}}\')))]',
        result: { a: { y: 2 }, b: 1 },
      },
      { text: "[shallowMerge(createArray(1))]", fails: "ArgumentType" },
    ],
    call: ([objects], { budget }) => {
      const entries: [string, Value][] = [];
      for (const object of objects) {
        if (typeof object !== "object" || object === null || kindOf(object) !== "object") {
          throw new ExpressionError("ArgumentType", "'shallowMerge' merges objects only.");
        }
        const members = Object.entries(object as { [key: string]: Value });
        budget.spend(members.length);
        for (const member of members) entries.push(member);
      }
      return Object.fromEntries(entries);
    },
  }),
];
