// Bounds-checked reading of client bytes: every overrun is a TruncatedError, never a RangeError.
import { ProtocolError, TruncatedError } from "./protocol-error.ts";

export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

export function cursorOf(bytes: Buffer): Cursor {
  return { bytes, at: 0 };
}

export function remaining(cursor: Cursor): number {
  return cursor.bytes.length - cursor.at;
}

function advance(cursor: Cursor, count: number): number {
  const at = cursor.at;
  if (count > cursor.bytes.length - at) {
    throw new TruncatedError(`${count} bytes needed at ${at}, ${cursor.bytes.length - at} present`);
  }
  cursor.at = at + count;
  return at;
}

export function readU8(cursor: Cursor): number {
  return cursor.bytes[advance(cursor, 1)]!;
}

export function readU16(cursor: Cursor): number {
  return cursor.bytes.readUInt16LE(advance(cursor, 2));
}

export function readU16BigEndian(cursor: Cursor): number {
  return cursor.bytes.readUInt16BE(advance(cursor, 2));
}

export function readI16(cursor: Cursor): number {
  return cursor.bytes.readInt16LE(advance(cursor, 2));
}

export function readU24(cursor: Cursor): number {
  return cursor.bytes.readUIntLE(advance(cursor, 3), 3);
}

export function readU32(cursor: Cursor): number {
  return cursor.bytes.readUInt32LE(advance(cursor, 4));
}

export function readI32(cursor: Cursor): number {
  return cursor.bytes.readInt32LE(advance(cursor, 4));
}

export function readU40(cursor: Cursor): number {
  return cursor.bytes.readUIntLE(advance(cursor, 5), 5);
}

export function readI64(cursor: Cursor): bigint {
  return cursor.bytes.readBigInt64LE(advance(cursor, 8));
}

export function readU64(cursor: Cursor): bigint {
  return cursor.bytes.readBigUInt64LE(advance(cursor, 8));
}

export function readF32(cursor: Cursor): number {
  return cursor.bytes.readFloatLE(advance(cursor, 4));
}

export function readF64(cursor: Cursor): number {
  return cursor.bytes.readDoubleLE(advance(cursor, 8));
}

/** A view of the client's bytes, not a copy. */
export function readBytes(cursor: Cursor, count: number): Buffer {
  const at = advance(cursor, count);
  return cursor.bytes.subarray(at, at + count);
}

/** UTF-16 text of `count` code units. */
export function readText(cursor: Cursor, count: number): string {
  const at = advance(cursor, count * 2);
  return cursor.bytes.toString("utf16le", at, at + count * 2);
}

/** B_VARCHAR: one length byte, counted in characters. */
export function readShortText(cursor: Cursor): string {
  return readText(cursor, readU8(cursor));
}

/** Everything that is left, as UTF-16 text. */
export function readRestAsText(cursor: Cursor): string {
  const count = remaining(cursor);
  if (count % 2 !== 0) throw new ProtocolError("UTF-16 text of an odd number of bytes");
  return readText(cursor, count / 2);
}
