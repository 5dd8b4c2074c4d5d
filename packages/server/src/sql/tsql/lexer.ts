// T-SQL text into tokens with positions. Grammar lives in parser/.
import type { Position } from "./ast.ts";
import { fail } from "./error.ts";

/**
 * `word`: bare identifier or keyword, `#temp` names and `$action` included; `quoted`: [x] or "x";
 * `string`/`nstring`: text already unescaped; `number`: as written; `binary`: 0x…; `variable`: @x;
 * `global`: @@x; `op`: operator or punctuation; `end`: end of the batch.
 */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "nstring"
  | "number"
  | "money"
  | "binary"
  | "variable"
  | "global"
  | "op"
  | "end";

export interface Token {
  kind: TokenKind;
  /** The source text, for error messages. */
  text: string;
  /** Unescaped value: identifier, string content, digits. */
  value: string;
  /** `value` in upper case when `kind` is word, else "". */
  keyword: string;
  at: Position;
  end: number;
}

const wordPattern = /[\p{L}_#][\p{L}\p{N}_@$#]*/uy;
const variablePattern = /@@?[\p{L}\p{N}_@$#]*/uy;
const binaryPattern = /0[xX][0-9a-fA-F]*/y;
const numberPattern = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?/y;
const moneyPattern = /[$€£]\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)/uy;
const operatorPattern = /<>|!=|<=|>=|!<|!>|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|::|[-+*/%&|^~=<>(){},.;:]/y;
const spacePattern = /[\s\u00a0\ufeff]+|--[^\n\r]*/y;

export interface LexerOptions {
  /** SET QUOTED_IDENTIFIER: whether "x" is an identifier (true) or a string. */
  quotedIdentifier: boolean;
  /** Number of the first line; a procedure's body keeps counting from its own CREATE. */
  firstLine?: number;
}

interface Reader {
  text: string;
  index: number;
  line: number;
  lineStart: number;
}

export function tokenize(text: string, options: LexerOptions): Token[] {
  const reader: Reader = { text, index: 0, line: options.firstLine ?? 1, lineStart: 0 };
  const tokens: Token[] = [];
  for (;;) {
    skipBlank(reader);
    const token = readToken(reader, options);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    advance(reader, token.end);
  }
}

function positionOf(reader: Reader): Position {
  return {
    line: reader.line,
    column: reader.index - reader.lineStart + 1,
    offset: reader.index,
  };
}

function advance(reader: Reader, to: number): void {
  let newline = reader.text.indexOf("\n", reader.index);
  while (newline !== -1 && newline < to) {
    reader.line += 1;
    reader.lineStart = newline + 1;
    newline = reader.text.indexOf("\n", newline + 1);
  }
  reader.index = to;
}

function skipBlank(reader: Reader): void {
  for (;;) {
    const space = match(spacePattern, reader);
    if (space !== undefined) {
      advance(reader, reader.index + space.length);
    } else if (reader.text.startsWith("/*", reader.index)) {
      advance(reader, commentEnd(reader));
    } else {
      return;
    }
  }
}

/** Block comments nest in T-SQL. */
function commentEnd(reader: Reader): number {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = reader.index;
  let depth = 0;
  for (let found = delimiter.exec(reader.text); found; found = delimiter.exec(reader.text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return delimiter.lastIndex;
  }
  return fail(113, positionOf(reader));
}

function match(pattern: RegExp, reader: Reader): string | undefined {
  pattern.lastIndex = reader.index;
  return pattern.exec(reader.text)?.[0];
}

function readToken(reader: Reader, options: LexerOptions): Token {
  const at = positionOf(reader);
  const char = reader.text[reader.index];
  const make = (kind: TokenKind, text: string, value = text): Token => ({
    kind,
    text,
    value,
    keyword: kind === "word" ? value.toUpperCase() : "",
    at,
    end: reader.index + text.length,
  });
  if (char === undefined) return make("end", "");
  if (char === "'") return quoted(reader, make, "string", "'", 0);
  if ((char === "N" || char === "n") && reader.text[reader.index + 1] === "'") {
    return quoted(reader, make, "nstring", "'", 1);
  }
  if (char === '"')
    return quoted(reader, make, options.quotedIdentifier ? "quoted" : "string", '"', 0);
  if (char === "[") return quoted(reader, make, "quoted", "]", 0);
  if (char === "@") {
    const text = match(variablePattern, reader)!;
    return make(text.startsWith("@@") ? "global" : "variable", text);
  }
  const binary = match(binaryPattern, reader);
  if (binary !== undefined) return make("binary", binary, binary.slice(2));
  const number = match(numberPattern, reader);
  if (number !== undefined) return make("number", number);
  const money = match(moneyPattern, reader);
  if (money !== undefined) return make("money", money, money.slice(1).trim());
  const word = char === "$" ? undefined : match(wordPattern, reader);
  if (word !== undefined) {
    if (word.length > 128) fail(103, at, word.slice(0, 128));
    return make("word", word);
  }
  const operator = match(operatorPattern, reader);
  if (operator !== undefined) return make("op", operator);
  return fail(102, at, char);
}

function quoted(
  reader: Reader,
  make: (kind: TokenKind, text: string, value?: string) => Token,
  kind: TokenKind,
  close: string,
  prefix: number,
): Token {
  const { text, index } = reader;
  let from = index + prefix + 1;
  for (;;) {
    const found = text.indexOf(close, from);
    if (found === -1) fail(105, positionOf(reader), text.slice(index + prefix + 1).slice(0, 128));
    if (text[found + 1] !== close) {
      const raw = text.slice(index + prefix + 1, found);
      const value = raw.replaceAll(close + close, close);
      if (kind === "quoted" && value.length > 128)
        fail(103, positionOf(reader), value.slice(0, 128));
      return make(kind, text.slice(index, found + 1), value);
    }
    from = found + 2;
  }
}
