// What may stand in FROM: tables, derived tables, joins, APPLY, PIVOT, functions, PREDICT.
import type {
  Alias,
  ColumnDefinition,
  JsonColumn,
  Name,
  NamedOption,
  Predict,
  TableSource,
} from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import { callAfterName, startsCall } from "./call.ts";
import { columnDefinition } from "./column.ts";
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
import { expression, value } from "./expression.ts";
import { namedOption } from "./option.ts";
import { dataType } from "./type.ts";

export function tableSource(cursor: Cursor): TableSource {
  let left = pivoted(cursor, primarySource(cursor));
  for (;;) {
    const at = here(cursor);
    const join = joinKind(cursor);
    if (join === undefined) return left;
    const right =
      isOp(cursor, "(") || !nestsJoin(join)
        ? pivoted(cursor, primarySource(cursor))
        : joinOperand(cursor);
    const needsOn = join === "inner" || join === "left" || join === "right" || join === "full";
    if (needsOn) expectWord(cursor, "ON");
    const on = needsOn ? expression(cursor) : undefined;
    left = { kind: "join", at, join, left, right, on };
  }
}

function nestsJoin(join: string): boolean {
  return join === "inner" || join === "left" || join === "right" || join === "full";
}

/** `a JOIN b JOIN c ON … ON …`: the right side swallows joins until its own ON stands. */
function joinOperand(cursor: Cursor): TableSource {
  let right = pivoted(cursor, primarySource(cursor));
  while (!isWord(cursor, "ON")) {
    const at = here(cursor);
    const join = joinKind(cursor);
    if (join === undefined) unexpected(cursor);
    const inner = nestsJoin(join) ? joinOperand(cursor) : pivoted(cursor, primarySource(cursor));
    if (nestsJoin(join)) expectWord(cursor, "ON");
    right = {
      kind: "join",
      at,
      join,
      left: right,
      right: inner,
      on: nestsJoin(join) ? expression(cursor) : undefined,
    };
  }
  return right;
}

type JoinKind = Extract<TableSource, { kind: "join" }>["join"];

function joinKind(cursor: Cursor): JoinKind | undefined {
  if (acceptWord(cursor, "CROSS", "JOIN")) return "cross";
  if (acceptWord(cursor, "CROSS", "APPLY")) return "crossApply";
  if (acceptWord(cursor, "OUTER", "APPLY")) return "outerApply";
  if (acceptWord(cursor, "JOIN")) return "inner";
  const side = acceptOneOf(cursor, ["INNER", "LEFT", "RIGHT", "FULL"]);
  if (side === undefined) return undefined;
  if (side !== "INNER") acceptWord(cursor, "OUTER");
  acceptOneOf(cursor, ["HASH", "MERGE", "LOOP", "REDUCE", "REPLICATE", "REDISTRIBUTE"]);
  expectWord(cursor, "JOIN");
  return side.toLowerCase() as JoinKind;
}

function primarySource(cursor: Cursor): TableSource {
  const at = here(cursor);
  if (isOp(cursor, "(")) return parenthesizedSource(cursor);
  if (acceptOp(cursor, "{")) return outerJoin(cursor);
  if (peek(cursor).kind === "variable") {
    return { kind: "tableVariable", at, name: next(cursor).value, alias: alias(cursor) };
  }
  if (isWord(cursor, "OPENROWSET")) return openRowset(cursor);
  if (isWord(cursor, "PREDICT") && isOp(cursor, "(", 1)) return predictSource(cursor);
  for (const word of ["OPENQUERY", "OPENDATASOURCE", "OPENXML", "FREETEXTTABLE", "CONTAINSTABLE"]) {
    if (isWord(cursor, word)) refuseOption(at, word);
  }
  if (startsCall(cursor)) {
    const calledName = name(cursor);
    const called = callAfterName(cursor, calledName);
    const columns = acceptWord(cursor, "WITH") ? parenthesized(cursor, jsonColumn) : undefined;
    return { kind: "function", at, call: called, with: columns, alias: alias(cursor) };
  }
  const tableName = name(cursor);
  if (isWord(cursor, "FOR", "SYSTEM_TIME")) refuseOption(here(cursor), "FOR SYSTEM_TIME");
  const tableAlias = alias(cursor);
  if (isWord(cursor, "TABLESAMPLE")) refuseOption(here(cursor), "TABLESAMPLE");
  return { kind: "table", at, name: tableName, alias: tableAlias, hints: tableHints(cursor) };
}

