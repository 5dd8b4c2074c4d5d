// Facts about T-SQL types: names, precedence, what DuckDB stores them as, arithmetic results.
// Sources: "Data type precedence", "Precision, scale, and length (Transact-SQL)".
import type { SqlType } from "../session.ts";

export type TypeName = SqlType["name"];

/** Highest first ("Data type precedence"); user-defined, sql_variant and xml do not exist here. */
const precedence: readonly TypeName[] = [
  "datetimeoffset",
  "datetime2",
  "datetime",
  "smalldatetime",
  "date",
  "time",
  "float",
  "real",
  "decimal",
  "money",
  "smallmoney",
  "bigint",
  "int",
  "smallint",
  "tinyint",
  "bit",
  "uniqueidentifier",
  "nvarchar",
  "nchar",
  "varchar",
  "char",
  "varbinary",
  "binary",
];

export function outranks(left: SqlType, right: SqlType): boolean {
  return precedence.indexOf(left.name) < precedence.indexOf(right.name);
}

export type StringType = SqlType & { length: number | "max" };
export type BinaryType = SqlType & { length: number | "max" };
export type DecimalType = Extract<SqlType, { name: "decimal" }>;

export function isString(type: SqlType): boolean {
  return ["char", "varchar", "nchar", "nvarchar"].includes(type.name);
}

export function isUnicode(type: SqlType): boolean {
  return type.name === "nchar" || type.name === "nvarchar";
}

export function isBinary(type: SqlType): boolean {
  return type.name === "binary" || type.name === "varbinary";
}

export function isInteger(type: SqlType): boolean {
  return ["tinyint", "smallint", "int", "bigint"].includes(type.name);
}

export function isApproximate(type: SqlType): boolean {
  return type.name === "real" || type.name === "float";
}

export function isMoney(type: SqlType): boolean {
  return type.name === "money" || type.name === "smallmoney";
}

export function isNumeric(type: SqlType): boolean {
  return (
    isInteger(type) ||
    isApproximate(type) ||
    isMoney(type) ||
    ["decimal", "bit"].includes(type.name)
  );
}

/** Types that hold a calendar date, `time` not among them. */
export function isDate(type: SqlType): boolean {
  return ["date", "datetime", "smalldatetime", "datetime2", "datetimeoffset"].includes(type.name);
}

export function isTemporal(type: SqlType): boolean {
  return isDate(type) || type.name === "time";
}

export function isLegacyDate(type: SqlType): boolean {
  return type.name === "datetime" || type.name === "smalldatetime";
}

/** The column type that DuckDB keeps a T-SQL type in. */
export function storage(type: SqlType): string {
  switch (type.name) {
    case "bit":
      return "BOOLEAN";
    case "tinyint":
      return "UTINYINT";
    case "smallint":
      return "SMALLINT";
    case "int":
      return "INTEGER";
    case "bigint":
      return "BIGINT";
    case "real":
      return "FLOAT";
    case "float":
      return "DOUBLE";
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "money":
      return "DECIMAL(19,4)";
    case "smallmoney":
      return "DECIMAL(10,4)";
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "datetime":
    case "smalldatetime":
    case "datetime2":
      return "TIMESTAMP";
    case "datetimeoffset":
      return "STRUCT(utc TIMESTAMP, minutes SMALLINT)";
    case "uniqueidentifier":
      return "UUID";
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
      return "VARCHAR";
    case "binary":
    case "varbinary":
      return "BLOB";
  }
}

/** As declared: `varchar(10)`, `decimal(5,2)`, `datetime2(7)`. */
export function declared(type: SqlType): string {
  if (type.name === "decimal") return `decimal(${type.precision},${type.scale})`;
  if ("scale" in type) return `${type.name}(${type.scale})`;
  if ("length" in type) return `${type.name}(${type.length})`;
  return type.name;
}

/** As messages name it; they say numeric where one wrote decimal. */
export function spoken(type: SqlType): string {
  return type.name === "decimal" ? "numeric" : type.name;
}

/** A whole number type as the decimal that holds it, for mixed arithmetic. */
export function asDecimal(type: SqlType): DecimalType {
  switch (type.name) {
    case "decimal":
      return type;
    case "bit":
      return { name: "decimal", precision: 1, scale: 0 };
    case "tinyint":
      return { name: "decimal", precision: 3, scale: 0 };
    case "smallint":
      return { name: "decimal", precision: 5, scale: 0 };
    case "bigint":
      return { name: "decimal", precision: 19, scale: 0 };
    case "money":
      return { name: "decimal", precision: 19, scale: 4 };
    case "smallmoney":
      return { name: "decimal", precision: 10, scale: 4 };
    default:
      return { name: "decimal", precision: 10, scale: 0 };
  }
}

