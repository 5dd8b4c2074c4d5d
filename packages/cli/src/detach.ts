// `up --detach`: the same command in a process of its own, left alone once it serves.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError } from "./command.ts";

const program = fileURLToPath(new URL("../bin/callosum.js", import.meta.url));
const startTimeoutMs = 60_000;
const logName = "server.log";

/** Starts `up --json` with the same options and gives its contract when it serves. */
export async function startDetached(request: {
  options: Readonly<Record<string, unknown>>;
  dataDirectory: string;
  environment: NodeJS.ProcessEnv;
}): Promise<Contract> {
  const { dataDirectory, environment } = request;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const logFile = join(dataDirectory, logName);
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(
    process.execPath,
    [program, "up", "--json", "--data", dataDirectory, ...repeatOptions(request.options)],
    { detached: true, stdio: ["ignore", "pipe", log], env: environment, cwd: dataDirectory },
  );
  closeSync(log);
  const output = child.stdout as Readable;
  const line = await firstLine(output, child);
  // From here on nothing ties it to this process.
  output.destroy();
  child.unref();
  const answer = parse(line);
  if (answer && !("error" in answer)) return answer;
  throw new CommandError({
    code: answer?.error.code ?? "NotStarted",
    message: answer?.error.message ?? `The instance did not start; see ${logFile}.`,
    hint: answer?.error.hint ?? lastLines(logFile),
  });
}

/** Options of the caller's command line, without --detach itself. */
function repeatOptions(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (name === "detach" || value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    if (Array.isArray(value)) return value.flatMap((each) => [`--${name}`, String(each)]);
    const text = name.endsWith("-delay") ? `${value}ms` : String(value);
    return [`--${name}`, text];
  });
}

function firstLine(
  stream: Readable,
  child: { once(event: "exit" | "error", listener: () => void): unknown; kill(): unknown },
): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const timer = setTimeout(() => {
      child.kill();
      resolve("");
    }, startTimeoutMs);
    const finish = () => {
      clearTimeout(timer);
      resolve(text.split("\n")[0] ?? "");
    };
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) finish();
    });
    stream.once("end", finish);
    child.once("error", finish);
  });
}

type Answer = Contract | { error: { code: string; message: string; hint?: string } };

function parse(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
}
