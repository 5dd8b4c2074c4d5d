// Messages between the server and its engine process: a JSON header and an aligned binary body.
// Layout: u32 total length, u32 header length, header, padding to 8, body.
import type { Duplex } from "node:stream";

export interface Frame {
  header: Record<string, unknown>;
  body: Uint8Array;
}

const prefixBytes = 8;
/** Shorter frames are written as one piece: each piece of a write costs more than copying this much. */
const wholeBytesMax = 16_384;

const aligned = (length: number): number => (length + 7) & ~7;

export function encodeFrame(header: object, body: readonly Uint8Array[] = []): Uint8Array[] {
  const json = JSON.stringify(header);
  const jsonLength = Buffer.byteLength(json);
  const headLength = aligned(prefixBytes + jsonLength);
  const length = body.reduce((sum, part) => sum + part.byteLength, headLength);
  const isWhole = length <= wholeBytesMax;
  const head = Buffer.allocUnsafe(isWhole ? length : headLength);
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(jsonLength, 4);
  head.write(json, prefixBytes);
  head.fill(0, prefixBytes + jsonLength, headLength);
  if (!isWhole) return [head, ...body];
  let at = headLength;
  for (const part of body) {
    head.set(part, at);
    at += part.byteLength;
  }
  return [head];
}

/** Calls `receive` for each whole frame; bodies are aligned to 8 bytes, for typed arrays. */
export function readFrames(stream: Duplex, receive: (frame: Frame) => void): void {
  let parts: Buffer[] = [];
  let buffered = 0;
  let wanted = 4;
  stream.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    buffered += chunk.length;
    while (buffered >= wanted) {
      if (wanted === 4) {
        const head = parts[0]!.length >= 4 ? parts[0]! : Buffer.concat(parts);
        if (head !== parts[0]) parts = [head];
        wanted = Math.max(head.readUInt32LE(0), prefixBytes);
        continue;
      }
      const { frame, rest } = take(parts, wanted);
      parts = rest.length === 0 ? [] : [rest];
      buffered -= wanted;
      wanted = 4;
      receive(frame);
    }
  });
}

/** A frame that came alone stays where it is; others are copied, so that they start aligned and free alone. */
function take(parts: readonly Buffer[], length: number): { frame: Frame; rest: Buffer } {
  const first = parts[0]!;
  const isAlone = parts.length === 1 && first.length === length && first.byteOffset % 8 === 0;
  const { whole, rest } = isAlone
    ? { whole: first, rest: first.subarray(length) }
    : copied(parts, length);
  const jsonLength = whole.readUInt32LE(4);
  const header = JSON.parse(whole.toString("utf8", prefixBytes, prefixBytes + jsonLength));
  const bodyAt = aligned(prefixBytes + jsonLength);
  const body = new Uint8Array(whole.buffer, whole.byteOffset + bodyAt, length - bodyAt);
  return { frame: { header, body }, rest };
}

function copied(parts: readonly Buffer[], length: number): { whole: Buffer; rest: Buffer } {
  const whole = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (const part of parts) {
    const used = Math.min(part.length, length - filled);
    part.copy(whole, filled, 0, used);
    filled += used;
    if (used < part.length) rest = part.subarray(used);
  }
  return { whole, rest };
}

/** Writes a frame and answers false when the reader should be waited for. */
export function sendFrame(
  stream: Duplex,
  header: object,
  body: readonly Uint8Array[] = [],
): boolean {
  const parts = encodeFrame(header, body);
  if (parts.length === 1) return stream.write(parts[0]);
  stream.cork();
  let free = true;
  for (const part of parts) free = stream.write(part);
  stream.uncork();
  return free;
}
