// DuckDB's vectors as memory. node-api's own classes describe every vector before they read it, which for a function
// over twenty columns takes longer than reading them.
import { createRequire } from "node:module";
import type { ReadPointer } from "./block.ts";

/** Handles of the binding: each is good only inside the call that it came with. */
declare const handle: unique symbol;
export type ChunkHandle = { readonly [handle]: "chunk" };
export type VectorHandle = { readonly [handle]: "vector" };
export type TypeHandle = { readonly [handle]: "type" };
type FunctionHandle = { readonly [handle]: "function" };

type WriteVector = (
  target: VectorHandle,
  targetOffset: number,
  source: ArrayBufferLike,
  sourceOffset: number,
  byteCount: number,
) => void;

interface Binding {
  get_data_from_pointer: ReadPointer;
  data_chunk_get_size(chunk: ChunkHandle): number;
  data_chunk_get_vector(chunk: ChunkHandle, index: number): VectorHandle;
  /** A copy, and so is the validity: writing to it changes nothing. */
  vector_get_data(vector: VectorHandle, byteCount: number): Uint8Array;
  vector_get_validity(vector: VectorHandle, byteCount: number): Uint8Array | null;
  copy_data_to_vector: WriteVector;
  copy_data_to_vector_validity: WriteVector;
  vector_ensure_validity_writable(vector: VectorHandle): void;
  struct_vector_get_child(vector: VectorHandle, index: number): VectorHandle;
  create_scalar_function(): FunctionHandle;
  scalar_function_set_name(fn: FunctionHandle, name: string): void;
  scalar_function_add_parameter(fn: FunctionHandle, type: TypeHandle): void;
  scalar_function_set_return_type(fn: FunctionHandle, type: TypeHandle): void;
  scalar_function_set_special_handling(fn: FunctionHandle): void;
  scalar_function_set_function(
    fn: FunctionHandle,
    run: (info: unknown, chunk: ChunkHandle, output: VectorHandle) => void,
  ): void;
  register_scalar_function(connection: unknown, fn: FunctionHandle): void;
}

// The published types leave functions of the binding out.
export const binding = createRequire(import.meta.url)("@duckdb/node-bindings") as Binding;

/** Bytes of a string as DuckDB keeps it: a length, then up to 12 bytes in place, or a prefix and a pointer. */
export const stringBytes = 16;
export const inlineBytesMax = 12;

/**
 * Gives the memory of a copy back at once. The garbage collector would let hundreds of them pile up, each in memory
 * that no cache holds: reading a chunk takes twice as long then.
 */
export function release(copy: Uint8Array): void {
  (copy.buffer as ArrayBuffer).transfer(0);
}

export const validityBytes = (rowCount: number): number => Math.ceil(rowCount / 64) * 8;

/** Rows whose bit is 0, one by one. Whole bytes of valid rows are passed over. */
export function forEachMissing(
  validity: Uint8Array,
  rowCount: number,
  visit: (row: number) => void,
): void {
  for (let byte = 0; byte * 8 < rowCount; byte += 1) {
    const bits = validity[byte]!;
    if (bits === 255) continue;
    const end = Math.min(rowCount, byte * 8 + 8);
    for (let row = byte * 8; row < end; row += 1) {
      if (((bits >> (row & 7)) & 1) === 0) visit(row);
    }
  }
}

export type TextEncoder = (
  strings: Uint8Array,
  rowCount: number,
  codes: Int32Array,
  validity: Uint8Array | null,
) => void;

/** Writes each string's place in `texts`, -1 for others. Rows that are NULL have no string to look at. */
export function textEncoder(texts: readonly string[]): TextEncoder {
  const long = new Map<string, number>();
  const size = 2 ** Math.ceil(Math.log2(texts.length * 2 + 2));
  const slots = new Int32Array(size).fill(-1);
  const keys = new Int32Array(texts.length * 4);
  for (const [place, text] of texts.entries()) {
    const bytes = Buffer.from(text);
    if (bytes.length > inlineBytesMax) {
      long.set(text, place);
      continue;
    }
    const raw = Buffer.alloc(stringBytes);
    raw.writeUInt32LE(bytes.length, 0);
    bytes.copy(raw, 4);
    for (let word = 0; word < 4; word += 1) keys[place * 4 + word] = raw.readInt32LE(word * 4);
    let at = hashAt(keys, place * 4) & (size - 1);
    while (slots[at] !== -1) at = (at + 1) & (size - 1);
    slots[at] = place;
  }
  return (strings, rowCount, codes, validity) => {
    const words = new Int32Array(strings.buffer, strings.byteOffset, rowCount * 4);
    for (let row = 0; row < rowCount; row += 1) {
      const from = row * 4;
      if (validity !== null && ((validity[row >> 3]! >> (row & 7)) & 1) === 0) codes[row] = -1;
      else if (words[from]! >>> 0 > inlineBytesMax) {
        codes[row] = long.size === 0 ? -1 : (long.get(pointed(strings, row)) ?? -1);
      } else {
        let at = hashAt(words, from) & (size - 1);
        while (slots[at] !== -1 && !isSame(keys, slots[at]! * 4, words, from)) {
          at = (at + 1) & (size - 1);
        }
        codes[row] = slots[at]!;
      }
    }
  };
}

function hashAt(words: Int32Array, at: number): number {
  let hash = words[at]! ^ Math.imul(words[at + 1]!, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ words[at + 2]!;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) ^ words[at + 3]!;
  return hash ^ (hash >>> 16);
}

function isSame(keys: Int32Array, key: number, words: Int32Array, at: number): boolean {
  return (
    keys[key] === words[at] &&
    keys[key + 1] === words[at + 1] &&
    keys[key + 2] === words[at + 2] &&
    keys[key + 3] === words[at + 3]
  );
}

function pointed(strings: Uint8Array, row: number): string {
  const length = new DataView(strings.buffer, strings.byteOffset + row * stringBytes).getUint32(
    0,
    true,
  );
  const at = strings.byteOffset + row * stringBytes + 8;
  return Buffer.from(binding.get_data_from_pointer(strings.buffer, at, length)).toString();
}
