// Models in the engine process: an ONNX model becomes a scalar function over its input columns that
// answers a struct of its outputs. packages/scoring does the scoring; duckdb-function.ts the calls.
import { createHash } from "node:crypto";
import type { Crew, CrewScorer } from "@callosum/scoring/crew.ts";
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import { duckTypes, registerPlain } from "./duckdb-function.ts";
import { placedCall, registerPlaced } from "./duckdb-placed-function.ts";
import type { EngineModel, EngineModelPin } from "./port.ts";

export interface ModelRegistry {
  open(bytes: Uint8Array): EngineModel;
  close(): void;
}

interface Known {
  bytes: Uint8Array;
  outputs: readonly EngineModelPin[];
  /** Null while nobody scores with it: what takes memory is opened again when it is called. */
  opened: Opened | null;
}

/** By threads together, or else by a scorer alone. */
type Opened = { together: CrewScorer; alone: null } | { together: null; alone: Scorer };

/** Models that are kept ready. Functions cannot be taken back, so all stay known by their bytes. */
const readyMax = 16;

/**
 * Functions registered on one connection are seen by all connections of its instance. A model is
 * known by the hash of its bytes: asking for it again costs the hash.
 */
export function openModelRegistry(options: {
  connection: DuckDBConnection;
  crew: Crew;
  /** Threads that may score beside the calling one: the pool's limit. */
  helpers: number;
}): ModelRegistry {
  const { connection, crew, helpers } = options;
  const known = new Map<string, EngineModel>();
  /** In the order of their last use. */
  const ready = new Set<Known>();

  function opened(entry: Known): Opened {
    ready.delete(entry);
    ready.add(entry);
    entry.opened ??= openedBy(crew, entry, openScorer(entry.bytes));
    for (const oldest of ready) {
      if (ready.size <= readyMax) break;
      release(oldest);
    }
    return entry.opened;
  }

  function release(entry: Known): void {
    ready.delete(entry);
    entry.opened?.together?.close();
    entry.opened?.alone?.close();
    entry.opened = null;
  }

  return {
    open(given) {
      const name = `model_${createHash("sha256").update(given).digest("hex").slice(0, 32)}`;
      const found = known.get(name);
      if (found !== undefined) return found;
      const bytes = Uint8Array.from(given);
      const scorer = openScorer(bytes);
      const outputs = pinsOf(scorer.outputs);
      const inputs = pinsOf(scorer.inputs);
      let call: string | null = null;
      if (isCallable(inputs, outputs)) {
        const entry: Known = { bytes, outputs, opened: openedBy(crew, { bytes, outputs }, scorer) };
        call = register(connection, { entry, name, scorer, opened, helpers });
      } else scorer.close();
      const model = { call, inputs, outputs, expressions: expressionsOf(scorer, outputs) };
      known.set(name, model);
      return model;
    },
    close() {
      for (const entry of [...ready]) release(entry);
    },
  };
}

/** Answers the expression that calls it, input i written ⟦i⟧. */
function register(
  connection: DuckDBConnection,
  given: {
    entry: Known;
    name: string;
    scorer: Scorer;
    opened: (entry: Known) => Opened;
    helpers: number;
  },
): string {
  const { entry, name, scorer, opened, helpers } = given;
  const { columns } = scorer;
  const used = argumentsOf(scorer);
  const call = { name, columns, arguments: used, outputs: entry.outputs.filter(isScalar) };
  const marks = used.map(mark);
  if (opened(entry).together === null) {
    registerPlain(connection, call, () => opened(entry).alone as Scorer);
    return `${name}(${marks.join(", ")})`;
  }
  registerPlaced(connection, call, {
    scorer: () => opened(entry).together as CrewScorer,
    helpers,
  });
  return placedCall(name, marks);
}

const mark = (input: number): string => `⟦${input}⟧`;

/** The scorer is closed when threads have their own. */
function openedBy(crew: Crew, { bytes, outputs }: Omit<Known, "opened">, scorer: Scorer): Opened {
  const wanted = outputs.filter(isScalar).map(({ name }) => name);
  const together = crew.open(bytes, scorer, wanted);
  if (together === null) return { together, alone: scorer };
  scorer.close();
  return { together, alone: null };
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

/** The engine is fastest at what it can read itself: linear models and a few small trees. */
function expressionsOf(scorer: Scorer, outputs: readonly EngineModelPin[]): Record<string, string> {
  const marks = scorer.columns.map((_, index) => mark(index));
  const written = outputs.filter(isScalar).flatMap(({ name }) => {
    const sql = scorer.toSql(marks, name);
    return sql === null ? [] : [[name, sql] as const];
  });
  return Object.fromEntries(written);
}

/** In a model that can be called each input is one column. A function has an argument, so that it has rows. */
function argumentsOf({ columns }: Scorer): number[] {
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
