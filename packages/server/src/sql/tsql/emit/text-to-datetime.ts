// Text of a column as date or time, in the date order of CONVERT's style.
// Source: "CAST and CONVERT (Transact-SQL)", date and time styles.
import type { SqlType } from "../../session.ts";
import { isLegacyDate } from "../type.ts";
import type { DateOrder } from "./datetime-text.ts";
import { raise, type Value, zonedSql } from "./value.ts";

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
  "%Y%m%d %I:%M:%S %p",
  "%Y%m%d %I:%M %p",
  "%y%m%d",
  "%m/%d/%Y",
  "%m/%d/%Y %H:%M:%S",
  "%m/%d/%Y %H:%M",
  "%m/%d/%Y %I:%M:%S %p",
  "%m/%d/%Y %I:%M %p",
  "%m/%d/%Y %I:%M%p",
  "%m/%d/%Y %H:%M:%S.%f",
  "%m-%d-%Y",
  "%m-%d-%Y %H:%M:%S",
  "%m.%d.%Y",
  "%Y/%m/%d",
  "%Y/%m/%d %H:%M:%S",
  "%Y.%m.%d",
  "%b %d %Y",
  "%b %d %Y %I:%M%p",
  "%d %b %Y",
  "%d-%b-%Y",
  "%b %d, %Y",
  "%d %b %Y %H:%M:%S",
  "%B %d %Y",
  "%d %B %Y",
  "%B %d, %Y",
  "%Y",
];

const timePatterns = ["%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M%p", "%I:%M %p", "%I:%M:%S %p"];

/** Styles whose numeric dates begin with the day or, in two digits, with the year; month first is the rest. */
const orders: Readonly<Record<number, DateOrder>> = {
  ...Object.fromEntries([3, 4, 5, 103, 104, 105].map((style) => [style, "dmy"] as const)),
  ...Object.fromEntries([2, 11, 12, 102, 111, 112].map((style) => [style, "ymd"] as const)),
};

export function dateOrder(style: number | undefined): DateOrder {
  return (style === undefined ? undefined : orders[style]) ?? "mdy";
}

/** Numeric dates of other orders are turned to month, day, year before they are read. */
function monthFirst(text: string, order: DateOrder): string {
  const turned = (pattern: string, into: string): string =>
    `regexp_replace(${text}, '^${pattern}(\\D|$)', '${into}')`;
  if (order === "dmy")
    return turned("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d\\d)", "\\2/\\1/\\3\\4");
  if (order === "ymd") return turned("(\\d\\d)[-/.](\\d{1,2})[-/.](\\d{1,2})", "\\2/\\3/\\1\\4");
  return text;
}

/** Two digits of a year mean 1950 to 2049 ("two digit year cutoff"); the engine reads them as 0 to 99. */
function centuried(stamp: string, text: string): string {
  const century = `to_years(CASE WHEN year(${stamp}) < 50 THEN 2000 ELSE 1900 END)`;
  const isShort = `year(${stamp}) < 100 AND NOT regexp_matches(${text}, '\\d{4}')`;
  return `CASE WHEN ${isShort} THEN ${stamp} + ${century} ELSE ${stamp} END`;
}

/**
 * Text of a column as date or time: literals were read at bind time by datetime-text.ts. More than six digits of a
 * second and a zone at the end are left out; legacy types take no zone but Z.
 */
export function textToTemporal(
  value: Value,
  to: SqlType,
  options: { attempt?: boolean; style?: number },
): string {
  if (to.name === "datetimeoffset") return textToOffset(value, options);
  const patterns =
    to.name === "time"
      ? [...timePatterns, ...defaultPatterns]
      : [...defaultPatterns, ...timePatterns];
  const zone = isLegacyDate(to) ? "Z" : "\\s*(?:Z|[+-]\\d\\d:\\d\\d)";
  const trimmed = `regexp_replace(${written(value.sql)}, '(:\\d\\d(?:\\.\\d{1,6})?)\\d*(?:${zone})?$', '\\1', 'i')`;
  const text = monthFirst(trimmed, dateOrder(options.style));
  const list = `[${patterns.map((pattern) => `'${pattern}'`).join(",")}]`;
  if (to.name === "time") {
    const parse = options.attempt ? "try_strptime" : "strptime";
    return `CAST(${parse}(${text}, ${list}) AS TIME)`;
  }
  const stamp = centuried(parsed(text, list, to, options.attempt ?? false), text);
  if (to.name === "date") return `CAST(${stamp} AS DATE)`;
  if (to.name === "datetime") return datetimeSql(stamp);
  return to.name === "smalldatetime" ? minuteSql(stamp) : stamp;
}

/** No text at all is the first day that there is, as of a literal. */
function written(sql: string): string {
  return `coalesce(nullif(trim(${sql}), ''), CASE WHEN ${sql} IS NOT NULL THEN '1900-01-01' END)`;
}

/** Text that has the form of a date and names no day of the calendar is message 242 of the legacy types. */
function parsed(text: string, list: string, to: SqlType, attempt: boolean): string {
  if (attempt) return `try_strptime(${text}, ${list})`;
  if (!isLegacyDate(to)) return `strptime(${text}, ${list})`;
  const isForm = `regexp_matches(${text}, '^(\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}|\\d{8})([T ]+\\d[\\d:.]*\\s*([AP]M)?)?$', 'i')`;
  const complaint = `CASE WHEN ${text} IS NULL THEN NULL WHEN ${isForm} THEN ${raise(242, "'varchar'", `'${to.name}'`)} ELSE ${raise(241)} END`;
  return `coalesce(try_strptime(${text}, ${list}), ${complaint})`;
}

/** A TIMESTAMP in 1/300 s, shown as .000, .003 and .007. */
export function datetimeSql(stamp: string): string {
  const units = `CAST(round(epoch_us(${stamp}) * 3 / 10000.0) AS BIGINT)`;
  return `make_timestamp(CAST(round(${units} * 10 / 3.0) AS BIGINT) * 1000)`;
}

/** Minutes turn at 29.999 seconds ("smalldatetime"): what 1/300 s make 30. */
export function minuteSql(stamp: string): string {
  const units = `round(epoch_us(${stamp}) * 3 / 10000.0)`;
  return `make_timestamp(CAST(round(${units} / 18000.0) AS BIGINT) * 60000000)`;
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
