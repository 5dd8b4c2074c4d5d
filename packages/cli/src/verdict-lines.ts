// A tested connection for people: each hop, who is at fault, and the command that repairs it.

import type { ConnectivityResult } from "@callosum/sdk/synapse-workspace.ts";
import type { Style, Terminal } from "./terminal.ts";

const marks: Readonly<Record<string, { mark: string; style: Style }>> = {
  passed: { mark: "✔", style: "green" },
  failed: { mark: "✖", style: "red" },
  warning: { mark: "!", style: "yellow" },
  skipped: { mark: "–", style: "dim" },
};

export function verdictLines(
  { succeeded, errors = [], verdict }: ConnectivityResult,
  paint: Terminal["paint"],
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
      ...(fix?.command ? [`    ${paint("cyan", fix.command)}`] : []),
    ];
  });
  const plain = verdict ? [] : errors.map(({ code, message }) => `✖ ${message} (${code})`);
  return [head, ...hops, ...plain];
}
