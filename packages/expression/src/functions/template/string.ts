// The string chapter of the template functions. Encodings are in encoding.ts beside this file.

import { splitText, substring } from "../../collection.ts";
import { formatComposite } from "../../composite-format.ts";
import { ExpressionError } from "../../error.ts";
import { abbreviate, defineFunction, type FunctionDefinition } from "../../function.ts";
import { toText } from "../../text.ts";
import { guidOf, uniqueStringOf } from "../../unique-string.ts";
import type { Value } from "../../value.ts";
import { shared } from "../shared.ts";

const chapter = "string";
const source = "ARM template functions, String";

export const stringFunctions: readonly FunctionDefinition[] = [
  shared.endsWith({
    chapter,
    source,
    examples: [
      { text: "[endsWith('abcdef', 'EF')]", result: true },
      { text: "[endsWith('abcdef', 'e')]", result: false },
    ],
  }),
  defineFunction({
    name: "format",
    chapter,
    signature: "(format: string, ...values: any): string",
    source,
    examples: [
      {
        text: "[format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)]",
        result: "Hello, User. Formatted number: 8,175,133",
      },
      {
        text: "[format('{{{0}}} {1:D3} {2:X}|{3,4}|{3,-4}|', true(), 5, 255, 'ab')]",
        result: "{True} 005 FF|  ab|ab  |",
      },
      { text: "[format('{1}', 'a')]", fails: "ArgumentValue" },
      { text: "[format('{0:C}', 1)]", fails: "NotSupported" },
    ],
    call: ([format, ...values], context) => formatComposite(format, values as Value[], context),
  }),
  defineFunction({
    name: "guid",
    chapter,
    signature: "(text: string, ...more: string): string",
    source,
    examples: [
      { text: "[guid('a', 'b')]", result: "2d796349-8c7e-55ec-9624-54ece82ed031" },
      { text: "[guid('a-b')]", result: "2d796349-8c7e-55ec-9624-54ece82ed031" },
    ],
    call: (parts) => guidOf(parts as string[]),
  }),
  shared.join({
    chapter,
    source,
    examples: [
      { text: "[join(createArray('one', 'two'), ';')]", result: "one;two" },
      { text: "[join(createArray(1, 2), '')]", result: "12" },
    ],
  }),
  defineFunction({
    name: "newGuid",
    chapter,
    signature: "(): string",
    source,
    examples: [{ text: "[newGuid()]", result: "c2ecc88d-88c8-4096-912c-d6f2e2b138ce" }],
    call: (_, { environment }) => environment.newGuid(),
  }),
  defineFunction({
    name: "padLeft",
    chapter,
    signature: "(value: string|integer, length: integer, padding?: string): string",
    source,
    examples: [
      { text: "[padLeft('123', 10, '0')]", result: "0000000123" },
      { text: "[padLeft(7, 3)]", result: "  7" },
      { text: "[padLeft('7', 9000000)]", fails: "LimitExceeded" },
      { text: "[padLeft('7', 3, 'ab')]", fails: "ArgumentValue" },
    ],
    call: ([value, length, padding = " "], { budget }) => {
      if (padding.length !== 1) {
        throw new ExpressionError(
          "ArgumentValue",
          `'padLeft' pads with one character, not '${abbreviate(padding)}'.`,
        );
      }
      budget.spendText(Number(length));
      return toText(value, budget).padStart(Number(length), padding);
    },
  }),
  shared.replace({
    chapter,
    source,
    examples: [
      { text: "[replace('123-123-1234', '-', '')]", result: "1231231234" },
      { text: "[replace('aA', 'A', 'b')]", result: "ab" },
    ],
  }),
  defineFunction({
    name: "split",
    chapter,
    signature: "(text: string, delimiter: string|array): array",
    source,
    examples: [
      { text: "[split('one,two,three', ',')]", result: ["one", "two", "three"] },
      { text: "[split('one;two,three', createArray(',', ';'))]", result: ["one", "two", "three"] },
    ],
    call: ([text, delimiter], { budget }) => {
      const delimiters = typeof delimiter === "string" ? [delimiter] : delimiter;
      let parts = [text];
      for (const each of delimiters) {
        if (typeof each !== "string") {
          throw new ExpressionError("ArgumentType", "The delimiters of 'split' must be strings.");
        }
        budget.spend(parts.length + text.length / 64);
        parts = parts.flatMap((part) => splitText(part, each, budget));
      }
      return parts;
    },
  }),
  shared.startsWith({
    chapter,
    source,
    examples: [
      { text: "[startsWith('abcdef', 'AB')]", result: true },
      { text: "[startsWith('abcdef', 'e')]", result: false },
    ],
  }),
  shared.string({
    chapter,
    source,
    examples: [
      { text: "[string(5)]", result: "5" },
      { text: "[string(true())]", result: "True" },
      { text: "[string(createObject('a', createArray(1, 'b')))]", result: '{"a":[1,"b"]}' },
    ],
  }),
  defineFunction({
    name: "substring",
    chapter,
    signature: "(text: string, start: integer, length?: integer): string",
    source,
    examples: [
      { text: "[substring('one two three', 4, 3)]", result: "two" },
      { text: "[substring('one two three', 8)]", result: "three" },
      { text: "[substring('1234567890', 0, 11)]", fails: "ArgumentValue" },
    ],
    call: ([text, start, length]) => substring(text, start, length),
  }),
  shared.toLower({
    chapter,
    source,
    examples: [{ text: "[toLower('One Two')]", result: "one two" }],
  }),
  shared.toUpper({
    chapter,
    source,
    examples: [{ text: "[TOUPPER('One Two')]", result: "ONE TWO" }],
  }),
  shared.trim({
    chapter,
    source,
    examples: [{ text: "[trim('    one two three   ')]", result: "one two three" }],
  }),
  defineFunction({
    name: "uniqueString",
    chapter,
    signature: "(text: string, ...more: string): string",
    source: "unique-string.ts",
    examples: [
      {
        text: "[uniqueString('/subscriptions/00000000-0000-0000-0000-000000000000', 'resource-id')]",
        result: "cwvxuqg24sifi",
      },
    ],
    call: (parts) => uniqueStringOf(parts as string[]),
  }),
];
