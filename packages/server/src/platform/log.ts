// One line of JSON per event. Callers pass facts, never secrets; bodies and tokens are not facts.

import type { Clock } from "@callosum/contract/ports.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface Log {
  write(level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>): void;
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export function createLog(options: {
  clock: Clock;
  level: LogLevel;
  sink: (line: string) => void;
}): Log {
  const { clock, level, sink } = options;
  return {
    write(eventLevel, event, facts = {}) {
      if (order[eventLevel] < order[level]) return;
      sink(
        `${JSON.stringify({ time: clock.now().toISOString(), level: eventLevel, event, ...facts })}\n`,
      );
    },
  };
}

/** The cause of an unexpected error, for the log. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
