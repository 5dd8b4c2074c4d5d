// The real `callosum` as a child process on a data directory of its own; tests/conformance uses it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../bin/callosum.js", import.meta.url));
const runTimeoutMs = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as the one JSON document that --json promises. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json(): any;
}

export interface CallosumDirectory {
  readonly path: string;
  /** Runs a command to its end, with `--data` of this directory. */
  run(...words: readonly string[]): Promise<Ended>;
  /** The same with other environment variables or input. */
  runWith(
    options: { environment?: NodeJS.ProcessEnv; input?: string },
    ...words: readonly string[]
  ): Promise<Ended>;
  /** Starts an instance on free ports, in the background. */
  up(...words: readonly string[]): Promise<Ended>;
  /** Stops what runs and removes the directory. */
  close(): Promise<void>;
}

export function openCallosumDirectory(): CallosumDirectory {
  const path = mkdtempSync(join(tmpdir(), "callosum-cli-"));
  const directory: CallosumDirectory = {
    path,
    run: (...words) => directory.runWith({}, ...words),
    runWith: ({ environment = process.env, input }, command = "", ...words) =>
      runToEnd([program, command, "--data", path, ...words], { environment, input }),
    up: (...words) =>
      directory.run(
        "up",
        ...["--detach", "--json", "--port", "0", "--proxy-port", "0", "--sql-port", "0"],
        ...words,
      ),
    async close() {
      await directory.run("down");
      rmSync(path, { recursive: true, force: true });
    },
  };
  return directory;
}

function runToEnd(
  parameters: readonly string[],
  { environment, input }: { environment: NodeJS.ProcessEnv; input: string | undefined },
): Promise<Ended> {
  const child = spawn(process.execPath, parameters, { env: environment, timeout: runTimeoutMs });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) });
    });
  });
}
