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

export interface ViewObject extends ObjectFacts {
  kind: "view";
  text: string;
}

export interface ProcedureObject extends ObjectFacts {
  kind: "procedure";
  text: string;
}

export interface FunctionObject extends ObjectFacts {
  kind: "function";
  text: string;
}

export type CatalogueObject = TableObject | ViewObject | ProcedureObject | FunctionObject;

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
}

export function objectKey(schema: string, name: string): string {
  return `${schema.toLowerCase()}.${name.toLowerCase()}`;
}

export function findColumn(table: TableObject, name: string): CatalogueColumn | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}
