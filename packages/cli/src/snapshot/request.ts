// How the command reaches the process that runs the instance: a file in the directory and a signal. Small,
// because every `up` loads it; what it does is running.ts.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readyName, signalName } from "./own-file.ts";

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
