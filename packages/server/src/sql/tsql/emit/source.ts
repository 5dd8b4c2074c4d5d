// FROM: tables, views, CTEs, derived tables, joins, APPLY. The rest is in table-function.ts,
// pivot.ts and predict.ts.
import { poolDatabase } from "../../engine/port.ts";
import type { Expression, TableSource } from "../ast.ts";
import {
  type CatalogueColumn,
  type CatalogueObject,
  isTable,
  isTemporary,
  type TableObject,
  type ViewObject,
} from "../catalogue/model.ts";
import { fail, refuseOption } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import { type BoundFrom, derived } from "./bound-from.ts";
import { commonType } from "./common-type.ts";
import { convert } from "./conversion.ts";
import { externalRows } from "./external-table.ts";
import { textTableSql } from "./memory-table.ts";
import { bindOpenRowset } from "./openrowset.ts";
import { bindPivot, bindUnpivot } from "./pivot.ts";
import { bindPredict } from "./predict.ts";
import { namedColumnsOf } from "./relation.ts";
import {
  type Binder,
  childScope,
  emptyScope,
  type Relation,
  type RelationColumn,
  type Scope,
  type ScopeColumn,
  type Source,
} from "./scope.ts";
import { bindTableFunction } from "./table-function.ts";
import { collationOf, quoteName, type Value } from "./value.ts";

/** Comma-separated sources are a cross join. */
export function bindFrom(binder: Binder, sources: readonly TableSource[], outer: Scope): BoundFrom {
  let bound: BoundFrom = { sql: "", sources: [] };
  for (const source of sources) {
    const next = bindSource(binder, source, outer, bound.sources);
    bound = {
      sql: bound.sql === "" ? next.sql : `${bound.sql} CROSS JOIN ${next.sql}`,
      sources: [...bound.sources, ...next.sources],
    };
  }
  checkExposedNames(bound.sources, sources[0]);
  return bound;
}

function checkExposedNames(sources: readonly Source[], first: TableSource | undefined): void {
  const seen = new Map<string, Source>();
  for (const source of sources) {
    const key = `${source.schema ?? ""}.${source.name}`.toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      if (source.schema === undefined) fail(1011, first?.at, source.name);
      fail(1013, first?.at, source.name, other.name);
    }
    seen.set(key, source);
  }
}

/** `before`: sources to the left, which APPLY may refer to. */
export function bindSource(
  binder: Binder,
  source: TableSource,
  outer: Scope,
  before: readonly Source[],
): BoundFrom {
  switch (source.kind) {
    case "table":
      return bindTable(binder, source, outer);
    case "tableVariable":
      return refuseOption(source.at, "table variable");
    case "derived": {
      const relation = binder.query(source.query, outer, { place: "nested" });
      return derived(binder, relation, source.alias, source.at);
    }
    case "values":
      return bindValues(binder, source, outer);
    case "join":
      return bindJoin(binder, source, outer, before);
    case "function":
      return bindTableFunction(binder, source, childScope(outer, before, "on"));
    case "openrowset":
      return bindOpenRowset(binder, source);
    case "predict":
      if (binder.env.isServerless) refuseOption(source.at, "PREDICT in a serverless SQL pool");
      return bindPredict(binder, source, {
        data: bindSource(binder, source.predict.data, outer, before),
        parameters: outer.variables,
        isFiltered: outer.isFiltered !== false,
      });
    case "pivot":
      return bindPivot(binder, source, bindSource(binder, source.source, outer, before), outer);
    case "unpivot":
      return bindUnpivot(binder, source, bindSource(binder, source.source, outer, before));
  }
}

type TableNode = Extract<TableSource, { kind: "table" }>;

function bindTable(binder: Binder, node: TableNode, outer: Scope): BoundFrom {
  const { parts } = node.name;
  const own = parts.at(-1)!;
  const cte = parts.length === 1 ? outer.ctes.get(own.toLowerCase()) : undefined;
  if (cte !== undefined) {
    return exposed(
      binder,
      node,
      cte.sqlName,
      cte.columns.map((column, index) => ({ ...column, column: `c${index + 1}` })),
      undefined,
    );
  }
  const object = binder.env.find(node.name);
  if (object === undefined) {
    const view = binder.env.systemView(parts.at(-2) ?? "", own, parts.at(-3));
    if (view === undefined) return fail(208, node.at, parts.join("."));
    return exposed(
      binder,
      node,
      textTableSql(view),
      view.columns.map((column, index) => ({ ...column, column: `c${index + 1}` })),
      undefined,
    );
  }
  if (isTable(object) || object.kind === "view")
    binder.env.authorize("SELECT", object, [], node.at);
  if (object.kind === "table")
    return exposed(binder, node, tableSql(object), tableColumns(object), object);
  if (object.kind === "externalTable") {
    const columns = object.columns.map((column, index) => ({
      ...scopeColumn(column),
      column: `c${index + 1}`,
    }));
    return exposed(binder, node, externalRows(binder, object, node.at), columns, object);
  }
  if (object.kind === "view") return bindView(binder, node, object);
  return fail(208, node.at, parts.join("."));
}

export function tableSql(table: TableObject): string {
  return table.temporary
    ? `temp.main.${quoteName(table.name)}`
    : `${poolDatabase}.${quoteName(table.schema)}.${quoteName(table.name)}`;
}

export function tableColumns(table: TableObject): (RelationColumn & { column: string })[] {
  return table.columns.map((column) => ({
    ...scopeColumn(column),
    column: quoteName(column.name),
  }));
}

function scopeColumn({ name, type, nullable, collation: given }: CatalogueColumn): RelationColumn {
  const collation = given === undefined ? undefined : collationOf(given);
  const isPlain = collation === undefined || collation === "insensitive";
  return { name, type, nullable, ...(isPlain ? {} : { collation }) };
}

