import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { createSecretBox } from "./secret-box.ts";

describe("a sealed secret", () => {
  const box = createSecretBox(randomBytes(32));

  it("opens for its owner and name, and looks different each time", () => {
    const sealed = box.seal("/a", "key", "geheim – ключ");
    assert.equal(box.open("/a", "key", sealed), "geheim – ключ");
    assert.notDeepEqual(sealed, box.seal("/a", "key", "geheim – ключ"));
    assert.ok(!Buffer.from(sealed).includes("geheim"));
  });

  it("does not open when moved, altered, or with another key", () => {
    const sealed = box.seal("/a", "key", "x");
    assert.throws(() => box.open("/b", "key", sealed));
    assert.throws(() => box.open("/a", "other", sealed));
    assert.throws(() => createSecretBox(randomBytes(32)).open("/a", "key", sealed));
    const altered = Buffer.from(sealed);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    assert.throws(() => box.open("/a", "key", altered));
  });
});
