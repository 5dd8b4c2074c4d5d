// Wall clocks of time zones, by Windows name (windows-zone.ts) or IANA name. The rules are those of
// the runtime's Intl data, so very old dates may differ from Windows, which knows fewer past rules.
import { ExpressionError } from "../error.ts";
import { abbreviate } from "../function.ts";
import {
  checkRange,
  fromCalendar,
  type Timestamp,
  ticksPerHour,
  ticksPerMs,
  unixEpochTicks,
} from "./timestamp.ts";
import { windowsZones } from "./windows-zone.ts";

export interface Zone {
  readonly isUtc: boolean;
  readonly clock: Intl.DateTimeFormat;
}

const zones = new Map<string, Zone>();

/** Fails with ArgumentValue for an unknown name. Names are matched without regard to case. */
export function findZone(name: string): Zone {
  const key = name.trim().toLowerCase();
  const known = zones.get(key);
  if (known) return known;
  const zone: Zone = { isUtc: key === "utc", clock: makeClock(name, key) };
  zones.set(key, zone);
  return zone;
}

function makeClock(name: string, key: string): Intl.DateTimeFormat {
  // Intl would take an offset such as +01:00 for a zone; neither engine does.
  const iana = windowsZones.get(key) ?? (/^[a-z]/i.test(key) ? key : "");
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: iana,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new ExpressionError(
      "ArgumentValue",
      `'${abbreviate(name)}' is not a time zone such as 'Pacific Standard Time'.`,
    );
  }
}

/** The wall clock in the zone at a UTC time. */
export function utcToZone(utcTicks: bigint, zone: Zone): Timestamp {
  if (zone.isUtc) return { ticks: utcTicks, isUtc: true };
  return { ticks: checkRange(utcTicks + offsetAt(utcTicks, zone)), isUtc: false };
}

/**
 * The UTC time of a wall clock time in the zone. As in .NET, of two that match the one in standard
 * time is meant, and a time that the clock skips is an error (ArgumentValue).
 */
export function zoneToUtc(wallTicks: bigint, zone: Zone): Timestamp {
  if (zone.isUtc) return { ticks: wallTicks, isUtc: true };
  const day = 24n * ticksPerHour;
  const offsets = [offsetAt(wallTicks - day, zone), offsetAt(wallTicks + day, zone)];
  const matches = offsets
    .map((offset) => wallTicks - offset)
    .filter((utc) => utc + offsetAt(utc, zone) === wallTicks);
  if (matches.length === 0) {
    throw new ExpressionError("ArgumentValue", "The clock of that time zone skips that time.");
  }
  const [latest] = matches.sort((a, b) => (a < b ? 1 : -1));
  return { ticks: checkRange(latest!), isUtc: true };
}

function offsetAt(utcTicks: bigint, zone: Zone): bigint {
  const wholeMs = (utcTicks - unixEpochTicks) / ticksPerMs;
  const flooredMs = wholeMs - (((wholeMs % 1000n) + 1000n) % 1000n);
  const parts: Record<string, string> = {};
  for (const { type, value } of zone.clock.formatToParts(Number(flooredMs))) parts[type] = value;
  const wall = fromCalendar({
    // Year 1 of the era before Christ is year 0.
    year: parts.era === "BC" ? 1 - Number(parts.year) : Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    second: Number(parts.second),
    fractionTicks: 0,
  });
  return wall - (flooredMs * ticksPerMs + unixEpochTicks);
}
