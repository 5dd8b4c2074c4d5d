// A block of rows on its way between the processes: each column as one run of bytes, as DuckDB
// holds it. Encoded in the engine process, decoded in the server.
import type { EngineVector } from "./port.ts";

export type PhysicalKind =
  | "bool"
  | "u8"
  | "i16"
  | "i32"
  | "i64"
  | "i128"
  | "f32"
  | "f64"
  | "text"
  | "blob";

export interface ColumnHeader {
  kind: PhysicalKind;
  /** Offsets into the body. `nulls` is a bitmap, 1 = the row has a value. */
  data: number;
  length: number;
  nulls?: number;
  /** For text and blob: rows + 1 ends of values, u32. */
  ends?: number;
}

export interface BlockHeader {
  rows: number;
  columns: ColumnHeader[];
}

/** What a node-api vector keeps; its declarations hide these fields, its classes have them. */
interface RawVector {
  items?: ArrayBufferView & { length: number };
  dataView?: DataView;
  validity: { data: BigUint64Array | null; offset: number; itemCount: number };
}

export type ReadPointer = (buffer: ArrayBufferLike, offset: number, length: number) => Uint8Array;

export interface BlockColumn {
  kind: PhysicalKind;
  vectors: unknown[];
}

const widths: Readonly<Record<Exclude<PhysicalKind, "text" | "blob">, number>> = {
  bool: 1,
  u8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  i128: 16,
  f32: 4,
  f64: 8,
};

/** Joins the vectors of several chunks into one block. `rowCounts` has one entry per chunk. */
export function encodeBlock(
  columns: readonly BlockColumn[],
  rowCounts: readonly number[],
  readPointer: ReadPointer,
): { header: BlockHeader; body: Uint8Array[] } {
  const rows = rowCounts.reduce((sum, count) => sum + count, 0);
  const body: Uint8Array[] = [];
  let offset = 0;
  const place = (bytes: Uint8Array): number => {
    const at = offset;
    body.push(bytes);
    const padding = (8 - (bytes.byteLength % 8)) % 8;
    if (padding > 0) body.push(new Uint8Array(padding));
    offset += bytes.byteLength + padding;
    return at;
  };
  const headers = columns.map(({ kind, vectors }): ColumnHeader => {
    const raw = vectors as RawVector[];
    const nulls = nullBitmap(raw, rowCounts, rows);
    const placed = nulls === undefined ? {} : { nulls: place(nulls) };
    if (kind === "text" || kind === "blob") {
      const { bytes, ends } = variableBytes(raw, rowCounts, rows, readPointer);
      return {
        kind,
        ...placed,
        ends: place(new Uint8Array(ends.buffer)),
        data: place(bytes),
        length: bytes.byteLength,
      };
    }
    const bytes = fixedBytes(raw, rowCounts, rows * widths[kind], widths[kind]);
    return { kind, ...placed, data: place(bytes), length: bytes.byteLength };
  });
  return { header: { rows, columns: headers }, body };
}

function nullBitmap(
  vectors: readonly RawVector[],
  rowCounts: readonly number[],
  rows: number,
): Uint8Array | undefined {
  if (vectors.every((vector) => vector.validity.data === null)) return undefined;
  const bits = new Uint8Array(Math.ceil(rows / 8));
  let row = 0;
  vectors.forEach((vector, chunk) => {
    const words = vector.validity.data;
    const source =
      words === null ? undefined : new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    const count = rowCounts[chunk]!;
    for (let index = 0; index < count; index += 1, row += 1) {
      if (source === undefined || (source[index >> 3]! >> (index & 7)) & 1)
        bits[row >> 3]! |= 1 << (row & 7);
    }
  });
  return bits;
}

function fixedBytes(
  vectors: readonly RawVector[],
  rowCounts: readonly number[],
  total: number,
  width: number,
): Uint8Array {
  const result = new Uint8Array(total);
  let at = 0;
  vectors.forEach((vector, chunk) => {
    const view = (vector.items ?? vector.dataView)!;
    const length = rowCounts[chunk]! * width;
    result.set(new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, length), at);
    at += length;
  });
  return result;
}

/** DuckDB keeps up to 12 bytes of a string in place and points to longer ones. */
function variableBytes(
  vectors: readonly RawVector[],
  rowCounts: readonly number[],
  rows: number,
  readPointer: ReadPointer,
) {
  const ends = new Uint32Array(rows + 1);
  let row = 0;
  let total = 0;
  vectors.forEach((vector, chunk) => {
    const lengths = new Uint32Array(
      vector.dataView!.buffer as ArrayBuffer,
      vector.dataView!.byteOffset,
      rowCounts[chunk]! * 4,
    );
    const bits = validBits(vector);
    for (let index = 0; index < rowCounts[chunk]!; index += 1) {
      if (isValid(bits, index)) total += lengths[index * 4]!;
      row += 1;
      ends[row] = total;
    }
  });
  const bytes = new Uint8Array(total);
  row = 0;
  vectors.forEach((vector, chunk) => {
    copyStrings(
      vector.dataView!,
      { bytes, ends, first: row, count: rowCounts[chunk]! },
      readPointer,
    );
    row += rowCounts[chunk]!;
  });
  return { bytes, ends };
}

