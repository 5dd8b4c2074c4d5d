// A place in the token list, and the small questions every part of the parser asks of it.
import type { Expression, Name, Position, Query } from "../ast.ts";
import { fail } from "../error.ts";
import { isReserved } from "../keyword.ts";
import { type LexerOptions, type Token, tokenize } from "../lexer.ts";
import type { Statement } from "../statement.ts";

/** The rules that refer back to each other across files; script.ts ties the knot. */
export interface Grammar {
  query(cursor: Cursor): Query;
  call(cursor: Cursor): Expression | undefined;
  escape(cursor: Cursor): Expression;
  statement(cursor: Cursor): Statement;
}

export interface Cursor {
  text: string;
  tokens: readonly Token[];
  index: number;
  grammar: Grammar;
  /** Where the current batch began: CREATE PROCEDURE, VIEW and FUNCTION must stand there. */
  batchStart: number;
  /** Index after the last statement that no semicolon ended: WITH may not stand there. */
  unterminatedAt: number;
  /** WHILE loops around the statement: BREAK and CONTINUE need one. */
  loops: number;
  /** Variables and parameters by lower-case name, with the offset of their declaration. */
  declared: Map<string, number>;
}

export function openCursor(text: string, options: LexerOptions, grammar: Grammar): Cursor {
  return {
    text,
    tokens: tokenize(text, options),
    index: 0,
    grammar,
    batchStart: 0,
    unterminatedAt: -1,
    loops: 0,
    declared: new Map(),
  };
}

/** A name is declared once in a batch or module, whatever its blocks (message 134). */
export function declareVariable(cursor: Cursor, variable: string, at: Position): void {
  const before = cursor.declared.get(variable.toLowerCase());
  if (before !== undefined && before !== at.offset) fail(134, at, variable);
  cursor.declared.set(variable.toLowerCase(), at.offset);
}

export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.index + ahead, cursor.tokens.length - 1)]!;
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== "end") cursor.index += 1;
  return token;
}

export function here(cursor: Cursor): Position {
  return peek(cursor).at;
}

/** True when the coming words are these, in order. */
export function isWord(cursor: Cursor, ...words: readonly string[]): boolean {
  return words.every((word, index) => peek(cursor, index).keyword === word);
}

export function acceptWord(cursor: Cursor, ...words: readonly string[]): boolean {
  if (!isWord(cursor, ...words)) return false;
  cursor.index += words.length;
  return true;
}

/** Takes the coming word when it is one of `words` and answers it, else undefined. */
export function acceptOneOf<W extends string>(cursor: Cursor, words: readonly W[]): W | undefined {
  const found = words.find((word) => peek(cursor).keyword === word);
  if (found !== undefined) cursor.index += 1;
  return found;
}

export function expectWord(cursor: Cursor, ...words: readonly string[]): void {
  for (const word of words) {
    if (!acceptWord(cursor, word)) unexpected(cursor);
  }
}

export function isOp(cursor: Cursor, op: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "op" && token.text === op;
}

export function acceptOp(cursor: Cursor, op: string): boolean {
  if (!isOp(cursor, op)) return false;
  cursor.index += 1;
  return true;
}

export function expectOp(cursor: Cursor, op: string): void {
  if (!acceptOp(cursor, op)) unexpected(cursor);
}

/** Raises SQL Server's complaint about the coming token. */
export function unexpected(cursor: Cursor): never {
  const token = peek(cursor);
  if (token.kind === "end") {
    const last = cursor.tokens[cursor.index - 1] ?? token;
    return complain(last);
  }
  return complain(token);
}

function complain(token: Token): never {
  if (token.keyword === "WITH") return fail(319, token.at);
  if (token.kind === "word" && isReserved(token.keyword)) return fail(156, token.at, token.text);
  return fail(102, token.at, token.kind === "word" ? token.text : token.value);
}

export function isIdentifier(cursor: Cursor, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "quoted" || (token.kind === "word" && !isReserved(token.keyword));
}

export function identifier(cursor: Cursor): string {
  if (!isIdentifier(cursor)) unexpected(cursor);
  return next(cursor).value;
}

/** One to four parts, with the empty middle part of `db..t` kept as "". */
export function name(cursor: Cursor): Name {
  const at = here(cursor);
  const parts = [identifier(cursor)];
  while (acceptOp(cursor, ".")) {
    parts.push(isOp(cursor, ".") ? "" : identifier(cursor));
  }
  if (parts.length > 4) fail(117, at, parts.join("."));
  return { at, parts };
}

/** Items separated by commas. */
export function list<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  const items = [item(cursor)];
  while (acceptOp(cursor, ",")) items.push(item(cursor));
  return items;
}

/** A list in parentheses. */
export function parenthesized<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  expectOp(cursor, "(");
  const items = list(cursor, item);
  expectOp(cursor, ")");
  return items;
}

export function stringLiteral(cursor: Cursor): string {
  const token = peek(cursor);
  if (token.kind !== "string" && token.kind !== "nstring") unexpected(cursor);
  return next(cursor).value;
}

export function integerLiteral(cursor: Cursor): number {
  const negative = acceptOp(cursor, "-");
  const token = peek(cursor);
  if (token.kind !== "number" || !/^\d+$/.test(token.value)) unexpected(cursor);
  next(cursor);
  return negative ? -Number(token.value) : Number(token.value);
}

/** The source text from `from` up to the token that was taken last. */
export function textSince(cursor: Cursor, from: Position): string {
  const last = cursor.tokens[cursor.index - 1];
  return cursor.text.slice(from.offset, last?.end ?? from.offset);
}
