// The protobuf wire format, read without copying: just what ONNX files use.
// Source: protobuf.dev/programming-guides/encoding. Every length is checked against its parent first.
import { corrupt } from "../model-error.ts";

/** One field of a message. `value` holds varints and fixed-width bits; `start` and `end` bound the payload. */
export interface Field {
  number: number;
  wireType: number;
  value: bigint;
  start: number;
  end: number;
}

export interface Message {
  bytes: Uint8Array;
  start: number;
  end: number;
  what: string;
}

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

interface Cursor {
  bytes: Uint8Array;
  at: number;
  end: number;
  what: string;
}

function readVarint(cursor: Cursor): bigint {
  let low = 0;
  let shift = 0;
  // Up to 28 bits without bigint: almost every varint of a model is small.
  while (shift < 28) {
    if (cursor.at >= cursor.end) throw corrupt(`${cursor.what} ends inside a number`);
    const byte = cursor.bytes[cursor.at++] as number;
    low |= (byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt(low);
    shift += 7;
  }
  let value = BigInt(low);
  for (let bits = 28n; bits < 70n; bits += 7n) {
    if (cursor.at >= cursor.end) throw corrupt(`${cursor.what} ends inside a number`);
    const byte = cursor.bytes[cursor.at++] as number;
    value |= BigInt(byte & 0x7f) << bits;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw corrupt(`${cursor.what} has a number longer than 10 bytes`);
}

/** Walks a message's fields in file order. */
export function* fieldsOf(message: Message): Generator<Field> {
  const cursor: Cursor = {
    bytes: message.bytes,
    at: message.start,
    end: message.end,
    what: message.what,
  };
  while (cursor.at < cursor.end) {
    const key = Number(readVarint(cursor));
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (number === 0) throw corrupt(`${message.what} has a field numbered 0`);
    if (wireType === WIRE_VARINT) {
      const start = cursor.at;
      const value = readVarint(cursor);
      yield { number, wireType, value, start, end: cursor.at };
      continue;
    }
    const start = wireType === WIRE_BYTES ? -1 : cursor.at;
    const length = payloadLength(cursor, wireType, number);
    const from = start === -1 ? cursor.at : start;
    if (length > cursor.end - from) {
      throw corrupt(
        `${message.what}: field ${number} claims ${length} bytes where ${cursor.end - from} are left`,
      );
    }
    cursor.at = from + length;
    yield { number, wireType, value: 0n, start: from, end: from + length };
  }
}

function payloadLength(cursor: Cursor, wireType: number, number: number): number {
  if (wireType === WIRE_BYTES) return Number(readVarint(cursor));
  if (wireType === WIRE_FIXED64) return 8;
  if (wireType === WIRE_FIXED32) return 4;
  throw corrupt(`${cursor.what}: field ${number} has the unknown wire type ${wireType}`);
}

export function asMessage(parent: Message, field: Field, what: string): Message {
  if (field.wireType !== WIRE_BYTES) throw corrupt(`${parent.what}: ${what} is not a message`);
  return { bytes: parent.bytes, start: field.start, end: field.end, what };
}

export function asBytes(parent: Message, field: Field): Uint8Array {
  if (field.wireType !== WIRE_BYTES) {
    throw corrupt(`${parent.what}: field ${field.number} is not a byte string`);
  }
  return parent.bytes.subarray(field.start, field.end);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function asText(parent: Message, field: Field): string {
  const bytes = asBytes(parent, field);
  try {
    return utf8.decode(bytes);
  } catch {
    throw corrupt(`${parent.what}: field ${field.number} is not UTF-8 text`);
  }
}

export function asInt64(parent: Message, field: Field): bigint {
  if (field.wireType !== WIRE_VARINT) {
    throw corrupt(`${parent.what}: field ${field.number} is not an integer`);
  }
  return BigInt.asIntN(64, field.value);
}

/** A signed integer that must be exact as a JavaScript number. */
export function asInteger(parent: Message, field: Field): number {
  const value = Number(asInt64(parent, field));
  if (!Number.isSafeInteger(value)) {
    throw corrupt(`${parent.what}: field ${field.number} is out of range`);
  }
  return value;
}

/** Repeated integers, packed or not. */
export function pushInt64s(parent: Message, field: Field, into: bigint[]): void {
  if (field.wireType === WIRE_VARINT) {
    into.push(BigInt.asIntN(64, field.value));
    return;
  }
  asBytes(parent, field);
  const cursor = { bytes: parent.bytes, at: field.start, end: field.end, what: parent.what };
  while (cursor.at < cursor.end) into.push(BigInt.asIntN(64, readVarint(cursor)));
}

/** Repeated 32-bit floats, packed or not. */
export function pushFloats(parent: Message, field: Field, into: number[]): void {
  pushFixed(parent, field, 4, (view, at) => into.push(view.getFloat32(at, true)));
}

/** Repeated 64-bit floats, packed or not. */
export function pushDoubles(parent: Message, field: Field, into: number[]): void {
  pushFixed(parent, field, 8, (view, at) => into.push(view.getFloat64(at, true)));
}

function pushFixed(
  parent: Message,
  field: Field,
  width: 4 | 8,
  push: (view: DataView, at: number) => void,
): void {
  const single = width === 4 ? WIRE_FIXED32 : WIRE_FIXED64;
  const length = field.end - field.start;
  if ((field.wireType !== single && field.wireType !== WIRE_BYTES) || length % width !== 0) {
    throw corrupt(`${parent.what}: field ${field.number} is not a list of ${width * 8}-bit floats`);
  }
  const view = new DataView(parent.bytes.buffer, parent.bytes.byteOffset + field.start, length);
  for (let at = 0; at < length; at += width) push(view, at);
}

export function asFloat(parent: Message, field: Field): number {
  const one: number[] = [];
  pushFloats(parent, field, one);
  if (one.length !== 1) throw corrupt(`${parent.what}: field ${field.number} is not one float`);
  return one[0] as number;
}
