// INSERT, UPDATE, DELETE, MERGE and COPY INTO.
import type { CommonTable, Expression, Name } from "../ast.ts";
import { refuseOption } from "../error.ts";
import type { Assignment, MergeClause, Statement } from "../statement.ts";
import {
  acceptOp,
  acceptWord,
  type Cursor,
  expectWord,
  here,
  identifier,
  integerLiteral,
  isIdentifier,
  isOp,
  isWord,
  list,
  name,
  next,
  parenthesized,
  peek,
  stringLiteral,
  unexpected,
} from "./cursor.ts";
import { expression, value } from "./expression.ts";
import { namedOption } from "./option.ts";
import { optionClause, topClause } from "./query.ts";
import { alias, locatedName, tableHints, tableSource } from "./source.ts";
import { dataType } from "./type.ts";

export function insert(cursor: Cursor, ctes: readonly CommonTable[]): Statement {
  const at = next(cursor).at;
  if (isWord(cursor, "TOP")) refuseOption(here(cursor), "INSERT TOP");
  if (acceptWord(cursor, "BULK")) return insertBulk(cursor, at);
  acceptWord(cursor, "INTO");
  const target = name(cursor);
  tableHints(cursor);
  const columns =
    isOp(cursor, "(") && !startsQuery(cursor, 1) ? parenthesized(cursor, locatedName) : undefined;
  refuseOutput(cursor);
  const finish = (source: Extract<Statement, { kind: "insert" }>["source"]): Statement => ({
    kind: "insert",
    at,
    ctes,
    target,
    columns,
    source,
  });
  if (acceptWord(cursor, "DEFAULT")) {
    expectWord(cursor, "VALUES");
    return finish({ kind: "defaults" });
  }
  if (acceptWord(cursor, "VALUES")) {
    const rows = list(cursor, (inner) => parenthesized(inner, value));
    optionClause(cursor);
    return finish({ kind: "values", rows });
  }
  if (isWord(cursor, "EXEC") || isWord(cursor, "EXECUTE")) {
    return finish({ kind: "execute", statement: cursor.grammar.statement(cursor) });
  }
  return finish({ kind: "query", query: cursor.grammar.query(cursor) });
}

/** The wire's announcement of a bulk load; the column types come again with the rows. */
function insertBulk(cursor: Cursor, at: Name["at"]): Statement {
  const target = name(cursor);
  const columns = parenthesized(cursor, (inner) => {
    const column = locatedName(inner);
    dataType(inner);
    if (acceptWord(inner, "COLLATE")) identifier(inner);
    if (!acceptWord(inner, "NOT", "NULL")) acceptWord(inner, "NULL");
    return column;
  });
  if (acceptWord(cursor, "WITH")) {
    parenthesized(cursor, (inner) => {
      while (!isOp(inner, ",") && !isOp(inner, ")") && peek(inner).kind !== "end") next(inner);
    });
  }
  return { kind: "insertBulk", at, target, columns };
}

function startsQuery(cursor: Cursor, ahead: number): boolean {
  let from = ahead;
  while (isOp(cursor, "(", from)) from += 1;
  return ["SELECT", "WITH"].includes(peek(cursor, from).keyword);
}

/** The OUTPUT clause does not exist in a dedicated SQL pool. */
function refuseOutput(cursor: Cursor): void {
  if (isWord(cursor, "OUTPUT")) refuseOption(here(cursor), "OUTPUT");
}

export function update(cursor: Cursor, ctes: readonly CommonTable[]): Statement {
  const at = next(cursor).at;
  if (isWord(cursor, "STATISTICS")) return updateStatistics(cursor, at);
  const top = isWord(cursor, "TOP") ? topClause(cursor) : undefined;
  const target = name(cursor);
  tableHints(cursor);
  expectWord(cursor, "SET");
  const set = list(cursor, assignment);
  refuseOutput(cursor);
  const from = acceptWord(cursor, "FROM") ? list(cursor, tableSource) : [];
  const where = acceptWord(cursor, "WHERE") ? condition(cursor) : undefined;
  optionClause(cursor);
  return { kind: "update", at, ctes, target, top, set, from, where };
}

function updateStatistics(cursor: Cursor, at: Name["at"]): Statement {
  next(cursor);
  const table = name(cursor);
  const isNamed = isIdentifier(cursor) && !isWord(cursor, "WITH");
  const statisticsName = isOp(cursor, "(")
    ? parenthesized(cursor, identifier)[0]
    : isNamed
      ? identifier(cursor)
      : undefined;
  if (acceptWord(cursor, "WITH")) list(cursor, statisticsOption);
  return { kind: "updateStatistics", at, table, name: statisticsName };
}

export function statisticsOption(cursor: Cursor): void {
  next(cursor);
  if (acceptOp(cursor, "=")) next(cursor);
  if (peek(cursor).kind === "number") {
    next(cursor);
    acceptWord(cursor, "PERCENT");
  }
}

function condition(cursor: Cursor): Expression {
  if (isWord(cursor, "CURRENT", "OF")) refuseOption(here(cursor), "WHERE CURRENT OF");
  return expression(cursor);
}

