// Expressions and search conditions, by precedence. Queries inside them come from query.ts.
import type {
  BinaryOperator,
  ComparisonOperator,
  Expression,
  FrameBound,
  OrderItem,
  Over,
} from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
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
  unexpected,
} from "./cursor.ts";
import { literal } from "./literal.ts";

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  ">": ">",
  "<=": "<=",
  ">=": ">=",
  "!<": ">=",
  "!>": "<=",
};

/** A value or a search condition; the binder knows which of both a place wants. */
export function expression(cursor: Cursor): Expression {
  return disjunction(cursor);
}

function disjunction(cursor: Cursor): Expression {
  let left = conjunction(cursor);
  while (isWord(cursor, "OR")) {
    const at = next(cursor).at;
    left = { kind: "logical", at, op: "or", left, right: conjunction(cursor) };
  }
  return left;
}

function conjunction(cursor: Cursor): Expression {
  let left = negation(cursor);
  while (isWord(cursor, "AND")) {
    const at = next(cursor).at;
    left = { kind: "logical", at, op: "and", left, right: negation(cursor) };
  }
  return left;
}

function negation(cursor: Cursor): Expression {
  if (!isWord(cursor, "NOT")) return predicate(cursor);
  const at = next(cursor).at;
  return { kind: "not", at, operand: negation(cursor) };
}

function predicate(cursor: Cursor): Expression {
  if (isWord(cursor, "EXISTS")) {
    const at = next(cursor).at;
    expectOp(cursor, "(");
    const inner = cursor.grammar.query(cursor);
    expectOp(cursor, ")");
    return { kind: "exists", at, query: inner };
  }
  for (const word of ["CONTAINS", "FREETEXT"])
    if (isWord(cursor, word)) refuseOption(here(cursor), word);
  const left = value(cursor);
  const token = peek(cursor);
  const op = token.kind === "op" ? comparisons[token.text] : undefined;
  if (op !== undefined) return comparison(cursor, left, op);
  if (isWord(cursor, "IS")) return isNull(cursor, left);
  const negated =
    isWord(cursor, "NOT") && ["IN", "LIKE", "BETWEEN"].includes(peek(cursor, 1).keyword);
  if (negated) next(cursor);
  if (isWord(cursor, "IN")) return membership(cursor, left, negated);
  if (isWord(cursor, "LIKE")) return like(cursor, left, negated);
  if (isWord(cursor, "BETWEEN")) return between(cursor, left, negated);
  return left;
}

function comparison(cursor: Cursor, left: Expression, op: ComparisonOperator): Expression {
  const at = next(cursor).at;
  const quantifier = acceptOneOf(cursor, ["ALL", "ANY", "SOME"]);
  if (quantifier !== undefined) {
    expectOp(cursor, "(");
    const inner = cursor.grammar.query(cursor);
    expectOp(cursor, ")");
    return {
      kind: "quantified",
      at,
      op,
      left,
      quantifier: quantifier === "ALL" ? "all" : "any",
      query: inner,
    };
  }
  return { kind: "compare", at, op, left, right: value(cursor) };
}

function isNull(cursor: Cursor, operand: Expression): Expression {
  const at = next(cursor).at;
  const negated = acceptWord(cursor, "NOT");
  if (isWord(cursor, "DISTINCT")) refuseOption(here(cursor), "IS DISTINCT FROM");
  expectWord(cursor, "NULL");
  return { kind: "isNull", at, operand, negated };
}

function membership(cursor: Cursor, operand: Expression, negated: boolean): Expression {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const isQuery = isWord(cursor, "SELECT") || isWord(cursor, "WITH");
  const values = isQuery ? cursor.grammar.query(cursor) : list(cursor, value);
  expectOp(cursor, ")");
  return { kind: "in", at, operand, values, negated };
}

function like(cursor: Cursor, operand: Expression, negated: boolean): Expression {
  const at = next(cursor).at;
  const pattern = value(cursor);
  // {escape '\\'} is how ODBC writes it.
  const braced = isOp(cursor, "{") && peek(cursor, 1).keyword === "ESCAPE" && acceptOp(cursor, "{");
  const escapeWith = acceptWord(cursor, "ESCAPE") ? value(cursor) : undefined;
  if (braced) expectOp(cursor, "}");
  return { kind: "like", at, operand, pattern, escape: escapeWith, negated };
}

function between(cursor: Cursor, operand: Expression, negated: boolean): Expression {
  const at = next(cursor).at;
  const low = value(cursor);
  expectWord(cursor, "AND");
  return { kind: "between", at, operand, low, high: value(cursor), negated };
}

/** `+ - & ^ |` share one level, `* / %` bind tighter ("Operator precedence"). */
export function value(cursor: Cursor): Expression {
  return leftToRight(cursor, /^[-+&^|]$/, term);
}

function term(cursor: Cursor): Expression {
  return leftToRight(cursor, /^[*/%]$/, unary);
}

function leftToRight(
  cursor: Cursor,
  operators: RegExp,
  operand: (cursor: Cursor) => Expression,
): Expression {
  let left = operand(cursor);
  for (;;) {
    const { kind, text, at } = peek(cursor);
    if (kind !== "op" || !operators.test(text)) return left;
    next(cursor);
    left = { kind: "binary", at, op: text as BinaryOperator, left, right: operand(cursor) };
  }
}

function unary(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (token.kind === "op" && (token.text === "-" || token.text === "+" || token.text === "~")) {
    next(cursor);
    return { kind: "unary", at: token.at, op: token.text, operand: unary(cursor) };
  }
  return postfix(cursor);
}

