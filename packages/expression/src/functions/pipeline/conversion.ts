// The conversion chapter of the pipeline functions (expressions.md 3). Bytes are content objects
// {"$content-type", "$content"}, which the engine passes on; the document prints their bits.

import { toFloat } from "../../arithmetic.ts";
import {
  contentBase64,
  contentOf,
  decodeUriComponentText,
  encodeUriComponentText,
  fromBase64,
  parseDataUri,
  toBase64,
} from "../../encoding.ts";
import { ExpressionError } from "../../error.ts";
import {
  abbreviate,
  defineFunction,
  type FunctionDefinition,
  requireText,
} from "../../function.ts";
import { parseJson } from "../../text.ts";
import { isNumberKind, kindOf, type Numeric, toDouble, type Value } from "../../value.ts";
import { shared } from "../shared.ts";

const chapter = "conversion";
const source = "expressions.md 3, Conversion";
const bytesType = "application/octet-stream";

const valueConversions: readonly FunctionDefinition[] = [
  shared.array({
    chapter,
    source,
    examples: [
      { text: "@array('hello')", result: ["hello"] },
      { text: "@array(createArray(1, 2))", result: [1, 2] },
    ],
  }),
  defineFunction({
    name: "bool",
    chapter,
    signature: "(value: boolean|number|string): boolean",
    source,
    examples: [
      { text: "@bool(1)", result: true },
      { text: "@bool(0)", result: false },
      { text: "@bool('false')", result: false },
      { text: "@bool('yes')", fails: "ArgumentValue" },
    ],
    call: ([value]) => toBoolean(value),
  }),
  shared.coalesce({
    chapter,
    source,
    examples: [
      { text: "@coalesce(null, 'hello', 'world')", result: "hello" },
      { text: "@coalesce(null, '', 'world')", result: "" },
      { text: "@coalesce(null, null)", result: null },
    ],
  }),
  defineFunction({
    name: "createArray",
    chapter,
    // The document asks for two; one is what expressions that append to a variable need.
    signature: "(first: any, ...more: any): array",
    source,
    examples: [
      { text: "@createArray('h', 'e', 'l', 'l', 'o')", result: ["h", "e", "l", "l", "o"] },
      { text: "@createArray('one')", result: ["one"] },
      { text: "@createArray()", fails: "ArgumentCount" },
    ],
    call: (args) => [...args],
  }),
  defineFunction({
    name: "float",
    chapter,
    signature: "(value: string|number): float",
    source,
    examples: [
      { text: "@float('10.333')", result: 10.333 },
      { text: "@float('1e3')", result: 1000 },
      { text: "@string(createArray(float('10')))", result: "[10.0]" },
      { text: "@float('ten')", fails: "ArgumentValue" },
    ],
    call: ([value]) => toFloat(value),
  }),
  shared.int({
    chapter,
    source,
    examples: [
      { text: "@int('10')", result: 10 },
      { text: "@int(float('10'))", result: 10 },
      { text: "@int('abc')", fails: "ArgumentValue" },
      { text: "@int('10.5')", fails: "ArgumentValue" },
      { text: "@int('9223372036854775808')", fails: "Overflow" },
    ],
  }),
  defineFunction({
    name: "json",
    chapter,
    signature: "(text: string|object|null): any",
    source,
    examples: [
      { text: '@json(\'{"fullName":"Sophia Owen"}\')', result: { fullName: "Sophia Owen" } },
      { text: "@json('[1, 2.5, true, null]')", result: [1, 2.5, true, null] },
      { text: "@json(null)", result: {} },
      { text: "@json(binary('{\"a\":1}'))", result: { a: 1 } },
      { text: "@json('{')", fails: "ArgumentValue" },
      { text: "@json('<a/>')", fails: "NotSupported" },
    ],
    call: ([text], { budget }) => {
      if (text === null) return {};
      const content = contentText(text) ?? text;
      if (typeof content !== "string") return content;
      if (content.trimStart().startsWith("<")) {
        throw new ExpressionError("NotSupported", "'json' of XML is not supported.");
      }
      return parseJson(content, budget);
    },
  }),
  shared.string({
    chapter,
    source,
    examples: [
      { text: "@string(10)", result: "10" },
      { text: "@string(true)", result: "True" },
      { text: "@string(null)", result: "" },
      { text: "@string(0.00001)", result: "1E-05" },
      { text: "@string(createArray('a', true, null))", result: '["a",true,null]' },
    ],
  }),
];

