// Saving an instance that runs: the command leaves a request in the directory and signals the process;
// the process copies its own files while it and its children do nothing else, and says so.

import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../command.ts";
import { isAlive } from "../instance.ts";
import type { SnapshotFile } from "./archive.ts";
import { whileFrozen } from "./freeze.ts";
import { copyFiles, listFiles } from "./instance-file.ts";
import { readyName, requestName, signalName } from "./own-file.ts";

const doneName = "callosum-copied.json";

interface CopyRequest {
  readonly to: string;
  readonly includesKey: boolean;
}

export interface Copied {
  readonly files: readonly SnapshotFile[];
  /** How long the instance stood still. */
  readonly frozenMs: number;
}

type Answer = Copied | { readonly error: string };

/** In the process that runs the instance: copies what the request in its directory asks for. */
export function answerRequest(dataDirectory: string): void {
  const request = readRequest(dataDirectory);
  if (!request) return;
  writeWhole(join(request.to, doneName), copyNow(dataDirectory, request));
}

function readRequest(dataDirectory: string): CopyRequest | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDirectory, requestName), "utf8")) as CopyRequest;
  } catch {
    // A signal of somebody else's.
    return undefined;
  }
}

function copyNow(from: string, { to, includesKey }: CopyRequest): Answer {
  const startedMs = performance.now();
  try {
    const files = whileFrozen(() => copyFiles(listFiles(from, includesKey), { from, to }));
    // What a thread was still writing has grown since it was listed: as long as it is now.
    const measured = files.map((file) => ({ ...file, length: statSync(join(to, file.name)).size }));
    return { files: measured, frozenMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function writeWhole(file: string, content: unknown): void {
  writeFileSync(`${file}.tmp`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

const pollMs = 5;

/** Has the running instance copy itself into an empty directory. */
export async function copyRunning(
  pid: number,
  { from, to, includesKey }: { from: string; to: string; includesKey: boolean },
): Promise<Copied> {
  if (Number(readIfAny(join(from, readyName))) !== pid) {
    throw new CommandError({
      code: "NotReady",
      message: `The instance (pid ${pid}) cannot be saved while it runs.`,
      hint: "Stop it first: callosum down",
    });
  }
  const request = join(from, requestName);
  const done = join(to, doneName);
  writeWhole(request, { to, includesKey } satisfies CopyRequest);
  try {
    process.kill(pid, signalName);
    while (!existsSync(done)) {
      if (!isAlive(pid)) throw new Error(`The instance (pid ${pid}) ended meanwhile.`);
      await sleep(pollMs);
    }
    const answer = JSON.parse(readFileSync(done, "utf8")) as Answer;
    if ("error" in answer) throw new Error(`The instance cannot be copied: ${answer.error}`);
    return answer;
  } finally {
    rmSync(request, { force: true });
    rmSync(done, { force: true });
  }
}

function readIfAny(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
