// One thread of scorer-pool.ts: opens the model once, then scores chunks of rows until none is left.
import { parentPort, workerData } from "node:worker_threads";
import type { Column } from "./column.ts";
import { ModelError } from "./model-error.ts";
import { openScorer } from "./scorer.ts";
import type { Job, JobResult, WorkerStart } from "./scorer-pool.ts";
import { viewOf } from "./vector.ts";
import { openArena } from "./wasm/arena.ts";
import { shareKernelModule } from "./wasm/kernel.ts";

const { bytes, options, memory, module, arenaStart, arenaEnd } = workerData as WorkerStart;
shareKernelModule(module);
const arena = openArena(memory, arenaStart, arenaEnd);
const scorer = openScorer(bytes, { ...options, arena });

function columnsOf(job: Job): (Column | null)[] {
  return job.columns.map((column): Column | null => {
    if (!column) return null;
    const { validity } = column;
    if (column.kind === "values") return { values: column.values, validity };
    const { type, address, length } = column;
    // The pool may have grown the memory; growing by nothing makes this thread see it.
    if (address + length * 8 > memory.buffer.byteLength) memory.grow(0);
    return { values: viewOf(type, memory.buffer, address, length), validity };
  });
}

function run(job: Job): JobResult["pieces"] {
  const pieces: JobResult["pieces"] = [];
  const columns = columnsOf(job);
  const { outputs, targets: into } = job;
  for (;;) {
    const firstRow = Atomics.add(job.nextChunk, 0, 1) * job.chunkRows;
    if (firstRow >= job.rowCount && !(firstRow === 0 && job.rowCount === 0)) return pieces;
    const rowCount = Math.min(job.chunkRows, job.rowCount - firstRow);
    const results = scorer.scoreRange(columns, { firstRow, rowCount, outputs, into });
    results.forEach(({ values, width }, output) => {
      const target = into[output];
      if (!target || Array.isArray(values)) {
        pieces.push({ output, firstRow: job.firstRow + firstRow, width, values });
      } else if (values !== target) {
        (target as Float32Array).set(values as Float32Array, firstRow * width);
      }
    });
    if (job.rowCount === 0) return pieces;
  }
}

function answer(job: Job): JobResult {
  try {
    return { pieces: run(job), error: null };
  } catch (error) {
    const code = error instanceof ModelError ? error.code : null;
    return {
      pieces: [],
      error: { code, message: error instanceof Error ? error.message : String(error) },
    };
  }
}

parentPort?.on("message", (job: Job) => parentPort?.postMessage(answer(job)));
parentPort?.postMessage({ pieces: [], error: null } satisfies JobResult);
