// Numeric cells: integers, floats, bit, decimal and money (MS-TDS 2.2.5.5.1).
import type { Cells, Live, RowWindow, WriteLive } from "./cell.ts";
import { windowRows } from "./cell.ts";

/** Low and high halves of the live rows' 64-bit integers, in order. */
export const halves = new Int32Array(windowRows * 2);
const whole = new BigInt64Array(halves.buffer);

/** Fills `halves`. Arithmetic on halves spares a heap-allocated bigint per cell. */
export function loadHalves(cells: Cells, from: number, live: Live): void {
  const { rows, count } = live;
  if (cells instanceof BigInt64Array) {
    const source = new Int32Array(cells.buffer, cells.byteOffset, cells.length * 2);
    for (let index = 0; index < count; index++) {
      const at = (from + rows[index]!) * 2;
      halves[index * 2] = source[at]!;
      halves[index * 2 + 1] = source[at + 1]!;
    }
    return;
  }
  for (let index = 0; index < count; index++) whole[index] = cells[from + rows[index]!] as bigint;
}

export const writeBit: WriteLive = (cells, window, live, { bytes }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    bytes[at] = cells[from + row] ? 1 : 0;
    cursors[row] = at + 1;
  }
};

export const writeInt8: WriteLive = (cells, window, live, { bytes }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    bytes[at] = cells[from + row] as number;
    cursors[row] = at + 1;
  }
};

export const writeInt16: WriteLive = (cells, window, live, { view }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setInt16(at, cells[from + row] as number, true);
    cursors[row] = at + 2;
  }
};

export const writeInt32: WriteLive = (cells, window, live, { view }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setInt32(at, cells[from + row] as number, true);
    cursors[row] = at + 4;
  }
};

export const writeFloat32: WriteLive = (cells, window, live, { view }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setFloat32(at, cells[from + row] as number, true);
    cursors[row] = at + 4;
  }
};

export const writeFloat64: WriteLive = (cells, window, live, { view }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setFloat64(at, cells[from + row] as number, true);
    cursors[row] = at + 8;
  }
};

export const writeInt64: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setInt32(at, halves[index * 2]!, true);
    view.setInt32(at + 4, halves[index * 2 + 1]!, true);
    cursors[row] = at + 8;
  }
};

/** Eight bytes, the high half first (MS-TDS 2.2.5.5.1.5). */
export const writeMoney: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setInt32(at, halves[index * 2 + 1]!, true);
    view.setInt32(at + 4, halves[index * 2]!, true);
    cursors[row] = at + 8;
  }
};

export const writeSmallMoney: WriteLive = (cells, window, live, { view }) => {
  const { cursors } = window;
  loadHalves(cells, window.from, live);
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const at = cursors[row]!;
    view.setInt32(at, halves[index * 2]!, true);
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
    for (let index = 0; index < live.count; index++) {
      const row = live.rows[index]!;
      const at = cursors[row]!;
      let low = halves[index * 2]!;
      let high = halves[index * 2 + 1]!;
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
    for (let index = 0; index < live.count; index++) {
      const row = live.rows[index]!;
      const at = cursors[row]!;
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
