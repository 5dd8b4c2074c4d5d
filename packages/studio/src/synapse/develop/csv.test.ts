import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./csv.ts";

test("A result set becomes CSV with quotes where they are needed", () => {
  const text = csvOf({
    columns: [{ name: "a" }, { name: "b,c" }],
    rows: [
      [1, 'say "x"'],
      [null, true],
      ["two\nlines", "plain"],
    ],
  });
  assert.equal(text, 'a,"b,c"\r\n1,"say ""x"""\r\n,1\r\n"two\nlines",plain\r\n');
});
