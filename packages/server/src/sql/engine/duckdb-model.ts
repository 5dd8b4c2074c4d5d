// Models in the engine process: an ONNX model becomes a scalar function over its input columns that
// answers a struct of its outputs. packages/scoring does the scoring; duckdb-threads.ts and duckdb-function.ts the calls.
import { createHash } from "node:crypto";
import { isForDesk } from "@callosum/scoring/desk.ts";
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import { duckTypes, registerPlain } from "./duckdb-function.ts";
import type { EngineThreads } from "./duckdb-threads.ts";
import { type ModelFacts, mark, modelFacts } from "./model-facts.ts";
import type { EngineModel, EngineModelPin } from "./port.ts";

export interface ModelRegistry {
  /** Rejects with the scorer's reason. */
  open(bytes: Uint8Array): Promise<EngineModel>;
  close(): void;
}

interface Known {
  bytes: Uint8Array;
  /** Null while nobody scores with it: what takes memory is opened again when it is called. */
  scorer: Scorer | null;
}

/** Models of the main thread that are kept ready. Functions cannot be taken back, so all stay known by their bytes. */
const readyMax = 16;

/**
 * Functions registered on one connection are seen by all connections of its instance. A model is
 * known by the hash of its bytes: asking for it again costs the hash.
 */
export function openModelRegistry(options: {
  connection: DuckDBConnection;
  /** Null: models run on this thread. */
  threads: EngineThreads | null;
  kernelsPath: string | null;
}): ModelRegistry {
  const { connection, threads, kernelsPath } = options;
  const known = new Map<string, Promise<EngineModel>>();
  /** In the order of their last use. */
  const ready = new Set<Known>();

  function scorerOf(entry: Known): Scorer {
    ready.delete(entry);
    ready.add(entry);
    entry.scorer ??= openScorer(entry.bytes, { kernelsPath });
    for (const oldest of ready) {
      if (ready.size <= readyMax) break;
      release(oldest);
    }
    return entry.scorer;
  }

  function release(entry: Known): void {
    ready.delete(entry);
    entry.scorer?.close();
    entry.scorer = null;
  }

  function register(name: string, bytes: Uint8Array, facts: ModelFacts) {
    const outputs = pinsOf(facts.outputs).filter(isScalar);
    const used = argumentsOf(facts);
    const call = { name, columns: facts.columns, arguments: used, outputs };
    const written = `${name}(${used.map(mark).join(", ")})`;
    const names = outputs.map((output) => output.name);
    if (threads && isForDesk(facts, names)) {
      threads.register(connection, call, bytes);
      return { call: written, expressions: {} };
    }
    const entry: Known = { bytes, scorer: null };
    registerPlain(connection, call, () => scorerOf(entry));
    // What waits for the main thread is slower than what the engine can read itself.
    return { call: written, expressions: facts.expressions };
  }

  async function openNew(name: string, bytes: Uint8Array): Promise<EngineModel> {
    const facts = await modelFacts({ bytes, kernelsPath });
    const outputs = pinsOf(facts.outputs);
    const inputs = pinsOf(facts.inputs);
    const isUsable = isCallable(inputs, outputs);
    const registered = isUsable ? register(name, bytes, facts) : { call: null, expressions: {} };
    return { ...registered, inputs, outputs };
  }

  return {
    open(given) {
      const name = `model_${createHash("sha256").update(given).digest("hex").slice(0, 32)}`;
      const found = known.get(name);
      if (found !== undefined) return found;
      const model = openNew(name, Uint8Array.from(given));
      known.set(name, model);
      model.catch(() => known.delete(name));
      return model;
    },
    close() {
      for (const entry of [...ready]) release(entry);
    },
  };
}

/** One row's dimensions: the first one counts rows. An output that is no tensor has shape [0]. */
function pinsOf(
  pins: readonly (Scorer["inputs"][number] | Scorer["outputs"][number])[],
): EngineModelPin[] {
  return pins.map((pin) => ({
    name: pin.name,
    element: pin.type,
    shape:
      pin.kind !== "tensor"
        ? [0]
        : (pin.shape ?? [null, pin.width ?? 1]).slice(1).map((size) => size ?? 1),
  }));
}

function isScalar(pin: EngineModelPin): boolean {
  return (
    pin.shape.reduce((product, size) => product * size, 1) === 1 &&
    duckTypes[pin.element] !== undefined
  );
}

/** In a model that can be called each input is one column. A function has an argument, so that it has rows. */
function argumentsOf({ columns }: ModelFacts): number[] {
  const used = columns.flatMap(({ isUsed }, at) => (isUsed ? [at] : []));
  return used.length > 0 ? used : [0];
}

/** A model with an unfit input is described, so that the binder can name it, but not called. */
function isCallable(
  inputs: readonly EngineModelPin[],
  outputs: readonly EngineModelPin[],
): boolean {
  return inputs.every(isScalar) && outputs.some(isScalar);
}