/** ODBC's `{oj a LEFT OUTER JOIN b ON …}`. */
function outerJoin(cursor: Cursor): TableSource {
  expectWord(cursor, "OJ");
  const joined = tableSource(cursor);
  expectOp(cursor, "}");
  return joined;
}

/** WITH (NOLOCK, …): hints change no result here; they are read and kept as text. */
export function tableHints(cursor: Cursor): string[] {
  if (isWord(cursor, "WITH") && isOp(cursor, "(", 1)) next(cursor);
  else if (!(isOp(cursor, "(") && peek(cursor, 1).keyword === "NOLOCK")) return [];
  return parenthesized(cursor, (inner) => {
    const at = here(inner);
    const token = next(inner);
    if (token.kind !== "word") fail(102, token.at, token.text);
    if (isOp(inner, "("))
      while (!acceptOp(inner, ")")) next(inner).kind === "end" && unexpected(inner);
    return textSince(inner, at);
  });
}

function parenthesizedSource(cursor: Cursor): TableSource {
  const at = next(cursor).at;
  if (acceptWord(cursor, "VALUES")) {
    const rows = list(cursor, (inner) => parenthesized(inner, value));
    expectOp(cursor, ")");
    return { kind: "values", at, rows, alias: requiredAlias(cursor) };
  }
  let ahead = 0;
  while (isOp(cursor, "(", ahead)) ahead += 1;
  if (peek(cursor, ahead).keyword === "SELECT" || isWord(cursor, "WITH")) {
    const inner = cursor.grammar.query(cursor);
    expectOp(cursor, ")");
    return { kind: "derived", at, query: inner, alias: requiredAlias(cursor) };
  }
  const inner = tableSource(cursor);
  expectOp(cursor, ")");
  return inner;
}

export function alias(cursor: Cursor): Alias | undefined {
  const explicit = acceptWord(cursor, "AS");
  if (!explicit && !isIdentifier(cursor)) return undefined;
  if (!explicit && (isWord(cursor, "FOR") || isWord(cursor, "WINDOW"))) return undefined;
  const aliasName = identifier(cursor);
  const isColumnList = isOp(cursor, "(") && isIdentifier(cursor, 1) && !isHint(cursor);
  return { name: aliasName, columns: isColumnList ? parenthesized(cursor, identifier) : undefined };
}

function isHint(cursor: Cursor): boolean {
  return peek(cursor, 1).keyword === "NOLOCK" && isOp(cursor, ")", 2);
}

function requiredAlias(cursor: Cursor): Alias {
  return alias(cursor) ?? unexpected(cursor);
}

function pivoted(cursor: Cursor, source: TableSource): TableSource {
  const at = here(cursor);
  if (acceptWord(cursor, "PIVOT")) {
    expectOp(cursor, "(");
    const aggregate = name(cursor);
    expectOp(cursor, "(");
    const argument = value(cursor);
    expectOp(cursor, ")");
    expectWord(cursor, "FOR");
    const column = name(cursor);
    expectWord(cursor, "IN");
    const values = parenthesized(cursor, locatedName);
    expectOp(cursor, ")");
    return pivoted(cursor, {
      kind: "pivot",
      at,
      source,
      pivot: { aggregate, argument, column, values },
      alias: requiredAlias(cursor),
    });
  }
  if (acceptWord(cursor, "UNPIVOT")) {
    expectOp(cursor, "(");
    const valueName = identifier(cursor);
    expectWord(cursor, "FOR");
    const column = identifier(cursor);
    expectWord(cursor, "IN");
    const sources = parenthesized(cursor, locatedName);
    expectOp(cursor, ")");
    return pivoted(cursor, {
      kind: "unpivot",
      at,
      source,
      unpivot: { value: valueName, column, sources },
      alias: requiredAlias(cursor),
    });
  }
  return source;
}

