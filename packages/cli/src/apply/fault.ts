// Faults of a repository are gathered, so that one run names them all; nothing is written while there
// is one.

import { CommandError } from "../command.ts";

export interface Fault {
  /** `file:line:column` */
  readonly place: string;
  readonly code: string;
  readonly message: string;
}

/** Throws when there are any. */
export function requireNone(faults: readonly Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const lines = faults.map(({ place, message }) => `${place}: ${message}`);
  const count = faults.length === 1 ? "" : `${faults.length} faults:\n`;
  throw new CommandError({
    code: faults.every(({ code }) => code === first.code) ? first.code : "InvalidRepository",
    message: `${count}${lines.join("\n")}`,
    hint: "Nothing was changed.",
  });
}
