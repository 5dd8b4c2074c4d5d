// How often someone may cause what costs room or a write to disk. In memory: a restart forgives, and
// whoever could flood a log or the store can't cause one.

import type { Clock } from "@callosum/contract/ports.ts";

export interface Allowance {
  /** Whether it is still within what the name may cause; counts it if so. */
  take(name: string): boolean;
}

const namesMax = 10_000;

/** `countMax` a name in each period; names beyond the ten thousandth of a period get nothing. */
export function createAllowance(options: {
  clock: Clock;
  countMax: number;
  periodMs: number;
}): Allowance {
  const { clock, countMax, periodMs } = options;
  const taken = new Map<string, number>();
  let endsMs = 0;
  return {
    take(name) {
      const nowMs = clock.now().getTime();
      if (nowMs >= endsMs) {
        taken.clear();
        endsMs = nowMs + periodMs;
      }
      const count = taken.get(name) ?? 0;
      if (count >= countMax || (count === 0 && taken.size >= namesMax)) return false;
      taken.set(name, count + 1);
      return true;
    },
  };
}
