// A growing buffer for what is written once per response: tokens, metadata, login replies.
// Rows do not pass here; they are placed straight into packets by output.ts.

export interface ByteSink {
  bytes: Buffer;
  at: number;
}

export function createSink(capacity = 256): ByteSink {
  return { bytes: Buffer.allocUnsafe(capacity), at: 0 };
}

export function written(sink: ByteSink): Buffer {
  return sink.bytes.subarray(0, sink.at);
}

/** Makes room for `count` bytes and returns where they start. */
export function reserve(sink: ByteSink, count: number): number {
  const at = sink.at;
  const end = at + count;
  if (end > sink.bytes.length) {
    const grown = Buffer.allocUnsafe(Math.max(end, sink.bytes.length * 2));
    sink.bytes.copy(grown, 0, 0, at);
    sink.bytes = grown;
  }
  sink.at = end;
  return at;
}

export function putU8(sink: ByteSink, value: number): void {
  const at = reserve(sink, 1);
  sink.bytes[at] = value;
}

export function putU16(sink: ByteSink, value: number): void {
  const at = reserve(sink, 2);
  sink.bytes.writeUInt16LE(value, at);
}

export function putU16BigEndian(sink: ByteSink, value: number): void {
  const at = reserve(sink, 2);
  sink.bytes.writeUInt16BE(value, at);
}

export function putU32(sink: ByteSink, value: number): void {
  const at = reserve(sink, 4);
  sink.bytes.writeUInt32LE(value >>> 0, at);
}

export function putU32BigEndian(sink: ByteSink, value: number): void {
  const at = reserve(sink, 4);
  sink.bytes.writeUInt32BE(value >>> 0, at);
}

export function putU64(sink: ByteSink, value: bigint): void {
  const at = reserve(sink, 8);
  sink.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
}

export function putBytes(sink: ByteSink, value: Uint8Array): void {
  const at = reserve(sink, value.length);
  sink.bytes.set(value, at);
}

export function putText(sink: ByteSink, value: string): void {
  const at = reserve(sink, value.length * 2);
  sink.bytes.write(value, at, "utf16le");
}

/** B_VARCHAR. Longer text is cut: the length is one byte on the wire. */
export function putShortText(sink: ByteSink, value: string): void {
  const text = value.slice(0, 255);
  putU8(sink, text.length);
  putText(sink, text);
}

/** US_VARCHAR, cut to `countMax` characters so that the enclosing token's length still fits. */
export function putLongText(sink: ByteSink, value: string, countMax: number): void {
  const text = value.slice(0, countMax);
  putU16(sink, text.length);
  putText(sink, text);
}

/** Writes a token whose two-byte length is known only after its body. */
export function putSized(sink: ByteSink, token: number, body: () => void): void {
  putU8(sink, token);
  const at = reserve(sink, 2);
  body();
  sink.bytes.writeUInt16LE(sink.at - at - 2, at);
}
