// Starts a listener over a fixed front, for tests.

import type { Log } from "../../../platform/log.ts";
import { listen, type TdsListener } from "../listener.ts";
import type { ListenOptions, WireClock } from "../option.ts";
import { secureContext } from "./certificate.ts";
import { createFixedFront, type FixedFront } from "./fixed-front.ts";

export interface Wire {
  listener: TdsListener;
  front: FixedFront;
  port: number;
  /** Errors that the wire logged: bugs, not clients' mistakes. */
  errors: unknown[];
  /** Reasons for which clients were dropped. */
  dropped: string[];
}

export const realClock: WireClock = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export async function startWire(
  options: Partial<ListenOptions> & { bulk?: boolean } = {},
): Promise<Wire> {
  const { bulk, ...given } = options;
  const front = createFixedFront(bulk === undefined ? {} : { bulk });
  const errors: unknown[] = [];
  const dropped: string[] = [];
  const log: Log = {
    write(level, event, facts) {
      if (level === "error") errors.push(facts);
      if (level === "warn") dropped.push(String(facts?.reason ?? event));
    },
  };
  const host = "127.0.0.1";
  const common = { front, host, port: 0, secureContext, log, clock: realClock };
  const listener = await listen({ ...common, ...given });
  return { listener, front, port: listener.port, errors, dropped };
}
