// Rows from column vectors to ROW and NBCROW tokens: sizes first, then positions in the slab, then
// each column in one loop. The cell writers are cell-number.ts, cell-date.ts and cell-text.ts.
import type { SqlColumn, SqlType, SqlValue } from "../session.ts";
import {
  CellError,
  type Cells,
  type CellWriter,
  fixedCells,
  type RowWindow,
  windowRows,
} from "./cell.ts";
import {
  datetime2Writer,
  datetimeoffsetWriter,
  timeWriter,
  writeDate,
  writeDatetime,
  writeSmallDatetime,
} from "./cell-date.ts";
import {
  decimalWriter,
  writeBit,
  writeFloat32,
  writeFloat64,
  writeInt8,
  writeInt16,
  writeInt32,
  writeInt64,
  writeMoney,
  writeSmallMoney,
} from "./cell-number.ts";
import { chunkedCells, shortCells, textForm, writeGuid } from "./cell-text.ts";
import { createSlab, type Output, type Slab } from "./output.ts";
import { decimalBytes, declaredBytes, timeBytes } from "./type-info.ts";

const rowToken = 0xd1;
const compactRowToken = 0xd2;

// Requests run between awaits only, so one window serves every connection.
const rowWindow: RowWindow = {
  from: 0,
  sizes: new Int32Array(windowRows),
  savings: new Int32Array(windowRows),
  starts: new Int32Array(windowRows),
  cursors: new Int32Array(windowRows),
  compact: new Uint8Array(windowRows),
  hasNulls: false,
};

const plainFixed = {
  bit: { byteCount: 1, write: writeBit },
  tinyint: { byteCount: 1, write: writeInt8 },
  smallint: { byteCount: 2, write: writeInt16 },
  int: { byteCount: 4, write: writeInt32 },
  bigint: { byteCount: 8, write: writeInt64 },
  real: { byteCount: 4, write: writeFloat32 },
  float: { byteCount: 8, write: writeFloat64 },
  money: { byteCount: 8, write: writeMoney },
  smallmoney: { byteCount: 4, write: writeSmallMoney },
  datetime: { byteCount: 8, write: writeDatetime },
  smalldatetime: { byteCount: 4, write: writeSmallDatetime },
} as const;

function cellWriter(type: SqlType, nullable: boolean, column: number): CellWriter {
  const always = { column, nullable, prefixed: true };
  switch (type.name) {
    case "decimal": {
      const byteCount = decimalBytes(type.precision);
      return fixedCells({ ...always, byteCount, write: decimalWriter(type.precision, byteCount) });
    }
    case "date":
      return fixedCells({ ...always, byteCount: 3, write: writeDate });
    case "time":
      return fixedCells({
        ...always,
        byteCount: timeBytes(type.scale),
        write: timeWriter(type.scale),
      });
    case "datetime2": {
      const byteCount = timeBytes(type.scale) + 3;
      return fixedCells({ ...always, byteCount, write: datetime2Writer(type.scale) });
    }
    case "datetimeoffset": {
      const byteCount = timeBytes(type.scale) + 5;
      return fixedCells({ ...always, byteCount, write: datetimeoffsetWriter(type.scale) });
    }
    case "uniqueidentifier":
      return fixedCells({ ...always, byteCount: 16, write: writeGuid });
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
    case "binary":
    case "varbinary": {
      const bytesMax = declaredBytes(type);
      const form = textForm(type.name);
      if (bytesMax === "max") return chunkedCells({ column, nullable, form });
      return shortCells({ column, nullable, bytesMax, form });
    }
    default:
      return fixedCells({ column, nullable, prefixed: nullable, ...plainFixed[type.name] });
  }
}

export interface RowWriter {
  /** Writes rows `0..count` of the vectors; without waiting, however many slabs it takes. */
  write(output: Output, vectors: readonly Cells[], count: number): void;
}

/** How rows of one result set are laid out. */
interface RowShape {
  writers: readonly CellWriter[];
  /** Bytes of a ROW token before its cells add or remove any. */
  flatBytes: number;
  /** Infinite where the client does not read NBCROW, so that none ever pays. */
  bitmapBytes: number;
}

