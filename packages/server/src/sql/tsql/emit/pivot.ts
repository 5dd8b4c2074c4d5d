// PIVOT and UNPIVOT. Source: "FROM - Using PIVOT and UNPIVOT".
import type { TableSource } from "../ast.ts";
import { fail } from "../error.ts";
import { functionTable } from "../functions/table.ts";
import { isString, unify } from "../type.ts";
import type { BoundFrom } from "./bound-from.ts";
import { convert } from "./conversion.ts";
import { withoutOver } from "./function-call.ts";
import {
  type Binder,
  childScope,
  resolveColumn,
  type Scope,
  type ScopeColumn,
  type Source,
} from "./scope.ts";
import { hasOwnKey, literalValue, sortKey, type Value } from "./value.ts";

type PivotNode = Extract<TableSource, { kind: "pivot" }>;
type UnpivotNode = Extract<TableSource, { kind: "unpivot" }>;

/** Rows group by every column that the aggregate and FOR do not use. */
export function bindPivot(
  binder: Binder,
  node: PivotNode,
  input: BoundFrom,
  outer: Scope,
): BoundFrom {
  const { pivot } = node;
  const inner = childScope(outer, input.sources, "select");
  const argument = binder.value(pivot.argument, inner);
  const spread = resolveColumn(
    { kind: "column", at: pivot.column.at, parts: pivot.column.parts },
    inner,
  ).column;
  const rest = input.sources
    .flatMap((source) => source.columns)
    .filter((column) => column.sql !== spread.sql && column.sql !== argument.sql);
  const cells = pivot.values.map((value) => {
    const wanted = convert(
      literalValue(value.name, { name: "nvarchar", length: Math.max(1, value.name.length) }),
      spread.type,
      value.at,
    );
    return aggregated(binder, node, argument, `${sortKey(spread)} = ${sortKey(wanted)}`, inner);
  });
  const alias = binder.env.alias("s");
  const shown = rest.map(
    (column, index) =>
      `${hasOwnKey(column.type) ? `any_value(${column.sql})` : column.sql} AS c${index + 1}`,
  );
  const list = [
    ...shown,
    ...cells.map((cell, index) => `${cell.sql} AS c${rest.length + index + 1}`),
  ];
  const keys = rest.length === 0 ? "" : ` GROUP BY ${rest.map(sortKey).join(", ")}`;
  const columns: ScopeColumn[] = [
    ...rest.map((column, index) => ({ ...column, sql: `${alias}.c${index + 1}` })),
    ...cells.map((cell, index) => ({
      ...cell,
      name: pivot.values[index]!.name,
      nullable: true,
      sql: `${alias}.c${rest.length + index + 1}`,
    })),
  ];
  return {
    sql: `(SELECT ${list.join(", ")} FROM ${input.sql}${keys}) ${alias}`,
    sources: [renamed(node, alias, columns)],
  };
}

function aggregated(
  binder: Binder,
  node: PivotNode,
  argument: Value,
  condition: string,
  scope: Scope,
): Value {
  const name = node.pivot.aggregate.parts.at(-1)!.toUpperCase();
  const definition = functionTable.get(name);
  if (definition?.kind !== "aggregate" || !definition.windowed)
    return fail(195, node.pivot.aggregate.at, name, "aggregate function");
  const chosen: Value = {
    ...argument,
    sql: `CASE WHEN ${condition} THEN ${argument.sql} END`,
    nullable: true,
  };
  const call = {
    name: node.pivot.aggregate,
    args: [node.pivot.argument],
    star: false,
    distinct: false,
    withinGroup: undefined,
    over: undefined,
    nulls: undefined,
  };
  const value = definition.emit([chosen], { binder, scope, at: node.at, call });
  return withoutOver(value);
}

/** One row for each listed column that is not NULL. */
export function bindUnpivot(binder: Binder, node: UnpivotNode, input: BoundFrom): BoundFrom {
  const all = input.sources.flatMap((source) => source.columns);
  const listed = node.unpivot.sources.map(({ name, at }) => {
    const found = all.find((column) => column.name?.toLowerCase() === name.toLowerCase());
    return found ?? fail(207, at, name);
  });
  const type = listed.map((column) => column.type).reduce(unify);
  for (const [index, column] of listed.entries()) {
    if (isString(column.type) !== isString(type))
      fail(8167, node.unpivot.sources[index]!.at, column.name ?? "");
  }
  const rest = all.filter((column) => !listed.includes(column));
  const rows = listed.map((column) => {
    const name = literalValue(column.name ?? "", { name: "nvarchar", length: 128 });
    return `(${convert(column, type, node.at).sql}, ${name.sql})`;
  });
  const alias = binder.env.alias("s");
  const shown = rest.map((column, index) => `${column.sql} AS c${index + 1}`);
  const list = [...shown, `u.v AS c${rest.length + 1}`, `u.n AS c${rest.length + 2}`];
  const sql = `(SELECT ${list.join(", ")} FROM ${input.sql}, LATERAL (VALUES ${rows.join(", ")}) u(v, n) WHERE u.v IS NOT NULL) ${alias}`;
  const columns: ScopeColumn[] = [
    ...rest.map((column, index) => ({ ...column, sql: `${alias}.c${index + 1}` })),
    { name: node.unpivot.value, type, nullable: false, sql: `${alias}.c${rest.length + 1}` },
    {
      name: node.unpivot.column,
      type: { name: "nvarchar", length: 128 },
      nullable: false,
      sql: `${alias}.c${rest.length + 2}`,
    },
  ];
  return { sql, sources: [renamed(node, alias, columns)] };
}

function renamed(
  node: PivotNode | UnpivotNode,
  alias: string,
  columns: readonly ScopeColumn[],
): Source {
  return { name: node.alias.name, schema: undefined, alias, columns, object: undefined };
}
