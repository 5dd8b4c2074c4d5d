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

/**
 * Walks a message's fields in file order. Those of `lists` (numbers below 16) that follow each other are one field, from
 * behind the first one's key to the last one's end: there may be millions. `list…` read it.
 */
export function* fieldsOf(message: Message, lists?: ReadonlySet<number>): Generator<Field> {
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
      if (lists?.has(number)) skipAlike(cursor, key);
      yield { number, wireType, value, start, end: cursor.at };
      continue;
    }
    const afterKey = cursor.at;
    const length = payloadLength(cursor, wireType, number);
    const isList = lists?.has(number) ?? false;
    const start = isList ? afterKey : cursor.at;
    skipPayload(cursor, length, number);
    if (isList) skipAlike(cursor, key);
    yield { number, wireType, value: 0n, start, end: cursor.at };
  }
}

function skipPayload(cursor: Cursor, length: number, number: number): void {
  const left = cursor.end - cursor.at;
  if (length > left) {
    throw corrupt(`${cursor.what}: field ${number} claims ${length} bytes where ${left} are left`);
  }
  cursor.at += length;
}

/** Passes over further fields with the same key, which is one byte. */
function skipAlike(cursor: Cursor, key: number): void {
  const [number, wireType] = [Math.floor(key / 8), key % 8];
  while (cursor.at < cursor.end && cursor.bytes[cursor.at] === key) {
    cursor.at += 1;
    if (wireType === WIRE_VARINT) skipVarint(cursor);
    else skipPayload(cursor, payloadLength(cursor, wireType, number), number);
  }
}

function skipVarint(cursor: Cursor): void {
  for (let length = 0; length < 10; length += 1) {
    if (cursor.at >= cursor.end) throw corrupt(`${cursor.what} ends inside a number`);
    if ((cursor.bytes[cursor.at++] as number) < 0x80) return;
  }
  throw corrupt(`${cursor.what} has a number longer than 10 bytes`);
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

const lenientUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that are no UTF-8 become U+FFFD. */
export function asLenientText(parent: Message, field: Field): string {
  return lenientUtf8.decode(asBytes(parent, field));
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

/** One float; in a packed list of one, too. */
export function asFloat(parent: Message, field: Field): number {
  const isFloat = field.wireType === WIRE_FIXED32 || field.wireType === WIRE_BYTES;
  if (!isFloat || field.end - field.start !== 4) {
    throw corrupt(`${parent.what}: field ${field.number} is not one float`);
  }
  return viewOf(parent).getFloat32(field.start, true);
}

function viewOf({ bytes }: Message): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The payloads of a list of byte strings, or of packed lists. */
function listPayloads(
  { bytes, what }: Message,
  field: Field,
  visit: (start: number, end: number) => void,
): void {
  const cursor = { bytes, at: field.start, end: field.end, what };
  for (;;) {
    const end = Number(readVarint(cursor)) + cursor.at;
    visit(cursor.at, end);
    if (end >= field.end) return;
    cursor.at = end + 1;
  }
}

function listVarints(message: Message, field: Field, push: (cursor: Cursor) => void): void {
  const { bytes, what } = message;
  const cursor = { bytes, at: field.start, end: field.end, what };
  if (field.wireType === WIRE_BYTES) {
    listPayloads(message, field, (start, end) => {
      const packed = { bytes, at: start, end, what };
      while (packed.at < end) push(packed);
    });
    return;
  }
  if (field.wireType !== WIRE_VARINT) {
    throw corrupt(`${what}: field ${field.number} is not a list of integers`);
  }
  for (;;) {
    push(cursor);
    if (cursor.at >= field.end) return;
    cursor.at += 1;
  }
}

export function listInt64s(message: Message, field: Field, into: bigint[]): void {
  listVarints(message, field, (cursor) => into.push(BigInt.asIntN(64, readVarint(cursor))));
}

/** As JavaScript's numbers: rounded beyond 2^53, and several times as fast. */
export function listIntegers(message: Message, field: Field, into: number[]): void {
  listVarints(message, field, (cursor) => {
    const first = cursor.bytes[cursor.at] as number;
    if (first < 0x80) {
      cursor.at += 1;
      into.push(first);
      return;
    }
    const second = cursor.at + 1 < cursor.end ? (cursor.bytes[cursor.at + 1] as number) : 0x80;
    if (second >= 0x80) {
      into.push(Number(BigInt.asIntN(64, readVarint(cursor))));
      return;
    }
    cursor.at += 2;
    into.push((first & 0x7f) | (second << 7));
  });
}

export function listFloats(message: Message, field: Field, into: number[]): void {
  const view = viewOf(message);
  listFixed(message, field, 4, (at) => into.push(view.getFloat32(at, true)));
}

export function listDoubles(message: Message, field: Field, into: number[]): void {
  const view = viewOf(message);
  listFixed(message, field, 8, (at) => into.push(view.getFloat64(at, true)));
}

function listFixed(message: Message, field: Field, width: 4 | 8, push: (at: number) => void): void {
  const { wireType, number, start, end } = field;
  const isSingle = wireType === (width === 4 ? WIRE_FIXED32 : WIRE_FIXED64);
  const refuse = () =>
    corrupt(`${message.what}: field ${number} is not a list of ${width * 8}-bit floats`);
  if (!isSingle && wireType !== WIRE_BYTES) throw refuse();
  if (isSingle) {
    // A key stands between them.
    for (let at = start; at < end; at += width + 1) push(at);
    return;
  }
  listPayloads(message, field, (from, to) => {
    if ((to - from) % width !== 0) throw refuse();
    for (let at = from; at < to; at += width) push(at);
  });
}

/** Texts as `asLenientText` reads them. Few of them differ, as a rule. */
export function listTexts(message: Message, field: Field, into: string[]): void {
  const { bytes, what } = message;
  if (field.wireType !== WIRE_BYTES) {
    throw corrupt(`${what}: field ${field.number} is not a list of byte strings`);
  }
  /** By length, the last text and where it was. */
  const known: { start: number; text: string }[] = [];
  listPayloads(message, field, (start, end) => {
    const last = known[end - start];
    if (last && isSame(bytes, last.start, start, end)) {
      into.push(last.text);
      return;
    }
    const text = lenientUtf8.decode(bytes.subarray(start, end));
    if (end - start < KNOWN_BYTES_MAX) known[end - start] = { start, text };
    into.push(text);
  });
}

const KNOWN_BYTES_MAX = 64;

function isSame(bytes: Uint8Array, other: number, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== bytes[other + at - start]) return false;
  }
  return true;
}
