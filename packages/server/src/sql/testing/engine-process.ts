// Starts an engine process for tests and benches; the platform does the same for the server.
import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { EngineProcess } from "../engine/duckdb-client.ts";

export function spawnEngine(): EngineProcess {
  const entry = fileURLToPath(new URL("../engine/child.ts", import.meta.url));
  const child = spawn(process.execPath, [entry], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  return {
    stream: child.stdio[3] as Duplex,
    exited: new Promise((resolve) => child.on("exit", resolve)),
    kill: () => void child.kill("SIGKILL"),
  };
}
