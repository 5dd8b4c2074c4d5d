// Conversions between T-SQL types, as DuckDB SQL. What DuckDB's own cast refuses is translated into
// SQL Server's message by engine-error.ts, so an operand is written once and not tested first.
// Source: "CAST and CONVERT (Transact-SQL)", the conversion chart and truncation rules.
import type { SqlType } from "../../session.ts";
import type { Position } from "../ast.ts";
import { fail } from "../error.ts";
import {
  isApproximate,
  isBinary,
  isDate,
  isInteger,
  isLegacyDate,
  isMoney,
  isNumeric,
  isString,
  isTemporal,
  isUnicode,
  spoken,
  storage,
  textLength,
} from "../type.ts";
import {
  binaryNumber,
  binarySql,
  binaryText,
  binaryTime,
  swappedHex,
} from "./binary-conversion.ts";
import { datetimeText } from "./datetime-conversion.ts";
import { convertLiteral } from "./literal-conversion.ts";
import { dateOrder, datetimeSql, minuteSql, textToTemporal } from "./text-to-datetime.ts";
import { literalSql, localTimeSql, raise, type Value, zonedSql } from "./value.ts";

export interface ConversionOptions {
  /** CAST and CONVERT allow more than an assignment or a comparison does. */
  explicit: boolean;
  /** TRY_CAST and TRY_CONVERT answer NULL where the others complain. */
  attempt?: boolean;
  style?: number;
}

const implicit: ConversionOptions = { explicit: false };

export function convert(
  value: Value,
  to: SqlType,
  at: Position | undefined,
  options: ConversionOptions = implicit,
): Value {
  const { type: from } = value;
  if (value.bareNull) return { sql: `CAST(NULL AS ${storage(to)})`, type: to, nullable: true };
  value.asked?.(to);
  checkAllowed(from, to, at, options);
  const isRead = isString(from) && isTemporal(to);
  if (value.literal !== undefined && (options.style === undefined || isRead)) {
    const known = convertLiteral(value.literal.value, from, to, dateOrder(options.style));
    if (known !== undefined) {
      return {
        sql: literalSql(known, to),
        type: to,
        nullable: value.nullable || known === null,
        literal: { value: known },
        ...keptCollation(value),
      };
    }
  }
  const sql = conversionSql(value, to, options, at);
  const nullable = value.nullable || (options.attempt ?? false);
  return { sql, type: to, nullable, ...(isString(to) ? keptCollation(value) : {}) };
}

function keptCollation(value: Value): { collation?: NonNullable<Value["collation"]> } {
  return value.collation === undefined ? {} : { collation: value.collation };
}

type Verdict = "yes" | "explicit" | "no";

function allowed(from: SqlType, to: SqlType): Verdict {
  if (from.name === to.name || isString(from))
    return isString(from) && isBinary(to) ? "explicit" : "yes";
  if (isString(to)) return "yes";
  if (from.name === "uniqueidentifier") return isBinary(to) ? "yes" : "no";
  if (to.name === "uniqueidentifier") return isBinary(from) ? "yes" : "no";
  if (isTemporal(from) && isTemporal(to)) {
    const clash =
      (from.name === "date" && to.name === "time") || (from.name === "time" && to.name === "date");
    return clash ? "no" : "yes";
  }
  if (isTemporal(from)) {
    if (isBinary(to)) return "explicit";
    return isLegacyDate(from) ? "explicit" : "no";
  }
  if (isTemporal(to)) {
    if (isBinary(from)) return isLegacyDate(to) ? "yes" : "no";
    return isLegacyDate(to) ? "yes" : "no";
  }
  if (isBinary(from)) return isApproximate(to) ? "no" : "yes";
  if (isBinary(to)) return isApproximate(from) ? "explicit" : "yes";
  return "yes";
}

function checkAllowed(
  from: SqlType,
  to: SqlType,
  at: Position | undefined,
  options: ConversionOptions,
): void {
  const verdict = allowed(from, to);
  if (verdict === "yes") return;
  if (verdict === "explicit" && options.explicit) return;
  if (verdict === "explicit") fail(257, at, spoken(from), spoken(to));
  if (options.explicit) fail(529, at, spoken(from), spoken(to));
  fail(206, at, spoken(from), spoken(to));
}

