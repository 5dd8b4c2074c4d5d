// ONNX Runtime over ready row-major input: in bulk with its own threads, and as parallel sessions over chunks.
import { Worker } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { ReadyInput, ReadyPeer, ReadyRows, Way } from "./peer.ts";

export const onnxRuntime: ReadyPeer = {
  name: "ONNX Runtime",
  async open(given) {
    const ways: ClosableWay[] = [];
    // Text cannot be shared between threads.
    if (given.inputs.every(({ type }) => type !== "string")) {
      for (const chunkRows of [2048, 32_768]) ways.push(await parallel(given, chunkRows));
    }
    for (let count = 1; count <= given.threads; count += 1) ways.push(await bulk(given, count));
    return {
      ways,
      scores: (rowCount) => scoresOf(given, rowCount),
      async close() {
        await Promise.all(ways.map((way) => way.close()));
      },
    };
  },
};

interface ClosableWay extends Way {
  close(): Promise<void>;
}

export function feedsOf(inputs: readonly ReadyInput[], firstRow: number, rowCount: number) {
  return Object.fromEntries(
    inputs.map(({ name, type, width, values }) => {
      const [from, to] = [firstRow * width, (firstRow + rowCount) * width];
      const part = Array.isArray(values) ? values.slice(from, to) : values.subarray(from, to);
      return [name, new Tensor(type as "float32", part as Float32Array, [rowCount, width])];
    }),
  );
}

function sessionOf(bytes: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
  });
}

async function bulk(given: ReadyRows, threads: number): Promise<ClosableWay> {
  const session = await sessionOf(given.bytes, threads);
  const feeds = feedsOf(given.inputs, 0, given.rowCount);
  return {
    name: `bulk, ${threads} thread${threads === 1 ? "" : "s"}`,
    run: () => session.run(feeds, [given.output]),
    close: () => session.release(),
  };
}

async function scoresOf(given: ReadyRows, rowCount: number): Promise<Float32Array> {
  const session = await sessionOf(given.bytes, 1);
  const result = await session.run(feedsOf(given.inputs, 0, rowCount), [given.output]);
  await session.release();
  return result[given.output]?.data as Float32Array;
}

async function parallel(given: ReadyRows, chunkRows: number): Promise<ClosableWay> {
  const workers = Array.from(
    { length: given.threads },
    () =>
      new Worker(new URL("./onnxruntime-worker.ts", import.meta.url), {
        workerData: { ...given, chunkRows },
      }),
  );
  const answers = () =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve) => {
            worker.once("message", () => resolve());
          }),
      ),
    );
  await answers();
  return {
    name: `${given.threads} sessions, ${chunkRows} rows`,
    async run() {
      const nextChunk = new Int32Array(new SharedArrayBuffer(4));
      const done = answers();
      for (const worker of workers) worker.postMessage(nextChunk);
      await done;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
