import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createCrc64 } from "./crc64.ts";

/** Bit by bit, as the polynomial is defined. */
function slowly(bytes: Uint8Array): bigint {
  let crc = 0xffffffffffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
    }
  }
  return crc ^ 0xffffffffffffffffn;
}

describe("CRC-64", () => {
  it("has the check value of its definition", () => {
    const crc = createCrc64();
    crc.update(Buffer.from("123456789"));
    assert.equal(crc.digest().readBigUInt64LE(), 0xae8b14860a799888n);
  });

  it("does not depend on how the bytes are cut, for every length around a slice", () => {
    const bytes = Uint8Array.from(
      { length: 700 },
      (_, index) => (index * 131 + (index >> 3)) & 255,
    );
    for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 100, 699, 700]) {
      const crc = createCrc64();
      crc.update(bytes.subarray(0, Math.floor(length / 3)));
      crc.update(bytes.subarray(Math.floor(length / 3), length));
      assert.equal(crc.digest().readBigUInt64LE(), slowly(bytes.subarray(0, length)), `${length}`);
    }
  });

  it("crosses its window", () => {
    const bytes = Buffer.alloc(600_001, "callosum");
    const whole = createCrc64();
    whole.update(bytes);
    assert.equal(whole.digest().readBigUInt64LE(), slowly(bytes));
  });
});
