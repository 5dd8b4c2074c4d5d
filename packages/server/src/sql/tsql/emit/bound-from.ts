// A bound FROM: its SQL and the row sources that it brings into reach.
import type { Alias, Position } from "../ast.ts";
import { namedColumnsOf } from "./relation.ts";
import type { Binder, Relation, ScopeColumn, Source } from "./scope.ts";

export interface BoundFrom {
  sql: string;
  sources: readonly Source[];
}

/** A relation under an alias; its columns are c1 … cn. */
export function derived(binder: Binder, relation: Relation, alias: Alias, at: Position): BoundFrom {
  const columns = namedColumnsOf(relation, alias.columns, alias.name, at);
  const sqlAlias = binder.env.alias("s");
  const scoped = columns.map(
    (column, index): ScopeColumn => ({ ...column, sql: `${sqlAlias}.c${index + 1}` }),
  );
  return {
    sql: `(${relation.sql}) ${sqlAlias}`,
    sources: [
      { name: alias.name, schema: undefined, alias: sqlAlias, columns: scoped, object: undefined },
    ],
  };
}
