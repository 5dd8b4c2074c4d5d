// ALTER TABLE, RENAME OBJECT, indexes and statistics. Indexes are the catalogue's alone: they change
// no answer, and are kept to be shown back. Partitions are in partition.ts.
import type { EngineStatement } from "../../engine/port.ts";
import type { Name } from "../ast.ts";
import {
  type CatalogueColumn,
  type ExternalTableObject,
  findColumn,
  objectKey,
  type TableObject,
} from "../catalogue/model.ts";
import { dropObjectDocument } from "../catalogue/store.ts";
import { convert } from "../emit/conversion.ts";
import { tableSql } from "../emit/source.ts";
import { defaultValue } from "../emit/stored.ts";
import { quoteName } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import type { DefinitionStatement } from "../statement.ts";
import { storage } from "../type.ts";
import { changeCatalogue, cloned, mayAlter, remember, storing, timestamp } from "./define.ts";
import { alterable, catalogueColumn, keyOf } from "./define-table.ts";
import { findObject } from "./environment.ts";
import { expressionText } from "./expression-text.ts";
import { changeRange, switchPartition } from "./partition.ts";
import { bind } from "./query.ts";
import type { Events, Session } from "./state.ts";

type Alter = Extract<DefinitionStatement, { kind: "alterTable" }>;
type Action<K extends Alter["action"]["kind"]> = Extract<Alter["action"], { kind: K }>;

