// The helpers of crew.ts, seen from the thread that asks them: started, told of models and woken.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import {
  CONTROL_WORDS,
  type CrewMessage,
  control,
  HELPERS_MAX,
  type HelperStart,
} from "./crew-model.ts";
import { kernelModule } from "./wasm/kernel.ts";

export interface CrewThreads {
  words: Int32Array;
  helpers: { worker: Worker; port: MessagePort }[];
}

export function noThreads(): CrewThreads {
  return { words: new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4)), helpers: [] };
}

export function startHelpers({ words, helpers }: CrewThreads, count: number): void {
  while (helpers.length < Math.min(count, HELPERS_MAX)) {
    const { port1, port2 } = new MessageChannel();
    const index = helpers.length;
    const workerData: HelperStart = { index, words, port: port2, module: kernelModule() };
    const worker = new Worker(new URL("./crew-worker.ts", import.meta.url), {
      workerData,
      transferList: [port2],
    });
    // Idle threads do not keep the process alive. One that fails ends it, as an uncaught error should.
    worker.unref();
    port1.unref();
    helpers.push({ worker, port: port1 });
  }
}

export const isReady = ({ words }: CrewThreads, index: number): boolean =>
  ((Atomics.load(words, control.ready) >> index) & 1) === 1;

/** Rings for a helper: it looks for work, or reads what it was told. */
export function ring({ words }: CrewThreads, index: number): void {
  Atomics.add(words, control.bells + index, 1);
  if (Atomics.load(words, control.asleep + index) > 0) {
    Atomics.notify(words, control.bells + index);
  }
}

/** A helper that sleeps is woken for it: models that nobody needs take memory. */
export function tell(threads: CrewThreads, index: number, message: CrewMessage): void {
  threads.helpers[index]?.port.postMessage(message);
  Atomics.add(threads.words, control.told + index, 1);
  ring(threads, index);
}

export async function endHelpers({ helpers }: CrewThreads): Promise<void> {
  await Promise.all(helpers.splice(0).map(({ worker }) => worker.terminate()));
}
