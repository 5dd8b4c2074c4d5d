// Messages between the server and its engine process: a JSON header and an aligned binary body.
// Layout: u32 total length, u32 header length, header, padding to 8, body.
import type { Duplex } from "node:stream";

export interface Frame {
  header: Record<string, unknown>;
  body: Uint8Array;
}

const prefixBytes = 8;

export function encodeFrame(header: object, body: readonly Uint8Array[] = []): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header));
  const padding = (8 - ((prefixBytes + json.length) % 8)) % 8;
  const bodyLength = body.reduce((sum, part) => sum + part.byteLength, 0);
  const head = Buffer.alloc(prefixBytes + json.length + padding);
  head.writeUInt32LE(head.length + bodyLength, 0);
  head.writeUInt32LE(json.length, 4);
  json.copy(head, prefixBytes);
  return [head, ...body];
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

/** Copies one frame into memory of its own, so that it starts aligned and frees alone. */
function take(parts: readonly Buffer[], length: number): { frame: Frame; rest: Buffer } {
  const whole = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (const part of parts) {
    const used = Math.min(part.length, length - filled);
    part.copy(whole, filled, 0, used);
    filled += used;
    if (used < part.length) rest = part.subarray(used);
  }
  const jsonLength = whole.readUInt32LE(4);
  const header = JSON.parse(whole.toString("utf8", prefixBytes, prefixBytes + jsonLength));
  const bodyAt = Math.ceil((prefixBytes + jsonLength) / 8) * 8;
  return { frame: { header, body: new Uint8Array(whole.buffer, bodyAt, length - bodyAt) }, rest };
}

/** Writes a frame and answers false when the reader should be waited for. */
export function sendFrame(
  stream: Duplex,
  header: object,
  body: readonly Uint8Array[] = [],
): boolean {
  stream.cork();
  let free = true;
  for (const part of encodeFrame(header, body)) free = stream.write(part);
  stream.uncork();
  return free;
}