/** The result type of decimal arithmetic, capped at 38 digits as documented. */
export function decimalResult(
  op: "+" | "-" | "*" | "/" | "%",
  left: DecimalType,
  right: DecimalType,
): DecimalType {
  const [p1, s1, p2, s2] = [left.precision, left.scale, right.precision, right.scale];
  switch (op) {
    case "+":
    case "-": {
      const scale = Math.max(s1, s2);
      return capped(Math.max(p1 - s1, p2 - s2) + scale + 1, scale, false);
    }
    case "*":
      return capped(p1 + p2 + 1, s1 + s2, true);
    case "/": {
      const scale = Math.max(6, s1 + p2 + 1);
      return capped(p1 - s1 + s2 + scale, scale, true);
    }
    case "%": {
      const scale = Math.max(s1, s2);
      return capped(Math.min(p1 - s1, p2 - s2) + scale, scale, false);
    }
  }
}

/** Multiplication and division keep at least 6 decimals; the rest yields to whole digits. */
function capped(precision: number, scale: number, product: boolean): DecimalType {
  if (precision <= 38) return { name: "decimal", precision, scale };
  const whole = precision - scale;
  if (product) {
    const kept = whole < 32 ? Math.min(scale, 38 - whole) : Math.min(scale, 6);
    return { name: "decimal", precision: 38, scale: kept };
  }
  return { name: "decimal", precision: 38, scale: Math.max(0, Math.min(scale, 38 - whole)) };
}

function longer(left: number | "max", right: number | "max"): number | "max" {
  return left === "max" || right === "max" ? "max" : Math.max(left, right);
}

/** How many characters a value of this type can take as text. */
export function textLength(type: SqlType): number | "max" {
  if ("length" in type) return type.length;
  const lengths: Partial<Record<TypeName, number>> = {
    bit: 1,
    tinyint: 3,
    smallint: 6,
    int: 11,
    bigint: 20,
    real: 15,
    float: 23,
    money: 21,
    smallmoney: 12,
    date: 10,
    time: 16,
    datetime: 23,
    smalldatetime: 19,
    datetime2: 27,
    datetimeoffset: 34,
    uniqueidentifier: 36,
  };
  return type.name === "decimal" ? type.precision + 3 : (lengths[type.name] ?? 30);
}

/** The type that CASE, COALESCE, UNION, IN and VALUES give to branches of both types. */
export function unify(left: SqlType, right: SqlType): SqlType {
  const [high, low] = outranks(right, left) ? [right, left] : [left, right];
  if (isString(high) && (isString(low) || isBinary(low))) return unifyText(high as StringType, low);
  if (isBinary(high) && isBinary(low)) {
    return {
      name: "varbinary",
      length: longer((high as BinaryType).length, (low as BinaryType).length),
    };
  }
  if (high.name === "decimal" && isNumeric(low)) {
    const other = asDecimal(low);
    const scale = Math.max(high.scale, other.scale);
    const whole = Math.max(high.precision - high.scale, other.precision - other.scale);
    return capped(whole + scale, scale, false);
  }
  if ("scale" in high && "scale" in low && high.name === low.name) {
    return { ...high, scale: Math.max(high.scale, low.scale) } as SqlType;
  }
  return high;
}

function unifyText(high: StringType, low: SqlType): SqlType {
  const length = "length" in low ? longer(high.length, low.length) : high.length;
  const bothFixed = !high.name.includes("var") && !low.name.includes("var") && length !== "max";
  const name = isUnicode(high)
    ? bothFixed
      ? "nchar"
      : "nvarchar"
    : bothFixed
      ? "char"
      : "varchar";
  return { name, length } as SqlType;
}

/** The type of `a + b` on strings: lengths add up, to 8000 bytes unless one is max. */
export function concatenated(left: SqlType, right: SqlType): SqlType {
  const unicode = isUnicode(left) || isUnicode(right);
  const [a, b] = [textLength(left), textLength(right)];
  const longest = unicode ? 4000 : 8000;
  const length = a === "max" || b === "max" ? "max" : Math.min(a + b, longest);
  const fixed =
    !left.name.includes("var") && !right.name.includes("var") && isString(left) && isString(right);
  if (fixed && length !== "max") return { name: unicode ? "nchar" : "char", length };
  return { name: unicode ? "nvarchar" : "varchar", length };
}

/** Smallest and largest value of the whole number types. */
export const integerRange: Readonly<
  Record<"tinyint" | "smallint" | "int" | "bigint", readonly [bigint, bigint]>
> = {
  tinyint: [0n, 255n],
  smallint: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  bigint: [-9223372036854775808n, 9223372036854775807n],
};

export const types = {
  bit: { name: "bit" },
  tinyint: { name: "tinyint" },
  smallint: { name: "smallint" },
  int: { name: "int" },
  bigint: { name: "bigint" },
  float: { name: "float" },
  real: { name: "real" },
  date: { name: "date" },
  datetime: { name: "datetime" },
  datetime2: { name: "datetime2", scale: 7 },
  time: { name: "time", scale: 7 },
  datetimeoffset: { name: "datetimeoffset", scale: 7 },
  uniqueidentifier: { name: "uniqueidentifier" },
  sysname: { name: "nvarchar", length: 128 },
  text: { name: "nvarchar", length: "max" },
} as const satisfies Record<string, SqlType>;

export function varchar(length: number | "max"): SqlType {
  return { name: "varchar", length };
}

export function nvarchar(length: number | "max"): SqlType {
  return { name: "nvarchar", length };
}
