import assert from "node:assert/strict";
import { it } from "node:test";
import { createAllowance } from "./allowance.ts";
import { simulatedClock } from "./simulated.ts";

it("An allowance is each name's own, and new in every period", () => {
  const clock = simulatedClock();
  const allowance = createAllowance({ clock, countMax: 2, periodMs: 1000 });
  const takes = () => ["a", "a", "b", "a"].map((name) => allowance.take(name));
  assert.deepEqual(takes(), [true, true, true, false]);
  clock.advance(999);
  assert.deepEqual(takes(), [false, false, true, false]);
  clock.advance(1);
  assert.deepEqual(takes(), [true, true, true, false]);
});

it("An allowance does not grow with the names that ask", () => {
  const allowance = createAllowance({ clock: simulatedClock(), countMax: 1, periodMs: 1000 });
  for (let name = 0; name < 10_000; name += 1) assert.ok(allowance.take(String(name)));
  assert.equal(allowance.take("one more"), false);
});