const assignOps = ["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="] as const;

export function assignOp(cursor: Cursor): Assignment["op"] {
  const op = assignOps.find((candidate) => acceptOp(cursor, candidate));
  return op ?? unexpected(cursor);
}

function assignment(cursor: Cursor): Assignment {
  const at = here(cursor);
  let variable: string | undefined;
  if (peek(cursor).kind === "variable") {
    variable = next(cursor).value;
    if (!isOp(cursor, "=") || !isColumnAssignment(cursor)) {
      const op = assignOp(cursor);
      return { at, column: undefined, variable, op, value: value(cursor) };
    }
    next(cursor);
  }
  let column = identifier(cursor);
  while (acceptOp(cursor, ".")) column = identifier(cursor);
  const op = assignOp(cursor);
  return { at, column, variable, op, value: value(cursor) };
}

/** `@v = column = value` assigns both. */
function isColumnAssignment(cursor: Cursor): boolean {
  return (
    (peek(cursor, 1).kind === "word" || peek(cursor, 1).kind === "quoted") && isOp(cursor, "=", 2)
  );
}

export function deleteFrom(cursor: Cursor, ctes: readonly CommonTable[]): Statement {
  const at = next(cursor).at;
  const top = isWord(cursor, "TOP") ? topClause(cursor) : undefined;
  acceptWord(cursor, "FROM");
  const target = name(cursor);
  tableHints(cursor);
  refuseOutput(cursor);
  const from = acceptWord(cursor, "FROM") ? list(cursor, tableSource) : [];
  const where = acceptWord(cursor, "WHERE") ? condition(cursor) : undefined;
  optionClause(cursor);
  return { kind: "delete", at, ctes, target, top, from, where };
}

export function merge(cursor: Cursor, ctes: readonly CommonTable[]): Statement {
  const at = next(cursor).at;
  if (isWord(cursor, "TOP")) refuseOption(here(cursor), "MERGE TOP");
  acceptWord(cursor, "INTO");
  const target = name(cursor);
  tableHints(cursor);
  const targetAlias = isWord(cursor, "USING") ? undefined : alias(cursor)?.name;
  expectWord(cursor, "USING");
  const source = tableSource(cursor);
  expectWord(cursor, "ON");
  const on = expression(cursor);
  const clauses: MergeClause[] = [];
  while (isWord(cursor, "WHEN")) clauses.push(mergeClause(cursor));
  refuseOutput(cursor);
  optionClause(cursor);
  if (clauses.length === 0) unexpected(cursor);
  return { kind: "merge", at, ctes, target, alias: targetAlias, source, on, clauses };
}

function mergeClause(cursor: Cursor): MergeClause {
  const at = next(cursor).at;
  const negated = acceptWord(cursor, "NOT");
  expectWord(cursor, "MATCHED");
  let match: MergeClause["match"] = negated ? "notMatched" : "matched";
  if (negated && acceptWord(cursor, "BY")) {
    if (acceptWord(cursor, "SOURCE")) match = "notMatchedBySource";
    else expectWord(cursor, "TARGET");
  }
  const extra = acceptWord(cursor, "AND") ? expression(cursor) : undefined;
  expectWord(cursor, "THEN");
  return { at, match, condition: extra, action: mergeAction(cursor) };
}

function mergeAction(cursor: Cursor): MergeClause["action"] {
  if (acceptWord(cursor, "DELETE")) return { kind: "delete" };
  if (acceptWord(cursor, "UPDATE")) {
    expectWord(cursor, "SET");
    return { kind: "update", set: list(cursor, assignment) };
  }
  expectWord(cursor, "INSERT");
  const columns = isOp(cursor, "(") ? parenthesized(cursor, locatedName) : undefined;
  if (acceptWord(cursor, "DEFAULT")) {
    expectWord(cursor, "VALUES");
    return { kind: "insert", columns, values: undefined };
  }
  expectWord(cursor, "VALUES");
  return { kind: "insert", columns, values: parenthesized(cursor, value) };
}

/** "COPY INTO (Transact-SQL)": [(col [DEFAULT v] [n], …)] FROM 'url', … WITH (…). */
export function copyInto(cursor: Cursor): Statement {
  const at = next(cursor).at;
  expectWord(cursor, "INTO");
  const target = name(cursor);
  const columns = isOp(cursor, "(") ? parenthesized(cursor, copyColumn) : undefined;
  expectWord(cursor, "FROM");
  const locations = list(cursor, stringLiteral);
  const options = acceptWord(cursor, "WITH") ? parenthesized(cursor, namedOption) : [];
  optionClause(cursor);
  return { kind: "copy", at, target, columns, locations, options };
}

function copyColumn(cursor: Cursor) {
  const at = here(cursor);
  const columnName = identifier(cursor);
  const fallback = acceptWord(cursor, "DEFAULT") ? value(cursor) : undefined;
  const ordinal = peek(cursor).kind === "number" ? integerLiteral(cursor) : undefined;
  return { at, name: columnName, default: fallback, ordinal };
}
