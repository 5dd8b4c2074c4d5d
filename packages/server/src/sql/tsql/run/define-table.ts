// CREATE TABLE, CTAS, SELECT INTO, DROP TABLE, TRUNCATE.
// Defaults of the service: round-robin distribution, clustered columnstore index; CTAS and temp too.
import type { EngineStatement } from "../../engine/port.ts";
import type {
  ColumnDefinition,
  KeyConstraint,
  Name,
  Position,
  Query,
  TableOptions,
  TablePartition,
} from "../ast.ts";
import type { CatalogueColumn, TableObject } from "../catalogue/model.ts";
import { sameBoundary, sortedBoundaries } from "../emit/partition.ts";
import { namedColumnsOf } from "../emit/relation.ts";
import { emptyScope } from "../emit/scope.ts";
import { tableSql } from "../emit/source.ts";
import { sequenceName } from "../emit/stored.ts";
import { collationOf, quoteName } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import type { DefinitionStatement } from "../statement.ts";
import { isInteger, isString, storage } from "../type.ts";
import {
  changeCatalogue,
  mayAlter,
  placeOf,
  remember,
  requireCreate,
  requireFree,
  requireNoTransaction,
  storing,
  takeId,
  timestamp,
} from "./define.ts";
import { findObject } from "./environment.ts";
import { expressionText } from "./expression-text.ts";
import { bind, evaluate, runAtomically, statementOf } from "./query.ts";
import { doneWith } from "./row-count.ts";
import { type Events, frameOf, type Session } from "./state.ts";

type CreateTable = Extract<DefinitionStatement, { kind: "createTable" }>;
type CreateTableAs = Extract<DefinitionStatement, { kind: "createTableAs" }>;

