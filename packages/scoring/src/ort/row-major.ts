// Float columns → the row-major matrix of one model input, block by block, in linear memory.
import type { Column } from "../column.ts";
import { copyFloats } from "../program/read-column.ts";
import type { Arena } from "../wasm/arena.ts";
import { openKernel } from "../wasm/kernel.ts";

export interface MatrixBlock {
  columns: readonly (Column | null)[];
  firstRow: number;
  rowCount: number;
}

/** Rows that are turned at once: their part of the matrix stays in the first cache while columns are added. */
const STRIP_ROWS = 128;

/** Returns a function that fills and returns the matrix of at most `rowsMax` rows; it is reused by the next call. */
export function matrixWriter(
  arena: Arena,
  { width, rowsMax }: { width: number; rowsMax: number },
): (block: MatrixBlock) => Float32Array {
  const kernel = openKernel(arena.memory);
  const rows = Math.ceil(rowsMax / 4) * 4;
  const table = arena.allocate(width * 4);
  const matrix = arena.allocate(rows * width * 4);
  const copies = arena.allocate(rows * width * 4);
  const addresses = new Int32Array(arena.memory.buffer, table, width);
  return ({ columns, firstRow, rowCount }) => {
    columns.forEach((column, j) => {
      // The kernel reads rows in fours, so a column's odd end is copied.
      const isDirect = column && !column.validity && rowCount % 4 === 0;
      const base = isDirect ? arena.addressOf(column.values as Float32Array) : null;
      if (base !== null) {
        addresses[j] = base + firstRow * 4;
        return;
      }
      const copy = copies + j * rows * 4;
      addresses[j] = copy;
      const view = arena.float32(copy, rows);
      if (column) copyFloats(column, { firstRow, rowCount }, view);
      else view.fill(0);
    });
    for (let first = 0; first < rowCount; first += STRIP_ROWS) {
      const last = Math.min(first + STRIP_ROWS, Math.ceil(rowCount / 4) * 4);
      kernel.interleave(table, table + width * 4, matrix + first * width * 4, first, last);
    }
    return arena.float32(matrix, rowCount * width);
  };
}
