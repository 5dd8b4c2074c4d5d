// The engine's child process: no server secrets in its environment, a socket at descriptor 3, started
// when somebody first needs it.

import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";

export interface StartedProcess {
  readonly stream: Duplex;
  readonly exited: Promise<unknown>;
  kill(): void;
}

/** What a child needs of the environment to run at all. */
const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"] as const;

export function spawnEngineProcess(): StartedProcess {
  const entry = fileURLToPath(new URL("../sql/engine/child.ts", import.meta.url));
  const environment = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = spawn(process.execPath, [entry], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: Object.fromEntries(environment),
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
