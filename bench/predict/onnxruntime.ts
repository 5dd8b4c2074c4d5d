// ONNX Runtime over ready row-major input: in bulk with its own threads, and as parallel sessions over chunks.
import { Worker } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** One model input, all rows, as ONNX Runtime likes it best: a row-major matrix. */
export interface ReadyInput {
  name: string;
  type: "float32" | "int64" | "string";
  width: number;
  values: Float32Array | BigInt64Array | string[];
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

export interface Rival {
  name: string;
  run(): Promise<void>;
  close(): Promise<void>;
}

export interface RivalInput {
  bytes: Uint8Array;
  inputs: ReadyInput[];
  output: string;
  rowCount: number;
}

export async function bulk(given: RivalInput, threads: number): Promise<Rival> {
  const session = await InferenceSession.create(given.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
  });
  const feeds = feedsOf(given.inputs, 0, given.rowCount);
  return {
    name: `bulk, ${threads} thread${threads === 1 ? "" : "s"}`,
    run: async () => void (await session.run(feeds, [given.output])),
    close: () => session.release(),
  };
}

export async function parallel(
  given: RivalInput,
  threads: number,
  chunkRows: number,
): Promise<Rival> {
  const workers = Array.from(
    { length: threads },
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
    name: `${threads} sessions, ${chunkRows} rows`,
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
