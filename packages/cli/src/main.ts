// The host of the commands: finds the definition, parses, runs it, shows what it answers. The
// definitions are in commands/, one file each, loaded only when they are needed.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  type Command,
  CommandError,
  type CommandRequest,
  exitCodes,
  type Outcome,
  usageError,
} from "./command.ts";
import { commandLoaders, loadAllCommands } from "./commands/table.ts";
import { nearest } from "./nearest.ts";
import { parseLine } from "./parse.ts";
import { createTerminal, type Terminal } from "./terminal.ts";

/** Runs a command line (without `node` and the script) and sets the process's exit code. */
export async function main(words: readonly string[]): Promise<void> {
  const environment = process.env;
  const terminal = createTerminal(environment);
  const wantsJson = beforeDashes(words).includes("--json");
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `callosum … | head`: the reader has seen enough.
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    throw error;
  });
  try {
    process.exitCode = await runLine(words, { environment, terminal });
  } catch (error) {
    process.exitCode = await showError(error, { terminal, isJson: wantsJson });
  }
}

async function runLine(
  words: readonly string[],
  { environment, terminal }: { environment: NodeJS.ProcessEnv; terminal: Terminal },
): Promise<number> {
  const [first, ...others] = words;
  if (first === undefined || first === "--help" || first === "-h" || first === "help") {
    const [named] = others;
    if (first === "help" && named !== undefined)
      return runLine([named, "--help"], { environment, terminal });
    const { overview } = await import("./help.ts");
    for (const line of overview(await loadAllCommands(), terminal.paint)) terminal.print(line);
    return first === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const command = await loadCommand(first === "--version" || first === "-V" ? "version" : first);
  const parsed = parseLine(command, others);
  if (parsed.isHelp) {
    const { commandHelp } = await import("./help.ts");
    for (const line of commandHelp(command, terminal.paint)) terminal.print(line);
    return exitCodes.ok;
  }
  const request: CommandRequest = {
    options: parsed.options as CommandRequest["options"],
    arguments: parsed.arguments,
    rest: parsed.rest,
    dataDirectory: dataDirectoryOf(parsed.data, environment),
    environment,
    isJson: parsed.isJson,
    terminal,
    loadCommands: loadAllCommands,
  };
  return show(await command.run(request), request);
}

function beforeDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end === -1 ? words : words.slice(0, end);
}

async function loadCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commandLoaders, name) ? commandLoaders[name] : undefined;
  if (load) return load();
  if (name.startsWith("-")) {
    throw usageError("The command comes first: callosum <command> [options].");
  }
  const close = nearest(name, Object.keys(commandLoaders));
  const guess = close === undefined ? "" : ` Did you mean '${close}'?`;
  throw usageError(
    `There is no command '${name}'.${guess}`,
    "'callosum --help' lists the commands.",
  );
}

/** `--data`, else `$CALLOSUM_DATA`, else `~/.callosum`. */
function dataDirectoryOf(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  return resolve(given ?? (environment.CALLOSUM_DATA || join(homedir(), ".callosum")));
}

function show(outcome: Outcome, { isJson, terminal }: CommandRequest): number {
  if (isJson) {
    if (outcome.json !== undefined) terminal.print(JSON.stringify(outcome.json));
  } else {
    for (const line of outcome.text ?? []) terminal.print(line);
  }
  return outcome.exitCode ?? exitCodes.ok;
}

/** People read stderr; with --json, programs get the same as a document on stdout. */
async function showError(
  error: unknown,
  { terminal, isJson }: { terminal: Terminal; isJson: boolean },
): Promise<number> {
  const { explainFailure } = await import("./failure.ts");
  const { code, message, hint, exitCode, details } = explainFailure(error);
  terminal.note(`callosum: ${message}`);
  for (const detail of details) terminal.note(`  ${detail.code}: ${detail.message}`);
  if (hint !== undefined) terminal.note(hint);
  if (isJson) {
    const shown = { code, message, ...(hint === undefined ? {} : { hint }), details };
    terminal.print(JSON.stringify({ error: shown }));
  }
  if (!(error instanceof CommandError) && code === "Unexpected") {
    terminal.note(error instanceof Error ? (error.stack ?? "") : String(error));
  }
  return exitCode;
}
