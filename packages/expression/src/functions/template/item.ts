// The functions of the array and object chapters of the template functions that find one item.
import { indexInAnyCase, itemAtEnd } from "../../collection.ts";
import { ExpressionError } from "../../error.ts";
import { selectMember } from "../../evaluate.ts";
import { defineFunction, type FunctionDefinition, requireText } from "../../function.ts";
import { equalValues, type Value } from "../../value.ts";

const chapter = "array";
const source = "ARM template functions, Array";

export const itemFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "first",
    chapter,
    signature: "(collection: array|string): any",
    source,
    examples: [
      { text: "[first(createArray('one', 'two'))]", result: "one" },
      { text: "[first('One')]", result: "O" },
    ],
    call: ([collection]) => itemAtEnd(collection, "first"),
  }),
  defineFunction({
    name: "indexFromEnd",
    chapter,
    signature: "(items: array, reverseIndex: integer): any",
    source,
    examples: [
      { text: "[indexFromEnd(createArray('a', 'b', 'c'), 1)]", result: "c" },
      { text: "[indexFromEnd(createArray('a'), 2)]", fails: "IndexOutOfRange" },
    ],
    call: ([items, reverseIndex]) => {
      const item = items[items.length - Number(reverseIndex)];
      if (item !== undefined) return item;
      throw new ExpressionError(
        "IndexOutOfRange",
        `There is no item ${reverseIndex} from the end; there are ${items.length}.`,
      );
    },
  }),
  defineFunction({
    name: "indexOf",
    chapter,
    signature: "(collection: string|array, value: any): integer",
    source,
    examples: [
      { text: "[indexOf('test', 'T')]", result: 0 },
      { text: "[indexOf('abcdef', 'z')]", result: -1 },
      { text: "[indexOf(createArray('one', 'Two'), 'two')]", result: -1 },
      { text: "[indexOf(createArray('one', 'two'), 'two')]", result: 1 },
    ],
    call: ([collection, value], context) => {
      if (typeof collection !== "string") {
        return collection.findIndex((item) => equalValues(item, value, context.budget));
      }
      const search = requireText("indexOf", value);
      return indexInAnyCase("first", { text: collection, search }, context);
    },
  }),
  defineFunction({
    name: "last",
    chapter,
    signature: "(collection: array|string): any",
    source,
    examples: [
      { text: "[last(createArray('one', 'two'))]", result: "two" },
      { text: "[last('One')]", result: "e" },
    ],
    call: ([collection]) => itemAtEnd(collection, "last"),
  }),
  defineFunction({
    name: "lastIndexOf",
    chapter,
    signature: "(collection: string|array, value: any): integer",
    source,
    examples: [
      { text: "[lastIndexOf('test', 'T')]", result: 3 },
      { text: "[lastIndexOf(createArray('a', 'b', 'a'), 'a')]", result: 2 },
    ],
    call: ([collection, value], context) => {
      if (typeof collection !== "string") {
        return collection.findLastIndex((item) => equalValues(item, value, context.budget));
      }
      const search = requireText("lastIndexOf", value);
      return indexInAnyCase("last", { text: collection, search }, context);
    },
  }),
  defineFunction({
    name: "tryGet",
    chapter: "object",
    signature: "(item: any, key: string|integer, ...more: string|integer): any",
    source: "ARM template functions, Object",
    examples: [
      { text: "[tryGet(createObject('a', createArray(1)), 'a', 0)]", result: 1 },
      { text: "[tryGet(createObject('a', 1), 'b', 'c')]", result: null },
      { text: "[tryGet(createArray(1), 1)]", result: null },
    ],
    call: ([item, ...keys], { budget }) => {
      let found: Value | undefined = item;
      for (const key of keys) found = selectMember(found ?? null, key!, budget);
      return found ?? null;
    },
  }),
  defineFunction({
    name: "tryIndexFromEnd",
    chapter,
    signature: "(items: array, reverseIndex: integer): any",
    source,
    examples: [
      { text: "[tryIndexFromEnd(createArray('a', 'b'), 2)]", result: "a" },
      { text: "[tryIndexFromEnd(createArray('a', 'b'), 3)]", result: null },
    ],
    call: ([items, reverseIndex]) => items[items.length - Number(reverseIndex)] ?? null,
  }),
];
