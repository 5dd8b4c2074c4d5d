// Query expressions: WITH, SELECT, set operators, ORDER BY, paging, FOR JSON, OPTION.
import type {
  CommonTable,
  ForJson,
  GroupItem,
  OrderItem,
  Query,
  QueryBody,
  SelectBody,
  SelectItem,
  Top,
} from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  expectWord,
  here,
  identifier,
  isIdentifier,
  isOp,
  isWord,
  list,
  name,
  next,
  parenthesized,
  peek,
  stringLiteral,
  textSince,
  unexpected,
} from "./cursor.ts";
import { expression, orderItem, value } from "./expression.ts";
import { tableSource } from "./source.ts";

export function query(cursor: Cursor): Query {
  const at = here(cursor);
  const ctes = isWord(cursor, "WITH") ? commonTables(cursor) : [];
  return queryAfterWith(cursor, at, ctes);
}

export function queryAfterWith(
  cursor: Cursor,
  at: Query["at"],
  ctes: readonly CommonTable[],
): Query {
  const body = unionBody(cursor);
  const orderBy: OrderItem[] = acceptWord(cursor, "ORDER", "BY") ? list(cursor, orderItem) : [];
  let offset: Query["offset"];
  let fetch: Query["fetch"];
  if (
    orderBy.length > 0 &&
    isWord(cursor, "FETCH") &&
    /^(NEXT|FIRST)$/.test(peek(cursor, 1).keyword)
  )
    fail(153, here(cursor), peek(cursor, 1).text, "FETCH");
  if (orderBy.length > 0 && acceptWord(cursor, "OFFSET")) {
    offset = value(cursor);
    if (acceptOneOf(cursor, ["ROW", "ROWS"]) === undefined) unexpected(cursor);
    if (acceptWord(cursor, "FETCH")) {
      if (acceptOneOf(cursor, ["NEXT", "FIRST"]) === undefined) unexpected(cursor);
      fetch = value(cursor);
      if (acceptOneOf(cursor, ["ROW", "ROWS"]) === undefined) unexpected(cursor);
      expectWord(cursor, "ONLY");
    }
  }
  const forJson = isWord(cursor, "FOR") ? forClause(cursor) : undefined;
  const options = optionClause(cursor);
  return { at, ctes, body, orderBy, offset, fetch, forJson, options };
}

export function commonTables(cursor: Cursor): CommonTable[] {
  expectWord(cursor, "WITH");
  return list(cursor, (inner) => {
    const at = here(inner);
    const cteName = identifier(inner);
    const columns = isOp(inner, "(") ? parenthesized(inner, identifier) : undefined;
    expectWord(inner, "AS");
    expectOp(inner, "(");
    const body = query(inner);
    expectOp(inner, ")");
    return { at, name: cteName, columns, query: body };
  });
}

function unionBody(cursor: Cursor): QueryBody {
  let left = intersectBody(cursor);
  for (;;) {
    const at = here(cursor);
    const op = acceptOneOf(cursor, ["UNION", "EXCEPT"]);
    if (op === undefined) return left;
    const all = op === "UNION" && acceptWord(cursor, "ALL");
    const right = intersectBody(cursor);
    left = { kind: "set", at, op: op === "UNION" ? "union" : "except", all, left, right };
  }
}

function intersectBody(cursor: Cursor): QueryBody {
  let left = bodyPrimary(cursor);
  while (isWord(cursor, "INTERSECT")) {
    const at = next(cursor).at;
    left = { kind: "set", at, op: "intersect", all: false, left, right: bodyPrimary(cursor) };
  }
  return left;
}

function bodyPrimary(cursor: Cursor): QueryBody {
  if (!isOp(cursor, "(")) return select(cursor);
  const at = next(cursor).at;
  const inner = query(cursor);
  expectOp(cursor, ")");
  return inner.ctes.length === 0 && inner.orderBy.length === 0 && inner.forJson === undefined
    ? inner.body
    : { kind: "nested", at, query: inner };
}

function select(cursor: Cursor): SelectBody {
  const at = here(cursor);
  expectWord(cursor, "SELECT");
  const distinct = acceptOneOf(cursor, ["DISTINCT", "ALL"]) === "DISTINCT";
  const top = isWord(cursor, "TOP") ? topClause(cursor) : undefined;
  const items = list(cursor, selectItem);
  const into = acceptWord(cursor, "INTO") ? name(cursor) : undefined;
  const from = acceptWord(cursor, "FROM") ? list(cursor, tableSource) : [];
  const where = acceptWord(cursor, "WHERE") ? expression(cursor) : undefined;
  const groupBy = acceptWord(cursor, "GROUP", "BY") ? groupItems(cursor) : [];
  const having = acceptWord(cursor, "HAVING") ? expression(cursor) : undefined;
  if (isWord(cursor, "WINDOW")) refuseOption(here(cursor), "WINDOW");
  return { kind: "select", at, distinct, top, items, into, from, where, groupBy, having };
}

export function topClause(cursor: Cursor): Top {
  const at = next(cursor).at;
  let count: Top["count"];
  if (acceptOp(cursor, "(")) {
    const start = here(cursor);
    count = isWord(cursor, "SELECT")
      ? { kind: "subquery", at: start, query: query(cursor) }
      : expression(cursor);
    expectOp(cursor, ")");
  } else {
    const token = peek(cursor);
    if (token.kind !== "number" && token.kind !== "variable") unexpected(cursor);
    count = value({ ...cursor, tokens: [token, cursor.tokens.at(-1)!], index: 0 });
    next(cursor);
  }
  const percent = acceptWord(cursor, "PERCENT");
  const withTies = acceptWord(cursor, "WITH", "TIES");
  return { at, count, percent, withTies };
}

