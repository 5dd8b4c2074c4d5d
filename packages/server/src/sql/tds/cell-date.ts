// Date and time cells (MS-TDS 2.2.5.5.1.7 to 2.2.5.5.1.9). Ticks are 100 ns; they pass 2^53, so
// each 64-bit value is split into a day and the ticks of that day from its two halves, exactly.
import { type Live, type RowWindow, type WriteLive, windowRows } from "./cell.ts";
import { halves, loadHalves, storeHalves } from "./cell-number.ts";
import type { Slab } from "./output.ts";
import { timeBytes } from "./type-info.ts";

/** Days from 0001-01-01, and from 1900-01-01, to 1970-01-01. */
export const daysFromYearOne = 719_162;
export const daysFrom1900 = 25_567;
export const ticksPerDay = 864_000_000_000;
const ticksPerMinute = 600_000_000;
const two32 = 4_294_967_296;
const perDay = 1 / ticksPerDay;
// ticksPerDay = 201 × 2^32 + 711,573,504: lets the remainder be taken without leaving 2^53.
const dayHigh = 201;
const dayLow = 711_573_504;

/** Day (from 1970) and ticks of that day, by window row. */
const days = new Int32Array(windowRows);
const ticks = new Float64Array(windowRows);

/** Splits the loaded halves of the live rows into `days` and `ticks`. */
function splitDays(live: Live): void {
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    const low = halves[row * 2]! >>> 0;
    const high = halves[row * 2 + 1]!;
    let day = Math.floor((high * two32 + low) * perDay);
    let rest = (high - day * dayHigh) * two32 + (low - day * dayLow);
    // The day was rounded: near midnight it can be one off.
    if (rest < 0) {
      day--;
      rest += ticksPerDay;
    } else if (rest >= ticksPerDay) {
      day++;
      rest -= ticksPerDay;
    }
    days[row] = day;
    ticks[row] = rest;
  }
}

const unitTicks = [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/** Time of day in units of the scale: three to five bytes. */
function putTime(slab: Slab, at: number, dayTicks: number, scale: number): number {
  const units = Math.floor(dayTicks / unitTicks[scale]!);
  // Whole units of the finest scales pass 32 bits; truncation keeps their low half.
  if (scale >= 3) {
    slab.view.setInt32(at, units | 0, true);
    if (scale >= 5) slab.bytes[at + 4] = units / two32;
  } else {
    slab.view.setUint16(at, units & 0xffff, true);
    slab.bytes[at + 2] = units >> 16;
  }
  return at + timeBytes(scale);
}

function putDate(slab: Slab, at: number, day: number): number {
  const fromYearOne = day + daysFromYearOne;
  slab.view.setUint16(at, fromYearOne & 0xffff, true);
  slab.bytes[at + 2] = fromYearOne >> 16;
  return at + 3;
}

export const writeDate: WriteLive = (cells, window, live, slab, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    slab.bytes[at] = prefix;
    cursors[row] = putDate(slab, at + 1, halves[row * 2]!);
  }
};

export function timeWriter(scale: number): WriteLive {
  return (cells, window, live, slab, prefix) => {
    const { cursors } = window;
    loadHalves(cells, window.from, live);
    for (let index = live.from; index < live.to; index++) {
      const row = live.rows[index]!;
      const at = cursors[row]!;
      const value = halves[row * 2 + 1]! * two32 + (halves[row * 2]! >>> 0);
      slab.bytes[at] = prefix;
      cursors[row] = putTime(slab, at + 1, value, scale);
    }
  };
}

function writeInstants(
  window: RowWindow,
  live: Live,
  slab: Slab,
  prefix: number,
  scale: number,
): void {
  const { cursors } = window;
  splitDays(live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    slab.bytes[at] = prefix;
    cursors[row] = putDate(slab, putTime(slab, at + 1, ticks[row]!, scale), days[row]!);
  }
}

export function datetime2Writer(scale: number): WriteLive {
  return (cells, window, live, slab, prefix) => {
    loadHalves(cells, window.from, live);
    writeInstants(window, live, slab, prefix, scale);
  };
}

/** Days since 1900 and three-hundredths of a second, rounded to the nearest. */
export const writeDatetime: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  splitDays(live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    let day = days[row]!;
    let units = Math.round((ticks[row]! * 3) / 100_000);
    if (units === 25_920_000) {
      day++;
      units = 0;
    }
    view.setInt32(at, day + daysFrom1900, true);
    view.setInt32(at + 4, units, true);
    cursors[row] = at + 8;
  }
};

/** Days since 1900 and minutes. */
export const writeSmallDatetime: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  splitDays(live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setUint16(at, days[row]! + daysFrom1900, true);
    view.setUint16(at + 2, Math.floor(ticks[row]! / ticksPerMinute), true);
    cursors[row] = at + 4;
  }
};

type Moment = { ticks: bigint; offsetMinutes: number };

/** UTC time and date, then the offset in minutes. */
export function datetimeoffsetWriter(scale: number): WriteLive {
  return (cells, window, live, slab, prefix) => {
    const { from, cursors } = window;
    const moments = cells as ArrayLike<Moment>;
    for (let index = live.from; index < live.to; index++) {
      const row = live.rows[index]!;
      storeHalves(row, moments[from + row]!.ticks);
    }
    writeInstants(window, live, slab, prefix, scale);
    for (let index = live.from; index < live.to; index++) {
      const row = live.rows[index]!;
      const at = cursors[row]!;
      slab.view.setInt16(at, moments[from + row]!.offsetMinutes, true);
      cursors[row] = at + 2;
    }
  };
}
