// Aggregate functions, with the result types of T-SQL: SUM and AVG of whole numbers stay whole.
// Source: "Aggregate functions (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import { moneyQuotient } from "../emit/arithmetic.ts";
import { convert } from "../emit/conversion.ts";
import { hasOwnKey, raise, sortKey, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import {
  asDecimal,
  isApproximate,
  isInteger,
  isMoney,
  isNumeric,
  isString,
  spoken,
  storage,
  textLength,
  types,
} from "../type.ts";
import { aggregate, type FunctionDefinition, type FunctionUse } from "./definition.ts";

const distinct = (use: FunctionUse): string => (use.call.distinct ? "DISTINCT " : "");

function numeric(value: Value, use: FunctionUse, name: string): Value {
  if (value.bareNull) return fail(8117, use.at, "NULL", name);
  if (!isNumeric(value.type) || value.type.name === "bit")
    fail(8117, use.at, spoken(value.type), name);
  return value;
}

/** tinyint and smallint sum to int; decimal to decimal(38, s). */
function sumType(type: SqlType): SqlType {
  if (isInteger(type)) return type.name === "bigint" ? type : types.int;
  if (isApproximate(type)) return types.float;
  if (isMoney(type)) return { name: "money" };
  return { name: "decimal", precision: 38, scale: asDecimal(type).scale };
}

function average(value: Value, use: FunctionUse): Value {
  const type = sumType(numeric(value, use, "avg").type);
  const keys = distinct(use);
  if (isInteger(type)) {
    const sql = `CAST(sum(${keys}${value.sql})⟨over⟩ // count(${keys}${value.sql})⟨over⟩ AS ${storage(type)})`;
    return { sql, type, nullable: true };
  }
  if (type.name === "money") {
    const total = `CAST(sum(${keys}${value.sql})⟨over⟩ AS ${storage(type)})`;
    const sql = moneyQuotient(total, `count(${keys}${value.sql})⟨over⟩`, type);
    return { sql, type, nullable: true };
  }
  if (type.name !== "decimal")
    return {
      sql: `CAST(avg(${keys}${value.sql})⟨over⟩ AS ${storage(type)})`,
      type,
      nullable: true,
    };
  const result: SqlType = { name: "decimal", precision: 38, scale: Math.max(6, type.scale) };
  const total = `CAST(sum(${keys}${value.sql})⟨over⟩ AS DECIMAL(38,${type.scale}))`;
  // Whole number division of the unscaled total truncates as T-SQL does.
  const unscaled = `CAST(${total} * CAST(1${"0".repeat(result.scale)} AS DECIMAL(${result.scale + 1},0)) AS HUGEINT)`;
  const quotient = `CAST(${unscaled} // count(${keys}${value.sql})⟨over⟩ AS DECIMAL(38,0))`;
  return {
    sql: `CAST(${quotient} * 0.${"0".repeat(result.scale - 1)}1 AS ${storage(result)})`,
    type: result,
    nullable: true,
  };
}

function count(args: readonly Value[], use: FunctionUse, type: SqlType): Value {
  const [only] = args;
  const inside =
    use.call.star || only === undefined
      ? "*"
      : `${distinct(use)}${use.call.distinct ? sortKey(only) : only.sql}`;
  return { sql: `CAST(count(${inside})⟨over⟩ AS ${storage(type)})`, type, nullable: false };
}

/** The least or greatest string by the collation; any of equal ones is as good. */
function extreme(value: Value, use: FunctionUse, pick: "min" | "max"): Value {
  if (value.type.name === "bit") fail(8117, use.at, "bit", pick);
  const sql = hasOwnKey(value.type)
    ? `arg_${pick}(${value.sql}, ${sortKey(value)})⟨over⟩`
    : `${pick}(${value.sql})⟨over⟩`;
  const { type, collation } = value;
  return { sql, type, nullable: true, ...(collation === undefined ? {} : { collation }) };
}

function spread(name: string, duckName: string): FunctionDefinition {
  return aggregate(name, 1, (args, use) => {
    const value = convert(numeric(args[0]!, use, name.toLowerCase()), types.float, use.at);
    return {
      sql: `${duckName}(${distinct(use)}${value.sql})⟨over⟩`,
      type: types.float,
      nullable: true,
    };
  });
}

function stringAgg(args: readonly Value[], use: FunctionUse): Value {
  const [value, separator] = args as [Value, Value];
  if (separator.literal === undefined && separator.sql.includes(".")) fail(8733, use.at);
  const text = isString(value.type)
    ? value
    : convert(value, { name: "nvarchar", length: 4000 }, use.at);
  const wide = "length" in text.type && text.type.length === "max";
  const name = text.type.name.startsWith("n") ? "nvarchar" : "varchar";
  const type = { name, length: wide ? "max" : name === "nvarchar" ? 4000 : 8000 } as SqlType;
  const order = (use.call.withinGroup ?? []).map((item) => {
    const key = sortKey(use.binder.value(item.expression, use.scope));
    return `${key} ${item.descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`;
  });
  const ordered = order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`;
  const glue = separator.bareNull
    ? "''"
    : isString(separator.type)
      ? separator.sql
      : convert(separator, { name: "varchar", length: 40 }, use.at).sql;
  const joined = `string_agg(${text.sql}, ${glue}${ordered})`;
  const limited = `CASE WHEN length(${joined}) > ${textLength(type)} THEN ${raise(9829)} ELSE ${joined} END`;
  return { sql: wide ? joined : limited, type, nullable: true };
}

export const aggregateFunctions: readonly FunctionDefinition[] = [
  aggregate("COUNT", 1, (args, use) => count(args, use, types.int)),
  aggregate("COUNT_BIG", 1, (args, use) => count(args, use, types.bigint)),
  aggregate("SUM", 1, (args, use) => {
    const value = numeric(args[0]!, use, "sum");
    const type = sumType(value.type);
    return {
      sql: `CAST(sum(${distinct(use)}${value.sql})⟨over⟩ AS ${storage(type)})`,
      type,
      nullable: true,
    };
  }),
  aggregate("AVG", 1, (args, use) => average(args[0]!, use)),
  aggregate("MIN", 1, (args, use) => extreme(args[0]!, use, "min")),
  aggregate("MAX", 1, (args, use) => extreme(args[0]!, use, "max")),
  spread("STDEV", "stddev_samp"),
  spread("STDEVP", "stddev_pop"),
  spread("VAR", "var_samp"),
  spread("VARP", "var_pop"),
  aggregate(
    "APPROX_COUNT_DISTINCT",
    1,
    (args) => ({
      sql: `CAST(approx_count_distinct(${sortKey(args[0]!)}) AS BIGINT)`,
      type: types.bigint,
      nullable: false,
    }),
    false,
  ),
  aggregate("STRING_AGG", 2, stringAgg, false),
  aggregate(
    "GROUPING",
    1,
    (args) => ({
      sql: `CAST(grouping(${sortKey(args[0]!)}) AS UTINYINT)`,
      type: types.tinyint,
      nullable: false,
    }),
    false,
  ),
  aggregate(
    "GROUPING_ID",
    [1, 32],
    (args) => ({
      sql: `CAST(grouping(${args.map(sortKey).join(", ")}) AS INTEGER)`,
      type: types.int,
      nullable: false,
    }),
    false,
  ),
  aggregate("CHECKSUM_AGG", 1, (_args, use) => refuseOption(use.at, "CHECKSUM_AGG"), false),
];
