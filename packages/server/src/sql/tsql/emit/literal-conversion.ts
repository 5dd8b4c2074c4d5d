// Conversion of a known value at bind time. Undefined means: leave it to the engine, which will
// convert or complain when, and only if, the expression is evaluated.
import type { SqlType, SqlValue } from "../../session.ts";
import { integerRange, isDate, isInteger, isLegacyDate, isString } from "../type.ts";
import {
  type DateOrder,
  daysFromCivil,
  readDateTime,
  readTime,
  roundToDatetime,
  roundToMinute,
  roundToScale,
  ticksPerDay,
} from "./datetime-text.ts";
import { unscaledText } from "./value.ts";

export function convertLiteral(
  value: SqlValue,
  from: SqlType,
  to: SqlType,
  order: DateOrder = "mdy",
): SqlValue | undefined {
  if (value === null) return null;
  if (isString(to)) return toText(value, from, to);
  if (isString(from)) return fromText(value as string, to, order);
  if (isInteger(to)) return toInteger(value, from, to);
  if (to.name === "decimal" || to.name === "money") return toDecimal(value, from, to);
  if (to.name === "float" || to.name === "real") return toFloat(value, from, to);
  if (to.name === "bit") return toBit(value, from);
  return undefined;
}

/** Only the forms that need no rounding rule of their own are done here. */
function toText(value: SqlValue, from: SqlType, to: SqlType): string | undefined {
  if (!("length" in to) || to.length === undefined) return undefined;
  let text: string | undefined;
  if (isString(from)) text = value as string;
  else if (isInteger(from)) text = String(value);
  else if (from.name === "decimal") text = unscaledText(value as bigint, from.scale);
  if (text === undefined) return undefined;
  if (to.length !== "max" && text.length > to.length) {
    if (!isString(from)) return undefined;
    text = text.slice(0, to.length);
  }
  return to.name === "char" || to.name === "nchar" ? text.padEnd(to.length as number, " ") : text;
}

function fromText(text: string, to: SqlType, order: DateOrder): SqlValue | undefined {
  if (isInteger(to)) {
    const trimmed = text.trim();
    if (!/^[+-]?\d{0,19}$/.test(trimmed)) return undefined;
    return inRange(BigInt(/\d/.test(trimmed) ? trimmed.replace("+", "") : "0"), to);
  }
  if (to.name === "float" || to.name === "real") {
    const trimmed = text.trim();
    if (trimmed === "") return 0;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return undefined;
    return floatIn(Number(trimmed), to);
  }
  if (to.name === "decimal") {
    const found = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text);
    if (found === null || !/\d/.test(text)) return undefined;
    const fraction = found[3] ?? "";
    const unscaled = BigInt(`${found[2]}${fraction}`);
    return rescaled(found[1] === "-" ? -unscaled : unscaled, fraction.length, to);
  }
  if (to.name === "uniqueidentifier") {
    const found = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i.exec(text.trim());
    return found?.[1]?.toUpperCase();
  }
  if (to.name === "bit") {
    const lower = text.trim().toLowerCase();
    if (lower === "true") return true;
    if (lower === "false" || lower === "") return false;
    return /^[+-]?\d+$/.test(lower) ? Number(lower) !== 0 : undefined;
  }
  return isDate(to) || to.name === "time" ? temporalFromText(text, to, order) : undefined;
}

const endOfTime = (daysFromCivil(9999, 12, 31)! + 1n) * ticksPerDay;

/** The last moment of its precision, where rounding goes beyond the year 9999. */
function lastAtMost(ticks: bigint, scale: number): bigint {
  return ticks < endOfTime ? ticks : endOfTime - 10n ** BigInt(7 - scale);
}

const year1753 = daysFromCivil(1753, 1, 1)!;
const year1900 = daysFromCivil(1900, 1, 1)!;

