import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { openBlobFiles, TooManyBytes } from "./blob-files.ts";
import { SourceBroken } from "./byte-chunks.ts";
import { giveSlot, slotBytes, takeSlot } from "./byte-slots.ts";
import { createCrc64 } from "./crc64.ts";
import { systemRandom } from "./system.ts";

const directory = mkdtempSync(join(tmpdir(), "callosum-blob-files-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const files = openBlobFiles({ directory, random: systemRandom });
const inlineBytesMax = 1000;
const options = {
  folder: "folder",
  md5: true,
  crc64: true,
  inlineBytesMax,
  bytesMax: 20 * slotBytes,
};
const names = () => readdirSync(join(directory, "folder"));

function sumsOf(bytes: Buffer) {
  const crc = createCrc64();
  crc.update(bytes);
  return { md5: createHash("md5").update(bytes).digest(), crc64: crc.digest() };
}

/** In pieces as a socket gives them. */
function sourceOf(bytes: Buffer, pieceBytes = 16_000): Readable {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  return Readable.from(pieces(), { objectMode: false });
}

describe("bodies that come in", () => {
  const lengths = [
    0,
    1,
    inlineBytesMax,
    inlineBytesMax + 1,
    slotBytes - 1,
    slotBytes,
    slotBytes + 1,
  ];
  for (const length of [...lengths, 2 * slotBytes, 5 * slotBytes + 7]) {
    it(`are kept as they are and summed, ${length} bytes, length told or not`, async () => {
      const bytes = randomBytes(length);
      for (const expectedBytes of [length, undefined]) {
        const received = await files.receive(sourceOf(bytes), { ...options, expectedBytes });
        assert.equal(received.length, length);
        assert.deepEqual({ md5: received.md5, crc64: received.crc64 }, sumsOf(bytes));
        const kept =
          received.inline ?? readFileSync(join(directory, "folder", received.fileId ?? ""));
        assert.ok(kept.equals(bytes));
        assert.equal(received.inline !== undefined, length <= inlineBytesMax);
      }
    });
  }

  it("are kept apart when many come at once, more than there are slots", async () => {
    const stalled = Array.from({ length: 80 }, () => new PassThrough());
    const waiting = stalled.map((source) => files.receive(source, options));
    for (const source of stalled) source.write("begun");
    const bodies = Array.from({ length: 12 }, () => randomBytes(3 * slotBytes + 5));
    const received = await Promise.all(
      bodies.map((bytes) => files.receive(sourceOf(bytes, 64_000), options)),
    );
    for (const [index, { md5, fileId = "" }] of received.entries()) {
      assert.deepEqual(md5, sumsOf(bodies[index] as Buffer).md5);
      assert.ok(readFileSync(join(directory, "folder", fileId)).equals(bodies[index] as Buffer));
    }
    for (const source of stalled) source.end();
    for (const { inline } of await Promise.all(waiting)) assert.equal(`${inline}`, "begun");
  });

  it("leave nothing behind when they break off or are too long", async () => {
    const before = names();
    for (const sent of [10, slotBytes, 3 * slotBytes + 1]) {
      const source = new PassThrough();
      const receiving = files.receive(source, { ...options, expectedBytes: 10 * slotBytes });
      source.write(randomBytes(sent));
      source.destroy(new Error("gone"));
      await assert.rejects(receiving, SourceBroken);
    }
    const long = sourceOf(randomBytes(options.bytesMax + 1));
    await assert.rejects(files.receive(long, options), TooManyBytes);
    assert.deepEqual(names(), before);
    const bytes = randomBytes(2 * slotBytes);
    assert.equal((await files.receive(sourceOf(bytes), options)).length, bytes.length);
  });

  it("give back every slot, whether kept, broken off or refused", () => {
    const taken = Array.from({ length: 80 }, takeSlot);
    const shared = taken.filter(({ buffer }) => buffer instanceof SharedArrayBuffer);
    assert.equal(shared.length, 64);
    for (const buffer of taken) giveSlot(buffer);
  });
});
