// Our own command as people run it: one process a command.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));

/** Whatever happens, nothing of ours is left running. */
const children = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Runs `callosum …` to its end; what it printed and how long it took. Rejects when it fails. */
export function runCallosum(
  parameters: readonly string[],
): Promise<{ output: string; milliseconds: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, [launcher, ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => {
      children.delete(child);
      if (code === 0) resolve({ output, milliseconds: performance.now() - begun });
      else reject(new Error(`callosum ${parameters.join(" ")} ended with ${code}: ${output}`));
    });
  });
}
