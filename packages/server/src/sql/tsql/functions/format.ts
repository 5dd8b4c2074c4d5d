// FORMAT(value, format, culture): .NET format strings, constant ones, in a few cultures.
// Source: "FORMAT (Transact-SQL)", ".NET custom date and time / numeric format strings".
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import { quoteText, type Value } from "../emit/value.ts";
import { fail, refuseOption } from "../error.ts";
import { isApproximate, isInteger, isNumeric, isTemporal, spoken, types } from "../type.ts";
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
  t: (at) => `left(strftime(${at}, '%p'), 1)`,
  tt: (at) => `strftime(${at}, '%p')`,
};

function dateFormat(value: Value, format: string, culture: Culture, use: FunctionUse): string {
  const stamp = convert(value, types.datetime2, use.at).sql;
  const custom = format.length === 1 ? culture.dates[format] : format;
  if (custom === undefined) return refuseOption(use.at, `FORMAT '${format}'`);
  if (!culture.isEnglish && /MMM|ddd|t/.test(custom.replace(/'[^']*'|\\./g, "")))
    return refuseOption(use.at, `FORMAT '${format}' in a language but English`);
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

/** How a culture writes numbers and short dates; names of months and days are English only. */
interface Culture {
  point: string;
  group: string;
  currency: (amount: string) => string;
  negative: (amount: string) => string;
  dates: Readonly<Record<string, string>>;
  isEnglish: boolean;
}

const unitedStates: Culture = {
  point: ".",
  group: ",",
  currency: (amount) => `'$'||${amount}`,
  negative: (amount) => `'($'||${amount}||')'`,
  dates: standardDates,
  isEnglish: true,
};

const cultures: Readonly<Record<string, Culture>> = {
  "": unitedStates,
  en: unitedStates,
  "en-us": unitedStates,
  "en-gb": {
    ...unitedStates,
    currency: (amount) => `'£'||${amount}`,
    negative: (amount) => `'-£'||${amount}`,
    dates: {
      ...standardDates,
      d: "dd/MM/yyyy",
      D: "dd MMMM yyyy",
      f: "dd MMMM yyyy HH:mm",
      F: "dd MMMM yyyy HH:mm:ss",
      g: "dd/MM/yyyy HH:mm",
      G: "dd/MM/yyyy HH:mm:ss",
      t: "HH:mm",
      T: "HH:mm:ss",
    },
  },
  "de-de": {
    point: ",",
    group: ".",
    currency: (amount) => `${amount}||' €'`,
    negative: (amount) => `'-'||${amount}||' €'`,
    dates: {
      d: "dd.MM.yyyy",
      g: "dd.MM.yyyy HH:mm",
      G: "dd.MM.yyyy HH:mm:ss",
      s: "yyyy-MM-ddTHH:mm:ss",
      t: "HH:mm",
      T: "HH:mm:ss",
      u: "yyyy-MM-dd HH:mm:ssZ",
    },
    isEnglish: false,
  },
};

/** `en-US` writing as the culture's own: point and comma change places. */
function localized(sql: string, culture: Culture): string {
  return culture.point === "."
    ? sql
    : `translate(${sql}, ',.', '${culture.group}${culture.point}')`;
}

/** A format of up to three sections: of positive numbers, of negative ones, of zero. */
function numberFormat(value: Value, format: string, culture: Culture, use: FunctionUse): string {
  const sections = format.split(";");
  if (sections.length === 1) return oneNumber(value, format, culture, use);
  const number = convert(value, types.float, use.at).sql;
  const { type, nullable } = value;
  const positive: Value = { sql: `abs(${value.sql})`, type, nullable };
  const shown = sections.slice(0, 3).map((section) => oneNumber(positive, section, culture, use));
  const zero = shown[2] === undefined ? "" : ` WHEN ${number} = 0 THEN ${shown[2]}`;
  return `CASE WHEN ${number} < 0 THEN ${shown[1]}${zero} ELSE ${shown[0]} END`;
}

function oneNumber(value: Value, format: string, culture: Culture, use: FunctionUse): string {
  const number = convert(value, types.float, use.at).sql;
  const standard = /^([CcDdEeFfGgNnPpXx])(\d{0,2})$/.exec(format);
  if (standard !== null) return standardNumber(value, standard[1]!, standard[2]!, culture, use);
  const custom = /^([^0#.,%]*)([0#,]*)(?:\.([0#]*))?(%?)([^0#.,%]*)$/.exec(format);
  if (custom === null) return parted(number, format, use);
  const [, prefix = "", whole = "", fraction = "", percent = "", suffix = ""] = custom;
  if (whole === "" && fraction === "") return quoteText(format);
  const grouped = whole.includes(",");
  const scaled = percent === "" ? number : `(${number} * 100)`;
  let shown = `format('{:${grouped ? "," : ""}.${fraction.length}f}', round(${scaled}, ${fraction.length}))`;
  const optional = /#+$/.exec(fraction)?.[0].length ?? 0;
  if (optional > 0) shown = `regexp_replace(${shown}, '\\.?0{0,${optional}}$', '')`;
  const least = (whole.match(/0/g) ?? []).length;
  if (least === 0) shown = `regexp_replace(${shown}, '^(-?)0(\\.|$)', '\\1\\2')`;
  if (least > 1 && !grouped)
    shown = `CASE WHEN ${number} < 0 THEN '-'||lpad(substr(${shown}, 2), CAST(greatest(length(${shown}) - 1, ${least + (fraction.length ? fraction.length + 1 : 0)}) AS INTEGER), '0') ELSE lpad(${shown}, CAST(greatest(length(${shown}), ${least + (fraction.length ? fraction.length + 1 : 0)}) AS INTEGER), '0') END`;
  const local = localized(shown, culture);
  return `(${quoteText(unquoted(prefix))}||${local}||${quoteText(percent + unquoted(suffix))})`;
}

function unquoted(text: string): string {
  return text.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, "$1$2$3");
}

/** `###-##-####`: whole digits from the right among other characters; further ones stand before the first. */
function parted(number: string, format: string, use: FunctionUse): string {
  const pieces = format.match(/[0#]|'[^']*'|"[^"]*"|\\.|[^0#.,%'"\\]/g) ?? [];
  const places = pieces.filter((piece) => piece === "0" || piece === "#");
  if (pieces.join("") !== format || places.length === 0)
    return refuseOption(use.at, `FORMAT '${format}'`);
  const count = places.length;
  const firstZero = places.indexOf("0");
  const needed = firstZero === -1 ? 0 : count - firstZero;
  const digits = `CAST(CAST(abs(round(${number})) AS HUGEINT) AS VARCHAR)`;
  const own =
    needed === 0
      ? `replace(${digits}, '0', CASE WHEN ${digits} = '0' THEN '' ELSE '0' END)`
      : digits;
  const filled = `lpad(${own}, CAST(greatest(length(${own}), ${needed}) AS INTEGER), '0')`;
  const all = `lpad(${filled}, CAST(greatest(length(${filled}), ${count}) AS INTEGER), chr(1))`;
  let place = 0;
  const shown = pieces.map((piece) => {
    if (piece !== "0" && piece !== "#") return quoteText(unquoted(piece));
    place += 1;
    return place === 1
      ? `left(d, length(d) - ${count - 1})`
      : `substr(d, length(d) - ${count - place}, 1)`;
  });
  const sign = `CASE WHEN round(${number}) < 0 THEN '-' ELSE '' END`;
  return `(${sign}||replace(list_transform([${all}], d -> ${shown.join("||")})[1], chr(1), ''))`;
}

function standardNumber(
  value: Value,
  specifier: string,
  digits: string,
  culture: Culture,
  use: FunctionUse,
): string {
  const number = convert(value, types.float, use.at).sql;
  const places = digits === "" ? 2 : Number(digits);
  const fixed = (sql: string, comma: boolean): string =>
    localized(`format('{:${comma ? "," : ""}.${places}f}', round(${sql}, ${places}))`, culture);
  const whole = (): string => convert(value, types.bigint, use.at, { explicit: true }).sql;
  const padded = (text: string): string =>
    `lpad(${text}, CAST(greatest(length(${text}), ${Number(digits || 1)}) AS INTEGER), '0')`;
  switch (specifier.toUpperCase()) {
    case "N":
      return fixed(number, true);
    case "F":
      return fixed(number, false);
    case "P":
      return `(${fixed(`${number} * 100`, true)}||' %')`;
    case "C": {
      const amount = fixed(`abs(${number})`, true);
      return `CASE WHEN ${number} < 0 THEN ${culture.negative(amount)} ELSE ${culture.currency(amount)} END`;
    }
    case "D": {
      const shown = padded(`CAST(abs(${whole()}) AS VARCHAR)`);
      return `CASE WHEN ${whole()} < 0 THEN '-'||${shown} ELSE ${shown} END`;
    }
    case "G":
      if (digits !== "" || isApproximate(value.type))
        return refuseOption(use.at, `FORMAT '${specifier}${digits}' of ${spoken(value.type)}`);
      return localized(`CAST(${value.sql} AS VARCHAR)`, culture);
    case "E": {
      const mark = specifier;
      const shown = `format('{:.${digits === "" ? 6 : Number(digits)}${mark}}', ${number})`;
      return localized(
        `regexp_replace(${shown}, '${mark}([+-])(\\d\\d)$', '${mark}\\10\\2')`,
        culture,
      );
    }
    default: {
      if (!isInteger(value.type))
        return refuseOption(use.at, `FORMAT '${specifier}' of ${spoken(value.type)}`);
      const hex = `to_hex(${value.sql})`;
      const width = { tinyint: 2, smallint: 4, int: 8, bigint: 16 }[value.type.name as "int"];
      const own = padded(`CASE WHEN ${value.sql} < 0 THEN right(${hex}, ${width}) ELSE ${hex} END`);
      return specifier === "X" ? `upper(${own})` : `lower(${own})`;
    }
  }
}

/** A time is a TimeSpan: hours, minutes, seconds, with every other character escaped (else the answer is NULL). */
function timeFormat(value: Value, format: string, use: FunctionUse): string {
  const pieces = format.match(/h{1,2}|m{1,2}|s{1,2}|f{1,7}|\\.|'[^']*'/g) ?? [];
  if (format.length === 1 || /[dcgGtF]/.test(format))
    return refuseOption(use.at, `FORMAT '${format}' of time`);
  if (pieces.join("") !== format) return "CAST(NULL AS VARCHAR)";
  const stamp = `(DATE '1900-01-01' + ${value.sql})`;
  const parts = pieces.map((piece) => {
    if (piece.startsWith("h"))
      return piece === "hh" ? `strftime(${stamp}, '%H')` : `CAST(hour(${stamp}) AS VARCHAR)`;
    if (/^f/.test(piece)) return `left(strftime(${stamp}, '%f')||'0', ${piece.length})`;
    return Object.hasOwn(specifiers, piece)
      ? specifiers[piece]!(stamp)
      : quoteText(unquoted(piece));
  });
  return `(${parts.join("||")})`;
}

function format(args: readonly Value[], use: FunctionUse): Value {
  const [value, pattern, culture] = args as [Value, Value, Value?];
  const text = pattern.literal?.value;
  if (typeof text !== "string")
    return refuseOption(use.at, "FORMAT with a format that is not constant");
  const name = culture === undefined ? "" : String(culture.literal?.value).toLowerCase();
  const own = Object.hasOwn(cultures, name) ? cultures[name] : undefined;
  if (own === undefined) return refuseOption(use.at, `FORMAT culture ${name}`);
  if (value.bareNull) return convert(value, result, use.at);
  if (isTemporal(value.type)) {
    const shown =
      value.type.name === "time" ? timeFormat(value, text, use) : dateFormat(value, text, own, use);
    return { sql: shown, type: result, nullable: true };
  }
  if (!isNumeric(value.type) || value.type.name === "bit")
    fail(8116, use.at, spoken(value.type), 1, "format");
  return { sql: numberFormat(value, text, own, use), type: result, nullable: true };
}

export const formatFunctions: readonly FunctionDefinition[] = [scalar("FORMAT", [2, 3], format)];
