// SQL pools of the workspace, and what is in a database: by the same catalogue views that every SQL
// client reads, as the signed-in person.

import { queryOptions } from "@tanstack/react-query";
import { listAll } from "../../api/page.ts";
import type { Resource } from "../../api/resource.ts";
import { artifactsVersion, synapseEndpoint } from "../workspace.ts";
import { queryRows, type SqlRow } from "./query.ts";

export type SqlPool = Resource<{ readonly status?: string }>;

/** One place in the tree, and the key of everything read from it. */
export interface Database {
  readonly workspace: string;
  readonly database: string;
}

export function sqlPoolsQuery(workspace: string) {
  return queryOptions({
    queryKey: ["synapse", workspace.toLowerCase(), "sqlPools"],
    queryFn: ({ signal }) =>
      listAll<SqlPool>(
        synapseEndpoint(workspace),
        `/sqlPools?api-version=${artifactsVersion}`,
        signal,
      ),
  });
}

/** Catalogue of a database; ends the key so that a script that changes it can refresh it. */
export function catalogKey({ workspace, database }: Database) {
  return ["sql", workspace.toLowerCase(), database.toLowerCase()] as const;
}

/** A list of the catalogue, as TanStack Query asks for it. */
export interface CatalogQuery<Item> {
  readonly queryKey: readonly unknown[];
  queryFn(context: { signal: AbortSignal }): Promise<Item[]>;
}

function catalogQuery<Item>(
  place: Database,
  options: { what: string; query: string; read(row: SqlRow): Item },
): CatalogQuery<Item> {
  return {
    queryKey: [...catalogKey(place), options.what],
    queryFn: async ({ signal }) =>
      (await queryRows({ ...place, query: options.query, signal })).map(options.read),
  };
}

export interface SqlObject {
  readonly schema: string;
  readonly name: string;
}

const readObject = (row: SqlRow): SqlObject => ({
  schema: String(row.schema_name),
  name: String(row.object_name),
});

const views = {
  tables: "sys.tables",
  views: "sys.views",
  procedures: "sys.procedures",
} as const;

export type ObjectKind = keyof typeof views;

export function objectsQuery(place: Database, kind: ObjectKind) {
  return catalogQuery(place, {
    what: kind,
    query: `SELECT s.name AS schema_name, o.name AS object_name
FROM ${views[kind]} AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
ORDER BY s.name, o.name`,
    read: readObject,
  });
}

export function schemasQuery(place: Database) {
  return catalogQuery(place, {
    what: "schemas",
    query: "SELECT name FROM sys.schemas ORDER BY name",
    read: ({ name }) => String(name),
  });
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

export function columnsQuery(place: Database, { schema, name }: SqlObject) {
  return catalogQuery(place, {
    what: `columns ${schema}.${name}`,
    query: `SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, IS_NULLABLE
FROM INFORMATION_SCHEMA.COLUMNS
WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(name)}
ORDER BY ORDINAL_POSITION`,
    read: readColumn,
  });
}

function readColumn(row: SqlRow): TableColumn {
  const type = String(row.DATA_TYPE);
  const length = row.CHARACTER_MAXIMUM_LENGTH;
  return {
    name: String(row.COLUMN_NAME),
    type: /^(decimal|numeric)$/.test(type)
      ? `${type}(${row.NUMERIC_PRECISION}, ${row.NUMERIC_SCALE})`
      : length === null
        ? type
        : `${type}(${length === -1 ? "max" : length})`,
    isNullable: row.IS_NULLABLE === "YES",
  };
}

/** A T-SQL string. */
function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

/** `[dbo].[trips]` */
export function bracketed({ schema, name }: SqlObject): string {
  return [schema, name].map((part) => `[${part.replaceAll("]", "]]")}]`).join(".");
}