function selectItem(cursor: Cursor): SelectItem {
  const at = here(cursor);
  const star = starItem(cursor);
  if (star !== undefined) return star;
  if (peek(cursor).kind === "variable" && isOp(cursor, "=", 1)) {
    const variable = next(cursor).value;
    next(cursor);
    return { kind: "assign", at, variable, expression: value(cursor) };
  }
  const token = peek(cursor);
  const isAlias = isIdentifier(cursor) || token.kind === "string" || token.kind === "nstring";
  if (isAlias && isOp(cursor, "=", 1)) {
    const alias = next(cursor).value;
    next(cursor);
    return { kind: "expression", at, expression: value(cursor), alias };
  }
  const item = value(cursor);
  return { kind: "expression", at, expression: item, alias: columnAlias(cursor) };
}

function starItem(cursor: Cursor): SelectItem | undefined {
  const at = here(cursor);
  let ahead = 0;
  const qualifier: string[] = [];
  while (isIdentifier(cursor, ahead) && isOp(cursor, ".", ahead + 1)) {
    qualifier.push(peek(cursor, ahead).value);
    ahead += 2;
  }
  if (!isOp(cursor, "*", ahead)) return undefined;
  cursor.index += ahead + 1;
  return { kind: "star", at, qualifier };
}

function columnAlias(cursor: Cursor): string | undefined {
  const token = peek(cursor, isWord(cursor, "AS") ? 1 : 0);
  const isText = token.kind === "string" || token.kind === "nstring";
  if (acceptWord(cursor, "AS")) return isText ? next(cursor).value : identifier(cursor);
  if (isText || isIdentifier(cursor)) return next(cursor).value;
  return undefined;
}

function groupItems(cursor: Cursor): GroupItem[] {
  const items = list(cursor, groupItem);
  if (acceptWord(cursor, "WITH", "ROLLUP")) return [superGroup("rollup", items, cursor)];
  if (acceptWord(cursor, "WITH", "CUBE")) return [superGroup("cube", items, cursor)];
  if (isWord(cursor, "WITH") && isOp(cursor, "(", 1)) refuseOption(here(cursor), "DISTRIBUTED_AGG");
  return items;
}

function superGroup(
  kind: "rollup" | "cube",
  items: readonly GroupItem[],
  cursor: Cursor,
): GroupItem {
  const sets = items.map((item) =>
    item.kind === "expression" ? [item.expression] : unexpected(cursor),
  );
  return { kind, sets };
}

function groupItem(cursor: Cursor): GroupItem {
  const kind = acceptOneOf(cursor, ["ROLLUP", "CUBE"]);
  if (kind !== undefined) {
    return { kind: kind === "ROLLUP" ? "rollup" : "cube", sets: parenthesized(cursor, groupSet) };
  }
  if (acceptWord(cursor, "GROUPING", "SETS")) {
    return { kind: "sets", sets: parenthesized(cursor, groupSet) };
  }
  return { kind: "expression", expression: value(cursor) };
}

function groupSet(cursor: Cursor) {
  if (!isOp(cursor, "(")) return [value(cursor)];
  next(cursor);
  if (acceptOp(cursor, ")")) return [];
  const items = list(cursor, value);
  expectOp(cursor, ")");
  return items;
}

function forClause(cursor: Cursor): ForJson {
  const at = next(cursor).at;
  const kind = peek(cursor);
  if (!acceptWord(cursor, "JSON")) refuseOption(at, `FOR ${kind.text.toUpperCase()}`);
  const mode = acceptOneOf(cursor, ["PATH", "AUTO"]);
  if (mode === undefined) unexpected(cursor);
  let root: string | undefined;
  let includeNulls = false;
  let withoutArrayWrapper = false;
  while (acceptOp(cursor, ",")) {
    if (acceptWord(cursor, "ROOT")) {
      root = isOp(cursor, "(") ? parenthesized(cursor, stringLiteral)[0] : "root";
    } else if (acceptWord(cursor, "INCLUDE_NULL_VALUES")) includeNulls = true;
    else if (acceptWord(cursor, "WITHOUT_ARRAY_WRAPPER")) withoutArrayWrapper = true;
    else unexpected(cursor);
  }
  if (mode === "AUTO") refuseOption(at, "FOR JSON AUTO");
  return { at, mode: "path", root, includeNulls, withoutArrayWrapper };
}

/** OPTION (LABEL = '…', HASH JOIN, …): hints change no result, so they are read and kept as text. */
export function optionClause(cursor: Cursor): string[] {
  if (!acceptWord(cursor, "OPTION")) return [];
  return parenthesized(cursor, (inner) => {
    const at = here(inner);
    while (!isOp(inner, ",") && !isOp(inner, ")")) {
      if (peek(inner).kind === "end") unexpected(inner);
      if (acceptOp(inner, "("))
        while (!acceptOp(inner, ")")) next(inner).kind === "end" && unexpected(inner);
      else next(inner);
    }
    const text = textSince(inner, at);
    if (text === "") fail(102, at, ")");
    return text;
  });
}