/** `compactRows`: the client reads NBCROW (TDS 7.3B and later). */
export function createRowWriter(
  columns: readonly SqlColumn[],
  { compactRows }: { compactRows: boolean },
): RowWriter {
  const writers = columns.map((column, index) => cellWriter(column.type, column.nullable, index));
  const bitmapBytes = compactRows ? Math.ceil(columns.length / 8) : Number.POSITIVE_INFINITY;
  const flatBytes = writers.reduce((sum, writer) => sum + writer.flatBytes, 1);
  const shape: RowShape = { writers, flatBytes, bitmapBytes };
  return {
    write(output, vectors, count) {
      if (vectors.length !== writers.length) {
        throw new CellError(`${writers.length} columns announced, ${vectors.length} vectors sent`);
      }
      for (let from = 0; from < count; from += windowRows) {
        const rows = Math.min(windowRows, count - from);
        rowWindow.from = from;
        measure(shape, vectors, rows);
        writeWindow(shape, output, vectors, rows);
      }
    },
  };
}

/** Sizes of the window's rows, and which of them are written as NBCROW. */
function measure(shape: RowShape, vectors: readonly Cells[], count: number): void {
  const { writers, flatBytes, bitmapBytes } = shape;
  const { sizes, savings, compact } = rowWindow;
  sizes.fill(flatBytes, 0, count);
  savings.fill(0, 0, count);
  compact.fill(0, 0, count);
  rowWindow.hasNulls = false;
  for (let index = 0; index < writers.length; index++) {
    writers[index]!.measure(vectors[index]!, rowWindow, count);
  }
  if (!rowWindow.hasNulls) return;
  for (let row = 0; row < count; row++) {
    const saved = savings[row]! - bitmapBytes;
    if (saved <= 0) continue;
    compact[row] = 1;
    sizes[row] = sizes[row]! - saved;
  }
}

/** Places and writes as many rows as fit the slab, until all measured rows are written. */
function writeWindow(
  shape: RowShape,
  output: Output,
  vectors: readonly Cells[],
  count: number,
): void {
  let done = 0;
  let fresh = false;
  while (done < count) {
    const next = output.place(rowWindow.sizes, rowWindow.starts, done, count);
    if (next > done) {
      fill(shape, vectors, { from: done, to: next }, output.slab);
      output.settle();
      done = next;
      fresh = false;
    } else if (fresh) {
      writeLongRow(shape, output, vectors, done);
      done++;
      fresh = false;
    } else {
      output.rotate();
      fresh = true;
    }
  }
}

/** A row longer than a slab is built apart and copied in. */
function writeLongRow(
  shape: RowShape,
  output: Output,
  vectors: readonly Cells[],
  row: number,
): void {
  const slab = createSlab(rowWindow.sizes[row]!);
  rowWindow.starts[row] = 0;
  fill(shape, vectors, { from: row, to: row + 1 }, slab);
  output.writeBytes(slab.bytes);
}

function fill(
  { writers, bitmapBytes }: RowShape,
  vectors: readonly Cells[],
  range: { from: number; to: number },
  slab: Slab,
): void {
  const { starts, cursors, compact } = rowWindow;
  const { bytes } = slab;
  for (let row = range.from; row < range.to; row++) {
    const at = starts[row]!;
    if (compact[row] === 0) {
      bytes[at] = rowToken;
      cursors[row] = at + 1;
    } else {
      bytes[at] = compactRowToken;
      cursors[row] = at + 1 + bitmapBytes;
      bytes.fill(0, at + 1, at + 1 + bitmapBytes);
    }
  }
  for (let index = 0; index < writers.length; index++) {
    writers[index]!.write(vectors[index]!, rowWindow, range, slab);
  }
}

/** The bytes of one value in its nullable form, as RETURNVALUE carries it. */
export function encodeValue(type: SqlType, value: SqlValue): Buffer {
  const writer = cellWriter(type, true, 0);
  const cells = [value];
  rowWindow.from = 0;
  rowWindow.sizes[0] = writer.flatBytes;
  rowWindow.compact[0] = 0;
  rowWindow.cursors[0] = 0;
  writer.measure(cells, rowWindow, 1);
  const slab = createSlab(rowWindow.sizes[0]!);
  writer.write(cells, rowWindow, { from: 0, to: 1 }, slab);
  return slab.bytes;
}
