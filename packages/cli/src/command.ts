// What a command is: a value made by `defineCommand`. The host in main.ts walks the values for
// parsing, help and completion; nothing else knows a command's options.

import type { Terminal } from "./terminal.ts";

/** How the process ends. Part of the interface: documented in every --help. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, refused: 3, notRunning: 4 } as const;

interface OptionCore {
  readonly summary: string;
  readonly short?: string;
}

export type OptionDefinition =
  | (OptionCore & { readonly kind: "flag" })
  | (OptionCore & {
      readonly kind: "text";
      readonly value: string;
      readonly choices?: readonly string[];
      /** Shown in help; the command itself fills it in. */
      readonly otherwise?: string;
      readonly isRequired?: true;
    })
  | (OptionCore & { readonly kind: "list"; readonly value: string })
  /** 0 to 65535; 0 chooses a free one. */
  | (OptionCore & { readonly kind: "port"; readonly otherwise?: string })
  /** `250ms`, `5s`, `2m`; given to the command in milliseconds. */
  | (OptionCore & { readonly kind: "duration"; readonly otherwise?: string });

export interface ArgumentDefinition {
  readonly name: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly isRequired?: true;
  /** Takes all that follow. Only the last one may. */
  readonly isRest?: true;
}

type ValueOf<Definition extends OptionDefinition> = Definition extends { kind: "flag" }
  ? boolean
  : Definition extends { kind: "list" }
    ? readonly string[]
    : Definition extends { kind: "port" | "duration" }
      ? number | undefined
      : Definition extends { choices: readonly (infer Choice)[]; isRequired: true }
        ? Choice
        : Definition extends { choices: readonly (infer Choice)[] }
          ? Choice | undefined
          : Definition extends { isRequired: true }
            ? string
            : string | undefined;

export type OptionTable = Readonly<Record<string, OptionDefinition>>;

export interface CommandRequest<Options extends OptionTable = OptionTable> {
  readonly options: { readonly [Name in keyof Options]: ValueOf<Options[Name]> };
  /** By name; absent where an optional one was left out. */
  readonly arguments: Readonly<Record<string, string | undefined>>;
  /** What an `isRest` argument took. */
  readonly rest: readonly string[];
  /** `--data`, resolved. */
  readonly dataDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly isJson: boolean;
  readonly terminal: Terminal;
  /** Every command, for what is drawn from all definitions. */
  loadCommands(): Promise<readonly Command[]>;
}

/** What a command answers. `json` is the one document of --json, `text` the lines for people. */
export interface Outcome {
  readonly json?: unknown;
  readonly text?: readonly string[];
  readonly exitCode?: number;
}

export interface CommandDefinition<Options extends OptionTable = OptionTable> {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs for --help. */
  readonly description?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: Options;
  readonly examples: readonly { readonly command: string; readonly summary: string }[];
  run(request: CommandRequest<Options>): Promise<Outcome>;
}

export type Command = CommandDefinition<OptionTable>;

/** Makes a command. */
export function defineCommand<const Options extends OptionTable>(
  definition: CommandDefinition<Options>,
): Command {
  return definition as unknown as Command;
}

/** Ends a command with a message for people and an exit code. */
export class CommandError extends Error {
  readonly code: string;
  readonly exitCode: number;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(error: { code: string; message: string; exitCode?: number; hint?: string }) {
    super(error.message);
    this.name = "CommandError";
    this.code = error.code;
    this.exitCode = error.exitCode ?? exitCodes.failed;
    this.hint = error.hint;
  }
}

/** The command line is wrong. */
export function usageError(message: string, hint?: string): CommandError {
  return new CommandError({
    code: "Usage",
    message,
    exitCode: exitCodes.usage,
    ...(hint === undefined ? {} : { hint }),
  });
}
