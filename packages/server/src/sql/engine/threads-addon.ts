// The addon in native/, and what a database's threads are told. duckdb-threads.ts starts them, scoring-thread.ts is one.
import { createRequire } from "node:module";
import type { MessagePort } from "node:worker_threads";

declare const handle: unique symbol;
export type PoolHandle = number & { readonly [handle]: "pool" };
export type ModelHandle = number & { readonly [handle]: "model" };

/** Opens a model on the calling thread: it must `place` it. */
type Open = (model: ModelHandle) => void;
/** Scores the first rows of what lies in the model's columns. */
type Score = (model: ModelHandle, rowCount: number) => void;

export interface ThreadsAddon {
  /** Starts threads without JavaScript on a database that was opened with `external_threads` of them. */
  open(database: unknown, threads: number): PoolHandle;
  /** Registers a function of these columns that answers a struct of the outputs. */
  register(
    pool: PoolHandle,
    connection: unknown,
    name: string,
    columns: readonly { type: number; texts: readonly string[] }[],
    outputs: readonly { type: number; name: string }[],
  ): ModelHandle;
  /** Executes tasks on the calling thread, until `finish`. */
  execute(pool: PoolHandle, open: Open, score: Score): void;
  /** Scores on the calling thread what threads without JavaScript come upon, until `finish`. */
  serve(pool: PoolHandle, open: Open, score: Score): void;
  /**
   * Says where this thread has a model's columns and outputs. They must not move until `forget`. A column that has a
   * place is not copied when all rows of a chunk have a value: its place says where it is, in bytes from `memory`.
   * With `direct`, so many chunks as `budget` says are scored without `score`, counting it down.
   */
  place(
    model: ModelHandle,
    columns: readonly (ArrayBufferView | null)[],
    places: readonly (Float64Array | null)[],
    memory: Uint8Array,
    outputs: readonly ArrayBufferView[],
    direct: object | null,
    budget: Int32Array,
  ): void;
  forget(model: ModelHandle): void;
  /** The threads without JavaScript end after their tasks. */
  retire(pool: PoolHandle): void;
  /** All threads end after their tasks; chunks that wait to be scored fail. */
  finish(pool: PoolHandle): void;
  /** When all threads with JavaScript have left. */
  close(pool: PoolHandle): void;
}

export function loadThreadsAddon(path: string): ThreadsAddon {
  return createRequire(import.meta.url)(path) as ThreadsAddon;
}

export interface ThreadStart {
  addonPath: string;
  /** What the scorer's own kernels are compiled to, if they are. */
  kernelsPath: string | null;
  /** The scorer's kernels in WebAssembly, compiled once for all threads. */
  module: WebAssembly.Module;
  pool: PoolHandle;
  role: "execute" | "serve";
  /** Tells of models. */
  port: MessagePort;
}

export interface ModelNotice {
  model: ModelHandle;
  /** In shared memory. */
  bytes: Uint8Array;
  outputs: readonly string[];
  /** Which of the model's columns the function is given, in order. */
  arguments: readonly number[];
}
