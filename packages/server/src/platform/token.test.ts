import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenOf } from "./token.ts";

test("a token is URL-safe and never begins with a hyphen", () => {
  for (let first = 0; first < 256; first += 1) {
    const token = tokenOf(Uint8Array.from([first, 0xfb, 0xef]));
    assert.match(token, /^\w[\w-]{3}$/);
  }
});
