// A command line against a command's definition. Node's parseArgs splits; values are checked here.

import { parseArgs } from "node:util";
import {
  type ArgumentDefinition,
  type Command,
  type OptionDefinition,
  usageError,
} from "./command.ts";
import { nearest } from "./nearest.ts";

/** Every command has these. */
export const sharedOptions = {
  data: {
    kind: "text",
    value: "DIR",
    summary: "The instance's directory",
    otherwise: "$CALLOSUM_DATA, else ~/.callosum",
  },
  json: { kind: "flag", summary: "Answer one JSON document on stdout" },
  help: { kind: "flag", short: "h", summary: "Show this help" },
} as const satisfies Record<string, OptionDefinition>;

export interface ParsedLine {
  readonly options: Record<string, unknown>;
  readonly arguments: Record<string, string | undefined>;
  readonly rest: readonly string[];
  readonly data: string | undefined;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** Reads the words after the command's name; throws a usage error. */
export function parseLine(command: Command, words: readonly string[]): ParsedLine {
  const definitions: Record<string, OptionDefinition> = { ...command.options, ...sharedOptions };
  const { values, positionals } = split(command, { words, definitions });
  const shared = { data: values.data?.at(-1) as string | undefined };
  const isHelp = values.help !== undefined;
  const result = { ...shared, isJson: values.json !== undefined, isHelp };
  if (isHelp) return { ...result, options: {}, arguments: {}, rest: [] };
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, definition]) => [
      name,
      readOption({ command, name, definition, given: values[name] ?? [] }),
    ]),
  );
  return { ...result, options, ...readArguments(command, positionals) };
}

function split(
  command: Command,
  line: { words: readonly string[]; definitions: Record<string, OptionDefinition> },
): { values: Record<string, (string | boolean)[] | undefined>; positionals: string[] } {
  const { words, definitions } = line;
  const options = Object.fromEntries(
    Object.entries(definitions).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === "flag" ? ("boolean" as const) : ("string" as const),
        multiple: true as const,
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  try {
    const parsed = parseArgs({ args: [...words], options, allowPositionals: true, tokens: true });
    const repeated = parsed.tokens.find(
      (token, index) =>
        token.kind === "option" &&
        definitions[token.name]?.kind !== "list" &&
        definitions[token.name]?.kind !== "flag" &&
        parsed.tokens.findIndex((each) => each.kind === "option" && each.name === token.name) !==
          index,
    );
    if (repeated?.kind === "option") {
      throw usageError(`${repeated.rawName} is given more than once.`);
    }
    return parsed;
  } catch (error) {
    throw explain(command, { error, definitions });
  }
}

function explain(
  command: Command,
  fault: { error: unknown; definitions: Record<string, OptionDefinition> },
): unknown {
  const { code, message } = fault.error as NodeJS.ErrnoException;
  if (!code?.startsWith("ERR_PARSE_ARGS")) return fault.error;
  const unknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && /'(-[^' ]*)'/.exec(message)?.[1];
  const hint = `'callosum ${command.name} --help' lists what it takes.`;
  if (!unknown) return usageError(message.replace(/\. To specify.*/s, "."), hint);
  const close = nearest(unknown.replace(/^-+/, ""), Object.keys(fault.definitions));
  const guess = close === undefined ? "" : ` Did you mean --${close}?`;
  return usageError(`'callosum ${command.name}' has no option ${unknown}.${guess}`, hint);
}

function readOption(option: {
  command: Command;
  name: string;
  definition: OptionDefinition;
  given: readonly (string | boolean)[];
}): unknown {
  const { command, name, definition, given } = option;
  if (definition.kind === "flag") return given.length > 0;
  if (definition.kind === "list") return given;
  const text = given.at(-1) as string | undefined;
  if (text === undefined) {
    if (definition.kind === "text" && definition.isRequired) {
      throw usageError(`'callosum ${command.name}' needs --${name} ${definition.value}.`);
    }
    return undefined;
  }
  if (definition.kind === "port") return readPort(name, text);
  if (definition.kind === "duration") return readDuration(name, text);
  if (definition.choices && !definition.choices.includes(text)) {
    throw usageError(`--${name} is one of ${definition.choices.join(", ")}, not '${text}'.`);
  }
  if (text === "") throw usageError(`--${name} is empty.`);
  return text;
}

function readPort(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usageError(`--${name} is a port from 0 to 65535 (0 chooses a free one), not '${text}'.`);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, "": 1 };

function readDuration(name: string, text: string): number {
  const match = /^(\d{1,9})(ms|s|m|)$/.exec(text);
  if (match) return Number(match[1]) * (unitMs[match[2] ?? ""] ?? 1);
  throw usageError(`--${name} is a duration such as 250ms, 5s or 2m, not '${text}'.`);
}

function readArguments(
  command: Command,
  words: readonly string[],
): { arguments: Record<string, string | undefined>; rest: readonly string[] } {
  const values: Record<string, string | undefined> = {};
  let taken = 0;
  let rest: readonly string[] = [];
  for (const definition of command.arguments) {
    if (definition.isRest) {
      rest = words.slice(taken);
      taken = words.length;
      if (rest.length === 0 && definition.isRequired) throw missing(command, definition);
      continue;
    }
    const word = words[taken];
    if (word === undefined) {
      if (definition.isRequired) throw missing(command, definition);
      continue;
    }
    if (definition.choices && !definition.choices.includes(word)) {
      const choices = definition.choices.join(", ");
      throw usageError(`'callosum ${command.name}' takes ${choices}, not '${word}'.`);
    }
    values[definition.name] = word;
    taken += 1;
  }
  if (taken < words.length) {
    throw usageError(`'callosum ${command.name}' does not take '${words[taken]}'.`);
  }
  return { arguments: values, rest };
}

function missing(command: Command, { name, choices }: ArgumentDefinition): Error {
  const what = choices ? choices.join(" or ") : name;
  return usageError(`'callosum ${command.name}' needs ${what}.`);
}
