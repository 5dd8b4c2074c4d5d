// Mathematical functions. Source: "Mathematical functions (Transact-SQL)".
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { literalValue, raise, type Value } from "../emit/value.ts";
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

/** The error of a float that leaves its range, where the engine would answer infinity. */
const floatOverflow = raise(8115, "'expression'", "'float'");

/** A function of one float; `domain` is SQL that must hold, else `complaint` is raised. */
function real(
  name: string,
  emit: (x: string) => string,
  domain?: (x: string) => string,
  complaint: string = raise(3623),
): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const x = float(args[0]!, use);
    const sql =
      domain === undefined
        ? emit(x)
        : `CASE WHEN ${domain(x)} THEN ${emit(x)} WHEN ${x} IS NOT NULL THEN ${complaint} END`;
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

function sameType(name: string, emit: (x: string) => string): FunctionDefinition {
  return scalar(name, 1, (args, use) => {
    const value = widened(args[0]!, use, name.toLowerCase());
    return {
      sql: `CAST(${emit(value.sql)} AS ${storage(value.type)})`,
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

/** DEGREES and RADIANS: whole numbers stay whole, decimals answer at least 18 places. */
function angle(name: string): FunctionDefinition {
  const duckName = name.toLowerCase();
  return scalar(name, 1, (args, use) => {
    const value = widened(args[0]!, use, duckName);
    const type = powerType(value.type, 18);
    const sql = isInteger(type) ? `trunc(${duckName}(${value.sql}))` : `${duckName}(${value.sql})`;
    return { sql: `CAST(${sql} AS ${storage(type)})`, type, nullable: value.nullable };
  });
}

/** What grows beyond its argument takes 38 digits ("POWER", "RADIANS", return types). */
function powerType(type: SqlType, leastScale: number): SqlType {
  if (type.name !== "decimal") return type;
  return { name: "decimal", precision: 38, scale: Math.max(type.scale, leastScale) };
}

/**
 * To the left of the point: whole numbers in 128 bits, so that 2147483647 to tens overflows (8115).
 * A decimal with as many whole digits as are rounded away has no room for the one carried.
 */
function roundedLeft(value: Value, digits: number): string {
  const target = storage(value.type);
  const unit = `1${"0".repeat(-digits)}`;
  if (isInteger(value.type)) {
    if (-digits > 18) return `(${value.sql} * 0)`;
    const half = `CASE WHEN ${value.sql} < 0 THEN -5${unit.slice(2)} ELSE 5${unit.slice(2)} END`;
    return `CAST((CAST(${value.sql} AS HUGEINT) + ${half}) // ${unit} * ${unit} AS ${target})`;
  }
  const whole = value.type.name === "decimal" ? value.type.precision - value.type.scale : 15;
  const rounded = `CAST(round(${value.sql}, ${digits}) AS ${target})`;
  if (-digits < whole) return rounded;
  const zero = `CAST(${value.sql} * 0 AS ${target})`;
  if (-digits > whole || whole === 0) return zero;
  const overflow = raise(8115, "'expression'", "'numeric'");
  return `CASE WHEN abs(${value.sql}) >= 5${unit.slice(2)} THEN ${overflow} ELSE ${zero} END`;
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
  if (!truncates) {
    const isLeft = digits < 0 && !isApproximate(value.type);
    const sql = isLeft
      ? roundedLeft(value, digits)
      : `CAST(round(${value.sql}, ${digits}) AS ${target})`;
    return { sql, type: value.type, nullable };
  }
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

/** POWER answers the type of its first argument, a decimal as wide as can be. */
function power(args: readonly Value[], use: FunctionUse): Value {
  const value = widened(args[0]!, use, "power");
  const type = powerType(value.type, 0);
  const raised = `pow(CAST(${value.sql} AS DOUBLE), ${float(args[1]!, use)})`;
  const finite = `list_transform([${raised}], r -> CASE WHEN isinf(r) THEN ${floatOverflow} ELSE r END)[1]`;
  const sql = isInteger(type) ? `trunc(${raised})` : isApproximate(type) ? finite : raised;
  return {
    sql: `CAST(${sql} AS ${storage(type)})`,
    type,
    nullable: value.nullable || args[1]!.nullable,
  };
}

/** L'Ecuyer's combined generator, one step from the seed: with it the documented RAND(1) to RAND(4) come out. */
function rand(args: readonly Value[], use: FunctionUse): Value {
  const [given] = args;
  // Without a seed a call has one value for all rows of its query.
  if (given === undefined) return { sql: "(SELECT random())", type: types.float, nullable: false };
  const seed = `coalesce(nullif(abs(CAST(${convert(given, types.int, use.at).sql} AS BIGINT)), 0), 12345)`;
  const step = `((40014 * ${seed}) % 2147483563 + 1532387081)`;
  const sql = `(CAST(${step} % 2147483562 AS DOUBLE) * 4.656613e-10)`;
  return { sql, type: types.float, nullable: false };
}

const positive = (x: string): string => `${x} > 0`;
const unit = (x: string): string => `${x} BETWEEN -1 AND 1`;

export const mathFunctions: readonly FunctionDefinition[] = [
  sameType("ABS", (x) => `abs(${x})`),
  sameType("SIGN", (x) => `sign(${x})`),
  angle("DEGREES"),
  angle("RADIANS"),
  whole("CEILING", "ceil"),
  whole("FLOOR", "floor"),
  scalar("ROUND", [2, 3], round),
  scalar("POWER", 2, power),
  real("ACOS", (x) => `acos(${x})`, unit),
  real("ASIN", (x) => `asin(${x})`, unit),
  real("ATAN", (x) => `atan(${x})`),
  real("COS", (x) => `cos(${x})`),
  real(
    "COT",
    (x) => `(1 / tan(${x}))`,
    (x) => `${x} <> 0`,
    floatOverflow,
  ),
  real(
    "EXP",
    (x) => `exp(${x})`,
    (x) => `${x} < 709.782712893384`,
    floatOverflow,
  ),
  real("LOG10", (x) => `log10(${x})`, positive),
  real("SIN", (x) => `sin(${x})`),
  real(
    "SQRT",
    (x) => `sqrt(${x})`,
    (x) => `${x} >= 0`,
  ),
  real(
    "SQUARE",
    (x) => `pow(${x}, 2)`,
    (x) => `abs(${x}) < 1.3407807929942597e154`,
    floatOverflow,
  ),
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
      sql: `CASE WHEN ${x} > 0 THEN ${log} WHEN ${x} IS NOT NULL THEN ${raise(3623)} END`,
      type: types.float,
      nullable: true,
    };
  }),
  scalar("PI", 0, () => literalValue(Math.PI, types.float)),
  scalar("RAND", [0, 1], rand),
];
