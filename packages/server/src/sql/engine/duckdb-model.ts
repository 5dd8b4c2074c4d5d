// Models in the engine process: an ONNX model becomes a scalar function over its input columns that
// answers a struct of its outputs. packages/scoring does the scoring; duckdb-function.ts the calls.
import { createHash } from "node:crypto";
import type { Crew, CrewScorer } from "@callosum/scoring/crew.ts";
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import { duckTypes, registerPlaced, registerPlain } from "./duckdb-function.ts";
import type { EngineModel, EngineModelPin } from "./port.ts";

export interface ModelRegistry {
  open(bytes: Uint8Array): EngineModel;
  close(): void;
}

interface Known {
  bytes: Uint8Array;
  model: EngineModel;
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
  const known = new Map<string, Known>();
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
      const functionName = `model_${createHash("sha256").update(given).digest("hex").slice(0, 32)}`;
      const found = known.get(functionName);
      if (found !== undefined) return found.model;
      const bytes = Uint8Array.from(given);
      const scorer = openScorer(bytes);
      const outputs = pinsOf(scorer.outputs);
      const inputs = pinsOf(scorer.inputs);
      const model: EngineModel = {
        functionName,
        arguments: argumentsOf(scorer),
        inputs,
        outputs,
        expressions: expressionsOf(scorer, outputs),
      };
      const entry: Known = { bytes, model, opened: null };
      if (isCallable(model)) {
        entry.opened = openedBy(crew, entry, scorer);
        register(connection, { entry, columns: scorer.columns, opened, helpers });
      } else scorer.close();
      known.set(functionName, entry);
      return model;
    },
    close() {
      for (const entry of [...ready]) release(entry);
    },
  };
}

function register(
  connection: DuckDBConnection,
  given: {
    entry: Known;
    columns: Scorer["columns"];
    opened: (entry: Known) => Opened;
    helpers: number;
  },
): void {
  const { entry, columns, opened, helpers } = given;
  const { model } = entry;
  const call = {
    name: model.functionName,
    columns,
    arguments: model.arguments,
    outputs: model.outputs.filter(isScalar),
  };
  if (opened(entry).together === null)
    registerPlain(connection, call, () => opened(entry).alone as Scorer);
  else
    registerPlaced(connection, call, {
      scorer: () => opened(entry).together as CrewScorer,
      helpers,
    });
}

/** The scorer is closed when threads have their own. */
function openedBy(crew: Crew, { bytes, model }: Known, scorer: Scorer): Opened {
  const together = crew.open(bytes, scorer, wantedOf(model));
  if (together === null) return { together, alone: scorer };
  scorer.close();
  return { together, alone: null };
}

function wantedOf(model: EngineModel): string[] {
  return model.outputs.filter(isScalar).map(({ name }) => name);
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
  const marks = scorer.columns.map((_, index) => `⟦${index}⟧`);
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
function isCallable(model: EngineModel): boolean {
  return model.inputs.every(isScalar) && model.outputs.some(isScalar);
}
