// Seeded twins of the clock and of chance, for tests and simulation: the same seed, the same run.

import type { Clock, Random } from "@callosum/contract/ports.ts";
import { tokenOf } from "./token.ts";

export interface SimulatedClock extends Clock {
  advance(milliseconds: number): void;
}

export function simulatedClock(startIso = "2026-01-01T00:00:00.000Z"): SimulatedClock {
  let nowMs = Date.parse(startIso);
  return {
    now: () => new Date(nowMs),
    advance(milliseconds) {
      nowMs += milliseconds;
    },
  };
}

/** A 32-bit xorshift: not for secrets, only for repeatable runs. */
export function simulatedRandom(seed: number): Random {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 0xff;
  };
  const bytes = (length: number) => Uint8Array.from({ length }, next);
  return {
    bytes,
    token: (bits) => tokenOf(bytes(Math.ceil(bits / 8))),
    guid() {
      const hex = Buffer.from(bytes(16)).toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
