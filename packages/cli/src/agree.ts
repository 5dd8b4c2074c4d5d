// Consent before a command changes something: --yes, or a person's answer. --dry-run asks for none.

import { CommandError, type CommandRequest, usageError } from "./command.ts";

export const consentOptions = {
  "dry-run": { kind: "flag", summary: "Show the plan only" },
  yes: { kind: "flag", short: "y", summary: "Do not ask" },
} as const;

/** Shows what is going to happen and asks; throws where the answer is no or nobody can be asked. */
export async function agree(
  { options, terminal, isJson }: CommandRequest,
  { lines, question }: { lines: readonly string[]; question: string },
): Promise<void> {
  if (options.yes === true) return;
  if (!terminal.isInteractive || isJson) {
    throw usageError("Nobody can be asked here: say --yes.");
  }
  for (const line of lines) terminal.note(line);
  if (await terminal.confirm(question)) return;
  throw new CommandError({ code: "NotAgreed", message: "Nothing was changed." });
}
