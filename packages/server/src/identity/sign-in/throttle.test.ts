// Back-off by table of attempts, on the simulated clock.

import assert from "node:assert/strict";
import { test } from "node:test";
import { simulatedClock } from "../../platform/simulated.ts";
import { createThrottle } from "./throttle.ts";

const name = (text: string, freeAttempts = 3) => ({ name: text, freeAttempts });

test("Attempts are free, then each waits twice as long, up to a minute", () => {
  const clock = simulatedClock();
  const throttle = createThrottle(clock);
  for (let attempt = 0; attempt < 3; attempt += 1) assert.equal(throttle.begin([name("a")]), 0);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const waitMs = throttle.begin([name("a")]);
    waits.push(waitMs);
    clock.advance(waitMs);
    assert.equal(throttle.begin([name("a")]), 0);
  }
  const seconds = [1, 2, 4, 8, 16, 32, 60, 60];
  assert.deepEqual(
    waits,
    seconds.map((second) => second * 1_000),
  );
});

test("Success forgets, and so does time; others are not slowed down", () => {
  const clock = simulatedClock();
  const throttle = createThrottle(clock);
  const exhaust = () => {
    for (let attempt = 0; attempt < 3; attempt += 1) throttle.begin([name("a")]);
  };
  exhaust();
  assert.ok(throttle.begin([name("a")]) > 0);
  assert.equal(throttle.begin([name("b")]), 0);
  throttle.succeed([name("a")]);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    assert.equal(throttle.begin([name("a")]), 0, "as if nothing had happened");
  }
  clock.advance(20 * 60_000);
  for (let attempt = 0; attempt < 3; attempt += 1) assert.equal(throttle.begin([name("a")]), 0);
});

test("An attempt that is refused by one name counts for no other", () => {
  const clock = simulatedClock();
  const throttle = createThrottle(clock);
  throttle.begin([name("address", 1)]);
  for (let attempt = 0; attempt < 9; attempt += 1) {
    assert.ok(throttle.begin([name("user", 1), name("address", 1)]) > 0);
  }
  assert.equal(throttle.begin([name("user", 1)]), 0);
});
