// FORMAT(value, format): .NET format strings with a constant format and the en-US culture.
// Source: "FORMAT (Transact-SQL)", ".NET custom date and time / numeric format strings".
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { quoteText, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { isNumeric, isTemporal, spoken, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, scalar } from "./definition.ts";

const result: SqlType = { name: "nvarchar", length: 4000 };

const standardDates: Readonly<Record<string, string>> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  M: "MMMM d",
  s: "yyyy-MM-ddTHH:mm:ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy-MM-dd HH:mm:ssZ",
  y: "MMMM yyyy",
  Y: "MMMM yyyy",
};

/** One custom specifier as SQL over a TIMESTAMP. */
const specifiers: Readonly<Record<string, (at: string) => string>> = {
  yyyy: (at) => `strftime(${at}, '%Y')`,
  yy: (at) => `strftime(${at}, '%y')`,
  MMMM: (at) => `strftime(${at}, '%B')`,
  MMM: (at) => `strftime(${at}, '%b')`,
  MM: (at) => `strftime(${at}, '%m')`,
  M: (at) => `CAST(month(${at}) AS VARCHAR)`,
  dddd: (at) => `strftime(${at}, '%A')`,
  ddd: (at) => `strftime(${at}, '%a')`,
  dd: (at) => `strftime(${at}, '%d')`,
  d: (at) => `CAST(day(${at}) AS VARCHAR)`,
  HH: (at) => `strftime(${at}, '%H')`,
  H: (at) => `CAST(hour(${at}) AS VARCHAR)`,
  hh: (at) => `strftime(${at}, '%I')`,
  h: (at) => `CAST((hour(${at}) + 11) % 12 + 1 AS VARCHAR)`,
  mm: (at) => `strftime(${at}, '%M')`,
  m: (at) => `CAST(minute(${at}) AS VARCHAR)`,
  ss: (at) => `strftime(${at}, '%S')`,
  s: (at) => `CAST(CAST(second(${at}) AS INTEGER) AS VARCHAR)`,
  tt: (at) => `strftime(${at}, '%p')`,
};

function dateFormat(value: Value, format: string, use: FunctionUse): string {
  const stamp = convert(value, types.datetime2, use.at).sql;
  const custom = format.length === 1 ? standardDates[format] : format;
  if (custom === undefined) return refuseOption(use.at, `FORMAT '${format}'`);
  const pieces =
    custom.match(
      /y{1,5}|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|t{1,2}|'[^']*'|"[^"]*"|\\.|[^yMdHhmsft'"\\]+/g,
    ) ?? [];
  const parts = pieces.map((piece) => {
    const emit = Object.hasOwn(specifiers, piece) ? specifiers[piece] : undefined;
    if (emit !== undefined) return emit(stamp);
    if (/^f+$/.test(piece)) return `left(strftime(${stamp}, '%f')||'0', ${piece.length})`;
    if (/^[yMdHhmst]+$/.test(piece)) return refuseOption(use.at, `FORMAT '${piece}'`);
    if (/^['"]/.test(piece)) return quoteText(piece.slice(1, -1));
    return quoteText(piece.startsWith("\\") ? piece.slice(1) : piece);
  });
  return `(${parts.join("||")})`;
}

function numberFormat(value: Value, format: string, use: FunctionUse): string {
  const number = convert(value, types.float, use.at).sql;
  const standard = /^([CcDdFfNnPpXxEe])(\d{0,2})$/.exec(format);
  if (standard !== null)
    return standardNumber(number, value, standard[1]!.toUpperCase(), standard[2]!, use);
  const custom = /^([^0#.,%]*)([0#,]*)(?:\.([0#]*))?(%?)([^0#.,%]*)$/.exec(format);
  if (custom === null) return refuseOption(use.at, `FORMAT '${format}'`);
  const [, prefix = "", whole = "", fraction = "", percent = "", suffix = ""] = custom;
  const grouped = whole.includes(",");
  const scaled = percent === "" ? number : `(${number} * 100)`;
  let shown = `format('{:${grouped ? "," : ""}.${fraction.length}f}', round(${scaled}, ${fraction.length}))`;
  const optional = /#+$/.exec(fraction)?.[0].length ?? 0;
  if (optional > 0) shown = `regexp_replace(${shown}, '\\.?0{0,${optional}}$', '')`;
  const least = (whole.match(/0/g) ?? []).length;
  if (least > 1 && !grouped)
    shown = `CASE WHEN ${number} < 0 THEN '-'||lpad(substr(${shown}, 2), CAST(greatest(length(${shown}) - 1, ${least + (fraction.length ? fraction.length + 1 : 0)}) AS INTEGER), '0') ELSE lpad(${shown}, CAST(greatest(length(${shown}), ${least + (fraction.length ? fraction.length + 1 : 0)}) AS INTEGER), '0') END`;
  return `(${quoteText(prefix)}||${shown}||${quoteText(percent + suffix)})`;
}

function standardNumber(
  number: string,
  value: Value,
  letter: string,
  digits: string,
  use: FunctionUse,
): string {
  const places = digits === "" ? 2 : Number(digits);
  const fixed = (sql: string, comma: boolean): string =>
    `format('{:${comma ? "," : ""}.${places}f}', round(${sql}, ${places}))`;
  switch (letter) {
    case "N":
      return fixed(number, true);
    case "F":
      return fixed(number, false);
    case "P":
      return `(${fixed(`${number} * 100`, true)}||'%')`;
    case "C":
      return `CASE WHEN ${number} < 0 THEN '-$'||${fixed(`abs(${number})`, true)} ELSE '$'||${fixed(number, true)} END`;
    case "D": {
      const whole = convert(value, types.bigint, use.at, { explicit: true }).sql;
      const padded = `lpad(CAST(abs(${whole}) AS VARCHAR), CAST(greatest(length(CAST(abs(${whole}) AS VARCHAR)), ${Number(digits || 1)}) AS INTEGER), '0')`;
      return `CASE WHEN ${whole} < 0 THEN '-'||${padded} ELSE ${padded} END`;
    }
    default:
      return refuseOption(use.at, `FORMAT '${letter}'`);
  }
}

function format(args: readonly Value[], use: FunctionUse): Value {
  const [value, pattern, culture] = args as [Value, Value, Value?];
  const text = pattern.literal?.value;
  if (typeof text !== "string")
    return refuseOption(use.at, "FORMAT with a format that is not constant");
  const name = culture?.literal?.value;
  if (culture !== undefined && !/^(en-us|en|)$/i.test(String(name)))
    refuseOption(use.at, `FORMAT culture ${String(name)}`);
  if (value.bareNull) return convert(value, result, use.at);
  if (isTemporal(value.type))
    return { sql: dateFormat(value, text, use), type: result, nullable: true };
  if (!isNumeric(value.type) || value.type.name === "bit")
    fail(8116, use.at, spoken(value.type), 1, "format");
  return { sql: numberFormat(value, text, use), type: result, nullable: true };
}

export const formatFunctions: readonly FunctionDefinition[] = [scalar("FORMAT", [2, 3], format)];