interface Target {
  bytes: Uint8Array;
  ends: Uint32Array;
  first: number;
  count: number;
}

/** Two strings this near each other lie on the same or neighbouring pages, so between is readable. */
const gapMax = 4096;
const runMax = 1 << 20;

/**
 * A read through a pointer costs a microsecond, and long strings mostly lie one after the other:
 * neighbours are read as one run.
 */
function copyStrings(view: DataView, target: Target, readPointer: ReadPointer): void {
  const { bytes, ends, first, count } = target;
  const words = new Uint32Array(view.buffer as ArrayBuffer, view.byteOffset, count * 4);
  const inline = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, count * 16);
  const long: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = ends[first + index]!;
    const length = ends[first + index + 1]! - start;
    if (length > 12) long.push(index);
    else copyShort(inline, index * 16 + 4, bytes, start, length);
  }
  const pointer = (index: number): number =>
    words[index * 4 + 2]! + words[index * 4 + 3]! * 4_294_967_296;
  if (!long.every((index, at) => at === 0 || pointer(long[at - 1]!) <= pointer(index))) {
    long.sort((left, right) => pointer(left) - pointer(right));
  }
  for (let from = 0; from < long.length; ) {
    const base = pointer(long[from]!);
    let reach = base;
    let to = from;
    while (to < long.length) {
      const at = pointer(long[to]!);
      const end = at + words[long[to]! * 4]!;
      if (at - reach > gapMax || (end - base > runMax && to > from)) break;
      reach = Math.max(reach, end);
      to += 1;
    }
    const run = readPointer(view.buffer, view.byteOffset + long[from]! * 16 + 8, reach - base);
    for (; from < to; from += 1) {
      const index = long[from]!;
      const length = words[index * 4]!;
      const at = pointer(index) - base;
      if (length <= 64) copyShort(run, at, bytes, ends[first + index]!, length);
      else bytes.set(run.subarray(at, at + length), ends[first + index]!);
    }
  }
}

function copyShort(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  length: number,
): void {
  for (let byte = 0; byte < length; byte += 1) target[to + byte] = source[from + byte]!;
}

function validBits(vector: RawVector): Uint8Array | undefined {
  const words = vector.validity.data;
  return words === null
    ? undefined
    : new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function isValid(bits: Uint8Array | undefined, index: number): boolean {
  return bits === undefined || ((bits[index >> 3]! >> (index & 7)) & 1) === 1;
}

/** Vectors over the body itself where no row is NULL; arrays with nulls otherwise. */
export function decodeBlock(header: BlockHeader, body: Uint8Array): EngineVector[] {
  return header.columns.map((column) => {
    const bits =
      column.nulls === undefined
        ? undefined
        : body.subarray(column.nulls, column.nulls + Math.ceil(header.rows / 8));
    const values = decodeColumn(column, header.rows, body, bits);
    if (bits === undefined || column.kind === "text" || column.kind === "blob") return values;
    return Array.from({ length: header.rows }, (_, row) =>
      isValid(bits, row) ? values[row]! : null,
    );
  });
}

function decodeColumn(
  column: ColumnHeader,
  rows: number,
  body: Uint8Array,
  bits: Uint8Array | undefined,
): EngineVector {
  const buffer = body.buffer;
  const at = body.byteOffset + column.data;
  switch (column.kind) {
    case "bool":
      return Array.from(new Uint8Array(buffer, at, rows), (value) => value !== 0);
    case "u8":
      return new Uint8Array(buffer, at, rows);
    case "i16":
      return new Int16Array(buffer, at, rows);
    case "i32":
      return new Int32Array(buffer, at, rows);
    case "i64":
      return new BigInt64Array(buffer, at, rows);
    case "f32":
      return new Float32Array(buffer, at, rows);
    case "f64":
      return new Float64Array(buffer, at, rows);
    case "i128": {
      const words = new BigInt64Array(buffer, at, rows * 2);
      return Array.from(
        { length: rows },
        (_, row) => (words[row * 2 + 1]! << 64n) | BigInt.asUintN(64, words[row * 2]!),
      );
    }
    case "text":
    case "blob":
      return decodeVariable(column, rows, body, bits);
  }
}

function decodeVariable(
  column: ColumnHeader,
  rows: number,
  body: Uint8Array,
  bits: Uint8Array | undefined,
): EngineVector {
  const ends = new Uint32Array(body.buffer, body.byteOffset + column.ends!, rows + 1);
  const bytes = Buffer.from(body.buffer, body.byteOffset + column.data, column.length);
  const result: (string | Uint8Array | null)[] = new Array(rows);
  if (column.kind === "blob") {
    for (let row = 0; row < rows; row += 1) {
      result[row] = isValid(bits, row)
        ? new Uint8Array(bytes.subarray(ends[row]!, ends[row + 1]!))
        : null;
    }
    return result;
  }
  const whole = bytes.toString("utf8");
  // All ASCII: byte offsets are character offsets, so slices of one string serve every row.
  const sliceable = whole.length === bytes.length;
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(bits, row)) result[row] = null;
    else if (sliceable) result[row] = whole.slice(ends[row]!, ends[row + 1]!);
    else result[row] = bytes.toString("utf8", ends[row]!, ends[row + 1]!);
  }
  return result;
}
