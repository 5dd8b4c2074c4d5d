// The encodings of the string chapter of the template functions.

import {
  decodeUriComponentText,
  encodeUriComponentText,
  fromBase64,
  toBase64,
} from "../../encoding.ts";
import { ExpressionError } from "../../error.ts";
import { abbreviate, defineFunction, type FunctionDefinition } from "../../function.ts";
import { parseJson } from "../../text.ts";
import { shared } from "../shared.ts";

const chapter = "string";
const source = "ARM template functions, String";

export const encodingFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "base64",
    chapter,
    signature: "(text: string): string",
    source,
    examples: [{ text: "[base64('one, two, three')]", result: "b25lLCB0d28sIHRocmVl" }],
    call: ([text]) => toBase64(text),
  }),
  defineFunction({
    name: "base64ToJson",
    chapter,
    signature: "(text: string): any",
    source,
    examples: [
      {
        text: "[base64ToJson(base64('{''one'': ''a'', ''two'': ''b''}'))]",
        result: { one: "a", two: "b" },
      },
    ],
    call: ([text], { budget }) => parseJson(fromBase64(text), budget),
  }),
  defineFunction({
    name: "base64ToString",
    chapter,
    signature: "(text: string): string",
    source,
    examples: [
      { text: "[base64ToString('b25lLCB0d28sIHRocmVl')]", result: "one, two, three" },
      { text: "[base64ToString('?')]", fails: "ArgumentValue" },
    ],
    call: ([text]) => fromBase64(text),
  }),
  shared.dataUri({
    chapter,
    source,
    examples: [
      { text: "[dataUri('Hello')]", result: "data:text/plain;charset=utf-8;base64,SGVsbG8=" },
    ],
  }),
  shared.dataUriToString({
    chapter,
    source,
    examples: [
      {
        text: "[dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')]",
        result: "Hello, World!",
      },
    ],
  }),
  defineFunction({
    name: "uri",
    chapter,
    signature: "(base: string, relative: string): string",
    source,
    examples: [
      {
        text: "[uri('http://contoso.org/firstpath', 'myscript.sh')]",
        result: "http://contoso.org/myscript.sh",
      },
      {
        text: "[uri('http://contoso.org/firstpath/', 'myscript.sh')]",
        result: "http://contoso.org/firstpath/myscript.sh",
      },
      {
        text: "[uri('http://contoso.org/firstpath/', '/myscript.sh')]",
        result: "http://contoso.org/firstpath/myscript.sh",
      },
      {
        text: "[uri('http://contoso.org/firstpath/azuredeploy.json', 'nested/a.json')]",
        result: "http://contoso.org/firstpath/nested/a.json",
      },
      { text: "[uri('contoso', 'a')]", fails: "ArgumentValue" },
    ],
    call: ([base, relative]) => {
      const joined = base.endsWith("/") ? relative.replace(/^\//, "") : relative;
      if (!URL.canParse(joined, base)) {
        throw new ExpressionError("ArgumentValue", `'${abbreviate(base)}' is not an absolute URI.`);
      }
      return new URL(joined, base).href;
    },
  }),
  defineFunction({
    name: "uriComponent",
    chapter,
    signature: "(text: string): string",
    source,
    examples: [
      {
        text: "[uriComponent('http://contoso.com/resources/nested/azuredeploy.json')]",
        result: "http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json",
      },
    ],
    call: ([text]) => encodeUriComponentText(text),
  }),
  defineFunction({
    name: "uriComponentToString",
    chapter,
    signature: "(text: string): string",
    source,
    examples: [
      {
        text: "[uriComponentToString('http%3A%2F%2Fcontoso.com%2Fresources')]",
        result: "http://contoso.com/resources",
      },
    ],
    call: ([text]) => decodeUriComponentText(text),
  }),
];
