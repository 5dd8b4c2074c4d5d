// A model with room for one chunk of rows: for a caller on whose thread the rows are, as a function inside a database
// engine has them. Each thread has desks of its own. scorer-pool.ts is for callers with whole columns.
import type { Column, ScorerColumn } from "./column.ts";
import type { ColumnChain } from "./engine.ts";
import { type Narrowing, narrowing, SPLITS_MIN } from "./narrowing.ts";
import type { ElementType } from "./onnx/tensor.ts";
import { noKernels, openKernels } from "./program/kernel-addon.ts";
import { openScorer, type Scorer, type ScorerOptions } from "./scorer.ts";
import { elementBytes, type NumericVector, type Place, viewOf } from "./vector.ts";
import { type Arena, newMemory, openArena } from "./wasm/arena.ts";

/** Rows of a chunk: a DuckDB vector's. */
export const CHUNK_ROWS = 2048;

/** As much as its type can count. */
const BUDGET_MAX = 2 ** 31 - 1;

export interface Desk {
  /**
   * Where the values of each column go, CHUNK_ROWS of them: NaN for a missing number, the place in the scorer
   * column's `texts` for a text, -1 for another. Null for a column that is not read.
   */
  readonly columns: readonly (NumericVector | null)[];
  /**
   * For columns that the model reads wherever they are: how many bytes from `memory` the values of all CHUNK_ROWS are.
   * At first they are in `columns`. Null for other columns.
   */
  readonly places: readonly (Float64Array | null)[];
  readonly memory: Uint8Array;
  /**
   * The same without JavaScript, for an engine's addon; null when some step needs it. It may be called `budget[0]` times
   * between calls of `score`, and the caller counts that down.
   */
  readonly direct: object | null;
  readonly budget: Int32Array;
  /** Where `score` leaves the outputs. */
  readonly outputs: readonly NumericVector[];
  /** Scores rows 0 to `rowCount`. */
  score(rowCount: number): void;
  /** Splits of the trees that the last chunk needed: fewer than the model's when its values rule out branches. */
  splits(): number;
  close(): void;
}

/** Whether a desk can have these outputs: not text that the model does more with than look it up, nor text as output. */
export function isForDesk(
  { columns, outputs }: Pick<Scorer, "columns" | "outputs">,
  wanted: readonly string[],
): boolean {
  const known = wanted.map((name) => outputs.find((output) => output.name === name));
  return (
    columns.every(
      ({ isUsed, type, texts }) => !isUsed || texts !== undefined || type in elementBytes,
    ) && known.every((output) => output?.width === 1 && output.type in elementBytes)
  );
}

