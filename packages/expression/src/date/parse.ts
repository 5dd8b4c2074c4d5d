// Reads timestamps as .NET's DateTime.Parse does in its invariant culture, converting offsets to
// UTC. Forms: ISO 8601, its basic form yyyyMMddTHHmmssZ, MM/dd/yyyy, RFC 1123 and long dates.
import { ExpressionError } from "../error.ts";
import { abbreviate } from "../function.ts";
import {
  checkRange,
  daysInMonth,
  fromCalendar,
  type Timestamp,
  ticksPerMinute,
} from "./timestamp.ts";

const second = String.raw`(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,16}))?)?`;
const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})${second}(?: ?(?<half>[AP])M)?`;
const compactTime = String.raw`(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})`;
const zone = String.raw`(?: ?(?<zone>Z|GMT|UTC|[+-]\d{2}(?::?\d{2})?))?`;
const month = "(?<monthName>[a-z]{3,9})";
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

const forms = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:(?:T| +)${time})?${zone}`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})T${compactTime}${zone}`,
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})(?: +${time})?${zone}`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/(?<day>\d{1,2})(?: +${time})?${zone}`,
  String.raw`(?:[a-z]{3,9}, )?${month} (?<day>\d{1,2}), (?<year>\d{4})(?: ${time})?${zone}`,
  String.raw`(?:[a-z]{3,9}, )?(?<day>\d{1,2}) ${month} (?<year>\d{4})(?: ${time})?${zone}`,
].map((form) => new RegExp(`^${form}$`, "i"));

/** Fails with ArgumentValue for a text that is no timestamp. */
export function parseTimestamp(text: string): Timestamp {
  const parts = matchForm(text.trim());
  const timestamp = parts && readParts(parts);
  if (timestamp === undefined) {
    throw new ExpressionError(
      "ArgumentValue",
      `'${abbreviate(text)}' is not a timestamp such as 2018-03-15T13:00:00Z.`,
    );
  }
  return timestamp;
}

type Parts = Readonly<Record<string, string | undefined>>;

function matchForm(text: string): Parts | undefined {
  if (text.length > 64) return undefined;
  for (const form of forms) {
    const match = form.exec(text);
    if (match) return match.groups;
  }
  return undefined;
}

function readParts(parts: Parts): Timestamp | undefined {
  const year = Number(parts.year);
  const monthNumber = parts.monthName ? readMonthName(parts.monthName) : Number(parts.month);
  const day = Number(parts.day);
  const hour = readHour(parts);
  const minute = Number(parts.minute ?? 0);
  const second = Number(parts.second ?? 0);
  const isValid =
    year >= 1 &&
    monthNumber >= 1 &&
    monthNumber <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, monthNumber) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59;
  const offsetMinutes = readOffset(parts.zone ?? "Z");
  if (!isValid || offsetMinutes === undefined) return undefined;
  // Rounding may carry into the second, which the sum of ticks takes care of.
  const fractionTicks = Math.round(Number(`0.${parts.fraction ?? 0}`) * 1e7);
  const local = fromCalendar({
    year,
    month: monthNumber,
    day,
    hour,
    minute,
    second,
    fractionTicks,
  });
  return {
    ticks: checkRange(local - BigInt(offsetMinutes) * ticksPerMinute),
    isUtc: parts.zone !== undefined,
  };
}

function readMonthName(name: string): number {
  const index = monthNames.indexOf(name.slice(0, 3).toLowerCase());
  return index + 1;
}

/** NaN, which fails every comparison, for an hour that its AM or PM forbids. */
function readHour(parts: Parts): number {
  const hour = Number(parts.hour ?? 0);
  if (parts.half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (parts.half.toUpperCase() === "P" ? 12 : 0);
}

function readOffset(text: string): number | undefined {
  if (/^[a-z]/i.test(text)) return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(":", "") || 0)];
  if (hours * 60 + minutes > 14 * 60 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
