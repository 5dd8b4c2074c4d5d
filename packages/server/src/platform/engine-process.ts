// The engine's child process: no server secrets in its environment, a socket at descriptor 3, started
// when somebody first needs it.

import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "./child-environment.ts";

export interface StartedProcess {
  readonly stream: Duplex;
  readonly exited: Promise<unknown>;
  kill(): void;
}

/**
 * A running statement occupies a thread of the process's pool; with the four that Node has, four long
 * ones would stop all others, of other pools too. Threads that nothing runs on cost address space.
 */
const statementsMax = 128;

/**
 * The engine's vectors reach JavaScript as copies that live for a moment. A young generation of 1 MiB lets their
 * memory be used again while it is still in the cache: three quarters of the time for a streamed result.
 */
const flags = ["--max-semi-space-size=1"];

const engineEntry = new URL("../sql/engine/child.ts", import.meta.url);

export function spawnEngineProcess(entry = engineEntry): StartedProcess {
  const child = spawn(process.execPath, [...flags, fileURLToPath(entry)], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: { ...childEnvironment(), UV_THREADPOOL_SIZE: String(statementsMax) },
  });
  return {
    stream: child.stdio[3] as Duplex,
    exited: new Promise((resolve) => {
      child.once("exit", resolve);
      // One that could not even be started has ended too.
      child.once("error", resolve);
    }),
    kill: () => void child.kill("SIGKILL"),
  };
}