function postfix(cursor: Cursor): Expression {
  let operand = primary(cursor);
  for (;;) {
    if (isWord(cursor, "COLLATE")) {
      const at = next(cursor).at;
      operand = { kind: "collate", at, operand, collation: identifier(cursor) };
    } else if (isWord(cursor, "AT", "TIME", "ZONE")) {
      const at = next(cursor).at;
      cursor.index += 2;
      operand = { kind: "atTimeZone", at, operand, zone: primary(cursor) };
    } else {
      return operand;
    }
  }
}

function primary(cursor: Cursor): Expression {
  const token = peek(cursor);
  switch (token.kind) {
    case "number":
    case "money":
    case "binary":
    case "string":
    case "nstring":
      return literal(next(cursor));
    case "variable":
      next(cursor);
      return { kind: "variable", at: token.at, name: token.value };
    case "global":
      next(cursor);
      return { kind: "global", at: token.at, name: token.value.toUpperCase() };
    case "op":
      if (token.text === "(") return group(cursor);
      if (token.text === "{") return cursor.grammar.escape(cursor);
      break;
    case "word":
    case "quoted":
      return word(cursor);
    case "end":
      break;
  }
  return unexpected(cursor);
}

function group(cursor: Cursor): Expression {
  const at = next(cursor).at;
  if (isWord(cursor, "SELECT") || isWord(cursor, "WITH")) {
    const inner = cursor.grammar.query(cursor);
    expectOp(cursor, ")");
    return { kind: "subquery", at, query: inner };
  }
  if (isOp(cursor, "(")) {
    const subquery = nestedQuery(cursor);
    if (subquery !== undefined) return subquery;
  }
  const inner = expression(cursor);
  expectOp(cursor, ")");
  return inner;
}

/** `((SELECT …) UNION …)`: only what follows the inner parenthesis tells it from a value. */
function nestedQuery(cursor: Cursor): Expression | undefined {
  let ahead = 0;
  while (isOp(cursor, "(", ahead)) ahead += 1;
  if (peek(cursor, ahead).keyword !== "SELECT") return undefined;
  const start = cursor.index;
  const at = here(cursor);
  try {
    const inner = cursor.grammar.query(cursor);
    if (inner.body.kind === "set" && acceptOp(cursor, ")"))
      return { kind: "subquery", at, query: inner };
  } catch {
    // Not a query expression after all; the caller parses it as a value and reports from there.
  }
  cursor.index = start;
  return undefined;
}

function word(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (token.keyword === "NULL") {
    next(cursor);
    return { kind: "null", at: token.at };
  }
  if (token.keyword === "DEFAULT") {
    next(cursor);
    return { kind: "default", at: token.at };
  }
  if (token.keyword === "CASE") return caseOf(cursor);
  const called = cursor.grammar.call(cursor);
  if (called !== undefined) return called;
  if (token.kind === "word" && isReserved(token.keyword)) unexpected(cursor);
  const parts = [identifier(cursor)];
  while (isOp(cursor, ".") && !isOp(cursor, "*", 1)) {
    next(cursor);
    parts.push(isOp(cursor, ".") ? "" : identifier(cursor));
  }
  if (parts.length > 4) fail(4104, token.at, parts.join("."));
  return { kind: "column", at: token.at, parts };
}

function caseOf(cursor: Cursor): Expression {
  const at = next(cursor).at;
  const operand = isWord(cursor, "WHEN") ? undefined : value(cursor);
  const branches: { when: Expression; result: Expression }[] = [];
  while (acceptWord(cursor, "WHEN")) {
    const when = operand === undefined ? expression(cursor) : value(cursor);
    expectWord(cursor, "THEN");
    branches.push({ when, result: value(cursor) });
  }
  if (branches.length === 0) unexpected(cursor);
  const otherwise = acceptWord(cursor, "ELSE") ? value(cursor) : undefined;
  expectWord(cursor, "END");
  return { kind: "case", at, operand, branches, otherwise };
}

export function orderItem(cursor: Cursor): OrderItem {
  const at = here(cursor);
  const item = value(cursor);
  const direction = acceptOneOf(cursor, ["ASC", "DESC"]);
  return { at, expression: item, descending: direction === "DESC" };
}

export function over(cursor: Cursor): Over {
  const at = here(cursor);
  expectOp(cursor, "(");
  const partitionBy = acceptWord(cursor, "PARTITION", "BY") ? list(cursor, value) : [];
  const orderBy = acceptWord(cursor, "ORDER", "BY") ? list(cursor, orderItem) : [];
  const unit = acceptOneOf(cursor, ["ROWS", "RANGE"]);
  let frame: Over["frame"];
  if (unit !== undefined) {
    const both = acceptWord(cursor, "BETWEEN");
    const start = frameBound(cursor);
    if (both) expectWord(cursor, "AND");
    const end = both ? frameBound(cursor) : undefined;
    frame = { unit: unit === "ROWS" ? "rows" : "range", start, end };
  }
  expectOp(cursor, ")");
  return { at, partitionBy, orderBy, frame };
}

function frameBound(cursor: Cursor): FrameBound {
  if (acceptWord(cursor, "CURRENT")) {
    expectWord(cursor, "ROW");
    return { kind: "currentRow", offset: undefined };
  }
  const offset = acceptWord(cursor, "UNBOUNDED") ? undefined : value(cursor);
  const side = acceptOneOf(cursor, ["PRECEDING", "FOLLOWING"]);
  if (side === undefined) unexpected(cursor);
  if (offset === undefined) {
    return { kind: side === "PRECEDING" ? "unboundedPreceding" : "unboundedFollowing", offset };
  }
  return { kind: side === "PRECEDING" ? "preceding" : "following", offset };
}
