// The operators + - * / % & | ^ ~ with T-SQL's types: whole numbers divide to whole numbers,
// strings join, decimals follow the documented precision, datetime takes days.
// Source: "Arithmetic operators", "Precision, scale, and length (Transact-SQL)".
import type { SqlType, SqlValue } from "../../session.ts";
import type { BinaryOperator, Position } from "../ast.ts";
import { fail } from "../error.ts";
import {
  asDecimal,
  concatenated,
  type DecimalType,
  decimalResult,
  integerRange,
  isApproximate,
  isBinary,
  isInteger,
  isLegacyDate,
  isMoney,
  isNumeric,
  isString,
  isTemporal,
  outranks,
  spoken,
  storage,
  textLength,
  types,
} from "../type.ts";
import { convert } from "./conversion.ts";
import { intValue, joinCollation, literalValue, raise, type Value } from "./value.ts";

const spokenOperators: Readonly<Record<BinaryOperator, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "&": "'&'",
  "|": "'|'",
  "^": "'^'",
};

export function binary(op: BinaryOperator, left: Value, right: Value, at: Position): Value {
  if (left.bareNull && right.bareNull)
    return { ...left, type: types.int, sql: "CAST(NULL AS INTEGER)" };
  if (left.bareNull) return binary(op, typedNull(right.type), right, at);
  if (right.bareNull) return binary(op, left, typedNull(left.type), at);
  if (op === "+" && isString(left.type) && isString(right.type)) return concat(left, right);
  if (op === "+" && isBinary(left.type) && isBinary(right.type)) {
    return {
      sql: `(${left.sql}||${right.sql})`,
      type: { name: "varbinary", length: "max" },
      nullable: left.nullable || right.nullable,
    };
  }
  if (isLegacyDate(left.type) || isLegacyDate(right.type))
    return dateArithmetic(op, left, right, at);
  const result = outranks(left.type, right.type) ? left.type : right.type;
  if (isTemporal(result)) {
    const other = result === left.type ? right.type : left.type;
    if (isTemporal(other) || isString(other)) fail(8117, at, result.name, spokenOperators[op]);
    fail(206, at, spoken(isTemporal(left.type) ? left.type : right.type), spoken(other));
  }
  if (!isNumeric(result)) {
    if (isString(result) || isBinary(result))
      fail(402, at, spoken(left.type), spoken(right.type), spokenOperators[op]);
    fail(8117, at, spoken(result), spokenOperators[op]);
  }
  if (op === "&" || op === "|" || op === "^") return bitwise(op, left, right, result, at);
  if (result.name === "bit") fail(8117, at, "bit", spokenOperators[op]);
  if (isApproximate(result)) return approximate(op, left, right, result, at);
  if (result.name === "decimal") return decimals(op, left, right, at);
  if (isMoney(result)) return money(op, left, right, result, at);
  return integers(op, left, right, result, at);
}

function typedNull(type: SqlType): Value {
  return { sql: `CAST(NULL AS ${storage(type)})`, type, nullable: true };
}

function concat(left: Value, right: Value): Value {
  const collation = joinCollation(left, right);
  const type = concatenated(left.type, right.type);
  const joined = `(${left.sql}||${right.sql})`;
  const known =
    left.literal !== undefined &&
    right.literal !== undefined &&
    left.literal.value !== null &&
    right.literal.value !== null;
  const length = textLength(type);
  const mayOverflow =
    length !== "max" && Number(textLength(left.type)) + Number(textLength(right.type)) > length;
  if (known && !mayOverflow)
    return {
      ...literalValue(`${left.literal!.value}${right.literal!.value}`, type),
      nullable: left.nullable || right.nullable,
    };
  return {
    sql: mayOverflow ? `left(${joined}, ${length})` : joined,
    type,
    nullable: left.nullable || right.nullable,
    ...(collation === undefined ? {} : { collation }),
  };
}