export async function* createTable(
  session: Session,
  node: CreateTable,
  signal: AbortSignal,
): Events {
  const values = await partitionValues(session, node.options, signal);
  await changeCatalogue(session, node.at, signal, () => {
    const place = placeOf(session, node.name);
    requireCreate(session, place, "CREATE TABLE", node.at);
    requireFree(session, place, node.at);
    const id = takeId(session);
    const columns = node.columns.map((column, index) =>
      catalogueColumn(column, index + 1, place.name, id),
    );
    checkColumns(columns, node.columns, place.name, node.at);
    const table: TableObject = {
      ...tableFacts(session, place, id),
      columns,
      ...structure(node.options, columns, node.at, values),
      keys: node.keys.map((key, index) => keyOf(key, columns, place.name, id, index)),
    };
    return {
      statements: [...creation(table), ...storing(table)],
      apply: () => remember(session, table),
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

function tableFacts(
  session: Session,
  place: { schema: string; name: string; temporary: boolean },
  id: number,
) {
  const now = timestamp(session);
  return {
    kind: "table" as const,
    id,
    ...place,
    created: now,
    modified: now,
    statistics: [],
    indexes: [],
    keys: [],
  };
}

export function catalogueColumn(
  column: ColumnDefinition,
  id: number,
  table: string,
  tableId: number,
): CatalogueColumn {
  if (
    column.collation !== undefined &&
    (!isString(column.type) || collationOf(column.collation) === undefined)
  )
    fail(448, column.at, column.collation);
  const isKey = column.keys.some((key) => key.kind === "primary");
  const result: CatalogueColumn = {
    id,
    name: column.name,
    type: column.type,
    nullable: column.nullable ?? !(isKey || column.identity !== undefined),
  };
  if (column.identity !== undefined) {
    const whole =
      isInteger(column.type) || (column.type.name === "decimal" && column.type.scale === 0);
    if (!whole || column.nullable === true) fail(2749, column.at, column.name);
    result.identity = {
      seed: String(column.identity.seed),
      increment: String(column.identity.increment),
    };
  }
  if (column.default !== undefined) {
    result.default = {
      name: column.default.name ?? `Df_${table}_${column.name}_${tableId}`,
      text: expressionText(column.default.expression),
    };
  }
  if (column.collation !== undefined) result.collation = column.collation;
  if (column.mask !== undefined) refuseOption(column.at, "MASKED WITH");
  return result;
}

export function checkColumns(
  columns: readonly CatalogueColumn[],
  nodes: readonly ColumnDefinition[],
  table: string,
  at: Position,
): void {
  const seen = new Set<string>();
  columns.forEach((column, index) => {
    const key = column.name.toLowerCase();
    if (seen.has(key)) fail(2705, nodes[index]?.at ?? at, column.name, table);
    seen.add(key);
  });
}

function structure(
  options: TableOptions,
  columns: readonly CatalogueColumn[],
  at: Position,
  values: readonly string[],
): Pick<TableObject, "distribution" | "index" | "partition"> {
  const distribution = options.distribution ?? { kind: "roundRobin" };
  const index = options.index ?? { kind: "columnstore", order: [] };
  const known = (name: string, number: number): void => {
    if (!columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      fail(number, at, name);
  };
  if (distribution.kind === "hash") for (const name of distribution.columns) known(name, 106103);
  if (index.kind === "clustered") for (const { name } of index.columns) known(name, 1911);
  if (index.kind === "columnstore") for (const name of index.order) known(name, 1911);
  const { partition } = options;
  if (partition === undefined) return { distribution, index };
  known(partition.column, 1911);
  return {
    distribution,
    index,
    partition: {
      column: partition.column,
      range: partition.range,
      values: boundariesOf(partition, columns, values),
    },
  };
}

function boundariesOf(
  partition: TablePartition,
  columns: readonly CatalogueColumn[],
  values: readonly string[],
): string[] {
  const wanted = partition.column.toLowerCase();
  const { type } = columns.find((column) => column.name.toLowerCase() === wanted)!;
  const sorted = sortedBoundaries(values, type);
  sorted.forEach((value, index) => {
    const next = sorted[index + 1];
    if (next === undefined || !sameBoundary(value, next, type)) return;
    fail(7708, partition.values[0]!.at, index + 1, index + 2);
  });
  return sorted;
}

/** Boundary values are kept as text. */
async function partitionValues(
  session: Session,
  options: TableOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const values: string[] = [];
  for (const expression of options.partition?.values ?? []) {
    const { value } = await evaluate(session, expression, signal, {
      name: "nvarchar",
      length: 4000,
    });
    values.push(String(value));
  }
  return values;
}

export function keyOf(
  key: KeyConstraint,
  columns: readonly CatalogueColumn[],
  table: string,
  id: number,
  index: number,
) {
  for (const name of key.columns)
    if (!columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      fail(1911, key.at, name);
  return {
    name: key.name ?? `${key.kind === "primary" ? "PK" : "UQ"}_${table}_${id + index}`,
    kind: key.kind,
    columns: key.columns,
  };
}

export function columnSql(column: CatalogueColumn): string {
  return `${quoteName(column.name)} ${storage(column.type)}${column.nullable ? "" : " NOT NULL"}`;
}

/** DuckDB's own statements for a table: it and, for an identity, its sequence. */
export function creation(table: TableObject): EngineStatement[] {
  const word = table.temporary ? "TEMP TABLE" : "TABLE";
  const columns = table.columns.map(columnSql).join(", ");
  return [{ sql: `CREATE ${word} ${tableSql(table)} (${columns})` }, ...sequences(table)];
}

function sequences(table: TableObject): EngineStatement[] {
  const identity = table.columns.find((column) => column.identity)?.identity;
  if (identity === undefined) return [];
  const bounds =
    BigInt(identity.increment) < 0n
      ? "MINVALUE -9223372036854775808 MAXVALUE 9223372036854775807"
      : "MINVALUE -9223372036854775808";
  return [
    {
      sql: `CREATE ${table.temporary ? "TEMP " : ""}SEQUENCE ${sequenceName(table)} INCREMENT BY ${identity.increment} ${bounds} START WITH ${identity.seed}`,
    },
  ];
}

/** CTAS and SELECT INTO; types and nullability come from the query. */
export async function* createTableAs(
  session: Session,
  node: Pick<CreateTableAs, "at" | "name" | "columns" | "options" | "query">,
  signal: AbortSignal,
): Events {
  requireNoTransaction(session, node.at);
  const values = await partitionValues(session, node.options, signal);
  const place = placeOf(session, node.name);
  requireCreate(session, place, "CREATE TABLE", node.at);
  const { result: relation, env } = await bind(session, signal, (binder) =>
    binder.query(node.query, emptyScope(), { place: "insert" }),
  );
  let changed = 0;
  await session.database.exclusive(async () => {
    requireFree(session, place, node.at);
    const id = takeId(session);
    const columns = namedColumnsOf(relation, node.columns, place.name, node.at).map(
      (column, index): CatalogueColumn => ({
        id: index + 1,
        name: column.name!,
        type: column.type,
        nullable: column.nullable,
      }),
    );
    const table: TableObject = {
      ...tableFacts(session, place, id),
      columns,
      ...structure(node.options, columns, node.at, values),
    };
    const list = columns.map((column, index) =>
      relation.columns[index]!.bareNull
        ? `CAST(q.c${index + 1} AS ${storage(column.type)})`
        : `q.c${index + 1}`,
    );
    const fill = statementOf(
      env,
      `INSERT INTO ${tableSql(table)} SELECT ${list.join(", ")} FROM (${relation.sql}) q`,
    );
    changed = await runAtomically(
      session,
      [...storing(table), ...creation(table), fill],
      node.at,
      signal,
    );
    remember(session, table);
  });
  yield doneWith(session, "insert", changed);
  return "normal";
}

/** SELECT … INTO is CTAS with the INTO taken out of the query. */
export function selectInto(
  session: Session,
  query: Query,
  into: Name,
  signal: AbortSignal,
): Events {
  const body = query.body.kind === "select" ? { ...query.body, into: undefined } : query.body;
  const options: TableOptions = { distribution: undefined, index: undefined, partition: undefined };
  return createTableAs(
    session,
    { at: query.at, name: into, columns: undefined, options, query: { ...query, body } },
    signal,
  );
}

export function dropping(table: TableObject): EngineStatement[] {
  const hasIdentity = table.columns.some((column) => column.identity);
  return [
    { sql: `DROP TABLE ${tableSql(table)}` },
    ...(hasIdentity ? [{ sql: `DROP SEQUENCE ${sequenceName(table)}` }] : []),
  ];
}

/** The table that ALTER, TRUNCATE or RENAME changes; 4902 when there is none that one may change. */
export function alterable(session: Session, name: Name, number = 4902): TableObject {
  const object = findObject(session, name);
  if (object?.kind !== "table" || !(frameOf(session).chained || mayAlter(session, object)))
    return fail(number, name.at, name.parts.join("."));
  return object;
}

export async function* truncate(
  session: Session,
  node: Extract<DefinitionStatement, { kind: "truncate" }>,
  signal: AbortSignal,
): Events {
  const table = alterable(session, node.name, 4701);
  await changeCatalogue(session, node.at, signal, () => {
    const identity = table.columns.find((column) => column.identity);
    const reset =
      identity === undefined
        ? []
        : [{ sql: `DROP SEQUENCE ${sequenceName(table)}` }, ...sequences(table)];
    return { statements: [{ sql: `DELETE FROM ${tableSql(table)}` }, ...reset], apply: () => {} };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}
