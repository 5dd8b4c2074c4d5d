import assert from "node:assert/strict";
import { it } from "node:test";
import { cacheByText } from "./cache.ts";

it("the least recently used texts are dropped when the bound is reached", () => {
  const made: string[] = [];
  const cache = cacheByText((text) => {
    made.push(text);
    return { text };
  }, 6);
  for (const text of ["aa", "bb", "cc", "aa", "dd", "aa", "bb"])
    assert.equal(cache.get(text).text, text);
  assert.deepEqual(made, ["aa", "bb", "cc", "dd", "bb"]);
});

it("a text larger than the bound is made but not kept", () => {
  let count = 0;
  const cache = cacheByText(() => ({ count: ++count }), 3);
  assert.deepEqual([cache.get("long text").count, cache.get("long text").count], [1, 2]);
});
