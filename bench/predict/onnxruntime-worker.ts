// One thread of "ONNX Runtime, parallel": its own session, chunks of ready rows taken from a shared counter.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession } from "onnxruntime-node";
import { feedsOf } from "./onnxruntime.ts";
import type { ReadyInput } from "./peer.ts";

interface Start {
  bytes: Uint8Array;
  inputs: ReadyInput[];
  output: string;
  rowCount: number;
  chunkRows: number;
}

const { bytes, inputs, output, rowCount, chunkRows } = workerData as Start;
const session = await InferenceSession.create(bytes, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
});

parentPort?.on("message", async (nextChunk: Int32Array) => {
  let sum = 0;
  for (;;) {
    const firstRow = Atomics.add(nextChunk, 0, 1) * chunkRows;
    if (firstRow >= rowCount) break;
    const rows = Math.min(chunkRows, rowCount - firstRow);
    const result = await session.run(feedsOf(inputs, firstRow, rows), [output]);
    sum += (result[output] as { dims: readonly number[] }).dims[0] as number;
  }
  parentPort?.postMessage(sum);
});
parentPort?.postMessage("ready");