function exposed(
  binder: Binder,
  node: TableNode,
  sql: string,
  columns: readonly (RelationColumn & { column: string })[],
  object: CatalogueObject | undefined,
): BoundFrom {
  const sqlAlias = binder.env.alias("s");
  const renamed = node.alias?.columns;
  if (renamed !== undefined && renamed.length !== columns.length) {
    fail(renamed.length > columns.length ? 8159 : 8158, node.at, node.alias!.name);
  }
  const scoped = columns.map(
    ({ column, ...rest }, index): ScopeColumn => ({
      ...rest,
      name: renamed?.[index] ?? rest.name,
      sql: `${sqlAlias}.${column}`,
    }),
  );
  const parts = node.name.parts;
  const schema =
    node.alias === undefined && object !== undefined && !isTemporary(object)
      ? object.schema
      : node.alias === undefined
        ? parts.at(-2)
        : undefined;
  return {
    sql: `${sql} ${sqlAlias}`,
    sources: [
      {
        name: node.alias?.name ?? parts.at(-1)!,
        schema: schema === "" ? undefined : schema,
        alias: sqlAlias,
        columns: scoped,
        object,
      },
    ],
  };
}

/** A view is its query, bound anew; its tables are read with the view owner's right. */
function bindView(binder: Binder, node: TableNode, view: ViewObject): BoundFrom {
  const relation = viewRelation(binder, view);
  const columns = relation.columns.map((column, index) => ({ ...column, column: `c${index + 1}` }));
  return exposed(binder, node, `(${relation.sql})`, columns, view);
}

export function viewRelation(binder: Binder, view: ViewObject): Relation {
  const [statement] = parseBatch(view.text);
  if (statement?.kind !== "createView") throw new Error("a stored view is not a view");
  const relation = binder.env.chained(() =>
    binder.query(statement.query, emptyScope(), { place: "nested" }),
  );
  return {
    ...relation,
    columns: namedColumnsOf(relation, statement.columns, view.name, statement.at),
  };
}

function bindValues(
  binder: Binder,
  node: Extract<TableSource, { kind: "values" }>,
  outer: Scope,
): BoundFrom {
  const relation = valuesRelation(binder, node.rows, { ...outer, clause: "select" });
  return derived(binder, relation, node.alias, node.at);
}

/** Rows of a table value constructor; each column takes the common type of its values. */
export function valuesRelation(
  binder: Binder,
  rows: readonly (readonly Expression[])[],
  scope: Scope,
): Relation {
  const width = rows[0]!.length;
  for (const row of rows) if (row.length !== width) fail(10709, row[0]?.at);
  const values = rows.map((row) => row.map((item) => binder.value(item, scope)));
  const columns = rows[0]!.map((first, index): RelationColumn => {
    const column = values.map((row) => row[index]!);
    const bare = column.every((value) => value.bareNull);
    const type = bare ? ({ name: "int" } as const) : commonType(column, first.at);
    return {
      name: undefined,
      type,
      nullable: column.some((value) => value.nullable),
      ...(bare ? { bareNull: true } : {}),
    };
  });
  const shown = values.map(
    (row) => `(${row.map((value, index) => cell(value, columns[index]!)).join(", ")})`,
  );
  const names = columns.map((_, index) => `c${index + 1}`).join(", ");
  return { sql: `SELECT * FROM (VALUES ${shown.join(", ")}) v(${names})`, columns };
}

function cell(value: Value, column: RelationColumn): string {
  return convert(value, column.type, undefined).sql;
}

function bindJoin(
  binder: Binder,
  node: Extract<TableSource, { kind: "join" }>,
  outer: Scope,
  before: readonly Source[],
): BoundFrom {
  const left = bindSource(binder, node.left, outer, before);
  if (node.join === "crossApply" || node.join === "outerApply") {
    const reach = childScope(outer, [...before, ...left.sources], "on");
    const right = bindSource(binder, node.right, reach, [...before, ...left.sources]);
    const lateral = right.sql.startsWith("(") ? `LATERAL ${right.sql}` : right.sql;
    const word = node.join === "crossApply" ? "JOIN" : "LEFT JOIN";
    return {
      sql: `${left.sql} ${word} ${lateral} ON true`,
      sources: withNulls(
        node.join === "outerApply" ? "left" : "cross",
        left.sources,
        right.sources,
      ),
    };
  }
  const right = bindSource(binder, node.right, outer, before);
  const sources = [...left.sources, ...right.sources];
  const rightSql = node.right.kind === "join" ? `(${right.sql})` : right.sql;
  if (node.join === "cross") return { sql: `${left.sql} CROSS JOIN ${rightSql}`, sources };
  const on = binder.condition(node.on!, childScope(outer, [...before, ...sources], "on"));
  const word = { inner: "JOIN", left: "LEFT JOIN", right: "RIGHT JOIN", full: "FULL JOIN" }[
    node.join
  ];
  return {
    sql: `${left.sql} ${word} ${rightSql} ON ${on}`,
    sources: withNulls(node.join, left.sources, right.sources),
  };
}

/** The side that an outer join may leave empty has nullable columns. */
function withNulls(join: string, left: readonly Source[], right: readonly Source[]): Source[] {
  const loosen = (sources: readonly Source[]): Source[] =>
    sources.map((source) => ({
      ...source,
      columns: source.columns.map((column) => ({ ...column, nullable: true })),
    }));
  return [
    ...(join === "right" || join === "full" ? loosen(left) : left),
    ...(join === "left" || join === "full" ? loosen(right) : right),
  ];
}