/** Days are added to and taken from datetime and smalldatetime only. */
function dateArithmetic(op: BinaryOperator, left: Value, right: Value, at: Position): Value {
  if (op !== "+" && op !== "-")
    fail(8117, at, isLegacyDate(left.type) ? left.type.name : right.type.name, spokenOperators[op]);
  const type = outranks(left.type, right.type) ? left.type : right.type;
  const isNew = [left.type, right.type].some((each) => isTemporal(each) && !isLegacyDate(each));
  if (!isLegacyDate(type) || isNew)
    fail(402, at, spoken(left.type), spoken(right.type), spokenOperators[op]);
  const micros = (value: Value): string => {
    if (isNumeric(value.type) && !isTemporal(value.type)) {
      return isInteger(value.type)
        ? `(${value.sql}::BIGINT * 86400000000)`
        : `CAST(round(CAST(${value.sql} AS DOUBLE) * 86400000000) AS BIGINT)`;
    }
    return `(epoch_us(${convert(value, type, at).sql}) + 2208988800000000)`;
  };
  const sum = `(${micros(left)} ${op} ${micros(right)})`;
  return {
    sql: `make_timestamp(${sum} - 2208988800000000)`,
    type,
    nullable: left.nullable || right.nullable,
  };
}

function isNonzeroLiteral(value: Value): boolean {
  const known = value.literal?.value;
  return known !== undefined && known !== null && Number(known) !== 0;
}

/** The divisor, complaining with 8134 where it is zero. */
export function divisor(value: Value): string {
  if (isNonzeroLiteral(value)) return value.sql;
  return `CASE WHEN ${value.sql} = 0 THEN ${raise(8134)} ELSE ${value.sql} END`;
}

function integers(
  op: BinaryOperator,
  left: Value,
  right: Value,
  type: SqlType,
  at: Position,
): Value {
  const a = convert(left, type, at);
  const b = convert(right, type, at);
  const known = foldedInteger(op, a, b);
  const nullable = a.nullable || b.nullable;
  if (known !== undefined) return { ...literalValue(known, type), nullable };
  if (op === "/") return { sql: `(${a.sql} // ${divisor(b)})`, type, nullable };
  if (op === "%") return { sql: `(${a.sql} % ${divisor(b)})`, type, nullable };
  return { sql: `(${a.sql} ${op} ${b.sql})`, type, nullable };
}

/** Loops count with variables, which are known here; what would overflow is left to the engine. */
function foldedInteger(op: BinaryOperator, a: Value, b: Value): SqlValue | undefined {
  const [x, y] = [a.literal?.value, b.literal?.value];
  if (x === undefined || x === null || y === undefined || y === null) return undefined;
  const [m, n] = [BigInt(x as number | bigint), BigInt(y as number | bigint)];
  if ((op === "/" || op === "%") && n === 0n) return undefined;
  const results: Partial<Record<BinaryOperator, () => bigint>> = {
    "+": () => m + n,
    "-": () => m - n,
    "*": () => m * n,
    "/": () => m / n,
    "%": () => m % n,
  };
  const result = results[op]?.();
  const [low, high] = integerRange[a.type.name as keyof typeof integerRange];
  if (result === undefined || result < low || result > high) return undefined;
  return a.type.name === "bigint" ? result : Number(result);
}

function approximate(
  op: BinaryOperator,
  left: Value,
  right: Value,
  type: SqlType,
  at: Position,
): Value {
  const a = convert(left, type, at);
  const b = convert(right, type, at);
  if (op === "%") fail(402, at, spoken(left.type), spoken(right.type), "modulo");
  const nullable = a.nullable || b.nullable;
  if (op === "/") return { sql: `(${a.sql} / ${divisor(b)})`, type, nullable };
  return { sql: `(${a.sql} ${op} ${b.sql})`, type, nullable };
}

