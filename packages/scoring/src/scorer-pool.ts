// One model on several threads. Numbers are scored where they lie, if they were allocated here or are shared.
// The other half is scorer-worker.ts.
import { Worker } from "node:worker_threads";
import {
  type Column,
  type ColumnValues,
  checkColumns,
  isVectorOf,
  type OutputColumn,
  type ScoreResult,
  type ScorerColumn,
  type ScorerOutput,
  scoredRows,
} from "./column.ts";
import { ModelError, type ModelErrorCode } from "./model-error.ts";
import type { ElementType } from "./onnx/tensor.ts";
import {
  checkInputs,
  checkOutputs,
  openScorer,
  type Scorer,
  type ScorerOptions,
  tableOutputs,
} from "./scorer.ts";
import { elementBytes, type NumericVector, viewOf } from "./vector.ts";
import { type Arena, newMemory, openArena } from "./wasm/arena.ts";
import { kernelModule } from "./wasm/kernel.ts";
import { KERNEL_ROWS } from "./wasm/kernel-rank.ts";

export interface ScorerPoolOptions extends Omit<ScorerOptions, "arena"> {
  threads: number;
}

export interface ScorerPool extends Omit<Scorer, "score" | "scoreRange" | "chain" | "close"> {
  /** A vector that the workers read in place. `release` gives its bytes back for the next one of its size. */
  allocate(type: Exclude<ElementType, "string">, length: number): NumericVector;
  release(values: NumericVector): void;
  /**
   * As `Scorer.score`, off the calling thread. Calls are run one after the other. `into` gives vectors in shared
   * memory for some of the outputs: using them again saves the system from finding new pages for every call.
   */
  score(
    columns: readonly (Column | null)[],
    rowCount: number,
    outputs?: readonly string[],
    into?: readonly (NumericVector | null)[],
  ): Promise<ScoreResult>;
  close(): Promise<void>;
}

/** A column as a worker gets it. Addressed ones lie in the pool's memory. */
export type JobColumn =
  | {
      kind: "addressed";
      type: ElementType;
      address: number;
      length: number;
      validity: Uint8Array | null;
    }
  | { kind: "values"; values: ColumnValues; validity: Uint8Array | null };

export interface Job {
  columns: (JobColumn | null)[];
  outputs: readonly string[];
  /** Chunks are taken by adding to this counter, so that no worker waits for a slow one. */
  nextChunk: Int32Array;
  chunkRows: number;
  rowCount: number;
  /** Where row 0 of these columns is in the whole call. */
  firstRow: number;
  /** Where numeric outputs of a known width go, from this job's row 0 on; null when the worker sends the values back. */
  targets: (NumericVector | null)[];
}

export interface JobResult {
  /** Pieces of outputs that have no target. */
  pieces: { output: number; firstRow: number; width: number; values: ColumnValues }[];
  error: { code: ModelErrorCode | null; message: string } | null;
}

export interface WorkerStart {
  bytes: Uint8Array;
  options: ScorerOptions;
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  arenaStart: number;
  arenaEnd: number;
}

const CHUNK_ROWS_MIN = 16 * KERNEL_ROWS;