export function locatedName(cursor: Cursor): { at: Name["at"]; name: string } {
  const at = here(cursor);
  return { at, name: identifier(cursor) };
}

function jsonColumn(cursor: Cursor): JsonColumn {
  const at = here(cursor);
  const columnName = identifier(cursor);
  const type = dataType(cursor);
  const token = peek(cursor);
  if (acceptWord(cursor, "COLLATE")) identifier(cursor);
  const isPath = token.kind === "string" || token.kind === "nstring" || token.kind === "number";
  const path = isPath ? next(cursor).value : undefined;
  const asJson = acceptWord(cursor, "AS", "JSON");
  return { at, name: columnName, type, path, asJson };
}

function openRowset(cursor: Cursor): TableSource {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  if (!acceptWord(cursor, "BULK")) refuseOption(at, "OPENROWSET without BULK");
  const paths = isOp(cursor, "(") ? parenthesized(cursor, stringLiteral) : [stringLiteral(cursor)];
  const options: NamedOption[] = [];
  while (acceptOp(cursor, ",")) options.push(namedOption(cursor));
  expectOp(cursor, ")");
  const columns = acceptWord(cursor, "WITH") ? parenthesized(cursor, jsonColumn) : undefined;
  return { kind: "openrowset", at, paths, options, columns, alias: alias(cursor) };
}

/** features.md G-14; RUNTIME is checked where PREDICT is bound, so that its absence is named. */
function predictSource(cursor: Cursor): TableSource {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  expectWord(cursor, "MODEL");
  expectOp(cursor, "=");
  const model = value(cursor);
  expectOp(cursor, ",");
  const data = predictData(cursor);
  let runtime: string | undefined;
  if (acceptOp(cursor, ",")) {
    expectWord(cursor, "RUNTIME");
    expectOp(cursor, "=");
    runtime = identifier(cursor);
  }
  expectOp(cursor, ")");
  expectWord(cursor, "WITH");
  const outputs = parenthesized(cursor, predictOutput);
  return { kind: "predict", at, predict: { model, data, runtime, outputs }, alias: alias(cursor) };
}

/** A name, a type, and at most a collation and whether it may be NULL. */
function predictOutput(cursor: Cursor): ColumnDefinition {
  const column = columnDefinition(cursor);
  const { at, name, identity, default: initial, mask, keys } = column;
  if (identity ?? initial ?? mask ?? keys[0]) fail(102, at, name);
  return column;
}

/** features.md G-16: what has a name (table, view, CTE, temp table), or a table-valued function. */
function predictData(cursor: Cursor): Predict["data"] {
  expectWord(cursor, "DATA");
  expectOp(cursor, "=");
  const at = here(cursor);
  if (isOp(cursor, "(")) fail(102, at, "(");
  if (peek(cursor).kind === "variable")
    return { kind: "tableVariable", at, name: next(cursor).value, alias: dataAlias(cursor) };
  if (startsCall(cursor)) {
    const call = callAfterName(cursor, name(cursor));
    return { kind: "function", at, call, with: undefined, alias: dataAlias(cursor) };
  }
  return { kind: "table", at, name: name(cursor), alias: dataAlias(cursor), hints: [] };
}

function dataAlias(cursor: Cursor): Alias | undefined {
  if (!acceptWord(cursor, "AS") && !isIdentifier(cursor)) return undefined;
  return { name: identifier(cursor), columns: undefined };
}
