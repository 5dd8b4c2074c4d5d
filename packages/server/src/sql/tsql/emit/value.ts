// What an expression becomes: DuckDB SQL with the T-SQL type that it has.
import type { SqlType, SqlValue } from "../../session.ts";
import { isApproximate, isString, storage } from "../type.ts";

/** How strings compare. The service's default is case-insensitive, accent-sensitive. */
export type Collation = "insensitive" | "sensitive" | "accentless";

export interface Value {
  /** An expression whose DuckDB type is `storage(type)`. */
  sql: string;
  type: SqlType;
  nullable: boolean;
  collation?: Collation;
  /** Known at bind time, so that conversions can be done here and once. */
  literal?: { value: SqlValue };
  /** Stands in the text as a constant: a whole number is then no wider decimal than its digits. */
  isWritten?: boolean;
  /** A bare NULL, which takes the type of its neighbours. */
  bareNull?: boolean;
  /** Hears the types that it is converted to: system/undeclared-parameter.ts weighs conversions. */
  asked?: (to: SqlType) => void;
}

export function quoteText(text: string): string {
  if (text.includes("\0")) {
    return text
      .split("\0")
      .map((part) => `'${part.replaceAll("'", "''")}'`)
      .join("||chr(0)||");
  }
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB expression that raises message `number` when it is evaluated. */
export function raise(number: number, ...args: readonly string[]): string {
  const parts = [`'§${number}'`, ...args.map((arg) => `coalesce(CAST(${arg} AS VARCHAR),'')`)];
  return `error(${parts.join("||chr(1)||")})`;
}

/**
 * T-SQL numbers have no NaN: one of a file or a model is NULL. `sql` is cast to the type. A comparison with NaN would be
 * decided by a Parquet file's statistics, which leave NaN out.
 */
export function withoutNaN(sql: string, type: SqlType): string {
  const cast = `CAST(${sql} AS ${storage(type)})`;
  return isApproximate(type) ? `CASE WHEN isnan(${cast}) THEN NULL ELSE ${cast} END` : cast;
}

export function collationOf(name: string): Collation | undefined {
  const upper = name.toUpperCase();
  if (upper === "DATABASE_DEFAULT" || upper === "CATALOG_DEFAULT") return "insensitive";
  if (!/^[A-Z0-9_]+_(BIN2?|C[IS]_A[IS].*)$/.test(upper)) return undefined;
  if (/_BIN2?|_CS_/.test(upper)) return "sensitive";
  return upper.includes("_CI_AI") ? "accentless" : "insensitive";
}

/**
 * What stands for a value where equality or order matters: strings compare without case and
 * without trailing blanks, datetimeoffset by its instant.
 */
export function sortKey(value: Value): string {
  if (value.type.name === "datetimeoffset") return `(${value.sql}).utc`;
  if (!isString(value.type)) return value.sql;
  const trimmed =
    typeof value.literal?.value === "string"
      ? quoteText(fold(value.literal.value.replace(/ +$/, ""), value.collation))
      : foldSql(`rtrim(${value.sql},' ')`, value.collation);
  return trimmed;
}

function fold(text: string, collation: Collation | undefined): string {
  if (collation === "sensitive") return text;
  const lower = text.toLowerCase();
  return collation === "accentless" ? lower.normalize("NFD").replace(/\p{M}/gu, "") : lower;
}

export function foldSql(sql: string, collation: Collation | undefined): string {
  if (collation === "sensitive") return sql;
  return collation === "accentless" ? `strip_accents(lower(${sql}))` : `lower(${sql})`;
}

/** True when `sortKey` differs from the value, so that grouping must keep both. */
export function hasOwnKey(type: SqlType): boolean {
  return isString(type) || type.name === "datetimeoffset";
}

/** The stricter rule of two operands wins: an explicit COLLATE beats the default. */
export function joinCollation(left: Value, right: Value): Collation | undefined {
  return left.collation ?? right.collation;
}

const ticksPerMicrosecond = 10n;

/** A literal of `type` as DuckDB SQL of `storage(type)`. */
export function literalSql(value: SqlValue, type: SqlType): string {
  if (value === null) return "NULL";
  switch (type.name) {
    case "bit":
      return value === true || value === 1 ? "true" : "false";
    case "tinyint":
    case "smallint":
      return `CAST(${value} AS ${type.name === "tinyint" ? "UTINYINT" : "SMALLINT"})`;
    case "int":
      return Number(value) < 0 ? `(${value})` : String(value);
    case "bigint":
      return `CAST(${value} AS BIGINT)`;
    case "real":
    case "float":
      return `CAST('${value}' AS ${type.name === "real" ? "FLOAT" : "DOUBLE"})`;
    case "decimal":
      return `CAST('${unscaledText(value as bigint, type.scale)}' AS DECIMAL(${type.precision},${type.scale}))`;
    case "money":
    case "smallmoney":
      return `CAST('${unscaledText(value as bigint, 4)}' AS DECIMAL(${type.name === "money" ? 19 : 10},4))`;
    case "date":
      return `DATE '${isoDate((value as bigint) * 86_400_000_000n).slice(0, 10)}'`;
    case "time":
      return `TIME '${isoTime((value as bigint) / ticksPerMicrosecond)}'`;
    case "datetime":
    case "smalldatetime":
    case "datetime2": {
      const micros = (value as bigint) / ticksPerMicrosecond;
      return `TIMESTAMP '${isoDate(micros)}'`;
    }
    case "datetimeoffset": {
      const { ticks, offsetMinutes } = value as { ticks: bigint; offsetMinutes: number };
      return `{'utc': TIMESTAMP '${isoDate(ticks / ticksPerMicrosecond)}', 'minutes': CAST(${offsetMinutes} AS SMALLINT)}`;
    }
    case "uniqueidentifier":
      return `CAST('${value}' AS UUID)`;
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
      return quoteText(value as string);
    case "binary":
    case "varbinary":
      return `from_hex('${Buffer.from(value as Uint8Array).toString("hex")}')`;
  }
}

/** A datetimeoffset of an instant and its offset in minutes: NULL as a whole where either is. */
export function zonedSql(utc: string, minutes: string): string {
  const zoned = `struct_pack(utc := CAST(${utc} AS TIMESTAMP), minutes := CAST(${minutes} AS SMALLINT))`;
  return `CASE WHEN (${utc}) IS NULL OR (${minutes}) IS NULL THEN NULL ELSE ${zoned} END`;
}

/** The local time of a datetimeoffset. The fields of a constant NULL have no types of their own. */
export function localTimeSql(sql: string): string {
  return `(CAST((${sql}).utc AS TIMESTAMP) + to_minutes(CAST((${sql}).minutes AS BIGINT)))`;
}

export function unscaledText(value: bigint, scale: number): string {
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** Microseconds since 1970 as `yyyy-mm-dd hh:mm:ss.ffffff`. */
export function isoDate(micros: bigint): string {
  const days = floorDivide(micros, 86_400_000_000n);
  const date = new Date(Number(days) * 86_400_000);
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  const month = String(date.getUTCMonth() + 1).padStart(2, "0");
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${year}-${month}-${day} ${isoTime(micros - days * 86_400_000_000n)}`;
}

/** Microseconds since midnight as `hh:mm:ss.ffffff`. */
export function isoTime(micros: bigint): string {
  const total = Number(micros);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const seconds = Math.floor(total / 1e6);
  const fraction = String(total % 1_000_000).padStart(6, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

export function literalValue(value: SqlValue, type: SqlType): Value {
  return { sql: literalSql(value, type), type, nullable: value === null, literal: { value } };
}

export function intValue(value: number): Value {
  return literalValue(value, { name: "int" });
}

export function textValue(value: string): Value {
  return literalValue(value, { name: "nvarchar", length: Math.max(1, value.length) });
}
