// `callosum down`: stops the instance of the directory and waits until it is gone.

import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, defineCommand } from "../command.ts";
import { findInstance, isAlive } from "../instance.ts";

const stopTimeoutMs = 15_000;
const pollMs = 20;

export const down = defineCommand({
  name: "down",
  summary: "Stop the instance, cleanly",
  description: "Where none runs there is nothing to do, and that is no error.",
  arguments: [],
  options: {},
  examples: [
    { command: "callosum down", summary: "Stop the instance on ~/.callosum" },
    { command: "callosum down --data ./instance", summary: "Stop that one" },
  ],
  async run({ dataDirectory }) {
    const pid = await findHolder(dataDirectory);
    if (pid === undefined) {
      return {
        json: { stopped: false, dataDir: dataDirectory },
        text: [`No instance runs on ${dataDirectory}.`],
      };
    }
    process.kill(pid, "SIGTERM");
    const deadlineMs = performance.now() + stopTimeoutMs;
    while (isAlive(pid)) {
      if (performance.now() > deadlineMs) {
        throw new CommandError({
          code: "StillRunning",
          message: `Process ${pid} has not ended within ${stopTimeoutMs / 1_000} s.`,
          hint: `It can be ended with 'kill -9 ${pid}': every acknowledged write is on the disk.`,
        });
      }
      await sleep(pollMs);
    }
    return {
      json: { stopped: true, pid, dataDir: dataDirectory },
      text: [`Stopped (pid ${pid}).`],
    };
  },
});

/**
 * The process to stop: one that answers with this directory's certificate, or one that holds the
 * lock and is a `callosum up` by its command line (still starting, or no longer answering). A reused pid
 * of any other program is left alone.
 */
async function findHolder(dataDirectory: string): Promise<number | undefined> {
  if (!existsSync(dataDirectory)) return undefined;
  const { lockHolder, openDataDirectory } = await import(
    "@callosum/server/platform/data-directory.ts"
  );
  const holder = lockHolder(openDataDirectory(dataDirectory));
  if (holder === undefined) return undefined;
  if (isCallosum(holder)) return holder;
  return (await findInstance(dataDirectory))?.pid;
}

function isCallosum(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && /callosum(?:\.js)?\0up\0/.test(readFileSync(file, "utf8"));
}