export async function* alterTable(session: Session, node: Alter, signal: AbortSignal): Events {
  const current = alterable(session, node.name);
  await changeCatalogue(session, node.at, signal, async () => {
    const table = cloned(current);
    table.modified = timestamp(session);
    const statements = await perform(session, node, table, signal);
    return {
      statements: [...statements, ...storing(table)],
      apply: () => remember(session, table),
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

async function perform(
  session: Session,
  node: Alter,
  table: TableObject,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  const { action } = node;
  switch (action.kind) {
    case "add":
      return add(session, node, action, table, signal);
    case "addDefault": {
      const column = findColumn(table, action.column) ?? fail(1911, node.at, action.column);
      column.default = {
        name: action.name ?? `Df_${table.name}_${column.name}`,
        text: expressionText(action.expression),
      };
      return [];
    }
    case "dropColumn":
      return action.columns.map((name) => dropColumn(node, table, name));
    case "dropConstraint":
      for (const name of action.names) dropConstraint(node, table, name);
      return [];
    case "alterColumn":
      return alterColumn(node, action, table);
    case "splitRange":
    case "mergeRange":
      return changeRange(session, node, action, table, signal);
    case "switch":
      return switchPartition(session, node, action, table, signal);
    case "rebuild":
      return [];
  }
}

async function add(
  session: Session,
  node: Alter,
  action: Action<"add">,
  table: TableObject,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  const statements: EngineStatement[] = [];
  for (const definition of action.columns) {
    if (findColumn(table, definition.name)) fail(2705, definition.at, definition.name, table.name);
    if (definition.identity !== undefined) refuseOption(definition.at, "ALTER TABLE ADD IDENTITY");
    const id = Math.max(0, ...table.columns.map((column) => column.id)) + 1;
    const column = catalogueColumn(definition, id, table.name, table.id);
    table.columns.push(column);
    statements.push(...(await addColumn(session, node, table, column, signal)));
  }
  action.keys.forEach((key, index) => {
    table.keys.push(keyOf(key, table.columns, table.name, table.id, table.keys.length + index));
  });
  return statements;
}

/** Rows that exist take the default of a NOT NULL column; without one there may be none (4901). */
async function addColumn(
  session: Session,
  node: Alter,
  table: TableObject,
  column: CatalogueColumn,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  const target = tableSql(table);
  const plain = `ALTER TABLE ${target} ADD COLUMN ${quoteName(column.name)} ${storage(column.type)}`;
  if (column.nullable) return [{ sql: plain }];
  if (column.default === undefined) {
    const { value } = await countRows(session, table, signal);
    if (value > 0) fail(4901, node.at, column.name, table.name);
    return [
      { sql: plain },
      { sql: `ALTER TABLE ${target} ALTER COLUMN ${quoteName(column.name)} SET NOT NULL` },
    ];
  }
  const { result: initial } = await bind(
    session,
    signal,
    (binder) => convert(defaultValue(binder, column), column.type, node.at).sql,
  );
  return [
    { sql: `${plain} DEFAULT ${initial}` },
    { sql: `ALTER TABLE ${target} ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT` },
    { sql: `ALTER TABLE ${target} ALTER COLUMN ${quoteName(column.name)} SET NOT NULL` },
  ];
}

async function countRows(
  session: Session,
  table: TableObject,
  signal: AbortSignal,
): Promise<{ value: number }> {
  for await (const block of session.connection.stream(
    { sql: `SELECT count(*) FROM ${tableSql(table)}` },
    signal,
  )) {
    return { value: Number(block.vectors[0]![0]) };
  }
  return { value: 0 };
}

function dropColumn(node: Alter, table: TableObject, name: string): EngineStatement {
  const column = findColumn(table, name) ?? fail(4924, node.at, name, table.name);
  if (column.default !== undefined) fail(5074, node.at, "object", column.default.name, column.name);
  const key = table.keys.find((candidate) =>
    candidate.columns.some((item) => item.toLowerCase() === name.toLowerCase()),
  );
  if (key !== undefined) fail(5074, node.at, "object", key.name, column.name);
  table.columns = table.columns.filter((candidate) => candidate !== column);
  return { sql: `ALTER TABLE ${tableSql(table)} DROP COLUMN ${quoteName(column.name)}` };
}

function dropConstraint(node: Alter, table: TableObject, name: string): void {
  const wanted = name.toLowerCase();
  const key = table.keys.find((candidate) => candidate.name.toLowerCase() === wanted);
  const column = table.columns.find(
    (candidate) => candidate.default?.name.toLowerCase() === wanted,
  );
  if (key === undefined && column === undefined) fail(3728, node.at, name);
  table.keys = table.keys.filter((candidate) => candidate !== key);
  if (column !== undefined) delete column.default;
}

function alterColumn(
  node: Alter,
  action: Action<"alterColumn">,
  table: TableObject,
): EngineStatement[] {
  const { column: definition } = action;
  const column =
    findColumn(table, definition.name) ?? fail(4925, node.at, definition.name, table.name);
  const value = { sql: quoteName(column.name), type: column.type, nullable: column.nullable };
  const target = `ALTER TABLE ${tableSql(table)} ALTER COLUMN ${quoteName(column.name)}`;
  const statements: EngineStatement[] = [
    { sql: `${target} DROP NOT NULL` },
    {
      sql: `${target} TYPE ${storage(definition.type)} USING ${convert(value, definition.type, node.at).sql}`,
    },
  ];
  column.type = definition.type;
  column.nullable = definition.nullable ?? true;
  if (definition.collation !== undefined) column.collation = definition.collation;
  if (!column.nullable) statements.push({ sql: `${target} SET NOT NULL` });
  return statements;
}

type Rename = Extract<DefinitionStatement, { kind: "renameObject" }>;

export async function* renameObject(session: Session, node: Rename, signal: AbortSignal): Events {
  const object = findObject(session, node.name);
  if (object === undefined || !mayAlter(session, object))
    return fail(15151, node.at, "find", "object", node.name.parts.join("."));
  await changeCatalogue(session, node.at, signal, () => {
    if (node.column !== undefined)
      return renameColumn(
        session,
        node,
        object.kind === "table" ? object : fail(4902, node.at, object.name),
      );
    const { catalogue } = session.database;
    if (catalogue.objects.has(objectKey(object.schema, node.to))) fail(2714, node.at, node.to);
    const renamed = { ...object, name: node.to, modified: timestamp(session) };
    const inEngine =
      object.kind === "table"
        ? [{ sql: `ALTER TABLE ${tableSql(object)} RENAME TO ${quoteName(node.to)}` }]
        : [];
    return {
      statements: [...inEngine, dropObjectDocument(object), ...storing(renamed)],
      apply() {
        catalogue.objects.delete(objectKey(object.schema, object.name));
        remember(session, renamed);
      },
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

function renameColumn(session: Session, node: Rename, current: TableObject) {
  const table = cloned(current);
  const column = findColumn(table, node.column!) ?? fail(207, node.at, node.column!);
  if (findColumn(table, node.to)) fail(2705, node.at, node.to, table.name);
  const sql = `ALTER TABLE ${tableSql(table)} RENAME COLUMN ${quoteName(column.name)} TO ${quoteName(node.to)}`;
  column.name = node.to;
  return { statements: [{ sql }, ...storing(table)], apply: () => remember(session, table) };
}

type IndexOrStatistics = Extract<
  DefinitionStatement,
  {
    kind:
      | "createIndex"
      | "alterIndex"
      | "dropIndex"
      | "createStatistics"
      | "updateStatistics"
      | "dropStatistics";
  }
>;

export async function* indexOrStatistics(
  session: Session,
  node: IndexOrStatistics,
  signal: AbortSignal,
): Events {
  const name =
    node.kind === "dropStatistics"
      ? { at: node.at, parts: node.name.parts.slice(0, -1) }
      : node.table;
  await changeCatalogue(session, node.at, signal, () => {
    const table = isIndex(node) ? indexed(session, node, name) : measured(session, node, name);
    return { statements: storing(table), apply: () => remember(session, table) };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

type Index = Extract<IndexOrStatistics, { kind: "createIndex" | "alterIndex" | "dropIndex" }>;

function isIndex(node: IndexOrStatistics): node is Index {
  return node.kind.endsWith("Index");
}

function same(entry: { name: string }, wanted: string): boolean {
  return entry.name.toLowerCase() === wanted.toLowerCase();
}

/** Indexes and statistics of a table have ids in one series. */
function nextId(table: TableObject | ExternalTableObject): number {
  const indexes = table.kind === "table" ? table.indexes : [];
  return Math.max(100, ...[...indexes, ...table.statistics].map((entry) => entry.id)) + 1;
}

/** The table with its statistics changed; an external one has some too. */
function measured(
  session: Session,
  node: Exclude<IndexOrStatistics, Index>,
  name: Name,
): TableObject | ExternalTableObject {
  const object = findObject(session, name);
  const isExternal = object?.kind === "externalTable" && mayAlter(session, object);
  const table = cloned(isExternal ? object : alterable(session, name));
  changeStatistics(node, table);
  return table;
}

function indexed(session: Session, node: Index, name: Name): TableObject {
  const table = cloned(alterable(session, name));
  changeIndex(node, table);
  return table;
}

function changeStatistics(
  node: Exclude<IndexOrStatistics, Index>,
  table: TableObject | ExternalTableObject,
): void {
  switch (node.kind) {
    case "createStatistics":
      if (table.statistics.some((entry) => same(entry, node.name)))
        fail(1927, node.at, node.name, table.name);
      for (const column of node.columns)
        if (!findColumn(table, column)) fail(1911, node.at, column);
      table.statistics.push({ id: nextId(table), name: node.name, columns: node.columns });
      return;
    case "dropStatistics": {
      const wanted = node.name.parts.at(-1)!;
      if (!table.statistics.some((entry) => same(entry, wanted)))
        fail(3701, node.at, "statistics", wanted);
      table.statistics = table.statistics.filter((entry) => !same(entry, wanted));
      return;
    }
    case "updateStatistics":
      return;
  }
}

function changeIndex(node: Index, table: TableObject): void {
  switch (node.kind) {
    case "createIndex":
      for (const { name } of node.columns) if (!findColumn(table, name)) fail(1911, node.at, name);
      if (node.index === "columnstore")
        table.index = { kind: "columnstore", order: node.columns.map((column) => column.name) };
      else if (node.index === "clustered")
        table.index = { kind: "clustered", columns: node.columns };
      else {
        if (table.indexes.some((entry) => same(entry, node.name)))
          fail(1913, node.at, node.name, table.name);
        table.indexes.push({ id: nextId(table), name: node.name, columns: node.columns });
      }
      return;
    case "dropIndex":
      if (table.indexes.some((entry) => same(entry, node.name)))
        table.indexes = table.indexes.filter((entry) => !same(entry, node.name));
      else if (table.index.kind !== "heap") table.index = { kind: "heap" };
      else fail(3701, node.at, "index", `${table.name}.${node.name}`);
      return;
    case "alterIndex":
      return;
  }
}
