// Names in reach of an expression: the row sources of its query, then those of the queries around.
import type { SqlType } from "../../session.ts";
import type { Expression, Query } from "../ast.ts";
import type { CatalogueObject } from "../catalogue/model.ts";
import { fail } from "../error.ts";
import type { Environment } from "./environment.ts";
import type { Value } from "./value.ts";

export interface ScopeColumn extends Value {
  name: string | undefined;
}

export interface Source {
  /** Alias, or the table's own name. */
  name: string;
  schema: string | undefined;
  /** The SQL alias of the source in the emitted FROM. */
  alias: string;
  columns: readonly ScopeColumn[];
  /** The table behind the source, where it is one; its columns are checked on use. */
  object: CatalogueObject | undefined;
}

export type Clause = "select" | "where" | "having" | "order" | "group" | "on" | "other";

export interface Grouping {
  /** SQL of each GROUP BY expression to what stands for it above the grouping. */
  keys: ReadonlyMap<string, string>;
  /** ROLLUP, CUBE or GROUPING SETS: every key is NULL in some rows. */
  rolled: boolean;
  /** The rows that are grouped: what aggregates look at. */
  inner: Scope;
}

export interface Scope {
  parent: Scope | undefined;
  sources: readonly Source[];
  ctes: ReadonlyMap<string, CteBinding>;
  clause: Clause;
  grouping: Grouping | undefined;
  /** Parameters of an inlined function. */
  variables: ReadonlyMap<string, Value> | undefined;
  /** False where every row of what is bound here is asked for: no WHERE and no join keeps only some. */
  isFiltered?: boolean;
}

export interface CteBinding {
  sqlName: string;
  columns: readonly RelationColumn[];
}

export interface RelationColumn {
  name: string | undefined;
  type: SqlType;
  nullable: boolean;
  collation?: NonNullable<Value["collation"]>;
  /** Only ever NULL, so that a set operation takes the other side's type. */
  bareNull?: boolean;
}

/** A bound query: its SQL answers columns c1 … cn of these types. */
export interface Relation {
  sql: string;
  columns: readonly RelationColumn[];
}

/** The rules that refer back to each other across files of emit/; binder.ts ties the knot. */
export interface Binder {
  env: Environment;
  value(expression: Expression, scope: Scope): Value;
  condition(expression: Expression, scope: Scope): string;
  query(query: Query, scope: Scope, use: QueryUse): Relation;
}

export interface QueryUse {
  /** ORDER BY without TOP means nothing below the top, and is refused there (message 1033). */
  place: "top" | "nested" | "insert";
  /** Rewrites the final columns, for the wire. */
  project?: (sql: string, column: RelationColumn) => string;
}

export function emptyScope(): Scope {
  return {
    parent: undefined,
    sources: [],
    ctes: new Map(),
    clause: "other",
    grouping: undefined,
    variables: undefined,
  };
}

export function childScope(parent: Scope, sources: readonly Source[], clause: Clause): Scope {
  return {
    parent,
    sources,
    ctes: parent.ctes,
    clause,
    grouping: undefined,
    variables: parent.variables,
  };
}

export interface Found {
  column: ScopeColumn;
  source: Source;
  scope: Scope;
}

/** Finds a column by its parts, innermost query first. Raises 207, 209 or 4104. */
export function resolveColumn(
  expression: Extract<Expression, { kind: "column" }>,
  scope: Scope,
): Found {
  const { parts, at } = expression;
  const columnName = parts.at(-1)!.toLowerCase();
  const qualifier = parts.slice(0, -1);
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    const candidates =
      qualifier.length === 0
        ? current.sources
        : current.sources.filter((source) => matches(source, qualifier));
    const found = candidates.flatMap((source) =>
      source.columns
        .filter((column) => column.name?.toLowerCase() === columnName)
        .map((column) => ({ column, source, scope: current! })),
    );
    if (found.length > 1) fail(209, at, parts.at(-1)!);
    if (found[0] !== undefined) return found[0];
    if (candidates.length > 0 && qualifier.length > 0) fail(207, at, parts.at(-1)!);
  }
  return qualifier.length === 0 ? fail(207, at, parts.at(-1)!) : fail(4104, at, parts.join("."));
}

export function matches(source: Source, qualifier: readonly string[]): boolean {
  const name = qualifier.at(-1)!.toLowerCase();
  if (source.name.toLowerCase() !== name) return false;
  const schema = qualifier.at(-2);
  return !schema || schema.toLowerCase() === (source.schema ?? "").toLowerCase();
}
