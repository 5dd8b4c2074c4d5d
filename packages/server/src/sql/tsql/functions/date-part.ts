// Date parts by their names and abbreviations, and reading one from a value.
import type { Expression } from "../ast.ts";
import { convert } from "../emit/conversion.ts";
import { localTimeSql, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isNumeric, isString, isTemporal, types } from "../type.ts";
import type { FunctionUse } from "./definition.ts";

export type Part =
  | "year"
  | "quarter"
  | "month"
  | "dayofyear"
  | "day"
  | "week"
  | "weekday"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond"
  | "tzoffset"
  | "iso_week";

const partNames: Readonly<Record<string, Part>> = {
  year: "year",
  yy: "year",
  yyyy: "year",
  quarter: "quarter",
  qq: "quarter",
  q: "quarter",
  month: "month",
  mm: "month",
  m: "month",
  dayofyear: "dayofyear",
  dy: "dayofyear",
  y: "dayofyear",
  day: "day",
  dd: "day",
  d: "day",
  week: "week",
  wk: "week",
  ww: "week",
  weekday: "weekday",
  dw: "weekday",
  w: "weekday",
  hour: "hour",
  hh: "hour",
  minute: "minute",
  mi: "minute",
  n: "minute",
  second: "second",
  ss: "second",
  s: "second",
  millisecond: "millisecond",
  ms: "millisecond",
  microsecond: "microsecond",
  mcs: "microsecond",
  nanosecond: "nanosecond",
  ns: "nanosecond",
  tzoffset: "tzoffset",
  tz: "tzoffset",
  iso_week: "iso_week",
  isowk: "iso_week",
  isoww: "iso_week",
};

export function partOf(expression: Expression, name: string): Part {
  const word =
    expression.kind === "column" && expression.parts.length === 1
      ? expression.parts[0]!.toLowerCase()
      : "";
  const part = Object.hasOwn(partNames, word) ? partNames[word] : undefined;
  return part ?? fail(155, expression.at, word, name.toLowerCase());
}

/** Text and numbers stand for datetime; `time` stays what it is. */
export function moment(
  expression: Expression,
  use: FunctionUse,
  name: string,
  position: number,
): Value {
  const value = use.binder.value(expression, use.scope);
  if (value.bareNull) return convert(value, types.datetime, use.at);
  if (isString(value.type)) return convert(value, types.datetime2, use.at);
  if (isNumeric(value.type)) return convert(value, types.datetime, use.at);
  if (!isTemporal(value.type)) fail(8116, use.at, value.type.name, position, name.toLowerCase());
  return value;
}

/** As `moment`; of a text the offset is asked for as of a datetimeoffset ("DATEPART", tzoffset). */
export function zonedMoment(
  part: Part,
  expression: Expression,
  use: FunctionUse,
  name: string,
): Value {
  if (part !== "tzoffset") return moment(expression, use, name, 2);
  const value = use.binder.value(expression, use.scope);
  const isText = isString(value.type) && !value.bareNull;
  return isText ? convert(value, types.datetimeoffset, use.at) : moment(expression, use, name, 2);
}

/** The local TIMESTAMP behind a value of any date or time type. */
export function stamp(value: Value): string {
  if (value.type.name === "datetimeoffset") return localTimeSql(value.sql);
  if (value.type.name === "time") return `(DATE '1900-01-01' + ${value.sql})`;
  return value.type.name === "date" ? `CAST(${value.sql} AS TIMESTAMP)` : value.sql;
}

const timeParts = new Set<Part>([
  "hour",
  "minute",
  "second",
  "millisecond",
  "microsecond",
  "nanosecond",
]);

/** Parts so short that an int may not hold the difference (message 535). */
export const shortParts = new Set<Part>([
  "minute",
  "second",
  "millisecond",
  "microsecond",
  "nanosecond",
]);

export function checkPart(part: Part, value: Value, use: FunctionUse, name: string): void {
  const unfit =
    (value.type.name === "date" && timeParts.has(part)) ||
    (value.type.name === "time" && !timeParts.has(part)) ||
    (part === "tzoffset" && value.type.name !== "datetimeoffset");
  if (unfit) fail(9810, use.at, part, name.toLowerCase(), value.type.name);
}

export function partSql(part: Part, value: Value, dateFirst: number): string {
  const at = stamp(value);
  switch (part) {
    case "dayofyear":
      return `dayofyear(${at})`;
    case "weekday":
      return `((isodow(${at}) + ${7 - dateFirst}) % 7 + 1)`;
    case "week": {
      const january = `((isodow(date_trunc('year', ${at})) + ${7 - dateFirst}) % 7)`;
      return `((dayofyear(${at}) - 1 + ${january}) // 7 + 1)`;
    }
    case "iso_week":
      return `weekofyear(${at})`;
    case "millisecond":
      return `(millisecond(${at}) % 1000)`;
    case "microsecond":
      return `(microsecond(${at}) % 1000000)`;
    case "nanosecond":
      return `(microsecond(${at}) % 1000000 * 1000)`;
    case "tzoffset":
      return `(${value.sql}).minutes`;
    default:
      return `${part}(${at})`;
  }
}
