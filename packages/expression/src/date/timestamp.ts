// Timestamps with .NET's range and precision: 100-ns ticks since 0001-01-01, UTC or of no zone.
import { ExpressionError } from "../error.ts";
import type { Integer } from "../value.ts";

export interface Timestamp {
  readonly ticks: bigint;
  /** True for a UTC time, written with Z; false for a wall clock time of no stated zone. */
  readonly isUtc: boolean;
}

export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 9,999,999. */
  readonly fractionTicks: number;
}

export const ticksPerMs = 10_000n;
export const ticksPerSecond = 10_000_000n;
export const ticksPerMinute = 60n * ticksPerSecond;
export const ticksPerHour = 60n * ticksPerMinute;
export const ticksPerDay = 24n * ticksPerHour;
/** Ticks at 1970-01-01T00:00:00Z. */
export const unixEpochTicks = 621_355_968_000_000_000n;

const ticksEnd = 3_155_378_976_000_000_000n;
const daysToUnixEpoch = 719_162;

export function fromDate(date: Date): Timestamp {
  return { ticks: BigInt(date.getTime()) * ticksPerMs + unixEpochTicks, isUtc: true };
}

/** Fails with ArgumentValue outside the years 1 to 9999. */
export function checkRange(ticks: bigint): bigint {
  if (ticks >= 0n && ticks < ticksEnd) return ticks;
  throw new ExpressionError("ArgumentValue", "The time lies outside the years 1 to 9999.");
}

export function addTicks(time: Timestamp, ticks: bigint): Timestamp {
  return { ...time, ticks: checkRange(time.ticks + ticks) };
}

/** A day that the target month lacks becomes its last day, as .NET's AddMonths does. */
export function addMonths(time: Timestamp, months: Integer): Timestamp {
  const calendar = toCalendar(time.ticks);
  const total = calendar.year * 12 + calendar.month - 1 + Number(months);
  const year = Math.floor(total / 12);
  if (!(year >= 1 && year <= 9999)) checkRange(-1n);
  const month = total - year * 12 + 1;
  const day = Math.min(calendar.day, daysInMonth(year, month));
  return { ...time, ticks: fromCalendar({ ...calendar, year, month, day }) };
}

/** Midnight, with the calendar's other parts as given. The parts are in range. */
export function fromCalendar(parts: CalendarTime): bigint {
  const { year, month, day, hour, minute, second, fractionTicks } = parts;
  return (
    BigInt(daysSinceYearOne(year, month, day)) * ticksPerDay +
    BigInt(hour * 3600 + minute * 60 + second) * ticksPerSecond +
    BigInt(fractionTicks)
  );
}

export function toCalendar(ticks: bigint): CalendarTime {
  const days = Number(ticks / ticksPerDay);
  const rest = ticks % ticksPerDay;
  const seconds = Number(rest / ticksPerSecond);
  const date = new Date((days - daysToUnixEpoch) * 86_400_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    fractionTicks: Number(rest % ticksPerSecond),
  };
}

/** Sunday is 0. */
export function dayOfWeek(ticks: bigint): number {
  return (Number(ticks / ticksPerDay) + 1) % 7;
}

export function dayOfYear(ticks: bigint): number {
  const { year } = toCalendar(ticks);
  return Number(ticks / ticksPerDay) - daysSinceYearOne(year, 1, 1) + 1;
}

export function daysInMonth(year: number, month: number): number {
  return daysSinceYearOne(year, month + 1, 1) - daysSinceYearOne(year, month, 1);
}

function daysSinceYearOne(year: number, month: number, day: number): number {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; 400 years are 146,097 days.
  return Date.UTC(year + 400, month - 1, day) / 86_400_000 + daysToUnixEpoch - 146_097;
}
