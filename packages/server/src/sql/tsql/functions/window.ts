// Ranking and offset functions, which need OVER.
// Sources: "Ranking functions", "Analytic functions (Transact-SQL)".
import { convert } from "../emit/conversion.ts";
import { raise, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isNumeric, spoken, types } from "../type.ts";
import type { FunctionDefinition, FunctionUse } from "./definition.ts";

function ranking(name: string, duckName: string): FunctionDefinition {
  return {
    kind: "window",
    name,
    args: [0, 0],
    needsOrder: true,
    emit: () => ({
      sql: `CAST(${duckName}()⟨over⟩ AS BIGINT)`,
      type: types.bigint,
      nullable: false,
    }),
  };
}

function share(name: string, duckName: string): FunctionDefinition {
  return {
    kind: "window",
    name,
    args: [0, 0],
    needsOrder: true,
    emit: () => ({ sql: `${duckName}()⟨over⟩`, type: types.float, nullable: false }),
  };
}

function nulls(use: FunctionUse): string {
  return use.call.nulls === "ignore" ? " IGNORE NULLS" : "";
}

function offset(name: string, duckName: string): FunctionDefinition {
  return {
    kind: "window",
    name,
    args: [1, 3],
    needsOrder: true,
    emit(args, use) {
      const [value, distance, fallback] = args as [Value, Value?, Value?];
      if (value.bareNull) fail(8116, use.at, "NULL", 1, name.toLowerCase());
      const by = distance === undefined ? "1" : rowsAway(distance, use, name);
      const other = fallback === undefined ? "" : `, ${convert(fallback, value.type, use.at).sql}`;
      return {
        ...plain(value),
        sql: `${duckName}(${value.sql}, ${by}${other}${nulls(use)})⟨over⟩`,
      };
    },
  };
}

/** How many rows away; a negative distance is message 8730. */
function rowsAway(distance: Value, use: FunctionUse, name: string): string {
  const sql = number(distance, use, 2, name);
  const known = distance.literal?.value;
  if (known === undefined) return `CASE WHEN ${sql} < 0 THEN ${raise(8730)} ELSE ${sql} END`;
  if (known !== null && Number(known) < 0) fail(8730, use.at);
  return sql;
}

function number(value: Value, use: FunctionUse, position: number, name: string): string {
  if (!isNumeric(value.type)) fail(8116, use.at, spoken(value.type), position, name.toLowerCase());
  return value.sql;
}

function edge(name: string, duckName: string): FunctionDefinition {
  return {
    kind: "window",
    name,
    args: [1, 1],
    needsOrder: true,
    emit: (args, use) => ({
      ...plain(args[0]!),
      sql: `${duckName}(${args[0]!.sql}${nulls(use)})⟨over⟩`,
    }),
  };
}

function plain(value: Value): Value {
  const { type, collation, sql } = value;
  return { sql, type, nullable: true, ...(collation === undefined ? {} : { collation }) };
}

/** PERCENTILE_CONT and PERCENTILE_DISC (p) WITHIN GROUP (ORDER BY x) OVER (PARTITION BY …). */
function percentile(name: string, duckName: string): FunctionDefinition {
  return {
    kind: "window",
    name,
    args: [1, 1],
    needsOrder: false,
    emit(args, use) {
      const [item, ...others] = use.call.withinGroup ?? [];
      if (item === undefined || others.length > 0) return fail(10754, use.at, name);
      if (use.call.over!.orderBy.length > 0) return fail(10758, use.at, name);
      const share = convert(args[0]!, types.float, use.at);
      const value = use.binder.value(item.expression, use.scope);
      const type = name === "PERCENTILE_CONT" ? types.float : value.type;
      // From above, the row that a share ends on is the one after it from below: hence the hair.
      const hair = duckName === "quantile_disc" ? " + 1e-12" : "";
      const from = item.descending ? `least(1.0, 1.0 - (${share.sql})${hair})` : share.sql;
      const ordered = convert(value, type, use.at).sql;
      return { sql: `${duckName}(${ordered}, ${from})⟨over⟩`, type, nullable: true };
    },
  };
}

export const windowFunctions: readonly FunctionDefinition[] = [
  ranking("ROW_NUMBER", "row_number"),
  ranking("RANK", "rank"),
  ranking("DENSE_RANK", "dense_rank"),
  {
    kind: "window",
    name: "NTILE",
    args: [1, 1],
    needsOrder: true,
    emit(args, use) {
      const groups = number(args[0]!, use, 1, "ntile");
      const count = args[0]!.literal?.value;
      if (count === null || (count !== undefined && Number(count) < 1)) fail(4116, use.at, "ntile");
      const sql =
        count === undefined
          ? `CASE WHEN ${groups} > 0 THEN ${groups} ELSE ${raise(4116, "'ntile'")} END`
          : groups;
      return { sql: `CAST(ntile(${sql})⟨over⟩ AS BIGINT)`, type: types.bigint, nullable: false };
    },
  },
  percentile("PERCENTILE_CONT", "quantile_cont"),
  percentile("PERCENTILE_DISC", "quantile_disc"),
  share("PERCENT_RANK", "percent_rank"),
  share("CUME_DIST", "cume_dist"),
  offset("LAG", "lag"),
  offset("LEAD", "lead"),
  edge("FIRST_VALUE", "first_value"),
  edge("LAST_VALUE", "last_value"),
];