function conversionSql(
  value: Value,
  to: SqlType,
  options: ConversionOptions,
  at: Position | undefined,
): string {
  const { type: from } = value;
  if (isString(to)) return sized(textSql(value, to, options), from, to, options);
  if (isBinary(to)) return binarySql(value, to, options, at);
  if (isTemporal(to)) return inRange(temporalSql(value, to, options), from, to, options);
  const cast = options.attempt ? "TRY_CAST" : "CAST";
  if (to.name === "uniqueidentifier") {
    if (from.name === "uniqueidentifier") return value.sql;
    return isBinary(from)
      ? `${cast}(${swappedHex(`hex(${value.sql})`)} AS UUID)`
      : `${cast}(trim(left(${value.sql}, 38), '{} ') AS UUID)`;
  }
  if (from.name === to.name && storage(from) === storage(to)) return value.sql;
  if (to.name === "bit") return bitSql(value, cast);
  if (isBinary(from)) return binaryNumber(value.sql, to, cast);
  if (isLegacyDate(from)) {
    const days = `(epoch_us(${value.sql}) / 86400000000.0 + 25567)`;
    // Afternoons are the next whole day.
    return numberSql(isInteger(to) ? `floor(${days} + 0.5)` : days, { name: "float" }, to, cast);
  }
  return numberSql(value.sql, from, to, cast);
}

/** Bytes beyond the 8 low ones do not reach a whole number. */
function bitSql(value: Value, cast: string): string {
  if (isString(value.type)) {
    const shown = `lower(trim(${value.sql}))`;
    const whole = `TRY_CAST(CASE ${shown} WHEN 'true' THEN '1' WHEN 'false' THEN '0' WHEN '' THEN '0' ELSE ${numeralText(value)} END AS BIGINT)`;
    if (cast === "TRY_CAST") return `(${whole} <> 0)`;
    const complaint = raise(245, `'${spoken(value.type)}'`, value.sql, "'bit'");
    return `CASE WHEN ${whole} IS NULL AND ${value.sql} IS NOT NULL THEN ${complaint} ELSE ${whole} <> 0 END`;
  }
  if (isBinary(value.type)) return `(ltrim(hex(${value.sql}), '0') <> '')`;
  if (isLegacyDate(value.type)) return `(${value.sql} <> TIMESTAMP '1900-01-01')`;
  return `(${value.sql} <> 0)`;
}

/**
 * Text as the integer cast of T-SQL reads it: blanks are nothing, and the point, exponent and
 * underscore that DuckDB would accept are made unreadable (engine-error.ts restores them).
 */
function numeralText(value: Value): string {
  const marked = `regexp_replace(translate(trim(${value.sql}), '.eExX_', '\u{e000}\u{e001}\u{e002}\u{e003}\u{e004}\u{e005}'), '^[+-]?$', '0')`;
  return isUnicode(value.type) ? `(${marked}||' ')` : marked;
}

/** Text with a currency sign and commas; what is no amount is message 235, what is too much 8115. */
function moneyOfText(sql: string, to: SqlType, cast: string): string {
  const bare = `CASE WHEN trim(${sql}) = '' THEN '0' ELSE translate(${sql}, '$€£,', '') END`;
  const amount = moneyInRange(`TRY_CAST(${bare} AS DECIMAL(38,4))`, to, cast);
  if (cast === "TRY_CAST") return amount;
  const isAmount = `TRY_CAST(${bare} AS DECIMAL(38,4)) IS NOT NULL OR ${sql} IS NULL`;
  return `CASE WHEN ${isAmount} THEN ${amount} ELSE ${raise(235)} END`;
}

const mostMoney: Partial<Record<SqlType["name"], string>> = {
  money: "922337203685477",
  smallmoney: "214748",
};

/** The types hold less than the decimals that they are kept in. */
function moneyInRange(sql: string, to: SqlType, cast: string): string {
  const most = mostMoney[to.name]!;
  const outside = `${sql} > ${most}.${to.name === "money" ? "5807" : "3647"} OR ${sql} < -${most}.${to.name === "money" ? "5808" : "3648"}`;
  const complaint = cast === "TRY_CAST" ? "NULL" : raise(8115, "'expression'", `'${to.name}'`);
  return `CASE WHEN ${outside} THEN ${complaint} ELSE ${cast}(${sql} AS ${storage(to)}) END`;
}