/** Opens a model on `threads` workers. Throws what `openScorer` throws. */
export async function openScorerPool(
  bytes: Uint8Array,
  options: ScorerPoolOptions,
): Promise<ScorerPool> {
  const { threads, ...scorerOptions } = options;
  const model = Uint8Array.prototype.slice.call(bytes);
  // Opened here first: it checks the model and tells how much memory each worker needs.
  const measured = openArena(newMemory());
  const scorer = openScorer(model, { ...scorerOptions, arena: measured });
  scorer.close();
  const arena = openArena(newMemory());
  const workers = startWorkers(arena, {
    threads,
    bytes: model,
    options: scorerOptions,
    arenaBytes: measured.used(),
  });
  await Promise.all(workers.map((worker) => worker.ready));

  const free = new Map<number, number[]>();
  let last: Promise<unknown> = Promise.resolve();
  const { columns, kind, reason, inputs, outputs, framework, metadata, opsets } = scorer;
  const { producerName, producerVersion, splits, toSql } = scorer;
  return {
    ...{ columns, kind, reason, inputs, outputs, framework, metadata, opsets },
    ...{ producerName, producerVersion, splits, toSql },
    allocate(type, length) {
      const byteLength = Math.max(64, length * (elementBytes[type] as number));
      const address = free.get(byteLength)?.pop() ?? arena.allocate(byteLength);
      return viewOf(type, arena.memory.buffer, address, length);
    },
    release(values) {
      const byteLength = Math.max(64, values.byteLength);
      const list = free.get(byteLength) ?? [];
      list.push(values.byteOffset);
      free.set(byteLength, list);
    },
    score(given, rowCount, wanted, into) {
      checkInputs(inputs);
      checkColumns(columns, given, rowCount);
      const names = wanted ?? tableOutputs(outputs);
      checkOutputs(outputs, names);
      const run = last.then(() =>
        scoreOn(workers, jobColumns(arena, columns, given), {
          scorer,
          rowCount,
          names,
          into: into ?? [],
        }),
      );
      last = run.catch(() => undefined);
      return run.then((results) => ({
        outputs: results,
        validity: scoredRows(columns, given, rowCount),
      }));
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

/** One worker per thread, each with its own part of the arena. */
function startWorkers(
  arena: Arena,
  given: { threads: number; bytes: Uint8Array; options: ScorerOptions; arenaBytes: number },
): PoolWorker[] {
  const { threads, bytes, options, arenaBytes } = given;
  return Array.from({ length: threads }, () => {
    const arenaStart = arena.allocate(arenaBytes);
    const { memory } = arena;
    const arenaEnd = arenaStart + arenaBytes;
    return startWorker({ bytes, options, memory, module: kernelModule(), arenaStart, arenaEnd });
  });
}

/** Columns as workers can read them: by address, or in shared memory, or (text) copied to each. */
function jobColumns(
  arena: Arena,
  columns: readonly ScorerColumn[],
  given: readonly (Column | null)[],
): (JobColumn | null)[] {
  return given.map((column, at) => {
    const wanted = columns[at];
    if (!column || !wanted?.isUsed) return null;
    const { values } = column;
    const validity = column.validity ?? null;
    if (Array.isArray(values)) return { kind: "values", values, validity };
    const address = arena.addressOf(values);
    if (address === null) return { kind: "values", values: shared(values), validity };
    return { kind: "addressed", type: wanted.type, address, length: values.length, validity };
  });
}

/** The same numbers where every worker can read them. */
function shared(values: NumericVector): NumericVector {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new SharedArrayBuffer(values.byteLength);
  const { buffer, byteOffset, byteLength } = values;
  new Uint8Array(copy).set(new Uint8Array(buffer, byteOffset, byteLength));
  return new (values.constructor as Float32ArrayConstructor)(copy) as NumericVector;
}

interface PoolWorker {
  ready: Promise<void>;
  run(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

function startWorker(workerData: WorkerStart): PoolWorker {
  const worker = new Worker(new URL("./scorer-worker.ts", import.meta.url), { workerData });
  let settle: { resolve(result: JobResult): void; reject(error: Error): void } | null = null;
  let failure: Error | null = null;
  // An idle pool does not keep the process alive; a busy one does.
  const next = () =>
    new Promise<JobResult>((resolve, reject) => {
      if (failure) reject(failure);
      else settle = { resolve, reject };
      worker.ref();
    });
  const fail = (error: Error) => {
    failure = error;
    settle?.reject(error);
    settle = null;
  };
  worker.on("message", (result: JobResult) => {
    const waiting = settle;
    settle = null;
    worker.unref();
    if (!result.error) waiting?.resolve(result);
    else if (result.error.code === null) waiting?.reject(new Error(result.error.message));
    else waiting?.reject(new ModelError(result.error.code, result.error.message));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("The scoring worker has ended.")));
  return {
    ready: next().then(() => undefined),
    run(job) {
      const result = next();
      if (!failure) worker.postMessage(job);
      return result;
    },
    async close() {
      await worker.terminate();
    },
  };
}

async function scoreOn(
  workers: readonly PoolWorker[],
  columns: (JobColumn | null)[],
  call: { scorer: Scorer; rowCount: number; names: readonly string[]; into: Targets },
): Promise<OutputColumn[]> {
  const { scorer, rowCount, names, into } = call;
  // Many chunks per worker: at the end all wait for the last one, and a worker that is slowed down takes fewer.
  const share = Math.ceil(rowCount / (workers.length * 64) / KERNEL_ROWS) * KERNEL_ROWS;
  const chunkRows = Math.max(CHUNK_ROWS_MIN, share);
  const chunkCount = Math.ceil(rowCount / chunkRows);
  const known = names.map((name) => scorer.outputs.find((output) => output.name === name));
  const targets = known.map((output, at) =>
    output ? targetOf(output, rowCount, into[at] ?? null) : null,
  );
  const nextChunk = new Int32Array(new SharedArrayBuffer(4));
  const job: Job = {
    columns,
    outputs: names,
    nextChunk,
    chunkRows,
    rowCount,
    firstRow: 0,
    targets,
  };
  const busy = workers.slice(0, Math.max(1, chunkCount));
  const settled = await Promise.allSettled(
    partsOf(job, busy.length).map((part, at) => (busy[at] as PoolWorker).run(part)),
  );
  const results = settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
  const pieces = results.flatMap((result) => result.pieces);
  return names.map((name, output): OutputColumn => {
    const target = targets[output];
    if (target) return { name, width: known[output]?.width ?? 1, values: target };
    const own = pieces.filter((piece) => piece.output === output);
    return { name, ...joined(own) };
  });
}

type Targets = readonly (NumericVector | null)[];

/** Shared memory for an output's numbers: the caller's, or new. Null when their count is not known yet. */
function targetOf(
  output: ScorerOutput,
  rowCount: number,
  given: NumericVector | null,
): NumericVector | null {
  const { name, type, width } = output;
  if (!width || type === "string") return null;
  const length = rowCount * width;
  if (!given) {
    const buffer = new SharedArrayBuffer(length * (elementBytes[type] as number));
    return viewOf(type, buffer, 0, length);
  }
  const isShared = given.buffer instanceof SharedArrayBuffer;
  if (!isShared || !isVectorOf(type, given) || given.length < length) {
    throw new ModelError(
      "InvalidColumn",
      `Output '${name}' needs ${length} shared ${type} values.`,
    );
  }
  return given.subarray(0, length);
}

/**
 * One job per worker. All share the chunks of one counter, unless there is text: that is copied to a worker, so each
 * gets rows of its own.
 */
function partsOf(job: Job, count: number): Job[] {
  const hasText = job.columns.some(
    (column) => column?.kind === "values" && Array.isArray(column.values),
  );
  if (!hasText || count === 1) return Array.from({ length: count }, () => job);
  const share = Math.ceil(job.rowCount / count / KERNEL_ROWS) * KERNEL_ROWS;
  return Array.from({ length: count }, (_, at) => {
    const firstRow = Math.min(at * share, job.rowCount);
    const end = Math.min(firstRow + share, job.rowCount);
    return {
      ...job,
      columns: job.columns.map((column) => column && sliceColumn(column, firstRow, end)),
      nextChunk: new Int32Array(new SharedArrayBuffer(4)),
      targets: job.targets.map((target) => target && sliceTarget(target, job, { firstRow, end })),
      firstRow,
      rowCount: end - firstRow,
    };
  });
}

function sliceTarget(
  target: NumericVector,
  { rowCount }: Job,
  { firstRow, end }: { firstRow: number; end: number },
): NumericVector {
  const width = target.length / rowCount;
  return target.subarray(firstRow * width, end * width);
}

/** Rows `from`, a multiple of 512, to `end`. */
function sliceColumn(column: JobColumn, from: number, end: number): JobColumn {
  const validity = column.validity?.slice(from / 8, Math.ceil(end / 8)) ?? null;
  if (column.kind === "addressed") {
    const address = column.address + from * (elementBytes[column.type] as number);
    return { ...column, address, length: end - from, validity };
  }
  const { values } = column;
  if (Array.isArray(values)) return { ...column, values: values.slice(from, end), validity };
  return { ...column, values: values.subarray(from, end), validity };
}

/** Pieces in the order of their rows. */
function joined(pieces: JobResult["pieces"]): { width: number; values: ColumnValues } {
  const sorted = [...pieces].sort((a, b) => a.firstRow - b.firstRow);
  const [first] = sorted;
  if (!first) return { width: 1, values: [] };
  const { width } = first;
  if (Array.isArray(first.values)) {
    return { width, values: sorted.flatMap((piece) => piece.values as string[]) };
  }
  const length = sorted.reduce((sum, piece) => sum + piece.values.length, 0);
  const values = new (first.values.constructor as Float32ArrayConstructor)(length);
  for (const piece of sorted) values.set(piece.values as Float32Array, piece.firstRow * width);
  return { width, values };
}
