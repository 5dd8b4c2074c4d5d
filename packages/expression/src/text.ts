// Values as text, and text as values: .NET's conversions and Newtonsoft's JSON, on which both
// engines stand. The number forms are explained in value.ts.
import { ExpressionError } from "./error.ts";
import { type Budget, checkDepth, stringLengthMax } from "./limit.ts";
import {
  definedKeys,
  float,
  type Integer,
  integer,
  isFloat,
  kindOf,
  lambdaEscaped,
  type Numeric,
  toDouble,
  type Value,
  type ValueObject,
} from "./value.ts";

/** A double as .NET writes it: shortest round trip, scientific below 1E-05 and from 1E+15 on. */
export function formatDouble(value: number): string {
  if (value === 0) return "0";
  const [mantissa, exponentText] = value.toExponential().split("e") as [string, string];
  const exponent = Number(exponentText);
  if (exponent > -5 && exponent < 15) return String(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}E${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * The text of a value in interpolation, concat and string(): booleans are `True` and `False`, null
 * is empty, arrays and objects are compact JSON.
 */
export function toText(value: Value, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  const kind = kindOf(value);
  if (kind === "integer" || kind === "float") return formatNumber(value as Numeric);
  return toJsonText(value, budget);
}

export function formatNumber(value: Numeric): string {
  return isFloat(value) ? formatDouble(toDouble(value)) : BigInt(value as Integer).toString();
}

/** Compact JSON. A float keeps its fraction (`10.0`), an integer all its digits. */
export function toJsonText(value: Value, budget: Budget): string {
  const parts: string[] = [];
  let length = 0;
  writeJson(value, 0, (text) => {
    parts.push(text);
    length += text.length;
    if (length > stringLengthMax) budget.spendText(length);
    budget.spend(1 + text.length / 64);
  });
  return parts.join("");
}

function writeJson(value: Value, depth: number, write: (text: string) => void): void {
  checkDepth(depth);
  switch (kindOf(value)) {
    case "array":
      write("[");
      for (const [i, item] of (value as readonly Value[]).entries()) {
        if (i > 0) write(",");
        writeJson(item ?? null, depth + 1, write);
      }
      write("]");
      break;
    case "object":
      write("{");
      for (const [i, key] of definedKeys(value as ValueObject).entries()) {
        write(`${i > 0 ? "," : ""}${JSON.stringify(key)}:`);
        writeJson((value as ValueObject)[key]!, depth + 1, write);
      }
      write("}");
      break;
    case "float": {
      const text = formatNumber(value as Numeric);
      write(/[.E]/.test(text) ? text : `${text}.0`);
      break;
    }
    case "integer":
      write(formatNumber(value as Numeric));
      break;
    case "lambda":
      throw lambdaEscaped();
    default:
      write(JSON.stringify(value));
  }
}

const int64Pattern = /^-?\d+$/;

/** An integer literal, as far as 64 bits go, else a float. The text is a valid number. */
export function parseNumber(text: string): Numeric {
  return int64Pattern.test(text) ? integer(BigInt(text)) : float(Number(text));
}

/**
 * Reads JSON as Newtonsoft does where documents rely on it: strings and keys may stand in single
 * quotes, 10 and 10.0 are different numbers. Fails with ArgumentValue.
 */
export function parseJson(text: string, budget: Budget): Value {
  budget.spend(text.length / 8);
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const whitespace = /[\s\uFEFF]*/y;
const numberToken = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /true|false|null/y;
const plainText = /[^"'\\]*/y;
const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Value {
    checkDepth(depth);
    this.#match(whitespace);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
      case "'":
        return this.#string();
    }
    const number = this.#match(numberToken);
    if (number) return parseNumber(number);
    const word = this.#match(wordToken);
    if (!word) throw this.#fail();
    return word === "null" ? null : word === "true";
  }

  end(): void {
    this.#match(whitespace);
    if (this.#at < this.#text.length) throw this.#fail();
  }

  #object(depth: number): Value {
    const entries: [string, Value][] = [];
    this.#at++;
    while (!this.#take("}")) {
      if (entries.length > 0 && !this.#take(",")) throw this.#fail();
      this.#match(whitespace);
      const key = this.#string();
      if (!this.#take(":")) throw this.#fail();
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #array(depth: number): Value {
    const items: Value[] = [];
    this.#at++;
    while (!this.#take("]")) {
      if (items.length > 0 && !this.#take(",")) throw this.#fail();
      items.push(this.value(depth + 1));
    }
    return items;
  }

  #string(): string {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw this.#fail();
    this.#at++;
    let result = "";
    for (;;) {
      result += this.#match(plainText);
      const char = this.#text[this.#at];
      if (char === undefined) throw this.#fail();
      this.#at++;
      if (char === quote) return result;
      result += char === "\\" ? this.#escape() : char;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? "";
    if (char === "u") {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fail();
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const escaped = escapes[char] ?? ("\"'\\/".includes(char) ? char : "");
    if (escaped === "") throw this.#fail();
    return escaped;
  }

  #take(char: string): boolean {
    this.#match(whitespace);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += match.length;
    return match;
  }

  #fail(): ExpressionError {
    return new ExpressionError("ArgumentValue", `The text is not JSON (at offset ${this.#at}).`);
  }
}