/** Of text, d is an exponent too; the engine's infinity and NaN are made unreadable. */
function numberSql(sql: string, from: SqlType, to: SqlType, cast: string): string {
  const target = storage(to);
  if (isString(from)) {
    const text: Value = { sql, type: from, nullable: true };
    if (isInteger(to)) return `${cast}(${numeralText(text)} AS ${target})`;
    if (isApproximate(to))
      return `${cast}(coalesce(nullif(translate(trim(${sql}), 'dDiInN', 'ee\u{e000}\u{e000}\u{e000}\u{e000}'), ''), CASE WHEN ${sql} IS NOT NULL THEN '0' END) AS ${target})`;
    if (isMoney(to)) return moneyOfText(sql, to, cast);
    const marked = `translate(${sql}, 'eE_', '\u{e001}\u{e002}\u{e005}')`;
    return `${cast}(${isUnicode(from) ? `(${marked}||' ')` : marked} AS ${target})`;
  }
  if (from.name === "bit") return `CAST(CAST(${sql} AS INTEGER) AS ${target})`;
  if (isInteger(to) && (isApproximate(from) || from.name === "decimal")) {
    return `${cast}(trunc(${sql}) AS ${target})`;
  }
  const isSmall = ["bit", "tinyint", "smallint", "int", "smallmoney"].includes(from.name);
  const isHeld =
    to.name === "money" ? isSmall : from.name === "tinyint" || from.name === "smallint";
  if (isMoney(to) && !isHeld) return moneyInRange(sql, to, cast);
  return `${cast}(${sql} AS ${target})`;
}

function textSql(value: Value, to: SqlType, options: ConversionOptions): string {
  const { type: from, sql } = value;
  if (isString(from)) return sql;
  if (isTemporal(from)) return datetimeText(value, options.style);
  if (from.name === "uniqueidentifier") return `upper(CAST(${sql} AS VARCHAR))`;
  if (from.name === "bit") return `CAST(CAST(${sql} AS INTEGER) AS VARCHAR)`;
  if (isBinary(from)) return binaryText(sql, to, options.style);
  if (isMoney(from)) return moneyText(sql, options.style ?? 0);
  if (isApproximate(from)) return floatText(sql, from, options.style ?? 0);
  return `CAST(${sql} AS VARCHAR)`;
}

function moneyText(sql: string, style: number): string {
  if (style === 1) return `format('{:,.2f}', CAST(${sql} AS DOUBLE))`;
  if (style === 2) return `CAST(${sql} AS VARCHAR)`;
  return `CAST(CAST(${sql} AS DECIMAL(19,2)) AS VARCHAR)`;
}

/** Style 0 shows at most six digits and a three-digit exponent. */
function floatText(sql: string, from: SqlType, style: number): string {
  const digits = style === 3 ? 17 : style === 2 ? 16 : style === 1 ? 8 : 6;
  const form =
    style === 0 ? `{:.${digits}g}` : `{:.${style === 3 && from.name === "real" ? 8 : digits - 1}e}`;
  return `regexp_replace(format('${form}', CAST(${sql} AS DOUBLE)), 'e([+-])(\\d\\d)$', 'e\\10\\2')`;
}

/** Cuts text to its declared length and pads the fixed types. */
function sized(sql: string, from: SqlType, to: SqlType, options: ConversionOptions): string {
  if (!("length" in to) || to.length === "max") return sql;
  const longest = textLength(from);
  const mayOverflow = longest === "max" || longest > to.length;
  let result = sql;
  if (mayOverflow) {
    if (isString(from) || isBinary(from) || isTemporal(from)) result = `left(${sql}, ${to.length})`;
    else if (isInteger(from))
      result = `CASE WHEN length(${sql}) > ${to.length} THEN '*' ELSE ${sql} END`;
    else {
      const complaint =
        from.name === "uniqueidentifier"
          ? raise(8170)
          : raise(8115, `'${spoken(from)}'`, `'${spoken(to)}'`);
      const error = options.attempt ? "NULL" : complaint;
      result = `CASE WHEN length(${sql}) > ${to.length} THEN ${error} ELSE ${sql} END`;
    }
  }
  return to.name === "char" || to.name === "nchar" ? padded(result, from, to.length) : result;
}