const encodings: readonly FunctionDefinition[] = [
  defineFunction({
    name: "base64",
    chapter,
    signature: "(value: string|object): string",
    source,
    examples: [
      { text: "@base64('hello')", result: "aGVsbG8=" },
      { text: "@base64(binary('hello'))", result: "aGVsbG8=" },
    ],
    call: ([value]) => contentBase64(value) ?? toBase64(requireText("base64", value)),
  }),
  defineFunction({
    name: "base64ToBinary",
    chapter,
    signature: "(text: string): object",
    source,
    examples: [
      {
        text: "@base64ToBinary('aGVsbG8=')",
        result: { "$content-type": bytesType, $content: "aGVsbG8=" },
      },
      { text: "@base64ToBinary('a')", fails: "ArgumentValue" },
    ],
    call: ([text]) => {
      fromBase64(text);
      return contentOf(bytesType, text);
    },
  }),
  ...["base64ToString", "decodeBase64"].map((name) =>
    defineFunction({
      name,
      chapter,
      signature: "(text: string): string",
      source,
      examples: [
        { text: `@${name}('aGVsbG8=')`, result: "hello" },
        { text: `@${name}('4pyTIMOgIGxhIG1vZGU=')`, result: "✓ à la mode" },
        { text: `@${name}('not base64')`, fails: "ArgumentValue" },
      ],
      call: ([text]) => fromBase64(text),
    }),
  ),
  defineFunction({
    name: "binary",
    chapter,
    signature: "(value: string|object): object",
    source,
    examples: [
      {
        text: "@binary('hello')",
        result: { "$content-type": bytesType, $content: "aGVsbG8=" },
      },
    ],
    call: ([value]) =>
      contentOf(bytesType, contentBase64(value) ?? toBase64(requireText("binary", value))),
  }),
  shared.dataUri({
    chapter,
    source,
    examples: [
      { text: "@dataUri('hello')", result: "data:text/plain;charset=utf-8;base64,aGVsbG8=" },
    ],
  }),
  ...["dataUriToBinary", "decodeDataUri"].map((name) =>
    defineFunction({
      name,
      chapter,
      signature: "(uri: string): object",
      source,
      examples: [
        {
          text: `@${name}('data:text/plain;charset=utf-8;base64,aGVsbG8=')`,
          result: { "$content-type": "text/plain;charset=utf-8", $content: "aGVsbG8=" },
        },
        { text: `@${name}('hello')`, fails: "ArgumentValue" },
      ],
      call: ([uri]) => {
        const { type, text } = parseDataUri(uri);
        return contentOf(type, toBase64(text));
      },
    }),
  ),
  shared.dataUriToString({
    chapter,
    source,
    examples: [
      {
        text: "@dataUriToString('data:text/plain;charset=utf-8;base64,aGVsbG8=')",
        result: "hello",
      },
      { text: "@dataUriToString('data:,a%20b')", result: "a b" },
    ],
  }),
  ...["uriComponentToString", "decodeUriComponent"].map((name) =>
    defineFunction({
      name,
      chapter,
      signature: "(text: string): string",
      source,
      examples: [
        { text: `@${name}('http%3A%2F%2Fcontoso.com')`, result: "http://contoso.com" },
        { text: `@${name}('a%0Ab%ZZ%C3%A9%E9')`, result: "a\nb%ZZé%E9" },
      ],
      call: ([text]) => decodeUriComponentText(text),
    }),
  ),
  ...["uriComponent", "encodeUriComponent"].map((name) =>
    defineFunction({
      name,
      chapter,
      signature: "(text: string): string",
      source,
      examples: [
        { text: `@${name}('https://contoso.com')`, result: "https%3A%2F%2Fcontoso.com" },
        { text: `@${name}('it''s (é)')`, result: "it%27s%20%28%C3%A9%29" },
      ],
      call: ([text]) => encodeUriComponentText(text),
    }),
  ),
  defineFunction({
    name: "uriComponentToBinary",
    chapter,
    signature: "(text: string): object",
    source,
    examples: [
      {
        text: "@uriComponentToBinary('a%20b')",
        result: { "$content-type": bytesType, $content: "YSUyMGI=" },
      },
    ],
    call: ([text]) => contentOf(bytesType, toBase64(text)),
  }),
];

export const conversionFunctions: readonly FunctionDefinition[] = [
  ...valueConversions,
  ...encodings,
];

function toBoolean(value: boolean | Numeric | string): boolean {
  if (typeof value === "boolean") return value;
  if (isNumberKind(kindOf(value))) return toDouble(value as Numeric) !== 0;
  const text = (value as string).trim().toLowerCase();
  if (text === "true" || text === "false") return text === "true";
  throw new ExpressionError(
    "ArgumentValue",
    `'${abbreviate(value as string)}' cannot be converted to a boolean.`,
  );
}

function contentText(value: Value): string | undefined {
  const base64 = contentBase64(value);
  return base64 === undefined ? undefined : fromBase64(base64);
}
