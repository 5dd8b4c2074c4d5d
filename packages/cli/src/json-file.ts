// JSON files that people wrote: read whole, and every fault told with file, line and column.

import { locate, pathSteps } from "@callosum/server/deployments/json-position.ts";
import { CommandError } from "./command.ts";

export interface JsonFile {
  /** As people named it, or relative to the directory that they named. */
  readonly file: string;
  readonly text: string;
  readonly value: unknown;
}

/** Parses; a fault is a CommandError `InvalidJson` that starts with `file:line:column`. */
export function parseJsonFile(file: string, content: string): JsonFile {
  const text = content.replace(/^\uFEFF/, "");
  try {
    return { file, text, value: JSON.parse(text) };
  } catch (error) {
    const { message } = error as Error;
    const offset = Number(/ at position (\d+)/.exec(message)?.[1] ?? text.trimEnd().length);
    const reason = message.replace(/ in JSON at position.*$/s, "");
    const place = `${file}:${lineAndColumn(text, offset)}`;
    throw new CommandError({ code: "InvalidJson", message: `${place}: It is not JSON: ${reason}` });
  }
}

function lineAndColumn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

/** `file:line:column` of a path such as `properties.activities[0].name`, or of what there is of it. */
export function placeIn({ file, text }: Pick<JsonFile, "file" | "text">, path: string): string {
  const position = locate(text, pathSteps(path));
  return position ? `${file}:${position.lineNumber}:${position.linePosition}` : `${file}:1:1`;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
