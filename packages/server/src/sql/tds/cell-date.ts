// Date and time cells (MS-TDS 2.2.5.5.1.7 to 2.2.5.5.1.9). Ticks are 100 ns; they pass 2^53, so
// each 64-bit value is split into a day and the ticks of that day from its two halves, exactly.
import type { WriteLive } from "./cell.ts";
import { halves, loadHalves } from "./cell-number.ts";
import { timeBytes } from "./type-info.ts";

/** Days from 0001-01-01, and from 1900-01-01, to 1970-01-01. */
export const daysFromYearOne = 719_162;
export const daysFrom1900 = 25_567;
export const ticksPerDay = 864_000_000_000;
const ticksPerMinute = 600_000_000;
const two32 = 4_294_967_296;
// ticksPerDay = 201 × 2^32 + 711,573,504: lets the remainder be taken without leaving 2^53.
const dayHigh = 201;
const dayLow = 711_573_504;

let dayTicks = 0;

/** Day of the value at `index` of the loaded halves; leaves the ticks of that day in dayTicks. */
function splitDay(index: number): number {
  const low = halves[index * 2]! >>> 0;
  const high = halves[index * 2 + 1]!;
  let day = Math.floor((high * two32 + low) / ticksPerDay);
  let rest = (high - day * dayHigh) * two32 + (low - day * dayLow);
  if (rest < 0) {
    day--;
    rest += ticksPerDay;
  } else if (rest >= ticksPerDay) {
    day++;
    rest -= ticksPerDay;
  }
  dayTicks = rest;
  return day;
}

const unitTicks = [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

function putTime(view: DataView, at: number, ticks: number, scale: number): number {
  const units = Math.floor(ticks / unitTicks[scale]!);
  view.setUint16(at, units & 0xffff, true);
  const rest = Math.floor(units / 65_536);
  if (scale <= 2) view.setUint8(at + 2, rest);
  else view.setUint16(at + 2, rest & 0xffff, true);
  if (scale >= 5) view.setUint8(at + 4, Math.floor(rest / 65_536));
  return at + timeBytes(scale);
}

function putDate(view: DataView, at: number, days: number): number {
  const fromYearOne = days + daysFromYearOne;
  view.setUint16(at, fromYearOne & 0xffff, true);
  view.setUint8(at + 2, fromYearOne >> 16);
  return at + 3;
}

export const writeDate: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    cursors[row] = putDate(view, cursors[row]!, halves[index * 2]!);
  }
};

export function timeWriter(scale: number): WriteLive {
  return (cells, window, live, { view }) => {
    const { cursors } = window;
    loadHalves(cells, window.from, live);
    for (let index = 0; index < live.count; index++) {
      const row = live.rows[index]!;
      const ticks = halves[index * 2 + 1]! * two32 + (halves[index * 2]! >>> 0);
      cursors[row] = putTime(view, cursors[row]!, ticks, scale);
    }
  };
}

export function datetime2Writer(scale: number): WriteLive {
  return (cells, window, live, { view }) => {
    const { cursors } = window;
    loadHalves(cells, window.from, live);
    for (let index = 0; index < live.count; index++) {
      const row = live.rows[index]!;
      const day = splitDay(index);
      cursors[row] = putDate(view, putTime(view, cursors[row]!, dayTicks, scale), day);
    }
  };
}

/** Days since 1900 and three-hundredths of a second, rounded to the nearest. */
export const writeDatetime: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    let day = splitDay(index);
    let units = Math.round((dayTicks * 3) / 100_000);
    if (units === 25_920_000) {
      day++;
      units = 0;
    }
    view.setInt32(at, day + daysFrom1900, true);
    view.setUint32(at + 4, units, true);
    cursors[row] = at + 8;
  }
};

/** Days since 1900 and minutes. */
export const writeSmallDatetime: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setUint16(at, splitDay(index) + daysFrom1900, true);
    view.setUint16(at + 2, Math.floor(dayTicks / ticksPerMinute), true);
    cursors[row] = at + 4;
  }
};

/** UTC time and date, then the offset in minutes. */
export function datetimeoffsetWriter(scale: number): WriteLive {
  return (cells, window, live, { view }) => {
    const { from, cursors } = window;
    const count = live.count;
    const ticks = new BigInt64Array(count);
    const values = cells as ArrayLike<{ ticks: bigint; offsetMinutes: number }>;
    for (let index = 0; index < count; index++) {
      ticks[index] = values[from + live.rows[index]!]!.ticks;
    }
    halves.set(new Int32Array(ticks.buffer));
    for (let index = 0; index < count; index++) {
      const row = live.rows[index]!;
      const day = splitDay(index);
      const at = putDate(view, putTime(view, cursors[row]!, dayTicks, scale), day);
      view.setInt16(at, values[from + row]!.offsetMinutes, true);
      cursors[row] = at + 2;
    }
  };
}
