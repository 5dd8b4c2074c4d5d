// Column names of a relation where T-SQL insists on them: derived tables, CTEs, views, CTAS.
import type { Position } from "../ast.ts";
import { fail } from "../error.ts";
import type { Relation, RelationColumn } from "./scope.ts";

/** Gives columns the names of a list, and insists that all have one and no two the same. */
export function namedColumnsOf(
  relation: Relation,
  names: readonly string[] | undefined,
  owner: string,
  at: Position,
): RelationColumn[] {
  const { columns } = relation;
  if (names !== undefined && names.length > columns.length) fail(8159, at, owner);
  if (names !== undefined && names.length < columns.length) fail(8158, at, owner);
  const seen = new Set<string>();
  return columns.map((column, index) => {
    const name = names?.[index] ?? column.name;
    if (name === undefined || name === "") fail(8155, at, index + 1, owner);
    if (seen.has(name.toLowerCase())) fail(8156, at, name, owner);
    seen.add(name.toLowerCase());
    return { ...column, name };
  });
}
