// Date and time to text and back, with the style numbers of CONVERT.
// Source: "CAST and CONVERT (Transact-SQL)", date and time styles.
import type { SqlType } from "../../session.ts";
import { fail } from "../error.ts";
import { isLegacyDate } from "../type.ts";
import { localTimeSql, type Value, zonedSql } from "./value.ts";

/**
 * strftime patterns by style. `%F3`, `%F6`: milli- and microseconds; `%b` etc. are DuckDB's; `%_d`
 * and `%_I` are day and 12-hour clock padded with a blank, which DuckDB lacks.
 */
const styles: Readonly<Record<number, string>> = {
  0: "%b %_d %Y %_I:%M%p",
  100: "%b %_d %Y %_I:%M%p",
  1: "%m/%d/%y",
  101: "%m/%d/%Y",
  2: "%y.%m.%d",
  102: "%Y.%m.%d",
  3: "%d/%m/%y",
  103: "%d/%m/%Y",
  4: "%d.%m.%y",
  104: "%d.%m.%Y",
  5: "%d-%m-%y",
  105: "%d-%m-%Y",
  6: "%d %b %y",
  106: "%d %b %Y",
  7: "%b %d, %y",
  107: "%b %d, %Y",
  8: "%H:%M:%S",
  108: "%H:%M:%S",
  24: "%H:%M:%S",
  9: "%b %_d %Y %_I:%M:%S:%g%p",
  109: "%b %_d %Y %_I:%M:%S:%g%p",
  10: "%m-%d-%y",
  110: "%m-%d-%Y",
  11: "%y/%m/%d",
  111: "%Y/%m/%d",
  12: "%y%m%d",
  112: "%Y%m%d",
  13: "%d %b %Y %H:%M:%S:%g",
  113: "%d %b %Y %H:%M:%S:%g",
  14: "%H:%M:%S:%g",
  114: "%H:%M:%S:%g",
  20: "%Y-%m-%d %H:%M:%S",
  120: "%Y-%m-%d %H:%M:%S",
  21: "%Y-%m-%d %H:%M:%S.%f",
  25: "%Y-%m-%d %H:%M:%S.%f",
  121: "%Y-%m-%d %H:%M:%S.%f",
  22: "%m/%d/%y %_I:%M:%S %p",
  23: "%Y-%m-%d",
  126: "%Y-%m-%dT%H:%M:%S.%f",
  127: "%Y-%m-%dT%H:%M:%S.%fZ",
  130: "%d %b %Y %_I:%M:%S:%g%p",
};

/** A date or time as text in `style`; without one, the default of its type. */
export function datetimeText(value: Value, style: number | undefined): string {
  const { type } = value;
  const chosen = style ?? (isLegacyDate(type) ? 0 : 121);
  const pattern = Object.hasOwn(styles, chosen) ? styles[chosen] : undefined;
  if (pattern === undefined) fail(281, undefined, chosen, type.name);
  if (type.name === "time") return timeText(value, chosen);
  if (type.name === "datetimeoffset") return offsetText(value, pattern);
  if (
    type.name === "date" &&
    (chosen === 121 || chosen === 21 || chosen === 20 || chosen === 120 || chosen === 126)
  ) {
    return `strftime(${value.sql}, '%Y-%m-%d')`;
  }
  if (type.name === "date") return formatted(value.sql, pattern.replace(/[ T]?%(_I|H).*$/, ""));
  return formatted(value.sql, withFraction(pattern, type));
}

/** The fraction has as many digits as the type: 3 for datetime, none for smalldatetime. */
function withFraction(pattern: string, type: SqlType): string {
  if (type.name === "smalldatetime")
    return pattern.replace(/[.:]%f|[.:]%g/, "").replace(/:%S$/, ":00");
  if (type.name === "datetime") return pattern.replace("%f", "%g");
  if (!("scale" in type)) return pattern;
  if (type.scale === 0) return pattern.replace(/\.%f/, "");
  return type.scale === 7 ? pattern.replace("%f", "%f0") : pattern.replace("%f", `%F${type.scale}`);
}

function formatted(sql: string, pattern: string): string {
  const pieces = pattern.split(/(%_d|%_I|%F\d)/).filter((piece) => piece !== "");
  const parts = pieces.map((piece) => {
    if (piece === "%_d") return `lpad(CAST(day(${sql}) AS VARCHAR), 2, ' ')`;
    if (piece === "%_I") return `lpad(CAST((hour(${sql}) + 11) % 12 + 1 AS VARCHAR), 2, ' ')`;
    if (piece.startsWith("%F")) return `left(strftime(${sql}, '%f'), ${piece[2]})`;
    return `strftime(${sql}, '${piece}')`;
  });
  return parts.length === 1 ? parts[0]! : `(${parts.join("||")})`;
}

function timeText(value: Value, style: number): string {
  const scale = "scale" in value.type ? value.type.scale : 7;
  const stamp = `(DATE '1900-01-01' + ${value.sql})`;
  if (style === 0 || style === 100) return `trim(${formatted(stamp, "%_I:%M%p")})`;
  if (style === 8 || style === 108 || style === 20 || style === 120)
    return `strftime(${stamp}, '%H:%M:%S')`;
  if (style === 14 || style === 114) return `strftime(${stamp}, '%H:%M:%S:%g')`;
  const fraction = scale === 0 ? "" : scale === 7 ? ".%f0" : `.%F${scale}`;
  return formatted(stamp, `%H:%M:%S${fraction}`);
}

