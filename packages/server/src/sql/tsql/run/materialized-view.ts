// What a materialized view may be. Its rows are always those that its query answers now, so it is kept as a view.
// Source: "CREATE MATERIALIZED VIEW AS SELECT (Transact-SQL)".
import type { CatalogueObject } from "../catalogue/model.ts";
import type { RelationColumn } from "../emit/scope.ts";
import { hasAggregate, some } from "../emit/walk.ts";
import { fail, refuseOption } from "../error.ts";
import type { Statement } from "../statement.ts";

type CreateView = Extract<Statement, { kind: "createView" }>;

const aggregates = new Set(["MAX", "MIN", "AVG", "COUNT", "COUNT_BIG", "SUM", "VAR", "STDEV"]);

/** Tables only, an aggregate or GROUP BY, and no aggregate but these. */
export function requireMaterializable(
  { at, query, distribution }: CreateView,
  used: ReadonlySet<CatalogueObject>,
  columns: readonly RelationColumn[],
): void {
  const what = (clause: string): never => refuseOption(at, `MATERIALIZED VIEW ${clause}`);
  for (const object of used) {
    if (object.kind !== "table") what(`over the ${object.kind} ${object.name}`);
    else if (object.temporary) what(`over the temporary table ${object.name}`);
  }
  const select = query.body.kind === "select" ? query.body : what("of a set operator");
  if (select.distinct) what("with DISTINCT");
  const values = select.items.map((item) => ("expression" in item ? item.expression : undefined));
  if (!values.some(hasAggregate) && select.groupBy.length === 0)
    what("without aggregates or GROUP BY");
  for (const value of values)
    some(value, (part) => {
      if (part.kind !== "call" || !hasAggregate(part)) return false;
      const name = part.call.name.parts.at(-1)!.toUpperCase();
      if (part.call.distinct || !aggregates.has(name)) what(`with ${name}`);
      return false;
    });
  if (distribution?.kind !== "hash") return;
  for (const name of distribution.columns)
    if (!columns.some((column) => column.name?.toLowerCase() === name.toLowerCase()))
      fail(106103, at, name);
}
