// UPDATE and DELETE as DuckDB SQL: rows are found by their row ids first. insert.ts and merge.ts are
// the other changes, stored.ts what they share.
import type { Expression, Position, TableSource } from "../ast.ts";
import { type CatalogueColumn, findColumn, type TableObject } from "../catalogue/model.ts";
import { fail, refuseOption } from "../error.ts";
import type { Assignment, Statement } from "../statement.ts";
import { binary } from "./arithmetic.ts";
import { convert } from "./conversion.ts";
import { bindCommonTables } from "./query.ts";
import { type Binder, childScope, emptyScope, matches, type Scope, type Source } from "./scope.ts";
import { bindFrom, tableColumns, tableSql } from "./source.ts";
import { defaultValue, stored, targetTable } from "./stored.ts";
import { collationOf, quoteName, type Value } from "./value.ts";

interface Target {
  table: TableObject;
  from: { sql: string; sources: readonly Source[] };
  source: Source;
}

/** UPDATE and DELETE may name their target by its alias in FROM. */
function resolveTarget(
  binder: Binder,
  node: { target: { at: Position; parts: readonly string[] }; from: readonly TableSource[] },
  scope: Scope,
): Target {
  if (node.from.length > 0) {
    const from = bindFrom(binder, node.from, scope);
    const source = from.sources.find((candidate) => matches(candidate, node.target.parts));
    if (source?.object?.kind === "table") return { table: source.object, from, source };
    if (source?.object?.kind === "externalTable") fail(46519, node.target.at, "DML Operations");
    if (source !== undefined) refuseOption(node.target.at, "changing rows of a derived table");
  }
  const { parts } = node.target;
  if (parts.length === 1 && scope.ctes.has(parts[0]!.toLowerCase()))
    refuseOption(node.target.at, "changing rows of a common table expression");
  const table = targetTable(binder, node.target);
  const own = ownSource(binder, table, undefined);
  const others = node.from.length === 0 ? undefined : bindFrom(binder, node.from, scope);
  const joined = others?.sources.find((candidate) => candidate.object === table);
  if (others !== undefined && joined !== undefined) return { table, from: others, source: joined };
  const sql = others === undefined ? own.sql : `${own.sql} CROSS JOIN ${others.sql}`;
  return {
    table,
    from: { sql, sources: [own.source, ...(others?.sources ?? [])] },
    source: own.source,
  };
}

export function ownSource(
  binder: Binder,
  table: TableObject,
  alias: string | undefined,
): { sql: string; source: Source } {
  const sqlAlias = binder.env.alias("s");
  const columns = tableColumns(table).map(({ column, ...rest }) => ({
    ...rest,
    sql: `${sqlAlias}.${column}`,
  }));
  return {
    sql: `${tableSql(table)} ${sqlAlias}`,
    source: {
      name: alias ?? table.name,
      schema: alias === undefined && !table.temporary ? table.schema : undefined,
      alias: sqlAlias,
      columns,
      object: table,
    },
  };
}

function topClause(
  binder: Binder,
  top: { count: Expression; percent: boolean; at: Position } | undefined,
  scope: Scope,
): string {
  if (top === undefined) return "";
  if (top.percent) refuseOption(top.at, "TOP PERCENT in UPDATE or DELETE");
  return ` LIMIT ${convert(binder.value(top.count, scope), { name: "bigint" }, top.at).sql}`;
}

type UpdateNode = Extract<Statement, { kind: "update" }>;

