// The string chapter of the pipeline functions (expressions.md 3).

import { indexInAnyCase, splitText, substring } from "../../collection.ts";
import { ExpressionError } from "../../error.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";
import { toText } from "../../text.ts";
import { shared } from "../shared.ts";

const chapter = "string";
const source = "expressions.md 3, String";

export const stringFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "concat",
    chapter,
    signature: "(first: any, second: any, ...more: any): string",
    source,
    examples: [
      { text: "@concat('Hello', 'World')", result: "HelloWorld" },
      { text: "@concat('Baba', '''s ', 'book store')", result: "Baba's book store" },
      { text: "@concat('n=', 4, createArray(1, 2))", result: "n=4[1,2]" },
      { text: "@concat('alone')", fails: "ArgumentCount" },
    ],
    call: (args, { budget }) => {
      let text = "";
      for (const arg of args) {
        text += toText(arg!, budget);
        budget.spendText(text.length);
      }
      return text;
    },
  }),
  shared.endsWith({
    chapter,
    source,
    examples: [
      { text: "@endsWith('hello world', 'WORLD')", result: true },
      { text: "@endsWith('hello world', 'universe')", result: false },
    ],
  }),
  defineFunction({
    name: "guid",
    chapter,
    signature: "(format?: string): string",
    source,
    examples: [
      { text: "@guid()", result: "c2ecc88d-88c8-4096-912c-d6f2e2b138ce" },
      { text: "@guid('N')", result: "c2ecc88d88c84096912cd6f2e2b138ce" },
      { text: "@guid('P')", result: "(c2ecc88d-88c8-4096-912c-d6f2e2b138ce)" },
      { text: "@guid('B')", result: "{c2ecc88d-88c8-4096-912c-d6f2e2b138ce}" },
      {
        text: "@guid('X')",
        result: "{0xc2ecc88d,0x88c8,0x4096,{0x91,0x2c,0xd6,0xf2,0xe2,0xb1,0x38,0xce}}",
      },
      { text: "@guid('Q')", fails: "ArgumentValue" },
    ],
    call: ([format], { environment }) => formatGuid(environment.newGuid(), format ?? "D"),
  }),
  defineFunction({
    name: "indexOf",
    chapter,
    signature: "(text: string, search: string): integer",
    source,
    examples: [
      { text: "@indexOf('hello world', 'World')", result: 6 },
      { text: "@indexOf('hello world', 'x')", result: -1 },
    ],
    call: ([text, search], context) => indexInAnyCase("first", { text, search }, context),
  }),
  defineFunction({
    name: "lastIndexOf",
    chapter,
    signature: "(text: string, search: string): integer",
    source,
    examples: [
      { text: "@lastIndexOf('hello world', 'world')", result: 6 },
      { text: "@lastIndexOf('hello hello', 'HELLO')", result: 6 },
      { text: "@lastIndexOf('hello world', 'x')", result: -1 },
    ],
    call: ([text, search], context) => indexInAnyCase("last", { text, search }, context),
  }),
  shared.replace({
    chapter,
    source,
    examples: [
      { text: "@replace('the old string', 'old', 'new')", result: "the new string" },
      { text: "@replace('the old string', 'OLD', 'new')", result: "the old string" },
      { text: "@replace('a.b.c', '.', '$&')", result: "a$&b$&c" },
      { text: "@replace('abc', '', 'x')", fails: "ArgumentValue" },
    ],
  }),
  defineFunction({
    name: "split",
    chapter,
    signature: "(text: string, delimiter: string): array",
    source,
    examples: [
      { text: "@split('a_b_c', '_')", result: ["a", "b", "c"] },
      { text: "@split('abc', '')", result: ["abc"] },
    ],
    call: ([text, delimiter], { budget }) => splitText(text, delimiter, budget),
  }),
  shared.startsWith({
    chapter,
    source,
    examples: [
      { text: "@startsWith('hello world', 'HELLO')", result: true },
      { text: "@startsWith('hello world', 'world')", result: false },
    ],
  }),
  defineFunction({
    name: "substring",
    chapter,
    signature: "(text: string, start: integer, length: integer): string",
    source,
    examples: [
      { text: "@substring('hello world', 6, 5)", result: "world" },
      { text: "@substring('hello', 5, 0)", result: "" },
      { text: "@substring('hello', 3, 5)", fails: "ArgumentValue" },
      { text: "@substring('hello', -1, 1)", fails: "ArgumentValue" },
    ],
    call: ([text, start, length]) => substring(text, start, length),
  }),
  shared.toLower({
    chapter,
    source,
    examples: [
      { text: "@toLower('Hello World')", result: "hello world" },
      { text: "@TOLOWER('Names have no case')", result: "names have no case" },
    ],
  }),
  shared.toUpper({
    chapter,
    source,
    examples: [{ text: "@toUpper('Hello World')", result: "HELLO WORLD" }],
  }),
  shared.trim({
    chapter,
    source,
    examples: [
      { text: "@trim(' Hello World  ')", result: "Hello World" },
      { text: "@trim(null)", fails: "ArgumentType" },
    ],
  }),
];

function formatGuid(guid: string, format: string): string {
  const digits = guid.replaceAll("-", "");
  switch (format.toUpperCase()) {
    case "D":
      return guid;
    case "N":
      return digits;
    case "B":
      return `{${guid}}`;
    case "P":
      return `(${guid})`;
    case "X": {
      const [a, b, c] = guid.split("-");
      const bytes = digits.slice(16).match(/../g)!;
      return `{0x${a},0x${b},0x${c},{${bytes.map((byte) => `0x${byte}`).join(",")}}}`;
    }
    default:
      throw new ExpressionError("ArgumentValue", `A GUID is written as N, D, B, P or X only.`);
  }
}