/** Opens a model for outputs that `isForDesk`. Throws `CorruptModel` or `UnsupportedModel`. */
export function openDesk(
  bytes: Uint8Array,
  outputs: readonly string[],
  options: Pick<ScorerOptions, "kernelsPath"> = {},
): Desk {
  const arena = openArena(newMemory());
  const start = arena.used();
  const scorer = openScorer(bytes, { ...options, arena });
  const formBytes = arena.used() - start;
  const places = scorer.columns.map((column) => placeOf(arena, column));
  const { bounds } = options.kernelsPath
    ? openKernels(options.kernelsPath, arena.memory)
    : noKernels;
  const outputPlaces = outputs.map((name) => {
    const output = scorer.outputs.find((candidate) => candidate.name === name);
    return newPlace(arena, (output as Scorer["outputs"][number]).type);
  });
  const addresses = outputPlaces.map(({ address }) => address);
  const chain = scorer.chain(outputs, addresses);
  for (const [at, place] of chain?.places ?? []) place[0] = (places[at] as Place).address;
  // What rules out branches of trees looks at the columns.
  const isSeen = bounds !== null || scorer.splits < SPLITS_MIN;
  const placesAt = scorer.columns.map(({ isReferable }, at) => {
    if (!isReferable || !isSeen) return null;
    return chain?.places.get(at)?.byteOffset ?? arena.allocate(8);
  });
  const budgetAt = arena.allocate(4);
  const narrowStart = arena.allocate(formBytes);
  const sight = {
    columns: places,
    bounds,
    distanceOf: (at: number) => columns[at]?.place?.[0] ?? null,
  };
  const narrow = narrowing(arena, sight, {
    splits: scorer.splits,
    open: (ranges) => {
      // One form after the other in the same memory.
      const area = openArena(arena.memory, narrowStart, narrowStart + formBytes);
      const form = openNarrow(bytes, { ...options, arena: area, ranges });
      return form && refersTo(form, placesAt) ? form : null;
    },
  });
  // The memory grows no more.
  const columns = places.map((place, at): DeskColumn | null => {
    if (!place) return null;
    const values = vectorAt(arena, place);
    const { texts } = scorer.columns[at] as ScorerColumn;
    const placeAt = placesAt[at] as number | null;
    if (placeAt === null) return texts ? { values, texts } : { values };
    const distance = new Float64Array(arena.memory.buffer, placeAt, 1).fill(place.address);
    return { values, place: distance };
  });
  const into = outputPlaces.map((place) => vectorAt(arena, place));
  const budget = new Int32Array(arena.memory.buffer, budgetAt, 1);
  return {
    columns: columns.map((column) => column?.values ?? null),
    places: columns.map((column) => column?.place ?? null),
    memory: new Uint8Array(arena.memory.buffer),
    outputs: into,
    direct: chain?.run.direct ?? null,
    budget,
    ...scoring({ scorer, narrow, chain }, { columns, outputs, into, budget }),
    close() {
      narrow.close();
      scorer.close();
    },
  };
}

type DeskColumn = Column & { values: NumericVector };

interface Forms {
  scorer: Scorer;
  narrow: Narrowing;
  chain: ColumnChain | null;
}

interface Rows {
  columns: readonly (DeskColumn | null)[];
  outputs: readonly string[];
  into: readonly NumericVector[];
  budget: Int32Array;
}

/** Scores by the narrow form where it fits, else in one call if there is one. */
function scoring(
  { scorer, narrow, chain }: Forms,
  { columns, outputs, into, budget }: Rows,
): Pick<Desk, "score" | "splits"> {
  let granted = 0;
  let last = scorer;
  const scoreRange = (rowCount: number): void => {
    const results = last.scoreRange(columns, { firstRow: 0, rowCount, outputs, into });
    results.forEach(({ values }, at) => {
      const target = into[at] as Float32Array;
      if (values !== target) target.set(values as Float32Array);
    });
  };
  return {
    score(rowCount) {
      const form = narrow.fitting(rowCount, granted - (budget[0] as number));
      last = form ?? scorer;
      if (chain && !form) chain.run(rowCount);
      else scoreRange(rowCount);
      granted = Math.min(narrow.rest(), BUDGET_MAX);
      budget[0] = granted;
    },
    splits: () => last.splits,
  };
}

function placeOf(arena: Arena, { isUsed, type, texts }: ScorerColumn): Place | null {
  return isUsed ? newPlace(arena, texts ? "int32" : type) : null;
}

function newPlace(arena: Arena, type: ElementType): Place {
  return { type, address: arena.allocate(CHUNK_ROWS * (elementBytes[type] as number)) };
}

function vectorAt({ memory }: Arena, { type, address }: Place): NumericVector {
  return viewOf(type, memory.buffer as SharedArrayBuffer, address, CHUNK_ROWS);
}

/** Whether a form reads the columns that have a place wherever they are, as the whole model does. */
function refersTo({ columns }: Scorer, placesAt: readonly (number | null)[]): boolean {
  return columns.every(({ isUsed, isReferable }, at) => {
    return placesAt[at] === null || !isUsed || isReferable === true;
  });
}

/** Null when the form does not fit where the whole one would. */
function openNarrow(bytes: Uint8Array, options: Parameters<typeof openScorer>[1]): Scorer | null {
  try {
    return openScorer(bytes, options);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
