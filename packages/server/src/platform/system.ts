// The real clock and chance. Their simulated twins are in simulated.ts.

import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Random } from "@callosum/contract/ports.ts";
import { tokenOf } from "./token.ts";

export const systemClock: Clock = { now: () => new Date() };

export const systemRandom: Random = {
  guid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
  token: (bits) => tokenOf(randomBytes(Math.ceil(bits / 8))),
};
