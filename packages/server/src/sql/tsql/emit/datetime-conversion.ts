// Date and time to text, with the style numbers of CONVERT; text-to-datetime.ts is the way back.
// Source: "CAST and CONVERT (Transact-SQL)", date and time styles.
import type { SqlType } from "../../session.ts";
import { fail } from "../error.ts";
import { isLegacyDate } from "../type.ts";
import { localTimeSql, type Value } from "./value.ts";

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
  127: "%Y-%m-%dT%H:%M:%S.%f",
};

const hasDate = /%_?d/;

/** A date or time as text in `style`; without one, the default of its type. Raises 281 and 9809. */
export function datetimeText(value: Value, style: number | undefined): string {
  const { type, sql } = value;
  const chosen = style ?? (isLegacyDate(type) ? 0 : 121);
  const pattern = Object.hasOwn(styles, chosen) ? styles[chosen] : undefined;
  if (pattern === undefined) return fail(281, undefined, chosen, type.name);
  if (type.name === "time") return timeText(value, chosen, pattern);
  if (type.name === "date") {
    if (!hasDate.test(pattern)) fail(9809, undefined, chosen, type.name, "varchar");
    return formatted(sql, pattern.replace(/[ T]?%(_I|H).*$/, ""));
  }
  if (type.name !== "datetimeoffset") return stampText(sql, pattern, chosen, type);
  // Style 127 is the instant in UTC; the others show local time, with its offset where a time is shown.
  if (chosen === 127) return `(${stampText(`(${sql}).utc`, pattern, chosen, type)}||'Z')`;
  const local = stampText(localTimeSql(sql), pattern, chosen, type);
  const hasBoth = hasDate.test(pattern) && pattern.includes("%M");
  return hasBoth ? `(${local}||${zoneText(sql, chosen === 126 ? "" : " ")})` : local;
}

/** ISO 8601 (126 and 127) leaves out a fraction of nothing. */
function stampText(sql: string, pattern: string, style: number, type: SqlType): string {
  const text = formatted(sql, withFraction(pattern, type));
  return style === 126 || style === 127 ? `regexp_replace(${text}, '\\.0+$', '')` : text;
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

/** A time has no date to show (9809); 12-hour styles begin without a blank. */
function timeText(value: Value, style: number, pattern: string): string {
  if (!pattern.includes("%M")) fail(9809, undefined, style, "time", "varchar");
  const scale = "scale" in value.type ? value.type.scale : 7;
  const stamp = `(DATE '1900-01-01' + ${value.sql})`;
  const fraction = scale === 0 ? "" : scale === 7 ? ".%f0" : `.%F${scale}`;
  if (style === 0 || style === 100) return `trim(${formatted(stamp, "%_I:%M%p")})`;
  if (style === 9 || style === 109) return `trim(${formatted(stamp, `%_I:%M:%S${fraction}%p`)})`;
  if (style === 22) return `trim(${formatted(stamp, "%_I:%M:%S %p")})`;
  if ([8, 108, 24, 20, 120].includes(style)) return `strftime(${stamp}, '%H:%M:%S')`;
  if (style === 14 || style === 114) return `strftime(${stamp}, '%H:%M:%S:%g')`;
  const text = formatted(stamp, `%H:%M:%S${fraction}`);
  return style === 126 || style === 127 ? `regexp_replace(${text}, '\\.0+$', '')` : text;
}

/** The offset of a datetimeoffset, `+05:30` after `gap`. */
export function zoneText(sql: string, gap: string): string {
  const minutes = `abs((${sql}).minutes)`;
  const sign = `CASE WHEN (${sql}).minutes < 0 THEN '-' ELSE '+' END`;
  const two = (part: string): string => `lpad(CAST(${minutes} ${part} 60 AS VARCHAR),2,'0')`;
  return `'${gap}'||${sign}||${two("//")}||':'||${two("%")}`;
}
