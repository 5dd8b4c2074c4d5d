import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../command.ts";
import { linkNameOf, readPools } from "./link-request.ts";

const accepted: { text: string | undefined; pools: [string, string][] }[] = [
  { text: undefined, pools: [] },
  { text: "", pools: [] },
  { text: "pool1", pools: [["pool1", "pool1"]] },
  { text: "pool1=spark-1", pools: [["pool1", "spark-1"]] },
  {
    text: "p1=spark1, p2",
    pools: [
      ["p1", "spark1"],
      ["p2", "p2"],
    ],
  },
  { text: "pool1=a123456789012345", pools: [["pool1", "a123456789012345"]] },
];
for (const { text, pools } of accepted) {
  test(`--pools ${text} is read`, () => {
    assert.deepEqual(
      readPools(text).map(({ poolName, alias }) => [poolName, alias]),
      pools,
    );
  });
}

const refused: { text: string; message: RegExp }[] = [
  { text: "=x1", message: /is not/ },
  { text: "p1=a=b", message: /is not/ },
  { text: "p1=x", message: /2 to 16/ },
  { text: "p1=1spark", message: /a letter first/ },
  { text: "p1=spark-", message: /no '-' last/ },
  { text: "p1=a1234567890123456", message: /2 to 16/ },
  { text: "p1=spark,p2=Spark", message: /twice/ },
];
for (const { text, message } of refused) {
  test(`--pools ${text} is refused`, () => {
    assert.throws(
      () => readPools(text),
      (error) => error instanceof CommandError && message.test(error.message),
    );
  });
}

test("a link takes the Synapse workspace's name, made to fit", () => {
  assert.equal(linkNameOf(undefined, "ws1"), "ws1");
  assert.equal(linkNameOf(undefined, "a1"), "link-a1");
  assert.equal(linkNameOf(undefined, "a".repeat(50)), "a".repeat(33));
  assert.equal(linkNameOf("my_link-1", "ws1"), "my_link-1");
  for (const name of ["ab", "-ab", "a".repeat(34), "a b c"]) {
    assert.throws(() => linkNameOf(name, "ws1"), /3 to 33/);
  }
});
