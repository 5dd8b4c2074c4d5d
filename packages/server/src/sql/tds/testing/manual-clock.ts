// A clock that goes only when a test says so.
import type { WireClock } from "../option.ts";

interface ManualClock extends WireClock {
  advance(byMs: number): void;
}

export function createManualClock(): ManualClock {
  let now = 0;
  const timers = new Map<object, { at: number; run: () => void }>();
  return {
    after(delayMs, run) {
      const key = {};
      timers.set(key, { at: now + delayMs, run });
      return () => timers.delete(key);
    },
    advance(byMs) {
      now += byMs;
      for (const [key, { at, run }] of [...timers]) {
        if (at <= now && timers.delete(key)) run();
      }
    },
  };
}
