// Text that T-SQL accepts as date and time, read at bind time where it is a literal.
// Source: "datetime (Transact-SQL)", supported string literal formats; language us_english (mdy).

export interface CalendarTime {
  /** Days since 1970-01-01; undefined when the text held only a time. */
  days: bigint | undefined;
  /** 100 ns ticks since midnight; undefined when the text held only a date. */
  ticks: bigint | undefined;
  /** Minutes east of UTC, when written. */
  offsetMinutes: number | undefined;
}

const monthNames = [
  "jan",
  "feb",
  "mar",
  "apr",
  "may",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct",
  "nov",
  "dec",
];
const timePattern = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,9}))?)?)?\s*(am|pm)?$/i;
const offsetPattern = /\s*(?:(z)|([+-])(\d{1,2}):(\d{2}))$/i;
const daySeconds = 86_400n;
const ticksPerSecond = 10_000_000n;

/** How numeric dates are read where the year does not come first in four digits. */
export type DateOrder = "mdy" | "dmy" | "ymd";

/** Undefined when the text is no date or time; us_english has the order month, day, year. */
export function readDateTime(source: string, order: DateOrder = "mdy"): CalendarTime | undefined {
  let text = source.trim();
  if (text === "") return { days: -25_567n, ticks: 0n, offsetMinutes: undefined };
  let offsetMinutes: number | undefined;
  const offset = /\d:\d/.test(text) ? offsetPattern.exec(text) : null;
  if (offset !== null) {
    const minutes = Number(offset[3] ?? 0) * 60 + Number(offset[4] ?? 0);
    if (minutes > 840) return undefined;
    offsetMinutes = offset[2] === "-" ? -minutes : minutes;
    text = text.slice(0, offset.index).trim();
  }
  const time = readTime(text);
  if (time !== undefined && (text.includes(":") || /[ap]m$/i.test(text))) {
    return { days: undefined, ticks: time, offsetMinutes };
  }
  const date = readDatePrefix(text, order);
  if (date === undefined) return undefined;
  const rest = date.rest.replace(/^[T\s]+/i, "");
  if (rest === "") return { days: date.days, ticks: undefined, offsetMinutes };
  const ticks = readTime(rest);
  return ticks === undefined ? undefined : { days: date.days, ticks, offsetMinutes };
}

export function readTime(text: string): bigint | undefined {
  const found = timePattern.exec(text.trim());
  if (found === null) return undefined;
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  const second = Number(found[3] ?? 0);
  const half = found[5]?.toLowerCase();
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === "pm" ? 12 : 0);
  } else if (found[2] === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = BigInt((found[4] ?? "").padEnd(7, "0").slice(0, 7));
  return BigInt(hour * 3600 + minute * 60 + second) * ticksPerSecond + fraction;
}

type Found = { days: bigint; rest: string } | undefined;

function readDatePrefix(text: string, order: DateOrder): Found {
  let found = /^(\d{4})(\d{2})(\d{2})(?=$|[T\s])/i.exec(text);
  if (found) return dated(text, found, found[1], found[2], found[3]);
  found = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])/i.exec(text);
  if (found) return dated(text, found, found[1], found[2], found[3]);
  found = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?=$|\s)/.exec(text);
  if (found && order === "ymd" && found[1]!.length === 2 && found[3]!.length === 2)
    return dated(text, found, found[1], found[2], found[3]);
  if (found && order === "dmy") return dated(text, found, found[3], found[2], found[1]);
  if (found) return dated(text, found, found[3], found[1], found[2]);
  found = /^(\d{2})(\d{2})(\d{2})(?=$|\s)/.exec(text);
  if (found) return dated(text, found, found[1], found[2], found[3]);
  found = /^([a-z]{3,9})\s*(\d{1,2})?,?\s+(\d{4})(?=$|\s)/i.exec(text);
  if (found) return dated(text, found, found[3], monthNumber(found[1]!), found[2] ?? "1");
  found = /^(\d{1,2})[\s-]*([a-z]{3,9})[,\s-]+(\d{4}|\d{2})(?=$|\s)/i.exec(text);
  if (found) return dated(text, found, found[3], monthNumber(found[2]!), found[1]);
  found = /^(\d{4})(?=$)/.exec(text);
  if (found) return dated(text, found, found[1], "1", "1");
  return undefined;
}

function monthNumber(word: string): string {
  const lower = word.toLowerCase();
  const long = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
  ];
  const index = lower.length === 3 ? monthNames.indexOf(lower) : long.indexOf(lower);
  return String(index + 1);
}

function dated(text: string, found: RegExpExecArray, y?: string, m?: string, d?: string): Found {
  const days = daysFromCivil(fullYear(y ?? ""), Number(m), Number(d));
  return days === undefined ? undefined : { days, rest: text.slice(found[0].length) };
}

/** Two-digit years turn at 2049 ("two digit year cutoff"). */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 50 ? 2000 + year : 1900 + year;
}

export function daysFromCivil(year: number, month: number, day: number): bigint | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) return undefined;
  return BigInt(Math.round(date.getTime() / 86_400_000));
}

export const ticksPerDay = daySeconds * ticksPerSecond;

/** datetime keeps 1/300 s, shown as .000, .003 and .007; answers ticks rounded so. */
export function roundToDatetime(ticks: bigint): bigint {
  const units = roundDivide(ticks * 3n, 100_000n);
  return roundDivide(units * 10n, 3n) * 10_000n;
}

/** Of seven digits the engine keeps six: the end of time, 9999-12-31 23:59:59.9999999, is not rounded up. */
export function roundToScale(ticks: bigint, scale: number): bigint {
  const unit = 10n ** BigInt(7 - Math.min(scale, 6));
  if (scale < 7) return roundDivide(ticks, unit) * unit;
  return ticks - (((ticks % unit) + unit) % unit);
}

export function roundToMinute(ticks: bigint): bigint {
  const minute = 60n * ticksPerSecond;
  return roundDivide(ticks, minute) * minute;
}

function roundDivide(value: bigint, by: bigint): bigint {
  const twice = 2n * value + by;
  const quotient = twice / (2n * by);
  return twice < 0n && twice % (2n * by) !== 0n ? quotient - 1n : quotient;
}
