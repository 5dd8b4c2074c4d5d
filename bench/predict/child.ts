// A program of its own that a peer runs in: a line of JSON asks, a line of JSON answers. It can be ended whatever
// it is doing, which a statement that is being planned or a call into a library cannot.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Unmeasured } from "./peer.ts";

export interface Child {
  /**
   * Answers of the form `{ "error": text }` are thrown. Past the limit the program is killed, and `Unmeasured` thrown
   * with what did not end.
   */
  ask(request: unknown, limit?: { timeoutMs: number; what: string }): Promise<unknown>;
  close(): Promise<void>;
}

/** Throws when the program cannot be started. Its stdin and stdout carry the lines. */
export async function openChild(program: string, parameters: readonly string[]): Promise<Child> {
  const child = spawn(program, parameters, { stdio: ["pipe", "pipe", "inherit"] });
  await once(child, "spawn");
  const gone = once(child, "exit");
  // A program that has ended takes no more; that it answers nothing says so.
  child.stdin.on("error", () => {});
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask(request, limit) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill("SIGKILL");
      }, limit?.timeoutMs ?? 600_000);
      const line = await answers.next();
      clearTimeout(timer);
      if (isLate && limit) {
        throw new Unmeasured(`${limit.what} did not end in ${limit.timeoutMs / 1000} s`);
      }
      if (line.done) throw new Error(`${program} ended without an answer`);
      const answer = JSON.parse(line.value) as { error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
