// What a cell writer is: it measures and writes one column for a window of rows. Cells are written
// column by column, so each loop is tight and knows its type; row-writer.ts drives them.
import type { SqlValue } from "../session.ts";
import type { Slab } from "./output.ts";

export type Cells = ArrayLike<SqlValue>;

/** Rows handled at once: enough to pay for the loops, few enough to stay in the cache. */
export const windowRows = 256;

/** One window of rows; every array is indexed by the row's place in the window. */
export interface RowWindow {
  /** Place of the window's first row in the vectors. */
  from: number;
  /** Bytes of the row as a ROW token. */
  readonly sizes: Int32Array;
  /** Bytes that an NBCROW token saves: the null markers. */
  readonly savings: Int32Array;
  /** Where the row begins in the slab. */
  readonly starts: Int32Array;
  /** Where the row's next cell begins in the slab. */
  readonly cursors: Int32Array;
  /** 1 where the row is written as NBCROW. */
  readonly compact: Uint8Array;
  /** Some cell of the window is null. */
  hasNulls: boolean;
}

/** The rows of a slice of the window whose cell has a value: `rows[from..to)`. */
export interface Live {
  rows: Int32Array;
  from: number;
  to: number;
}

/**
 * Writes the cells of the live rows and moves their cursors past them. `prefix` is the length byte
 * before each value, 0 for none.
 */
export type WriteLive = (
  cells: Cells,
  window: RowWindow,
  live: Live,
  slab: Slab,
  prefix: number,
) => void;

export interface CellWriter {
  /** Bytes of a cell in every row, before measure() adds or removes any. */
  readonly flatBytes: number;
  /** Adds to sizes and savings for window rows 0..count. Throws on a cell the column can't hold. */
  measure(cells: Cells, window: RowWindow, count: number): void;
  /** Writes window rows `from..to`. */
  write(cells: Cells, window: RowWindow, range: { from: number; to: number }, slab: Slab): void;
}

/** A cell that its column cannot carry: a mistake of the front, not of the client. */
export class CellError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CellError";
  }
}

/** Typed arrays have no room for a null. */
function hasNoNulls(cells: Cells): boolean {
  return ArrayBuffer.isView(cells);
}

const everyRow = Int32Array.from({ length: windowRows }, (_, row) => row);
const someRows = new Int32Array(windowRows);
const live: Live = { rows: everyRow, from: 0, to: 0 };

/** The rows of `from..to` that have a value; the others get `marker` or their NBCROW bit. */
export function splitNulls(
  cells: Cells,
  window: RowWindow,
  range: { from: number; to: number },
  nulls: { marker: Uint8Array; column: number; bytes: Buffer },
): Live {
  if (hasNoNulls(cells)) {
    live.rows = everyRow;
    live.from = range.from;
    live.to = range.to;
    return live;
  }
  const { from } = window;
  let count = 0;
  for (let row = range.from; row < range.to; row++) {
    if (cells[from + row] === null) writeNull(window, row, nulls);
    else someRows[count++] = row;
  }
  live.rows = someRows;
  live.from = 0;
  live.to = count;
  return live;
}

function writeNull(
  window: RowWindow,
  row: number,
  nulls: { marker: Uint8Array; column: number; bytes: Buffer },
): void {
  if (window.compact[row] === 1) {
    const at = window.starts[row]! + 1 + (nulls.column >> 3);
    nulls.bytes[at] = nulls.bytes[at]! | (1 << (nulls.column & 7));
    return;
  }
  const { marker, bytes } = nulls;
  const at = window.cursors[row]!;
  for (let index = 0; index < marker.length; index++) bytes[at + index] = marker[index]!;
  window.cursors[row] = at + marker.length;
}

const oneByteNull = Uint8Array.of(0);

/** Cells of one width: with a length byte when `prefixed`, else NOT NULL and bare. */
export function fixedCells(options: {
  column: number;
  nullable: boolean;
  prefixed: boolean;
  byteCount: number;
  write: WriteLive;
}): CellWriter {
  const { column, nullable, prefixed, byteCount, write } = options;
  return {
    flatBytes: byteCount + (prefixed ? 1 : 0),
    measure(cells, window, count) {
      if (hasNoNulls(cells)) return;
      const { from, sizes, savings } = window;
      for (let row = 0; row < count; row++) {
        if (cells[from + row] !== null) continue;
        if (!nullable) throw new CellError(`column ${column} is NOT NULL and got a null`);
        window.hasNulls = true;
        sizes[row] = sizes[row]! - byteCount;
        savings[row] = savings[row]! + 1;
      }
    },
    write(cells, window, range, slab) {
      const { bytes } = slab;
      const rows = splitNulls(cells, window, range, { marker: oneByteNull, column, bytes });
      write(cells, window, rows, slab, prefixed ? byteCount : 0);
    },
  };
}
