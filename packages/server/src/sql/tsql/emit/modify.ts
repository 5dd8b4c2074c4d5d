// INSERT, UPDATE, DELETE and MERGE as DuckDB SQL. Values meet their columns' types here: what is
// too long for a column is message 2628, what is not NULLable is left to the engine (515).
import type { SqlType } from "../../session.ts";
import type { Expression, Position, TableSource } from "../ast.ts";
import { type CatalogueColumn, findColumn, type TableObject } from "../catalogue/model.ts";
import { fail, refuseOption } from "../error.ts";
import { parseExpression } from "../parser/script.ts";
import type { Assignment, MergeClause, Statement } from "../statement.ts";
import { isBinary, isString, storage } from "../type.ts";
import { binary } from "./arithmetic.ts";
import { convert } from "./conversion.ts";
import { bindCommonTables } from "./query.ts";
import {
  type Binder,
  childScope,
  emptyScope,
  matches,
  type Relation,
  type Scope,
  type Source,
} from "./scope.ts";
import { bindFrom, bindSource, tableColumns, tableSql } from "./source.ts";
import { collationOf, quoteName, raise, type Value } from "./value.ts";

export interface InsertContext {
  /** Qualified name for messages: `pool.dbo.t`. */
  shownName: string;
  identityInsert: boolean;
  database: string;
}

/** The table behind a name that a statement changes. Raises 208, and 40517 for views. */
export function targetTable(
  binder: Binder,
  name: { at: Position; parts: readonly string[] },
): TableObject {
  const object = binder.env.find(name);
  if (object === undefined) {
    const isSystem =
      binder.env.systemView(name.parts.at(-2) ?? "", name.parts.at(-1)!) !== undefined;
    if (isSystem) fail(259, name.at);
    return fail(208, name.at, name.parts.join("."));
  }
  if (object.kind === "view") return refuseOption(name.at, "changing rows through a view");
  if (object.kind !== "table") return fail(208, name.at, name.parts.join("."));
  return object;
}

export function sequenceName(table: TableObject): string {
  return table.temporary
    ? quoteName(`identity ${table.id}`)
    : `${quoteName(table.schema)}.${quoteName(`identity ${table.id}`)}`;
}

