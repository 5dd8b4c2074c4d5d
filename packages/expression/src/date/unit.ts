// Adding an amount of a named unit, and truncating, for the date functions.
import { ExpressionError } from "../error.ts";
import { abbreviate } from "../function.ts";
import type { Integer } from "../value.ts";
import {
  addMonths,
  addTicks,
  type Timestamp,
  ticksPerDay,
  ticksPerHour,
  ticksPerMinute,
  ticksPerSecond,
} from "./timestamp.ts";

const ticksPerUnit: ReadonlyMap<string, bigint> = new Map([
  ["second", ticksPerSecond],
  ["minute", ticksPerMinute],
  ["hour", ticksPerHour],
  ["day", ticksPerDay],
  ["week", 7n * ticksPerDay],
]);

const monthsPerUnit: ReadonlyMap<string, bigint> = new Map([
  ["month", 1n],
  ["year", 12n],
]);

/** `unit`: Second, Minute, Hour, Day, Week, Month or Year. Fails with ArgumentValue. */
export function addUnits(time: Timestamp, amount: Integer, unit: string): Timestamp {
  const key = unit.toLowerCase();
  const ticks = ticksPerUnit.get(key);
  if (ticks !== undefined) return addTicks(time, BigInt(amount) * ticks);
  const months = monthsPerUnit.get(key);
  if (months !== undefined) return addMonths(time, BigInt(amount) * months);
  throw new ExpressionError(
    "ArgumentValue",
    `'${abbreviate(unit)}' is not a unit; use Second, Minute, Hour, Day, Week, Month or Year.`,
  );
}

export function negate(amount: Integer): bigint {
  return -BigInt(amount);
}

/** The time without what is smaller than `ticks`, which divides a day. */
export function truncate(time: Timestamp, ticks: bigint): Timestamp {
  return { ...time, ticks: time.ticks - (time.ticks % ticks) };
}
