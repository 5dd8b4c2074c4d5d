// The threads that execute a database's tasks. A model's function runs on the thread that has read its rows, so once
// there is a model these threads have JavaScript (scoring-thread.ts), and a chunk is scored where it lies: no copy
// to another thread, no waiting for one. The addon in native/ makes that possible; without it models are functions
// of the binding (duckdb-function.ts), which all run on the main thread.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { kernelModule } from "@callosum/scoring/wasm/kernel.ts";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { duckTypes, type ModelCall } from "./duckdb-function.ts";
import { loadThreadsAddon, type ModelNotice, type ThreadStart } from "./threads-addon.ts";

export interface EngineThreads {
  /** Makes a model callable. The threads open it when they first see it. */
  register(connection: DuckDBConnection, call: ModelCall, bytes: Uint8Array): void;
  /** When the threads have JavaScript, if they need it. Before, one of them would score for all. */
  ready(): Promise<void>;
  /** The database must not be executing anything. */
  close(): Promise<void>;
}

export interface ThreadsOptions {
  /** What the threads load, and what their scorers do. */
  addonPath: string;
  kernelsPath: string | null;
  /** The database's own setting. */
  threads: number;
  /** What a thread with JavaScript runs. */
  entry?: URL | undefined;
}

const scoringThread = new URL("./scoring-thread.ts", import.meta.url);

/** Node waits for its threads when it exits, and they for the engine. */
const unfinished = new Set<() => void>();
process.on("exit", () => {
  for (const finish of unfinished) finish();
});

/** A thread with JavaScript. */
interface ScoringThread {
  worker: Worker;
  /** Tells it of models. */
  port: MessagePort;
  ready: Promise<unknown>;
  exited: Promise<unknown>;
}

function startThread(entry: URL, start: Omit<ThreadStart, "port">): ScoringThread {
  const { port1, port2 } = new MessageChannel();
  const workerData: ThreadStart = { ...start, port: port2 };
  const worker = new Worker(entry, {
    workerData,
    transferList: [port2],
    // Tasks of the engine need more than JavaScript does.
    resourceLimits: { stackSizeMb: 16 },
  });
  // Idle threads do not keep the process alive. One that fails ends it, as an uncaught error should.
  worker.unref();
  port1.unref();
  const once = (event: string) => new Promise((resolve) => worker.once(event, resolve));
  return { worker, port: port1, ready: once("message"), exited: once("exit") };
}

/**
 * Gives a database its threads: `threads` of them are at work at most, the one that waits for a result included. The
 * database must have been opened with `external_threads` equal to `threads`.
 */
export function openThreads(
  instance: DuckDBInstance,
  { addonPath, kernelsPath, threads, entry = scoringThread }: ThreadsOptions,
): EngineThreads {
  const addon = loadThreadsAddon(addonPath);
  const { db } = instance as unknown as { db: unknown };
  const pool = addon.open(db, threads - 1);
  const finish = (): void => addon.finish(pool);
  unfinished.add(finish);
  const scoring: ScoringThread[] = [];
  let ready = Promise.resolve();
  const start = (): void => {
    const module = kernelModule();
    for (let index = 0; index < threads; index += 1) {
      // Who waits for a result executes tasks, too, on a thread without JavaScript: one thread serves these.
      const role = index === 0 ? "serve" : "execute";
      scoring.push(startThread(entry, { addonPath, kernelsPath, module, pool, role }));
    }
    ready = Promise.all(scoring.map((thread) => thread.ready)).then(() => addon.retire(pool));
  };
  return {
    register(connection, call, bytes) {
      if (scoring.length === 0) start();
      const { connection: own } = connection as unknown as { connection: unknown };
      const columns = call.arguments.map((at) => {
        const { type, texts = [] } = call.columns[at]!;
        return { type: duckTypes[type]!.typeId, texts };
      });
      const outputs = call.outputs.map(({ name, element }) => {
        return { type: duckTypes[element]!.typeId, name };
      });
      const model = addon.register(pool, own, call.name, columns, outputs);
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
      shared.set(bytes);
      const notice: ModelNotice = {
        model,
        bytes: shared,
        outputs: outputs.map(({ name }) => name),
        arguments: call.arguments,
      };
      for (const { port } of scoring) port.postMessage(notice);
    },
    ready: () => ready,
    async close() {
      unfinished.delete(finish);
      finish();
      for (const { worker } of scoring) worker.ref();
      await Promise.all(scoring.map(({ exited }) => exited));
      addon.close(pool);
    },
  };
}
