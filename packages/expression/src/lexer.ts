// Tokens of both languages: names, single-quoted strings ('' is a quote), numbers, punctuation.
import { ExpressionError } from "./error.ts";
import { parseNumber } from "./text.ts";
import type { Value } from "./value.ts";

export interface Token {
  readonly type: "name" | "literal" | "punctuation" | "end";
  /** The name or punctuation mark; for a literal its source. */
  readonly text: string;
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

const blank = /\s*/y;
const name = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const number = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const punctuation = /\?\.|\?\[|[.,()[\]}]/y;

/** Reads the token at or after `offset`. The caller decides where the expression ends. */
export function readToken(text: string, offset: number): Token {
  const start = offset + matchAt(blank, text, offset).length;
  const token = (type: Token["type"], source: string, value: Value = null): Token => ({
    type,
    text: source,
    value,
    start,
    end: start + source.length,
  });
  if (start >= text.length) return token("end", "");
  const mark = text[start]!;
  if (mark === "'") {
    const source = text.slice(start, endOfString(text, start));
    return token("literal", source, source.slice(1, -1).replaceAll("''", "'"));
  }
  const numberSource = matchAt(number, text, start);
  if (numberSource !== "") return token("literal", numberSource, readNumber(numberSource, start));
  const nameSource = matchAt(name, text, start);
  if (nameSource !== "") return token("name", nameSource);
  const punctuationSource = matchAt(punctuation, text, start);
  if (punctuationSource !== "") return token("punctuation", punctuationSource);
  if (mark === '"') {
    throw syntaxError("Strings inside an expression stand in single quotes, not double.", start);
  }
  if (mark === "-") {
    throw syntaxError("'-' cannot stand here; a name with a hyphen is selected by ['...'].", start);
  }
  throw syntaxError(`The character '${mark}' cannot stand here.`, start);
}

export function syntaxError(detail: string, position: number): ExpressionError {
  return new ExpressionError("Syntax", detail, { position });
}

/** The offset after the closing quote. A loop, for a pattern's backtracking grows with the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf("'", at);
    if (quote === -1) throw syntaxError("The string has no closing single quote.", start);
    if (text[quote + 1] !== "'") return quote + 1;
    at = quote + 2;
  }
}

function readNumber(source: string, start: number): Value {
  try {
    return parseNumber(source.replace(/^\+/, ""));
  } catch (error) {
    throw error instanceof ExpressionError
      ? new ExpressionError(error.code, error.detail, { position: start })
      : error;
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? "";
}
