import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { createCrc64 } from "./crc64.ts";
import { createSums, createSumsAside } from "./sums.ts";

const parts = Array.from({ length: 5 }, (_, index) => randomBytes(100_000 + index));

function expected() {
  const crc = createCrc64();
  const hash = createHash("md5");
  for (const part of parts) {
    crc.update(part);
    hash.update(part);
  }
  return { md5: hash.digest(), crc64: crc.digest() };
}

describe("checksums", () => {
  for (const [name, create] of [
    ["on this thread", createSums],
    ["aside", createSumsAside],
  ] as const) {
    it(`are those of all bytes in order, ${name}`, async () => {
      const sums = create({ md5: true, crc64: true });
      for (const part of parts) await sums.update(part);
      assert.deepEqual(await sums.digest(), expected());
    });

    it(`are left out when nobody asked, ${name}`, async () => {
      const sums = create({ md5: false, crc64: true });
      for (const part of parts) await sums.update(part);
      assert.deepEqual(await sums.digest(), { md5: undefined, crc64: expected().crc64 });
    });
  }

  it("of several bodies at once are kept apart", async () => {
    const [a, dropped, b] = [0, 1, 2].map(() => createSumsAside({ md5: true, crc64: false }));
    await Promise.all([a, dropped, b].map((sums) => sums?.update(parts[0] as Buffer)));
    dropped?.drop();
    await b?.update(parts[1] as Buffer);
    const md5 = (...bytes: (Buffer | undefined)[]) =>
      createHash("md5")
        .update(Buffer.concat(bytes as Buffer[]))
        .digest();
    assert.deepEqual((await a?.digest())?.md5, md5(parts[0]));
    assert.deepEqual((await b?.digest())?.md5, md5(parts[0], parts[1]));
  });
});
