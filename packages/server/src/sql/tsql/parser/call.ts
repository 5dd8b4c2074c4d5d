// Function calls, and the functions that have syntax of their own (CAST, CONVERT, TRIM, …).
import type { Call, Expression, Name, OrderItem } from "../ast.ts";
import { fail } from "../error.ts";
import { isReserved } from "../keyword.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  expectWord,
  here,
  identifier,
  isOp,
  isWord,
  list,
  next,
  peek,
} from "./cursor.ts";
import { expression, orderItem, over, value } from "./expression.ts";
import { dataType } from "./type.ts";

/** Reserved words that are functions when a parenthesis follows. */
const callable = new Set([
  "COALESCE",
  "NULLIF",
  "LEFT",
  "RIGHT",
  "CONVERT",
  "TRY_CONVERT",
  "UPDATE",
]);
/** Functions written without parentheses. */
const bare = new Set([
  "CURRENT_TIMESTAMP",
  "CURRENT_USER",
  "SESSION_USER",
  "SYSTEM_USER",
  "USER",
  "CURRENT_DATE",
]);

/** The call that starts here, or undefined when the coming word is no call. */
export function primaryCall(cursor: Cursor): Expression | undefined {
  const token = peek(cursor);
  const { at, keyword } = token;
  if (bare.has(keyword)) {
    next(cursor);
    return call(at, keyword, []);
  }
  if (isOp(cursor, "(", 1)) {
    if (keyword === "CAST" || keyword === "TRY_CAST") return cast(cursor, keyword === "TRY_CAST");
    if (keyword === "CONVERT" || keyword === "TRY_CONVERT")
      return convert(cursor, keyword === "TRY_CONVERT");
    if (keyword === "PARSE" || keyword === "TRY_PARSE")
      return parse(cursor, keyword === "TRY_PARSE");
    if (keyword === "TRIM") return trim(cursor);
    if (keyword === "IIF") return iif(cursor);
    if (callable.has(keyword)) return plainCall(cursor, { at, parts: [next(cursor).value] });
  }
  return isCall(cursor) ? plainCall(cursor, calledName(cursor)) : undefined;
}

export function call(at: Name["at"], name: string, args: readonly Expression[]): Expression {
  return {
    kind: "call",
    at,
    call: {
      name: { at, parts: [name] },
      args,
      star: false,
      distinct: false,
      withinGroup: undefined,
      over: undefined,
      nulls: undefined,
    },
  };
}

/** A (dotted) identifier straight before a parenthesis. */
function isCall(cursor: Cursor): boolean {
  let ahead = 0;
  for (;;) {
    const token = peek(cursor, ahead);
    if (token.kind !== "quoted" && (token.kind !== "word" || isReserved(token.keyword)))
      return false;
    if (isOp(cursor, "(", ahead + 1)) return true;
    if (!isOp(cursor, ".", ahead + 1)) return false;
    ahead += 2;
  }
}

function calledName(cursor: Cursor): Name {
  const at = here(cursor);
  const parts = [identifier(cursor)];
  while (acceptOp(cursor, ".")) parts.push(identifier(cursor));
  return { at, parts };
}

export function plainCall(cursor: Cursor, name: Name): Expression {
  return { kind: "call", at: name.at, call: callAfterName(cursor, name) };
}

export function callAfterName(cursor: Cursor, name: Name): Call {
  expectOp(cursor, "(");
  const distinct = acceptOneOf(cursor, ["DISTINCT", "ALL"]) === "DISTINCT";
  const star = isOp(cursor, "*") && isOp(cursor, ")", 1);
  if (star) next(cursor);
  const args = star || isOp(cursor, ")") ? [] : list(cursor, argument);
  let nulls = nullTreatment(cursor);
  expectOp(cursor, ")");
  nulls = nullTreatment(cursor) ?? nulls;
  const withinGroup = acceptWord(cursor, "WITHIN", "GROUP") ? grouped(cursor) : undefined;
  const window = acceptWord(cursor, "OVER") ? over(cursor) : undefined;
  return { name, args, star, distinct, withinGroup, over: window, nulls };
}

function argument(cursor: Cursor): Expression {
  return expression(cursor);
}

function nullTreatment(cursor: Cursor): Call["nulls"] {
  if (acceptWord(cursor, "IGNORE", "NULLS")) return "ignore";
  return acceptWord(cursor, "RESPECT", "NULLS") ? "respect" : undefined;
}

function grouped(cursor: Cursor): OrderItem[] {
  expectOp(cursor, "(");
  expectWord(cursor, "ORDER", "BY");
  const items = list(cursor, orderItem);
  expectOp(cursor, ")");
  return items;
}

function cast(cursor: Cursor, attempt: boolean): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const operand = value(cursor);
  expectWord(cursor, "AS");
  const type = dataType(cursor, "cast");
  expectOp(cursor, ")");
  return { kind: "cast", at, operand, type, attempt };
}

function convert(cursor: Cursor, attempt: boolean): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const type = dataType(cursor, "cast");
  expectOp(cursor, ",");
  const operand = value(cursor);
  const style = acceptOp(cursor, ",") ? value(cursor) : undefined;
  expectOp(cursor, ")");
  return { kind: "convert", at, type, operand, style, attempt };
}

/** PARSE with the default or an English culture is a conversion from text. */
function parse(cursor: Cursor, attempt: boolean): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const operand = value(cursor);
  expectWord(cursor, "AS");
  const type = dataType(cursor, "cast");
  if (acceptWord(cursor, "USING")) {
    const culture = peek(cursor);
    if (!/^en-us$/i.test(culture.value))
      fail(40517, culture.at, `PARSE USING ${culture.text}`, culture.at.line, culture.at.column);
    next(cursor);
  }
  expectOp(cursor, ")");
  return { kind: "cast", at, operand, type, attempt };
}

/** `TRIM(chars FROM text)` and `TRIM(text)`; the binder sees arguments text, chars. */
function trim(cursor: Cursor): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const side = acceptOneOf(cursor, ["LEADING", "TRAILING", "BOTH"]);
  const first = value(cursor);
  const args = acceptWord(cursor, "FROM") ? [value(cursor), first] : [first];
  expectOp(cursor, ")");
  const name = side === "LEADING" ? "LTRIM" : side === "TRAILING" ? "RTRIM" : "TRIM";
  return call(at, name, args);
}

/** IIF is defined as shorthand for CASE. */
function iif(cursor: Cursor): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const when = expression(cursor);
  expectOp(cursor, ",");
  const result = value(cursor);
  expectOp(cursor, ",");
  const otherwise = value(cursor);
  expectOp(cursor, ")");
  return { kind: "case", at, operand: undefined, branches: [{ when, result }], otherwise };
}

/** True at a word that can begin a table-valued function call. */
export function startsCall(cursor: Cursor): boolean {
  return isCall(cursor) && !isWord(cursor, "OPENROWSET");
}