/** A value on its way into a column. `sql` must be cheap to repeat: a column of a derived table. */
export function stored(
  value: Value,
  column: CatalogueColumn,
  shownName: string,
  at: Position | undefined,
): string {
  const { type } = column;
  if (
    !("length" in type) ||
    type.length === "max" ||
    value.bareNull ||
    !(isString(value.type) || isBinary(value.type))
  ) {
    return convert(value, type, at).sql;
  }
  const from = value.type as SqlType & { length: number | "max" };
  if (from.length !== "max" && from.length <= type.length) return convert(value, type, at).sql;
  const known = value.literal?.value;
  if (typeof known === "string" && known.replace(/ +$/, "").length <= type.length)
    return convert(value, type, at).sql;
  if (isBinary(type)) {
    const bytes = convert(value, { ...type, length: "max" } as SqlType, at).sql;
    return `CASE WHEN octet_length(${bytes}) > ${type.length} THEN ${raise(2628, quoteLiteral(shownName), quoteLiteral(column.name), "''")} ELSE ${bytes} END`;
  }
  const text = convert(
    value,
    { ...type, name: type.name.startsWith("n") ? "nvarchar" : "varchar", length: "max" } as SqlType,
    at,
  ).sql;
  const complaint = raise(
    2628,
    quoteLiteral(shownName),
    quoteLiteral(column.name),
    `left(${text}, ${Math.min(type.length, 100)})`,
  );
  const cut = `CASE WHEN length(rtrim(${text}, ' ')) > ${type.length} THEN ${complaint} ELSE left(${text}, ${type.length}) END`;
  return type.name === "char" || type.name === "nchar" ? `rpad(${cut}, ${type.length}, ' ')` : cut;
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

type InsertNode = Extract<Statement, { kind: "insert" }>;

/** Columns that an INSERT names, or all but the identity. */
function insertColumns(
  table: TableObject,
  node: InsertNode,
  context: InsertContext,
): CatalogueColumn[] {
  const identity = table.columns.find((column) => column.identity);
  if (node.columns === undefined) {
    if (identity !== undefined && context.identityInsert) fail(8101, node.at, context.shownName);
    return table.columns.filter((column) => column !== identity);
  }
  const seen = new Set<string>();
  const columns = node.columns.map(({ name, at }) => {
    if (seen.has(name.toLowerCase())) fail(264, at, name);
    seen.add(name.toLowerCase());
    return findColumn(table, name) ?? fail(207, at, name);
  });
  if (identity !== undefined && columns.includes(identity) !== context.identityInsert) {
    fail(context.identityInsert ? 545 : 544, node.at, table.name);
  }
  return columns;
}

/** `rows`: an already bound source, for INSERT … EXEC. */
export function insertSql(
  binder: Binder,
  node: InsertNode,
  context: InsertContext,
  rows?: Relation,
): { sql: string; table: TableObject } {
  const table = targetTable(binder, node.target);
  binder.env.authorize(
    "INSERT",
    table,
    (node.columns ?? []).map((column) => column.name),
    node.target.at,
  );
  const columns = insertColumns(table, node, context);
  const { ctes, prefix } = bindCommonTables(binder, node.ctes, emptyScope());
  const scope: Scope = { ...emptyScope(), ctes, clause: "select" };
  const names = table.columns.map((column) => quoteName(column.name)).join(", ");
  const source =
    node.source.kind === "values"
      ? valuesSource(binder, node, columns, scope, context)
      : relationSource(binder, node, columns, scope, context, rows);
  const list = table.columns.map(
    (column) => source.cells.get(column) ?? missing(binder, table, column),
  );
  return {
    sql: `INSERT INTO ${tableSql(table)} (${names}) ${prefix}SELECT ${list.join(", ")} FROM ${source.from}`,
    table,
  };
}

interface InsertSource {
  from: string;
  cells: Map<CatalogueColumn, string>;
}

/** Literal rows are converted here and now; each row's cell goes straight to its column's type. */
function valuesSource(
  binder: Binder,
  node: InsertNode,
  columns: readonly CatalogueColumn[],
  scope: Scope,
  context: InsertContext,
): InsertSource {
  const rows = node.source.kind === "values" ? node.source.rows : [];
  const list = rows.map((row) => {
    if (row.length !== columns.length)
      fail(insertMismatch(node, row.length, columns.length), node.at);
    const cells = row.map((item, index) => cell(binder, item, columns[index]!, scope, context));
    return `(${cells.join(", ")})`;
  });
  const names = columns.map((_, index) => `v${index + 1}`);
  return {
    from: `(VALUES ${list.join(", ")}) v(${names.join(", ")})`,
    cells: new Map(columns.map((column, index) => [column, `v.v${index + 1}`])),
  };
}

function cell(
  binder: Binder,
  item: Expression,
  column: CatalogueColumn,
  scope: Scope,
  context: InsertContext,
): string {
  const value = item.kind === "default" ? defaultValue(binder, column) : binder.value(item, scope);
  return stored(value, column, context.shownName, item.at);
}

function insertMismatch(node: InsertNode, given: number, wanted: number): number {
  if (node.columns === undefined) return 213;
  return given < wanted ? 109 : 110;
}

function relationSource(
  binder: Binder,
  node: InsertNode,
  columns: readonly CatalogueColumn[],
  scope: Scope,
  context: InsertContext,
  rows: Relation | undefined,
): InsertSource {
  if (node.source.kind === "defaults") {
    return {
      from: "(SELECT 1) q",
      cells: new Map(
        columns.map((column) => [
          column,
          stored(defaultValue(binder, column), column, context.shownName, node.at),
        ]),
      ),
    };
  }
  const relation =
    rows ??
    (node.source.kind === "query"
      ? binder.query(node.source.query, scope, { place: "insert" })
      : undefined);
  if (relation === undefined) throw new Error("INSERT without rows");
  if (relation.columns.length !== columns.length) {
    fail(
      node.columns === undefined ? 213 : relation.columns.length < columns.length ? 120 : 121,
      node.at,
    );
  }
  const cells = columns.map((column, index): [CatalogueColumn, string] => [
    column,
    stored(
      { sql: `q.c${index + 1}`, ...relation.columns[index]! },
      column,
      context.shownName,
      node.at,
    ),
  ]);
  return { from: `(${relation.sql}) q`, cells: new Map(cells) };
}

function missing(binder: Binder, table: TableObject, column: CatalogueColumn): string {
  if (column.identity !== undefined)
    return `CAST(nextval('${sequenceName(table).replaceAll("'", "''")}') AS ${storage(column.type)})`;
  return convert(defaultValue(binder, column), column.type, undefined).sql;
}

export function defaultValue(binder: Binder, column: CatalogueColumn): Value {
  if (column.default === undefined)
    return { sql: "NULL", type: column.type, nullable: true, bareNull: true };
  return binder.value(parseExpression(column.default.text), { ...emptyScope(), clause: "select" });
}

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
    if (source !== undefined) refuseOption(node.target.at, "changing rows of a derived table");
  }
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

