import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "./near-name.ts";

describe("nearestName", () => {
  it("finds what was probably meant, and nothing when nothing is near", () => {
    const known = ["ml-prod", "ml-test", "data"];
    const rows: [string, string | undefined][] = [
      ["ml-prd", "ml-prod"],
      ["ML-TEST", "ml-test"],
      ["ml-tests", "ml-test"],
      ["dta", "data"],
      ["unrelated-name", undefined],
      ["x", undefined],
    ];
    for (const [wanted, expected] of rows)
      assert.equal(nearestName(wanted, known), expected, wanted);
    assert.equal(nearestName("a", []), undefined);
  });
});
