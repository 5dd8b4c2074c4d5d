// INSERT as DuckDB SQL.
import { type CatalogueColumn, findColumn, type TableObject } from "../catalogue/model.ts";
import { fail } from "../error.ts";
import type { Statement } from "../statement.ts";
import { bindCommonTables } from "./query.ts";
import { type Binder, emptyScope, type Relation, type Scope } from "./scope.ts";
import { tableSql } from "./source.ts";
import { cell, defaultValue, type InsertContext, missing, stored, targetTable } from "./stored.ts";
import { quoteName } from "./value.ts";

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
  if (node.source.kind === "defaults" && rows === undefined) {
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
