// Mathematical functions. Source: "Mathematical functions (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { literalValue, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import {
  isApproximate,
  isInteger,
  isMoney,
  isNumeric,
  isString,
  spoken,
  storage,
  types,
} from "../type.ts";
import { type FunctionDefinition, type FunctionUse, scalar } from "./definition.ts";

function float(value: Value, use: FunctionUse): string {
  return convert(value, types.float, use.at).sql;
}

/** A function of one float; `domain` is SQL that must hold, else message 3623 is raised. */
function real(
  name: string,
  emit: (x: string) => string,
  domain?: (x: string) => string,
): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const x = float(args[0]!, use);
    const sql =
      domain === undefined
        ? emit(x)
        : `CASE WHEN ${domain(x)} THEN ${emit(x)} WHEN ${x} IS NOT NULL THEN error('§3623') END`;
    return { sql, type: types.float, nullable: args[0]!.nullable };
  });
}

/** tinyint and smallint widen to int, strings are floats. */
function widened(value: Value, use: FunctionUse, name: string): Value {
  if (value.bareNull) return convert(value, types.int, use.at);
  if (isString(value.type)) return convert(value, types.float, use.at);
  if (!isNumeric(value.type)) fail(8116, use.at, spoken(value.type), 1, name);
  if (value.type.name === "bit") return convert(value, types.float, use.at);
  if (value.type.name === "real") return convert(value, types.float, use.at);
  if (value.type.name === "smallmoney") return convert(value, { name: "money" }, use.at);
  return isInteger(value.type) && value.type.name !== "bigint"
    ? convert(value, types.int, use.at)
    : value;
}

function sameType(name: string, emit: (x: string, type: SqlType) => string): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const value = widened(args[0]!, use, name.toLowerCase());
    return {
      sql: `CAST(${emit(value.sql, value.type)} AS ${storage(value.type)})`,
      type: value.type,
      nullable: value.nullable,
    };
  });
}

/** CEILING and FLOOR of a decimal answer scale 0. */
function whole(name: string, duckName: string): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const value = widened(args[0]!, use, name.toLowerCase());
    const type: SqlType = value.type.name === "decimal" ? { ...value.type, scale: 0 } : value.type;
    return {
      sql: `CAST(${duckName}(${value.sql}) AS ${storage(type)})`,
      type,
      nullable: value.nullable,
    };
  });
}

/** ROUND keeps its type; a third argument other than 0 truncates. */
function round(args: readonly Value[], use: FunctionUse): Value {
  const value = widened(args[0]!, use, "round");
  const places = convert(args[1]!, types.int, use.at);
  const mode = args[2]?.literal?.value;
  const truncates = mode !== undefined && mode !== null && Number(mode) !== 0;
  const digits = places.literal?.value;
  const target = storage(value.type);
  const nullable = value.nullable || places.nullable;
  if (typeof digits !== "number") {
    const factor = `pow(10, ${places.sql})`;
    return {
      sql: `CAST(${truncates ? "trunc" : "round"}(CAST(${value.sql} AS DOUBLE) * ${factor}) / ${factor} AS ${target})`,
      type: value.type,
      nullable,
    };
  }
  if (!truncates)
    return { sql: `CAST(round(${value.sql}, ${digits}) AS ${target})`, type: value.type, nullable };
  if (isApproximate(value.type)) {
    const factor = `1e${digits}`;
    return { sql: `(trunc(${value.sql} * ${factor}) / ${factor})`, type: value.type, nullable };
  }
  if (digits <= 0) {
    const unit = `CAST(1${"0".repeat(-digits)} AS HUGEINT)`;
    return {
      sql: `CAST(CAST(trunc(${value.sql}) AS HUGEINT) // ${unit} * ${unit} AS ${target})`,
      type: value.type,
      nullable,
    };
  }
  const scale = value.type.name === "decimal" ? value.type.scale : isMoney(value.type) ? 4 : 0;
  if (digits >= scale) return value;
  const half = `0.${"0".repeat(digits)}5`;
  const sign = `CASE WHEN ${value.sql} < 0 THEN ${half} ELSE -${half} END`;
  return {
    sql: `CAST(CASE WHEN ${value.sql} = round(${value.sql}, ${digits}) THEN ${value.sql} ELSE round(${value.sql} + ${sign}, ${digits}) END AS ${target})`,
    type: value.type,
    nullable,
  };
}

/** POWER answers the type of its first argument. */
function power(args: readonly Value[], use: FunctionUse): Value {
  const value = widened(args[0]!, use, "power");
  const raised = `pow(CAST(${value.sql} AS DOUBLE), ${float(args[1]!, use)})`;
  const sql = isInteger(value.type) ? `trunc(${raised})` : raised;
  return {
    sql: `CAST(${sql} AS ${storage(value.type)})`,
    type: value.type,
    nullable: value.nullable || args[1]!.nullable,
  };
}

const positive = (x: string): string => `${x} > 0`;
const unit = (x: string): string => `${x} BETWEEN -1 AND 1`;

export const mathFunctions: readonly FunctionDefinition[] = [
  sameType("ABS", (x) => `abs(${x})`),
  sameType("SIGN", (x) => `sign(${x})`),
  sameType("DEGREES", (x, type) => (isInteger(type) ? `trunc(degrees(${x}))` : `degrees(${x})`)),
  sameType("RADIANS", (x, type) => (isInteger(type) ? `trunc(radians(${x}))` : `radians(${x})`)),
  whole("CEILING", "ceil"),
  whole("FLOOR", "floor"),
  scalar("ROUND", [2, 3], round),
  scalar("POWER", 2, power),
  real("ACOS", (x) => `acos(${x})`, unit),
  real("ASIN", (x) => `asin(${x})`, unit),
  real("ATAN", (x) => `atan(${x})`),
  real("COS", (x) => `cos(${x})`),
  real("COT", (x) => `(1 / tan(${x}))`),
  real("EXP", (x) => `exp(${x})`),
  real("LOG10", (x) => `log10(${x})`, positive),
  real("SIN", (x) => `sin(${x})`),
  real(
    "SQRT",
    (x) => `sqrt(${x})`,
    (x) => `${x} >= 0`,
  ),
  real("SQUARE", (x) => `pow(${x}, 2)`),
  real("TAN", (x) => `tan(${x})`),
  scalar("ATN2", 2, (args, use) => ({
    sql: `atan2(${float(args[0]!, use)}, ${float(args[1]!, use)})`,
    type: types.float,
    nullable: true,
  })),
  scalar("LOG", [1, 2], (args, use) => {
    const x = float(args[0]!, use);
    const log = args[1] === undefined ? `ln(${x})` : `(ln(${x}) / ln(${float(args[1], use)}))`;
    return {
      sql: `CASE WHEN ${x} > 0 THEN ${log} WHEN ${x} IS NOT NULL THEN error('§3623') END`,
      type: types.float,
      nullable: true,
    };
  }),
  scalar("PI", 0, () => literalValue(Math.PI, types.float)),
  scalar("RAND", [0, 1], () => ({ sql: "random()", type: types.float, nullable: false })),
];
