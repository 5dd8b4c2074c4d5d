// What a pool's catalogue holds. DuckDB keeps the rows; names, T-SQL types and options live here.
import type { SqlType } from "../../session.ts";
import type { Distribution, TableIndex } from "../ast.ts";

export interface CatalogueColumn {
  id: number;
  name: string;
  type: SqlType;
  nullable: boolean;
  identity?: { seed: string; increment: string };
  default?: { name: string; text: string };
  collation?: string;
  mask?: string;
}

export interface CatalogueKey {
  name: string;
  kind: "primary" | "unique";
  columns: readonly string[];
}

export interface CatalogueStatistic {
  id: number;
  name: string;
  columns: readonly string[];
}

export interface CatalogueIndex {
  id: number;
  name: string;
  columns: readonly { name: string; descending: boolean }[];
}

interface ObjectFacts {
  id: number;
  schema: string;
  name: string;
  /** 100 ns ticks since 1970, as text because documents are JSON. */
  created: string;
  modified: string;
}

export interface TableObject extends ObjectFacts {
  kind: "table";
  columns: CatalogueColumn[];
  distribution: Distribution;
  index: TableIndex;
  partition?: { column: string; range: "left" | "right"; values: string[] };
  keys: CatalogueKey[];
  statistics: CatalogueStatistic[];
  indexes: CatalogueIndex[];
  /** A #table: it lives in its session's catalogue and in DuckDB's temp schema. */
  temporary: boolean;
}

/** Files of the lake as a table: names of its data source and file format, its place below the source. */
export interface ExternalTableObject extends ObjectFacts {
  kind: "externalTable";
  columns: CatalogueColumn[];
  location: string;
  dataSource: string;
  fileFormat: string;
  reject: RejectLimit;
  statistics: CatalogueStatistic[];
}

/** How many rows, or which share of each sample of rows, may not fit. */
export type RejectLimit =
  | { kind: "value"; most: number }
  | { kind: "percentage"; most: number; sample: number };

export interface ViewObject extends ObjectFacts {
  kind: "view";
  text: string;
  /** A materialized view: what its distribution is, and the tables that it holds fast. */
  materialized?: { distribution: Distribution; baseIds: readonly number[] };
}

export interface ProcedureObject extends ObjectFacts {
  kind: "procedure";
  text: string;
}

export interface FunctionObject extends ObjectFacts {
  kind: "function";
  text: string;
}

export type CatalogueObject =
  | TableObject
  | ExternalTableObject
  | ViewObject
  | ProcedureObject
  | FunctionObject;

/** Tables of the pool and of the lake alike: what has declared columns. */
export function isTable(
  object: CatalogueObject | undefined,
): object is TableObject | ExternalTableObject {
  return object?.kind === "table" || object?.kind === "externalTable";
}

/** A #table: nobody but its session has it. */
export function isTemporary(object: CatalogueObject): boolean {
  return object.kind === "table" && object.temporary;
}

/** What is kept as the text that made it. */
export function isModule(
  object: CatalogueObject,
): object is ViewObject | ProcedureObject | FunctionObject {
  return !isTable(object);
}

export interface ExternalDataSource {
  id: number;
  name: string;
  location: string;
  /** Its tables take a Parquet file's columns by place; those of a native source by name. */
  isHadoop: boolean;
  credential?: string;
}

export interface ExternalFileFormat {
  id: number;
  name: string;
  kind: "delimitedText" | "parquet";
  /** What stands between fields, and around texts; empty when nothing does. */
  fieldTerminator: string;
  stringDelimiter: string;
  firstRow: number;
  dateFormat?: string;
  useTypeDefault: boolean;
  encoding: "UTF8" | "UTF16";
  /** The codec's class name, as it was written. */
  compression?: string;
}

export interface ScopedCredential {
  id: number;
  name: string;
  identity: string;
  /** Sealed, in base64. */
  secret?: string;
  created: string;
  modified: string;
}

/** What external tables rest on: things of the database, outside its schemas, by lower-case name. */
export interface ExternalThings {
  dataSource: Map<string, ExternalDataSource>;
  fileFormat: Map<string, ExternalFileFormat>;
  credential: Map<string, ScopedCredential>;
  /** When the database's master key was made; secrets are sealed with the instance's key. */
  masterKey: Map<"master", { id: number; created: string }>;
}

export interface CatalogueSchema {
  id: number;
  name: string;
  owner: string;
}

export interface CataloguePrincipal {
  id: number;
  name: string;
  kind: "sqlUser" | "externalUser" | "externalGroup" | "role";
  /** Login name of a SQL user, object id of an external one. */
  login?: string;
  externalId?: string;
  defaultSchema?: string;
  /** Built in, so it can't be dropped. */
  fixed: boolean;
  owner: string;
  created: string;
}

export interface CataloguePermission {
  id: number;
  state: "grant" | "deny" | "grantWithOption";
  permission: string;
  class: "database" | "schema" | "object";
  /** Schema or object id, 0 for the database. */
  major: number;
  /** Column names for a permission on columns; empty for the whole object. */
  columns: readonly string[];
  grantee: string;
  grantor: string;
}

/** Mutable state of one database; `store.ts` writes each change to the pool's file. */
export interface Catalogue {
  database: string;
  nextId: number;
  schemas: Map<string, CatalogueSchema>;
  objects: Map<string, CatalogueObject>;
  principals: Map<string, CataloguePrincipal>;
  /** Role name to member names, both in lower case. */
  members: Map<string, Set<string>>;
  permissions: CataloguePermission[];
  external: ExternalThings;
}

export function objectKey(schema: string, name: string): string {
  return `${schema.toLowerCase()}.${name.toLowerCase()}`;
}

export function findColumn(
  table: { columns: readonly CatalogueColumn[] },
  name: string,
): CatalogueColumn | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}
