// How the command reaches the process that runs the instance: a file in the directory and a signal. Small,
// because every `up` loads it; what it does is running.ts.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const requestName = "snapshot-request.json";
/** There as long as the process answers requests: the signal would end one that does not. */
export const readyName = "snapshot-ready";
export const signalName = "SIGUSR2";

/** Answers requests from now on; gives the function that ends it. For the process of `up`. */
export function answerCopyRequests(dataDirectory: string): () => void {
  const answer = async () => (await import("./running.ts")).answerRequest(dataDirectory);
  process.on(signalName, answer);
  writeFileSync(join(dataDirectory, readyName), `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(join(dataDirectory, readyName), { force: true });
    process.off(signalName, answer);
  };
}