function money(op: BinaryOperator, left: Value, right: Value, type: SqlType, at: Position): Value {
  const a = convert(left, type, at);
  const b = convert(right, type, at);
  const nullable = a.nullable || b.nullable;
  if (op === "+" || op === "-" || op === "%") {
    const second = op === "%" ? divisor(b) : b.sql;
    return { sql: `CAST(${a.sql} ${op} ${second} AS ${storage(type)})`, type, nullable };
  }
  if (op === "/") return { sql: moneyQuotient(a.sql, divisor(b), type), type, nullable };
  return { sql: `CAST(${a.sql} ${op} ${b.sql} AS ${storage(type)})`, type, nullable };
}

/** Amounts divide to whole ten-thousandths, the rest is left out: 100 / 339 is 0.2949. */
export function moneyQuotient(dividend: string, by: string, type: SqlType): string {
  const [a, b] = [unscaled(dividend, 4), unscaled(by, 4)];
  return `CAST(CAST(${a} * 10000::HUGEINT // ${b} AS DECIMAL(38,0)) * 0.0001 AS ${storage(type)})`;
}

/** A decimal's digits as a whole number. */
function unscaled(value: string, scale: number): string {
  return scale === 0
    ? `CAST(${value} AS HUGEINT)`
    : `CAST((${value}) * CAST(1${"0".repeat(scale)} AS DECIMAL(${scale + 1},0)) AS HUGEINT)`;
}

/** A constant takes the smallest decimal that holds it; a column or variable the decimal of its type. */
function operandDecimal(value: Value): DecimalType {
  const known = value.isWritten ? value.literal?.value : undefined;
  if (isInteger(value.type) && known !== undefined && known !== null) {
    return {
      name: "decimal",
      precision: Math.max(1, String(known).replace("-", "").length),
      scale: 0,
    };
  }
  return asDecimal(value.type);
}

function decimals(op: BinaryOperator, left: Value, right: Value, at: Position): Value {
  const leftType = operandDecimal(left);
  const rightType = operandDecimal(right);
  const type = decimalResult(op as "+", leftType, rightType);
  const a = convert(left, leftType, at);
  const b = convert(right, rightType, at);
  const nullable = a.nullable || b.nullable;
  const target = storage(type);
  if (op === "/") return { sql: decimalQuotient(a, b, leftType, rightType, type), type, nullable };
  if (op === "%") return { sql: `CAST(${a.sql} % ${divisor(b)} AS ${target})`, type, nullable };
  const exact = `CAST(${a.sql} ${op} ${b.sql} AS ${target})`;
  if (op !== "*" || leftType.precision + rightType.precision <= 38)
    return { sql: exact, type, nullable };
  const product = `CAST(${a.sql} AS DOUBLE) * CAST(${b.sql} AS DOUBLE)`;
  const rough = `CAST(${product} AS ${target})`;
  const scale = leftType.scale + rightType.scale;
  if (scale > 38) return { sql: rough, type, nullable };
  const fits = `abs(${product}) < 1e${37 - scale}`;
  const wide = leftType.precision + rightType.precision > 57 ? rough : exact;
  return { sql: isShort(a, b) ? eitherSql(fits, exact, rough) : wide, type, nullable };
}

/** What needs more than 38 digits on its way goes through double precision (docs/sql.md). */
function eitherSql(fits: string, exact: string, rough: string): string {
  return `CASE WHEN ${fits} THEN ${exact} ELSE ${rough} END`;
}

/** Operands that may stand in a text three times: texts grow with the depth of what they calculate. */
function isShort(a: Value, b: Value): boolean {
  return a.sql.length + b.sql.length < 600;
}