function padded(sql: string, from: SqlType, length: number): string {
  const already = (from.name === "char" || from.name === "nchar") && from.length === length;
  return already ? sql : `rpad(${sql}, ${length}, ' ')`;
}

const legacyBounds: Partial<Record<SqlType["name"], readonly [string, string]>> = {
  datetime: ["1753-01-01", "9999-12-31 23:59:59.999"],
  smalldatetime: ["1900-01-01", "2079-06-06 23:59:00"],
};

/** datetime and smalldatetime hold fewer days than what is converted to them (messages 242 and 8115). */
function inRange(sql: string, from: SqlType, to: SqlType, options: ConversionOptions): string {
  const bounds = legacyBounds[to.name];
  const fits = from.name === "time" || (from.name === "smalldatetime" && isLegacyDate(to));
  if (bounds === undefined || from.name === to.name || fits) return sql;
  const complaint = isNumeric(from)
    ? raise(8115, "'expression'", `'${to.name}'`)
    : raise(242, `'${spoken(from)}'`, `'${to.name}'`);
  const isInside = `${sql} BETWEEN TIMESTAMP '${bounds[0]}' AND TIMESTAMP '${bounds[1]}'`;
  return `CASE WHEN NOT (${isInside}) THEN ${options.attempt ? "NULL" : complaint} ELSE ${sql} END`;
}

function temporalSql(value: Value, to: SqlType, options: ConversionOptions): string {
  const { type: from, sql } = value;
  const cast = options.attempt ? "TRY_CAST" : "CAST";
  if (isString(from)) return textToTemporal(value, to, options);
  if (isBinary(from)) return roundedTimestamp(binaryTime(sql, to), to, to);
  if (isNumeric(from)) {
    const micros = `CAST(round((CAST(${sql} AS DOUBLE) - 25567) * 86400000000) AS BIGINT)`;
    return roundedTimestamp(`make_timestamp(${micros})`, { name: "datetime2", scale: 6 }, to);
  }
  if (from.name === "datetimeoffset") {
    if (to.name === "datetimeoffset") return sql;
    return temporalSql(
      { sql: localTimeSql(sql), type: { name: "datetime2", scale: 7 }, nullable: value.nullable },
      to,
      options,
    );
  }
  if (to.name === "datetimeoffset") {
    const utc = from.name === "time" ? `(DATE '1900-01-01' + ${sql})` : `CAST(${sql} AS TIMESTAMP)`;
    return zonedSql(utc, "0");
  }
  if (to.name === "date") return `${cast}(${sql} AS DATE)`;
  if (to.name === "time") return from.name === "time" ? sql : `CAST(${sql} AS TIME)`;
  if (from.name === "time")
    return roundedTimestamp(`(DATE '1900-01-01' + ${sql})`, { name: "datetime2", scale: 6 }, to);
  return roundedTimestamp(from.name === "date" ? `CAST(${sql} AS TIMESTAMP)` : sql, from, to);
}

/** Brings a TIMESTAMP to the precision of its type; microseconds are all that DuckDB keeps. */
export function roundedTimestamp(sql: string, from: SqlType, to: SqlType): string {
  if (from.name === to.name && (!("scale" in to) || !("scale" in from) || from.scale <= to.scale))
    return sql;
  if (from.name === "date") return sql;
  if (to.name === "datetime") {
    return from.name === "smalldatetime" ? sql : datetimeSql(sql);
  }
  if (to.name === "smalldatetime") return minuteSql(sql);
  if (
    to.name === "datetime2" &&
    to.scale < 6 &&
    !(isLegacyDate(from) && to.scale >= 3) &&
    isDate(from)
  ) {
    const unit = 10 ** (6 - to.scale);
    const rounded = `make_timestamp(CAST(round(epoch_us(${sql}) / ${unit}.0) AS BIGINT) * ${unit})`;
    const last = `TIMESTAMP '9999-12-31 23:59:59.${"9".repeat(to.scale).padEnd(6, "0")}'`;
    return `CASE WHEN ${rounded} > ${last} THEN ${last} ELSE ${rounded} END`;
  }
  return sql;
}
