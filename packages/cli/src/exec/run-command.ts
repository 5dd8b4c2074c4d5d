// The command of `callosum exec` on this terminal: same input and output, same signals, same end.

import { spawn } from "node:child_process";
import { CommandError } from "../command.ts";

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Shells answer these for a command that is not there, and for one that cannot be run. */
const notFoundExitCode = 127;
const notExecutableExitCode = 126;

/** Runs the command to its end; a signal that reaches this process reaches the command. */
export function runCommand(
  [file = "", ...parameters]: readonly string[],
  environment: Record<string, string>,
): Promise<Ending> {
  const child = spawn(file, parameters, { stdio: "inherit", env: environment });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
  const listeners = signals.map((signal) => {
    const listener = () => {
      // A terminal sends these to both of us.
      const isFromTerminal = process.stdin.isTTY && signal !== "SIGTERM" && signal !== "SIGHUP";
      if (!isFromTerminal) child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(explain(file, error)));
    child.once("exit", (code, signal) => {
      for (const each of listeners) process.off(each.signal, each.listener);
      resolve({ code, signal });
    });
  });
}

function explain(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "ENOENT") {
    return new CommandError({
      code: "CommandNotFound",
      message: `There is no command '${file}' on the PATH.`,
      exitCode: notFoundExitCode,
    });
  }
  if (error.code === "EACCES") {
    return new CommandError({
      code: "CommandNotExecutable",
      message: `'${file}' cannot be executed.`,
      exitCode: notExecutableExitCode,
    });
  }
  return error;
}