/** Rows are found with their row ids first, so joins, TOP and correlated values all work alike. */
export function updateSql(
  binder: Binder,
  node: UpdateNode,
  shownName: (table: TableObject) => string,
): { sql: string; table: TableObject } {
  const { ctes, prefix } = bindCommonTables(binder, node.ctes, emptyScope());
  const outer: Scope = { ...emptyScope(), ctes };
  const { table, from, source } = resolveTarget(binder, node, outer);
  binder.env.authorize(
    "UPDATE",
    table,
    node.set.map((item) => item.column ?? ""),
    node.target.at,
  );
  const scope = childScope(outer, from.sources, "where");
  requireOnce(node.set);
  const changes = node.set.map((item) =>
    change(binder, item, table, source, scope, shownName(table)),
  );
  const where = node.where === undefined ? "" : ` WHERE ${binder.condition(node.where, scope)}`;
  const list = changes.map((item, index) => `${item.value} AS u${index + 1}`);
  const found = `SELECT ${source.alias}.rowid AS r, ${list.join(", ")} FROM ${from.sql}${where}${topClause(binder, node.top, outer)}`;
  const unique = node.from.length === 0 ? found : `SELECT DISTINCT ON (r) * FROM (${found})`;
  const set = changes.map(
    (item, index) => `${quoteName(item.column.name)} = ${item.store(`u.u${index + 1}`)}`,
  );
  return {
    sql: `${prefix}UPDATE ${tableSql(table)} AS t SET ${set.join(", ")} FROM (${unique}) u WHERE t.rowid = u.r`,
    table,
  };
}

/** No column is assigned twice in one SET. Raises 264. */
export function requireOnce(set: readonly Assignment[]): void {
  const seen = new Set<string>();
  for (const { at, column } of set) {
    if (column === undefined) continue;
    if (seen.has(column.toLowerCase())) fail(264, at, column);
    seen.add(column.toLowerCase());
  }
}

interface Change {
  column: CatalogueColumn;
  value: string;
  store(sql: string): string;
}

export function change(
  binder: Binder,
  item: Assignment,
  table: TableObject,
  source: Source,
  scope: Scope,
  shownName: string,
): Change {
  if (item.column === undefined || item.variable !== undefined)
    refuseOption(item.at, "variable in UPDATE SET");
  const column = findColumn(table, item.column) ?? fail(207, item.at, item.column);
  if (column.identity !== undefined) fail(8102, item.at, column.name);
  const given =
    item.value.kind === "default"
      ? defaultValue(binder, column)
      : binder.value(item.value, { ...scope, clause: "where" });
  const value =
    item.op === "="
      ? given
      : binary(item.op[0] as "+", currentValue(source, column), given, item.at);
  const typed = value.bareNull ? convert(value, column.type, item.at) : value;
  return {
    column,
    value: typed.sql,
    store: (sql) => stored({ ...withoutLiteral(typed), sql }, column, shownName, item.at),
  };
}

function withoutLiteral(value: Value): Value {
  const { literal: _literal, ...rest } = value;
  return rest;
}

function currentValue(source: Source, column: CatalogueColumn): Value {
  const collation = column.collation === undefined ? undefined : collationOf(column.collation);
  return {
    sql: `${source.alias}.${quoteName(column.name)}`,
    type: column.type,
    nullable: column.nullable,
    ...(collation === undefined ? {} : { collation }),
  };
}

type DeleteNode = Extract<Statement, { kind: "delete" }>;

export function deleteSql(binder: Binder, node: DeleteNode): { sql: string; table: TableObject } {
  const { ctes, prefix } = bindCommonTables(binder, node.ctes, emptyScope());
  const outer: Scope = { ...emptyScope(), ctes };
  const { table, from, source } = resolveTarget(binder, node, outer);
  binder.env.authorize("DELETE", table, [], node.target.at);
  if (node.where === undefined && node.from.length === 0 && node.top === undefined)
    return { sql: `DELETE FROM ${tableSql(table)}`, table };
  const scope = childScope(outer, from.sources, "where");
  const where = node.where === undefined ? "" : ` WHERE ${binder.condition(node.where, scope)}`;
  const found = `SELECT ${source.alias}.rowid FROM ${from.sql}${where}${topClause(binder, node.top, outer)}`;
  return { sql: `${prefix}DELETE FROM ${tableSql(table)} WHERE rowid IN (${found})`, table };
}
