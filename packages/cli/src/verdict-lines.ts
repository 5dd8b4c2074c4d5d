// A tested connection for people: each hop, who is at fault, and the command that repairs it.

import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectivityResult } from "@callosum/sdk/synapse-workspace.ts";
import type { Style, Terminal } from "./terminal.ts";

const marks: Readonly<Record<string, { mark: string; style: Style }>> = {
  passed: { mark: "✔", style: "green" },
  failed: { mark: "✖", style: "red" },
  warning: { mark: "!", style: "yellow" },
  skipped: { mark: "–", style: "dim" },
};

/** How our own command is called from where the reader is. */
export interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly dataDirectory: string;
}

/**
 * A command as it can be run in the reader's place: through npx in a clone, and for the instance that
 * was asked. Our command stands at the start, behind a pipe, an `&&` or a `$(`.
 */
export function asTyped(command: string, { environment, dataDirectory }: Caller): string {
  const runner = environment.npm_command === "exec" ? "npx --no-install callosum" : "callosum";
  const usual = [environment.CALLOSUM_DATA, join(homedir(), ".callosum")];
  const isUsual = usual.includes(dataDirectory);
  const data = isUsual ? "" : `CALLOSUM_DATA=${quoted(dataDirectory)} `;
  return command.replace(/(^|\| |&& |\$\()callosum /g, `$1${data}${runner} `);
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

export function verdictLines(
  { succeeded, errors = [], verdict }: ConnectivityResult,
  { paint, caller }: { paint: Terminal["paint"]; caller: Caller },
): string[] {
  const head = succeeded
    ? paint("green", "The connection works.")
    : paint("red", "The connection does not work.");
  const hops = (verdict?.hops ?? []).flatMap(({ hop, status, message, code, fix }) => {
    const { mark, style } = marks[status] ?? { mark: "?", style: "dim" };
    const number = code === "0" || status === "passed" ? "" : ` (${code})`;
    return [
      `${paint(style, mark)} ${hop}: ${message}${number}`,
      ...(fix ? [`    ${fix.description}`] : []),
      ...(fix?.command ? [`    ${paint("cyan", asTyped(fix.command, caller))}`] : []),
    ];
  });
  const plain = verdict ? [] : errors.map(({ code, message }) => `✖ ${message} (${code})`);
  return [head, ...hops, ...plain];
}
