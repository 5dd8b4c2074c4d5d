import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTagQuery, TagQueryInvalid } from "./tag-query.ts";

const tagged = { container: "c", tags: { Status: "Done", rank: "15", "a b": "x" } };

describe("expressions on tags", () => {
  const rows: [text: string, search: boolean | "invalid", condition: boolean | "invalid"][] = [
    [`"Status" = 'Done'`, true, true],
    [`Status='Done'`, true, true],
    [`"status" = 'Done'`, false, false],
    [`"Status" = 'done'`, false, false],
    [`"a b" = 'x' AND "rank" >= '10' and "rank" < '20'`, true, true],
    [`"rank" > '15'`, false, false],
    [`"rank" <= '15'`, true, true],
    [`"none" = ''`, false, false],
    [`@container = 'c' AND "Status" = 'Done'`, true, "invalid"],
    [`@container='d'`, false, "invalid"],
    [`@container > 'b'`, "invalid", "invalid"],
    [`"Status" <> 'Open'`, "invalid", true],
    [`"none" <> 'Open'`, "invalid", false],
    [`"Status" = 'Open' OR "rank" = '15'`, "invalid", true],
    [`"Status" = 'Open' AND "rank" = '15' OR "a b" = 'x'`, "invalid", true],
    [`"a b" = 'y' OR "Status" = 'Done' AND "rank" = '1'`, "invalid", false],
    ["", "invalid", "invalid"],
    [`"Status"`, "invalid", "invalid"],
    [`"Status" = 'Done' AND`, "invalid", "invalid"],
    [`"Status" = 'Done' "rank" = '15'`, "invalid", "invalid"],
    [`'Done' = "Status"`, "invalid", "invalid"],
    [`NOT "Status" = 'Done'`, "invalid", "invalid"],
    [`("Status" = 'Done')`, "invalid", "invalid"],
    [Array(11).fill(`"rank" = '15'`).join(" AND "), "invalid", "invalid"],
  ];
  for (const [text, search, condition] of rows) {
    it(`are read and decided: ${text.slice(0, 70)}`, () => {
      for (const [kind, expected] of [
        ["search", search],
        ["condition", condition],
      ] as const) {
        if (expected === "invalid") assert.throws(() => parseTagQuery(text, kind), TagQueryInvalid);
        else assert.equal(parseTagQuery(text, kind).matches(tagged), expected, kind);
      }
    });
  }

  it("name their tags and their container", () => {
    const query = parseTagQuery(`@container = 'c' AND "a" = '1' AND b > '2'`, "search");
    assert.equal(query.container, "c");
    assert.deepEqual([...query.names], ["a", "b"]);
  });
});
