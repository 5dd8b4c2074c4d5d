import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { encodeFrame, type Frame, readFrames, sendFrame } from "./frame.ts";

function received(): { stream: PassThrough; frames: Frame[] } {
  const stream = new PassThrough();
  const frames: Frame[] = [];
  readFrames(stream, (frame) => frames.push(frame));
  return { stream, frames };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const numbers = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at);

const messages: [string, object, Uint8Array[]][] = [
  ["no body", { id: 1 }, []],
  ["a header that ends on a boundary", { id: 1, a: "1234" }, [numbers(8)]],
  ["text of several bytes a letter", { sql: "SELECT N'żółć 日本 🦆'" }, [numbers(16)]],
  ["a body of several parts", { id: 2 }, [numbers(8), numbers(24), numbers(5)]],
  ["a body that is written in pieces", { id: 3 }, [numbers(40_000), numbers(16)]],
];

const cuts: [string, (bytes: Buffer) => Buffer[]][] = [
  ["alone", (bytes) => [bytes]],
  [
    "byte by byte",
    (bytes) =>
      Array.from(bytes.subarray(0, 200), (_, at) => bytes.subarray(at, at + 1)).concat(
        bytes.subarray(200),
      ),
  ],
  ["at an odd place of memory", (bytes) => [Buffer.concat([Buffer.alloc(1), bytes]).subarray(1)]],
  [
    "with the next one behind it",
    (bytes) => [Buffer.concat([bytes, ...encodeFrame({ next: true })])],
  ],
];

for (const [what, header, body] of messages)
  for (const [how, cut] of cuts)
    test(`A frame with ${what} is read as it was written when it comes ${how}`, async () => {
      const { stream, frames } = received();
      for (const part of cut(Buffer.concat(encodeFrame(header, body)))) {
        stream.write(part);
        await settled();
      }
      const frame = frames[0]!;
      assert.deepEqual(frame.header, header);
      assert.deepEqual(Buffer.from(frame.body), Buffer.concat(body));
      assert.equal(frame.body.byteOffset % 8, 0);
      assert.deepEqual(
        frames.slice(1).map((next) => next.header),
        how === "with the next one behind it" ? [{ next: true }] : [],
      );
    });

test("A short frame is one piece of memory that holds no more than it", () => {
  const [whole, ...rest] = encodeFrame({ id: 7 }, [numbers(8), numbers(8)]);
  assert.equal(rest.length, 0);
  assert.equal(whole!.byteLength, Buffer.from(whole!).readUInt32LE(0));
});

test("Frames that are sent one after the other arrive in their order", async () => {
  const { stream, frames } = received();
  for (let id = 0; id < 5; id += 1) sendFrame(stream, { id }, [numbers(id % 2 === 0 ? 8 : 20_000)]);
  await settled();
  assert.deepEqual(
    frames.map(({ header, body }) => [header.id, body.byteLength]),
    [0, 1, 2, 3, 4].map((id) => [id, id % 2 === 0 ? 8 : 20_000]),
  );
});
