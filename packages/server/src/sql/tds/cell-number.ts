// Numeric cells: integers, floats, bit, decimal and money (MS-TDS 2.2.5.5.1).
import type { Cells, Live, RowWindow, WriteLive } from "./cell.ts";
import { windowRows } from "./cell.ts";

/** Low and high halves of 64-bit integers, at twice the window row. */
export const halves = new Int32Array(windowRows * 2);
const whole = new BigInt64Array(halves.buffer);

/** Fills `halves`. Arithmetic on halves spares a heap-allocated bigint per cell. */
export function loadHalves(cells: Cells, from: number, live: Live): void {
  const { rows } = live;
  if (cells instanceof BigInt64Array) {
    // No nulls, so the live rows are consecutive.
    whole.set(cells.subarray(from + live.from, from + live.to), live.from);
    return;
  }
  for (let index = live.from; index < live.to; index++) {
    const row = rows[index]!;
    whole[row] = cells[from + row] as bigint;
  }
}

/** One value of `halves`, for cells that carry more than their integer. */
export function storeHalves(row: number, value: bigint): void {
  whole[row] = value;
}

export const writeBit: WriteLive = (cells, window, live, { bytes }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    bytes[at] = cells[from + row] ? 1 : 0;
    cursors[row] = at + 1;
  }
};

export const writeInt8: WriteLive = (cells, window, live, { bytes }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    bytes[at] = cells[from + row] as number;
    cursors[row] = at + 1;
  }
};

export const writeInt16: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setInt16(at, cells[from + row] as number, true);
    cursors[row] = at + 2;
  }
};

export const writeInt32: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setInt32(at, cells[from + row] as number, true);
    cursors[row] = at + 4;
  }
};

export const writeFloat32: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setFloat32(at, cells[from + row] as number, true);
    cursors[row] = at + 4;
  }
};

export const writeFloat64: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setFloat64(at, cells[from + row] as number, true);
    cursors[row] = at + 8;
  }
};

export const writeInt64: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setInt32(at, halves[row * 2]!, true);
    view.setInt32(at + 4, halves[row * 2 + 1]!, true);
    cursors[row] = at + 8;
  }
};

/** Eight bytes, the high half first (MS-TDS 2.2.5.5.1.5). */
export const writeMoney: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setInt32(at, halves[row * 2 + 1]!, true);
    view.setInt32(at + 4, halves[row * 2]!, true);
    cursors[row] = at + 8;
  }
};

export const writeSmallMoney: WriteLive = (cells, window, live, { bytes, view }, prefix) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    let at = cursors[row]!;
    if (prefix !== 0) bytes[at++] = prefix;
    view.setInt32(at, halves[row * 2]!, true);
    cursors[row] = at + 4;
  }
};

/** Sign byte (1 = not negative), then the magnitude in `byteCount - 1` bytes. */
export function decimalWriter(precision: number, byteCount: number): WriteLive {
  return precision <= 18 ? narrowDecimal(byteCount) : wideDecimal(byteCount);
}

/** Up to 18 digits fit a signed 64-bit integer. */
function narrowDecimal(byteCount: number): WriteLive {
  const short = byteCount === 5;
  return (cells, window, live, { bytes, view }) => {
    const { cursors } = window;
    loadHalves(cells, window.from, live);
    for (let index = live.from; index < live.to; index++) {
      const row = live.rows[index]!;
      let at = cursors[row]!;
      bytes[at++] = byteCount;
      let low = halves[row * 2]!;
      let high = halves[row * 2 + 1]!;
      bytes[at] = high < 0 ? 0 : 1;
      if (high < 0) {
        high = low === 0 ? -high : ~high;
        low = -low;
      }
      view.setInt32(at + 1, low, true);
      if (!short) view.setInt32(at + 5, high, true);
      cursors[row] = at + byteCount;
    }
  };
}

function wideDecimal(byteCount: number): WriteLive {
  return (cells: Cells, window: RowWindow, live: Live, { bytes, view }) => {
    const { from, cursors } = window;
    for (let index = live.from; index < live.to; index++) {
      const row = live.rows[index]!;
      let at = cursors[row]!;
      bytes[at++] = byteCount;
      const value = cells[from + row] as bigint;
      const magnitude = value < 0n ? -value : value;
      bytes[at] = value < 0n ? 0 : 1;
      view.setBigUint64(at + 1, magnitude, true);
      if (byteCount === 13) view.setUint32(at + 9, Number(magnitude >> 64n), true);
      if (byteCount === 17) view.setBigUint64(at + 9, magnitude >> 64n, true);
      cursors[row] = at + byteCount;
    }
  };
}
