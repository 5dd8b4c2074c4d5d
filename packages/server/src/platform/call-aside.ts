// A function that computes for long runs on a thread of its own (call-thread.ts), so that the one that serves the
// sockets goes on.

import { Worker } from "node:worker_threads";

export interface AsideCall {
  /** The module that exports the function. */
  readonly module: URL;
  readonly name: string;
  /** Its only argument; it is copied, and so is what the function gives. */
  readonly input: unknown;
}

/** Reading a file of so many bytes takes about as long as starting a thread. */
const bytesInPlaceMax = 512 * 1024;

/** Calls a function that its module exports for a file: here, or aside when the file is long. */
export async function callForFile<Input extends { readonly bytes: Uint8Array }, Result>(
  read: (input: Input) => Result,
  module: URL,
  input: Input,
): Promise<Result> {
  if (input.bytes.length <= bytesInPlaceMax) return read(input);
  return callAside({ module, name: read.name, input });
}

let last: Promise<unknown> = Promise.resolve();

/** Calls run one after another: each may need much memory. What the function throws is what the promise rejects with. */
export function callAside<Result>(call: AsideCall): Promise<Result> {
  const turn = last.then(() => run<Result>(call));
  last = turn.catch(() => {});
  return turn;
}

/** Not the machine's default, which is less on a small one. */
const heapMegabytesMax = 4096;

function run<Result>({ module, name, input }: AsideCall): Promise<Result> {
  const worker = new Worker(new URL("./call-thread.ts", import.meta.url), {
    workerData: { module: module.href, name, input },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  return new Promise<Result>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () =>
      reject(new Error(`The thread of '${name}' ended without an answer.`)),
    );
  });
}
