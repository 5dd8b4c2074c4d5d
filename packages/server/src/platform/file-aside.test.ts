import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { giveSlot, slotBytes, takeSlot } from "./byte-slots.ts";
import { writeAside } from "./file-aside.ts";

const directory = mkdtempSync(join(tmpdir(), "callosum-aside-"));
after(() => rmSync(directory, { recursive: true, force: true }));

describe("the thread that writes files", () => {
  it("writes slots and other buffers in order", async () => {
    const path = join(directory, "file");
    const handle = openSync(path, "w");
    const aside = writeAside(handle, { md5: false, crc64: false });
    const slot = takeSlot().fill("s");
    await Promise.all([aside.write(slot.subarray(0, 3)), aside.write(Buffer.from("own"))]);
    assert.deepEqual(await aside.end(), { md5: undefined, crc64: undefined });
    closeSync(handle);
    giveSlot(slot);
    assert.equal(readFileSync(path, "utf8"), "sssown");
  });

  it("says what failed, and goes on with the next file", async () => {
    const path = join(directory, "read-only");
    closeSync(openSync(path, "w"));
    const handle = openSync(path, "r");
    const refused = writeAside(handle, { md5: true, crc64: false });
    await assert.rejects(refused.write(Buffer.from("x")), { code: "EBADF" });
    await refused.end();
    closeSync(handle);
    const other = openSync(path, "w");
    await writeAside(other, { md5: false, crc64: false }).write(Buffer.from("next"));
    closeSync(other);
    assert.equal(readFileSync(path, "utf8"), "next");
  });
});

describe("slots", () => {
  it("are of one memory until there are none left, and come back", () => {
    const taken = Array.from({ length: 80 }, takeSlot);
    const shared = taken.filter(({ buffer }) => buffer instanceof SharedArrayBuffer);
    assert.equal(new Set(shared.map(({ buffer }) => buffer)).size, 1);
    assert.ok(shared.length < taken.length);
    assert.equal(new Set(shared.map(({ byteOffset }) => byteOffset)).size, shared.length);
    assert.ok(taken.every(({ length }) => length === slotBytes));
    for (const buffer of taken) giveSlot(buffer);
    const again = Array.from({ length: shared.length }, takeSlot);
    assert.ok(again.every(({ buffer }) => buffer instanceof SharedArrayBuffer));
    for (const buffer of again) giveSlot(buffer);
  });
});