function ownSource(
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

interface Change {
  column: CatalogueColumn;
  value: string;
  store(sql: string): string;
}

function change(
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

type MergeNode = Extract<Statement, { kind: "merge" }>;

/** DuckDB has MERGE; types, defaults and identity values are filled in here. */
export function mergeSql(
  binder: Binder,
  node: MergeNode,
  shownName: (table: TableObject) => string,
): { sql: string; table: TableObject } {
  const { ctes, prefix } = bindCommonTables(binder, node.ctes, emptyScope());
  const outer: Scope = { ...emptyScope(), ctes };
  const table = targetTable(binder, node.target);
  const target = ownSource(binder, table, node.alias);
  const using = bindSource(binder, node.source, outer, []);
  const scope = childScope(outer, [target.source, ...using.sources], "on");
  const onlySource = childScope(outer, using.sources, "on");
  const on = binder.condition(node.on, scope);
  const clauses = node.clauses.map((clause) =>
    mergeClause(binder, clause, {
      table,
      source: target.source,
      scope,
      onlySource,
      shownName: shownName(table),
    }),
  );
  return {
    sql: `${prefix}MERGE INTO ${target.sql.replace(/ (\S+)$/, " AS $1")} USING ${using.sql} ON ${on} ${clauses.join(" ")}`,
    table,
  };
}

interface MergeContext {
  table: TableObject;
  source: Source;
  scope: Scope;
  onlySource: Scope;
  shownName: string;
}

function mergeClause(binder: Binder, clause: MergeClause, context: MergeContext): string {
  const { table, scope, onlySource } = context;
  const words = {
    matched: "MATCHED",
    notMatched: "NOT MATCHED BY TARGET",
    notMatchedBySource: "NOT MATCHED BY SOURCE",
  };
  const reach = clause.match === "notMatched" ? onlySource : scope;
  const extra =
    clause.condition === undefined ? "" : ` AND ${binder.condition(clause.condition, reach)}`;
  const { action } = clause;
  const head = `WHEN ${words[clause.match]}${extra} THEN`;
  if (action.kind === "delete") {
    binder.env.authorize("DELETE", table, [], clause.at);
    return `${head} DELETE`;
  }
  if (action.kind === "update") {
    binder.env.authorize(
      "UPDATE",
      table,
      action.set.map((item) => item.column ?? ""),
      clause.at,
    );
    const set = action.set.map((item) => {
      const changed = change(binder, item, table, context.source, reach, context.shownName);
      return `${quoteName(changed.column.name)} = ${changed.store(changed.value)}`;
    });
    return `${head} UPDATE SET ${set.join(", ")}`;
  }
  binder.env.authorize("INSERT", table, [], clause.at);
  const columns =
    action.columns?.map(({ name, at }) => findColumn(table, name) ?? fail(207, at, name)) ??
    table.columns.filter((column) => column.identity === undefined);
  if (action.values !== undefined && action.values.length !== columns.length)
    fail(action.values.length < columns.length ? 109 : 110, clause.at);
  const cells = table.columns.map((column) => {
    const item = action.values?.[columns.indexOf(column)];
    if (item === undefined) return missing(binder, table, column);
    return cell(
      binder,
      item,
      column,
      { ...onlySource, clause: "select" },
      { shownName: context.shownName, identityInsert: false, database: "" },
    );
  });
  return `${head} INSERT (${table.columns.map((column) => quoteName(column.name)).join(", ")}) VALUES (${cells.join(", ")})`;
}