function temporalFromText(text: string, to: SqlType, order: DateOrder): SqlValue | undefined {
  const read = readDateTime(text, order);
  if (read === undefined) {
    const time = to.name === "time" ? readTime(text) : undefined;
    return time === undefined ? undefined : roundToScale(time, 7);
  }
  // Legacy types take no zone but Z (ISO 8601, style 127).
  if (read.offsetMinutes !== undefined && isLegacyDate(to) && !/\dZ\s*$/i.test(text))
    return undefined;
  const days = read.days ?? year1900;
  const ticks = read.ticks ?? 0n;
  const whole = days * ticksPerDay + ticks;
  switch (to.name) {
    case "date":
      return days;
    case "time": {
      const rounded = roundToScale(ticks, to.scale);
      return rounded >= ticksPerDay ? rounded - ticksPerDay : rounded;
    }
    case "datetime": {
      const rounded = roundToDatetime(whole);
      return days < year1753 || rounded >= endOfTime ? undefined : rounded;
    }
    case "smalldatetime": {
      const rounded = roundToMinute(roundToDatetime(whole));
      return days < year1900 || rounded >= (65_536n + year1900) * ticksPerDay ? undefined : rounded;
    }
    case "datetime2":
      return lastAtMost(roundToScale(whole, to.scale), to.scale);
    case "datetimeoffset": {
      const offsetMinutes = read.offsetMinutes ?? 0;
      return {
        ticks:
          lastAtMost(roundToScale(whole, to.scale), to.scale) -
          BigInt(offsetMinutes) * 600_000_000n,
        offsetMinutes,
      };
    }
    default:
      return undefined;
  }
}

function inRange(value: bigint, to: SqlType): SqlValue | undefined {
  const [low, high] = integerRange[to.name as keyof typeof integerRange];
  if (value < low || value > high) return undefined;
  return to.name === "bigint" ? value : Number(value);
}

function toInteger(value: SqlValue, from: SqlType, to: SqlType): SqlValue | undefined {
  if (from.name === "bit") return inRange(value ? 1n : 0n, to);
  if (isInteger(from)) return inRange(BigInt(value as number | bigint), to);
  if (from.name === "decimal") return inRange((value as bigint) / 10n ** BigInt(from.scale), to);
  if (from.name === "float" || from.name === "real") {
    const whole = Math.trunc(value as number);
    return Number.isSafeInteger(whole) ? inRange(BigInt(whole), to) : undefined;
  }
  return undefined;
}

function rescaled(
  unscaled: bigint,
  scale: number,
  to: Extract<SqlType, { name: "decimal" }>,
): bigint | undefined {
  let result = unscaled;
  if (to.scale >= scale) result *= 10n ** BigInt(to.scale - scale);
  else {
    const unit = 10n ** BigInt(scale - to.scale);
    const half = unit / 2n;
    result = (result < 0n ? result - half : result + half) / unit;
  }
  const limit = 10n ** BigInt(to.precision);
  return result < limit && result > -limit ? result : undefined;
}

function toDecimal(value: SqlValue, from: SqlType, to: SqlType): SqlValue | undefined {
  const target =
    to.name === "decimal" ? to : ({ name: "decimal", precision: 19, scale: 4 } as const);
  const [unscaled, scale] = isInteger(from)
    ? [BigInt(value as number | bigint), 0]
    : from.name === "decimal"
      ? [value as bigint, from.scale]
      : [from.name === "money" ? (value as bigint) : undefined, 4];
  const result = unscaled === undefined ? undefined : rescaled(unscaled, scale, target);
  if (result === undefined || to.name === "decimal") return result;
  return result <= 2n ** 63n - 1n && result >= -(2n ** 63n) ? result : undefined;
}

function floatIn(value: number, to: SqlType): number | undefined {
  const result = to.name === "real" ? Math.fround(value) : value;
  return Number.isFinite(result) ? result : undefined;
}

function toFloat(value: SqlValue, from: SqlType, to: SqlType): number | undefined {
  if (isInteger(from)) return floatIn(Number(value), to);
  if (from.name === "decimal")
    return floatIn(Number(unscaledText(value as bigint, from.scale)), to);
  if (from.name === "float" || from.name === "real") return floatIn(value as number, to);
  return undefined;
}

function toBit(value: SqlValue, from: SqlType): boolean | undefined {
  if (isInteger(from) || from.name === "decimal") return Number(value) !== 0;
  if (from.name === "float" || from.name === "real") return value !== 0;
  return undefined;
}
