// Guessing passwords is slowed down by account and by address. Attempts count when they begin, so
// that many at once gain nothing. Kept in memory: a restart forgives, an attacker can't cause one.

import type { Clock } from "@callosum/contract/ports.ts";

export interface Throttle {
  /** Milliseconds until the next attempt is heard; 0 when it is, which then counts as failed. */
  begin(names: readonly ThrottleName[]): number;
  /** Forgets the attempts of a name whose owner has proved to be who they are. */
  succeed(names: readonly ThrottleName[]): void;
}

export interface ThrottleName {
  readonly name: string;
  /** Attempts that cost nothing. */
  readonly freeAttempts: number;
}

interface Attempts {
  readonly count: number;
  readonly blockedUntilMs: number;
}

const namesMax = 10_000;
const delayFirstMs = 1_000;
const delayMaxMs = 60_000;
const forgottenAfterMs = 15 * 60_000;

export function createThrottle(clock: Clock): Throttle {
  const known = new Map<string, Attempts>();

  function attemptsOf(name: string, nowMs: number): Attempts {
    const attempts = known.get(name);
    const isOld = attempts !== undefined && attempts.blockedUntilMs + forgottenAfterMs < nowMs;
    return attempts && !isOld ? attempts : { count: 0, blockedUntilMs: 0 };
  }

  return {
    begin(names) {
      const nowMs = clock.now().getTime();
      const waits = names.map(({ name }) => attemptsOf(name, nowMs).blockedUntilMs - nowMs);
      const waitMs = Math.max(0, ...waits);
      if (waitMs > 0) return waitMs;
      for (const { name, freeAttempts } of names) {
        const count = attemptsOf(name, nowMs).count + 1;
        const over = count - freeAttempts;
        const delayMs = over < 0 ? 0 : Math.min(delayMaxMs, delayFirstMs * 2 ** over);
        known.delete(name);
        known.set(name, { count, blockedUntilMs: nowMs + delayMs });
      }
      // The names heard of longest ago go first.
      for (const name of known.keys()) {
        if (known.size <= namesMax) break;
        known.delete(name);
      }
      return 0;
    },
    succeed(names) {
      for (const { name } of names) known.delete(name);
    },
  };
}
