// Raises SQL Server's messages by number; their texts are in message/.
import { SqlError } from "../session.ts";
import type { Position } from "./ast.ts";
import { discoveryMessages } from "./message/discovery.ts";
import { executionMessages } from "./message/execution.ts";
import { externalMessages } from "./message/external.ts";
import { languageMessages } from "./message/language.ts";
import { objectMessages } from "./message/object.ts";
import type { MessageRow } from "./message/row.ts";

export const messages: Readonly<Record<number, MessageRow>> = {
  ...languageMessages,
  ...objectMessages,
  ...executionMessages,
  ...externalMessages,
  ...discoveryMessages,
};

/** Builds SQL Server's message `number` with its arguments filled in, at `at`'s line. */
export function sqlError(
  number: number,
  at: Position | undefined,
  ...args: readonly (string | number)[]
): SqlError {
  const row = messages[number];
  if (row === undefined) throw new Error(`message ${number} has no text`);
  const message = row.text.replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)] ?? ""));
  return new SqlError({
    number,
    severity: row.severity,
    state: row.state ?? 1,
    message,
    line: at?.line ?? 1,
  });
}

export function fail(
  number: number,
  at: Position | undefined,
  ...args: readonly (string | number)[]
): never {
  throw sqlError(number, at, ...args);
}

/** Refuses a statement that is recognised and not run, by its name with line and column. */
export function refuseStatement(at: Position, name: string): never {
  return fail(40510, at, name, at.line, at.column);
}

/** Refuses an option, clause, function or keyword that is recognised and not run. */
export function refuseOption(at: Position, name: string): never {
  return fail(40517, at, name, at.line, at.column);
}
