import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createTurns } from "./turn.ts";

it("work at one place takes turns in order, whatever fails, and other places do not wait", async () => {
  const turns = createTurns();
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await setImmediate();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    turns("a", work("a1", true)),
    turns("a", work("a2")),
    turns("b", work("b1")),
  ]);
  assert.deepEqual(
    results.map((result) => (result.status === "fulfilled" ? result.value : "failed")),
    ["failed", "a2", "b1"],
  );
  const ofA = seen.filter((line) => line.startsWith("a"));
  assert.deepEqual(ofA, ["a1 begins", "a1 ends", "a2 begins", "a2 ends"]);
  assert.ok(seen.indexOf("b1 begins") < seen.indexOf("a1 ends"));
});