/** Whole number division of unscaled values truncates as T-SQL does; exact where the scaled dividend fits 38 digits. */
function decimalQuotient(
  a: Value,
  b: Value,
  left: DecimalType,
  right: DecimalType,
  type: DecimalType,
): string {
  const shift = type.scale - left.scale + right.scale;
  const target = storage(type);
  const dividend = `${unscaled(a.sql, left.scale)} * ${10n ** BigInt(shift)}::HUGEINT`;
  const quotient = `(${dividend}) // ${unscaled(divisor(b), right.scale)}`;
  const exact =
    type.scale === 0
      ? `CAST(${quotient} AS ${target})`
      : `CAST(CAST(${quotient} AS DECIMAL(38,0)) * 0.${"0".repeat(type.scale - 1)}1 AS ${target})`;
  const mayBeTooWide =
    left.precision + shift > 38 ||
    left.precision + left.scale > 37 ||
    right.precision + right.scale > 37;
  if (!mayBeTooWide) return exact;
  const rough = `CAST(CAST(${a.sql} AS DOUBLE) / CAST(${divisor(b)} AS DOUBLE) AS ${target})`;
  const fits = [
    `abs(CAST(${a.sql} AS DOUBLE)) < 1e${37 - left.scale - Math.max(shift, left.scale)}`,
    `abs(CAST(${b.sql} AS DOUBLE)) < 1e${37 - 2 * right.scale}`,
  ];
  return isShort(a, b) ? eitherSql(fits.join(" AND "), exact, rough) : rough;
}

function bitwise(
  op: "&" | "|" | "^",
  left: Value,
  right: Value,
  type: SqlType,
  at: Position,
): Value {
  if (!isInteger(type) && type.name !== "bit")
    fail(402, at, spoken(left.type), spoken(right.type), spokenOperators[op]);
  const wide = type.name === "bit" ? types.int : type;
  const a = convert(left, wide, at);
  const b = convert(right, wide, at);
  const sql = op === "^" ? `xor(${a.sql}, ${b.sql})` : `(${a.sql} ${op} ${b.sql})`;
  const result = { sql, type: wide, nullable: a.nullable || b.nullable };
  return type.name === "bit" ? { ...result, sql: `(${sql} <> 0)`, type } : result;
}

export function unary(op: "-" | "+" | "~", operand: Value, at: Position): Value {
  if (operand.bareNull) return typedNull(types.int);
  const { type } = operand;
  if (op === "+") return operand;
  if (!isNumeric(type)) fail(8117, at, spoken(type), op === "-" ? "minus" : "'~'");
  if (op === "~") {
    if (type.name === "bit") return { ...bare(operand), sql: `(NOT ${operand.sql})` };
    if (!isInteger(type)) fail(8117, at, spoken(type), "'~'");
    if (type.name === "tinyint")
      return { ...bare(operand), sql: `xor(${operand.sql}, 255::UTINYINT)` };
    return { ...bare(operand), sql: `(~${operand.sql})` };
  }
  if (operand.literal !== undefined && operand.literal.value !== null && type.name !== "bit")
    return { ...negated(operand), isWritten: operand.isWritten ?? false };
  if (type.name === "tinyint")
    return { ...bare(operand), type: types.smallint, sql: `(-CAST(${operand.sql} AS SMALLINT))` };
  if (type.name === "bit") fail(8117, at, "bit", "minus");
  return { ...bare(operand), sql: `(-${operand.sql})` };
}

/** A literal that was negated is a literal still; 2147483648 becomes the least int's neighbour. */
function negated(operand: Value): Value {
  const known = operand.literal!.value;
  const least = integerRange[operand.type.name as keyof typeof integerRange]?.[0];
  if (least !== undefined && least < 0n && BigInt(known as number | bigint) === least)
    return { ...bare(operand), sql: raise(8115, "'expression'", `'${operand.type.name}'`) };
  if (typeof known === "bigint") return literalValue(-known, operand.type);
  if (operand.type.name === "int") return intValue(-Number(known));
  if (operand.type.name === "tinyint") return literalValue(-Number(known), types.smallint);
  return literalValue(-Number(known), operand.type);
}

function bare(value: Value): Value {
  return { sql: value.sql, type: value.type, nullable: value.nullable };
}
