// Input columns → blocks of 512 floats in linear memory: in place where they already lie there, else copied.
import { type Column, isValid } from "../column.ts";

/** Rows that a block takes from the caller's columns. */
export interface BlockRange {
  firstRow: number;
  rowCount: number;
}

export function copyFloats(column: Column, range: BlockRange, out: Float32Array): void {
  const { firstRow, rowCount } = range;
  const values = column.values as Float32Array;
  out.set(values.subarray(firstRow, firstRow + rowCount));
  const { validity } = column;
  if (!validity) return;
  for (let i = 0; i < rowCount; i += 1) {
    if (!isValid(validity, firstRow + i)) out[i] = Number.NaN;
  }
}

/** Integers, doubles and truth values as floats. */
export function convertFloats(column: Column, range: BlockRange, out: Float32Array): void {
  const { firstRow, rowCount } = range;
  const { values } = column;
  if (values instanceof BigInt64Array) {
    const words = wordsOf(values);
    for (let i = 0; i < rowCount; i += 1) {
      const at = (firstRow + i) * 2;
      out[i] = (words[at + 1] as number) * 4294967296 + ((words[at] as number) >>> 0);
    }
  } else {
    const list = values as Float64Array | Int32Array | Uint8Array;
    for (let i = 0; i < rowCount; i += 1) out[i] = list[firstRow + i] as number;
  }
  const { validity } = column;
  if (!validity || !(values instanceof Float64Array)) return;
  for (let i = 0; i < rowCount; i += 1) {
    if (!isValid(validity, firstRow + i)) out[i] = Number.NaN;
  }
}

/** 64-bit integers as pairs of words, low first: reading them as bigints would allocate each. */
function wordsOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

export interface LookUp {
  keys: readonly (bigint | string)[];
  values: readonly number[];
  otherwise: number;
}

/** A look-up by key. */
export interface KeyMap {
  map: ReadonlyMap<number | string, number>;
  otherwise: number;
}

/** Beyond 2^53 a number could stand for several integers; lower.ts keeps such keys away. */
export function keyMap({ keys, values, otherwise }: LookUp): KeyMap {
  const map = new Map(
    keys.map((key, i) => [typeof key === "bigint" ? Number(key) : key, values[i] as number]),
  );
  return { map, otherwise };
}

/** Floats for integers from `low` on; the ends stand for all that lies beyond. */
export interface IntegerTable {
  low: number;
  floats: Float32Array;
}

/** For places in a list of texts: -1, a text outside it, is the first. */
export function codeTable({ map, otherwise }: KeyMap, texts: readonly string[]): IntegerTable {
  const floats = texts.map((text) => map.get(text) ?? otherwise);
  return { low: -1, floats: Float32Array.from([otherwise, ...floats]) };
}

/** Keys that lie this close together become a table: a map takes ten times as long. */
const KEY_RANGE_MAX = 4096;

/** Null for keys that lie too far apart. */
export function integerTable({ map, otherwise }: KeyMap): IntegerTable | null {
  const keys = [...map.keys()].filter((key) => typeof key === "number");
  const low = keys.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) - 1;
  const high = keys.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) + 1;
  const length = high - low + 1;
  if (keys.length === 0 || length > KEY_RANGE_MAX) return null;
  const floats = Float32Array.from({ length }, (_, at) => map.get(low + at) ?? otherwise);
  return { low, floats };
}

/** Makes a function that maps integers or texts to floats. */
export function lookUpReader(
  table: LookUp,
): (column: Column, range: BlockRange, out: Float32Array) => void {
  const keyed = keyMap(table);
  const { map, otherwise } = keyed;
  const coded = codedReader(keyed);
  const integer = integerLookUp(keyed);
  return (column, { firstRow, rowCount }, out) => {
    const { values, texts } = column;
    if (texts) coded(values as Int32Array, texts, { firstRow, rowCount }, out);
    else if (Array.isArray(values)) {
      for (let i = 0; i < rowCount; i += 1) {
        out[i] = map.get(values[firstRow + i] as string) ?? otherwise;
      }
    } else if (values instanceof BigInt64Array) {
      const words = wordsOf(values);
      for (let i = 0; i < rowCount; i += 1) {
        const at = (firstRow + i) * 2;
        out[i] = integer((words[at + 1] as number) * 4294967296 + ((words[at] as number) >>> 0));
      }
    } else {
      const list = values as Int32Array;
      for (let i = 0; i < rowCount; i += 1) out[i] = integer(list[firstRow + i] as number);
    }
  };
}

function integerLookUp(keyed: KeyMap): (key: number) => number {
  const known = integerTable(keyed);
  if (!known) return (key) => keyed.map.get(key) ?? keyed.otherwise;
  const { low, floats } = known;
  const high = low + floats.length - 1;
  return (key) => floats[Math.min(Math.max(key, low), high) - low] as number;
}

/** Texts that come as places in a list, which is the same call after call: looked up once. */
function codedReader(keyed: KeyMap) {
  let known: { texts: readonly string[]; floats: Float32Array } | null = null;
  return (
    codes: Int32Array,
    texts: readonly string[],
    { firstRow, rowCount }: BlockRange,
    out: Float32Array,
  ): void => {
    if (known?.texts !== texts) known = { texts, floats: codeTable(keyed, texts).floats };
    const { floats } = known;
    for (let i = 0; i < rowCount; i += 1) {
      out[i] = floats[(codes[firstRow + i] as number) + 1] as number;
    }
  };
}