function offsetText(value: Value, pattern: string): string {
  const minutes = `abs((${value.sql}).minutes)`;
  const sign = `CASE WHEN (${value.sql}).minutes < 0 THEN '-' ELSE '+' END`;
  const zone = `' '||${sign}||lpad(CAST(${minutes} // 60 AS VARCHAR),2,'0')||':'||lpad(CAST(${minutes} % 60 AS VARCHAR),2,'0')`;
  return `(${formatted(localTimeSql(value.sql), withFraction(pattern, value.type))}||${zone})`;
}

const defaultPatterns = [
  "%Y-%m-%d %H:%M:%S.%f",
  "%Y-%m-%d %H:%M:%S",
  "%Y-%m-%d %H:%M",
  "%Y-%m-%d %I:%M:%S %p",
  "%Y-%m-%d %I:%M %p",
  "%Y-%m-%d",
  "%Y-%m-%dT%H:%M:%S.%f",
  "%Y-%m-%dT%H:%M:%S",
  "%Y-%m-%dT%H:%M",
  "%Y%m%d",
  "%Y%m%d %H:%M:%S.%f",
  "%Y%m%d %H:%M:%S",
  "%Y%m%d %H:%M",
  "%m/%d/%Y",
  "%m/%d/%Y %H:%M:%S",
  "%m/%d/%Y %H:%M",
  "%m/%d/%Y %I:%M:%S %p",
  "%m/%d/%Y %I:%M %p",
  "%m/%d/%Y %I:%M%p",
  "%m-%d-%Y",
  "%Y/%m/%d",
  "%Y/%m/%d %H:%M:%S",
  "%b %d %Y",
  "%b %d %Y %I:%M%p",
  "%d %b %Y",
  "%d %B %Y",
  "%B %d, %Y",
  "%Y",
];

const timePatterns = ["%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M%p", "%I:%M %p", "%I:%M:%S %p"];

const stylePatterns: Readonly<Record<number, readonly string[]>> = {
  1: ["%m/%d/%y"],
  101: ["%m/%d/%Y", "%m/%d/%Y %H:%M:%S"],
  102: ["%Y.%m.%d"],
  3: ["%d/%m/%y"],
  103: ["%d/%m/%Y", "%d/%m/%Y %H:%M:%S"],
  4: ["%d.%m.%y"],
  104: ["%d.%m.%Y", "%d.%m.%Y %H:%M:%S"],
  105: ["%d-%m-%Y", "%d-%m-%Y %H:%M:%S"],
  106: ["%d %b %Y"],
  107: ["%b %d, %Y"],
  110: ["%m-%d-%Y"],
  111: ["%Y/%m/%d"],
  112: ["%Y%m%d"],
};

/**
 * Text of a column as date or time: literals were read at bind time by datetime-text.ts. More than six digits of a
 * second and a zone at the end are left out; legacy types take no zone but Z.
 */
export function textToTemporal(
  value: Value,
  to: SqlType,
  options: { attempt?: boolean; style?: number },
): string {
  const parse = options.attempt ? "try_strptime" : "strptime";
  const patterns =
    to.name === "time"
      ? [...timePatterns, ...defaultPatterns]
      : ((options.style === undefined ? undefined : stylePatterns[options.style]) ?? [
          ...defaultPatterns,
          ...timePatterns,
        ]);
  const zone = isLegacyDate(to) ? "Z" : "\\s*(?:Z|[+-]\\d\\d:\\d\\d)";
  const text = `regexp_replace(trim(${value.sql}), '(:\\d\\d(?:\\.\\d{1,6})?)\\d*(?:${zone})?$', '\\1', 'i')`;
  const stamp = `${parse}(${text}, [${patterns.map((pattern) => `'${pattern}'`).join(",")}])`;
  if (to.name === "date") return `CAST(${stamp} AS DATE)`;
  if (to.name === "time") return `CAST(${stamp} AS TIME)`;
  if (to.name === "datetimeoffset") return textToOffset(value, options);
  if (to.name === "datetime") {
    const units = `CAST(round(epoch_us(${stamp}) * 3 / 10000.0) AS BIGINT)`;
    return `make_timestamp(CAST(round(${units} * 10 / 3.0) AS BIGINT) * 1000)`;
  }
  if (to.name === "smalldatetime") {
    return `make_timestamp(CAST(round(epoch_us(${stamp}) / 60000000.0) AS BIGINT) * 60000000)`;
  }
  return stamp;
}

/** What stands before the offset is read like a datetime2, and is the local time. */
function textToOffset(value: Value, options: { attempt?: boolean; style?: number }): string {
  const zone = "\\s*(Z|[+-]\\d\\d:\\d\\d)$";
  const text = `regexp_replace(trim(${value.sql}), '${zone}', '', 'i')`;
  const local = textToTemporal({ ...value, sql: text }, { name: "datetime2", scale: 7 }, options);
  const part = (group: number): string =>
    `coalesce(TRY_CAST(regexp_extract(trim(${value.sql}), ':\\d\\d.*([+-])(\\d\\d):(\\d\\d)$', ${group}) AS INTEGER), 0)`;
  const sign = `CASE WHEN trim(${value.sql}) LIKE '%-__:__' THEN -1 ELSE 1 END`;
  const minutes = `(${sign} * (${part(2)} * 60 + ${part(3)}))`;
  return zonedSql(`(${local} - to_minutes(${minutes}))`, minutes);
}
