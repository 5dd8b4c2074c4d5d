import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatAddress, parseNetwork } from "./ip-network.ts";

describe("an address is written in its shortest form", () => {
  const rows = [
    ["::/0", "::"],
    ["::1/128", "::1"],
    ["1::/16", "1::"],
    ["1:0:0:2:0:0:0:3/128", "1:0:0:2::3"],
    ["1:2:3:4:5:6:0:8/128", "1:2:3:4:5:6:0:8"],
    ["10:20:0:0:30::1/128", "10:20::30:0:0:1"],
    ["FE80::10:0:0/128", "fe80::10:0:0"],
    ["10.144.3.7/24", "10.144.3.0"],
  ] as const;
  for (const [network, written] of rows) {
    it(`${network} begins at ${written}`, () => {
      const { address, bits } = parseNetwork(network);
      assert.equal(formatAddress(address, bits), written);
    });
  }
});

describe("what is no network", () => {
  for (const text of [
    "1::2::3/8",
    "1:2:3/8",
    ":1:2:3:4:5:6:7/8",
    "1.2.3.256/8",
    "::/129",
    "::",
    "",
  ]) {
    it(`${text} is refused`, () =>
      assert.throws(() => parseNetwork(text), { code: "ArgumentValue" }));
  }
});
