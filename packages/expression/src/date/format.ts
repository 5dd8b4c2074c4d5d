// Writes timestamps by .NET's standard and custom format strings, culture en-US (expressions.md 3:
// 'D' is `Tuesday, January 2, 2018`).
import { ExpressionError } from "../error.ts";
import { abbreviate } from "../function.ts";
import { type CalendarTime, dayOfWeek, type Timestamp, toCalendar } from "./timestamp.ts";

export const roundTripFormat = "yyyy-MM-ddTHH:mm:ss.fffffffK";

const standardFormats: Readonly<Record<string, string>> = {
  d: "M/d/yyyy",
  D: "dddd, MMMM d, yyyy",
  f: "dddd, MMMM d, yyyy h:mm tt",
  F: "dddd, MMMM d, yyyy h:mm:ss tt",
  g: "M/d/yyyy h:mm tt",
  G: "M/d/yyyy h:mm:ss tt",
  m: "MMMM d",
  M: "MMMM d",
  o: roundTripFormat,
  O: roundTripFormat,
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-ddTHH:mm:ss",
  t: "h:mm tt",
  T: "h:mm:ss tt",
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: "dddd, MMMM d, yyyy h:mm:ss tt",
  y: "MMMM yyyy",
  Y: "MMMM yyyy",
};

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Fails with ArgumentValue for a format string that .NET refuses. */
export function formatTimestamp(time: Timestamp, format: string = roundTripFormat): string {
  if (format === "") return formatTimestamp(time, "G");
  const custom = format.length === 1 ? standardFormats[format] : format;
  if (custom === undefined) throw badFormat(format);
  const calendar = toCalendar(time.ticks);
  let result = "";
  for (let at = 0; at < custom.length; ) {
    const [text, length] = writeSpecifier({ time, calendar, format: custom, at });
    // F drops the point before it when it writes nothing.
    if (custom[at] === "F" && text === "" && result.endsWith(".")) result = result.slice(0, -1);
    result += text;
    at += length;
  }
  return result;
}

interface Place {
  readonly time: Timestamp;
  readonly calendar: CalendarTime;
  readonly format: string;
  readonly at: number;
}

/** The text of the specifier at `at`, and how many characters of the format it takes. */
function writeSpecifier(place: Place): [string, number] {
  const { format, at } = place;
  const mark = format[at]!;
  switch (mark) {
    case "'":
    case '"':
      return writeQuoted(format, at);
    case "\\": {
      const next = format[at + 1];
      if (next === undefined) throw badFormat(format);
      return [next, 2];
    }
    case "%": {
      const next = format[at + 1];
      if (next === undefined || next === "%") throw badFormat(format);
      return [writeField(place, next, 1), 2];
    }
  }
  let count = 1;
  while (format[at + count] === mark) count++;
  if (!/[dfFghHKmMstyz]/.test(mark)) return [mark, 1];
  if (mark === "K") return [writeField(place, mark, 1), 1];
  if ((mark === "f" || mark === "F") && count > 7) throw badFormat(format);
  return [writeField(place, mark, count), count];
}

function writeQuoted(format: string, start: number): [string, number] {
  let text = "";
  for (let at = start + 1; at < format.length; at++) {
    const char = format[at]!;
    if (char === format[start]) return [text, at + 1 - start];
    if (char === "\\") at++;
    text += format[at] ?? "";
  }
  throw badFormat(format);
}

function writeField(place: Place, mark: string, count: number): string {
  const { calendar, time } = place;
  switch (mark) {
    case "d":
      return count < 3 ? pad(calendar.day, count) : nameOf(dayNames[dayOfWeek(time.ticks)]!, count);
    case "M":
      return count < 3
        ? pad(calendar.month, count)
        : nameOf(monthNames[calendar.month - 1]!, count);
    case "y":
      return count < 3 ? pad(calendar.year % 100, count) : pad(calendar.year, count);
    case "h":
      return pad(calendar.hour % 12 || 12, Math.min(count, 2));
    case "H":
      return pad(calendar.hour, Math.min(count, 2));
    case "m":
      return pad(calendar.minute, Math.min(count, 2));
    case "s":
      return pad(calendar.second, Math.min(count, 2));
    case "t":
      return (calendar.hour < 12 ? "AM" : "PM").slice(0, Math.min(count, 2));
    case "f":
      return pad(calendar.fractionTicks, 7).slice(0, count);
    case "F":
      return pad(calendar.fractionTicks, 7).slice(0, count).replace(/0+$/, "");
    case "g":
      return "A.D.";
    case "K":
      return time.isUtc ? "Z" : "";
    case "z":
      return ["+0", "+00", "+00:00"][Math.min(count, 3) - 1]!;
    default:
      return mark;
  }
}

function nameOf(name: string, count: number): string {
  return count === 3 ? name.slice(0, 3) : name;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function badFormat(format: string): ExpressionError {
  return new ExpressionError("ArgumentValue", `'${abbreviate(format)}' is not a date format.`);
}
