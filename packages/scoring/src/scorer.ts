// A model's bytes become a scorer over column vectors. scorer-pool.ts runs several of them side by side.
import {
  type Column,
  checkColumns,
  type OutputColumn,
  type ScoreResult,
  type ScorerColumn,
  type ScorerInput,
  type ScorerOutput,
  scoredRows,
} from "./column.ts";
import { type CompiledKind, compileModel } from "./compile.ts";
import type { ColumnChain, Engine, ScoreRequest } from "./engine.ts";
import type { ValueRange } from "./graph/value-range.ts";
import { ModelError } from "./model-error.ts";
import { MODEL_BYTES_MAX, readModel } from "./onnx/model.ts";
import { type ModelSignature, scorerColumns, signatureOf } from "./onnx/signature.ts";
import { layerGraph } from "./ort/layer-graph.ts";
import { openLayerSession } from "./ort/layer-session.ts";
import { openOrtSession } from "./ort/session.ts";
import { noKernels, openKernels } from "./program/kernel-addon.ts";
import { openProgram, valuesOf } from "./program/program.ts";
import { valueToSql } from "./sql.ts";
import { type Arena, newMemory, openArena } from "./wasm/arena.ts";

export type ScorerKind = CompiledKind | "onnxruntime";

export interface ScorerOptions {
  /** Larger models are refused. */
  bytesMax?: number;
  /**
   * What the caller knows of the columns, in their order: statistics, or a WHERE clause that was applied before.
   * Branches that no such row takes are removed, so rows outside score wrongly. Null: nothing is known.
   */
  ranges?: readonly (ValueRange | null)[];
  /** Forces ONNX Runtime; by default whatever is fastest runs. */
  engine?: "onnxruntime";
  /** Where compiled models and their columns live: give one to score columns without copying them. */
  arena?: Arena;
  /** The addon of kernel-addon.ts, compiled: ONNX Runtime need not multiply larger layers then. */
  kernelsPath?: string | null;
}

export interface Scorer extends ModelSignature {
  inputs: ScorerInput[];
  outputs: ScorerOutput[];
  /** The scalar columns that `score` takes, in order. */
  columns: ScorerColumn[];
  kind: ScorerKind;
  /** Why the model runs in ONNX Runtime; null when it is compiled. */
  reason: string | null;
  /** Splits of its trees that are left: ranges remove some. */
  splits: number;
  /**
   * Scores rows 0 to `rowCount`. Unused columns may be null. `outputs` names the wanted ones, all by default.
   * Throws `InvalidColumn` before any row is scored.
   */
  score(
    columns: readonly (Column | null)[],
    rowCount: number,
    outputs?: readonly string[],
  ): ScoreResult;
  /** Scores some rows of columns that `score` would accept, without checking them again. */
  scoreRange(
    columns: readonly (Column | null)[],
    range: Omit<ScoreRequest, "columns">,
  ): OutputColumn[];
  /** `Engine.chain`; null where there is none. */
  chain(outputs: readonly string[], addresses: readonly number[]): ColumnChain | null;
  /**
   * The output as an expression over SQL columns (DuckDB, FLOAT), for linear models and a few small trees; else null.
   * NULL and NaN both mean a missing value to it.
   */
  toSql(columns: readonly string[], output: string): string | null;
  close(): void;
}

/**
 * Multiplications per row. ONNX Runtime multiplies matrices with wider instructions than WebAssembly has; below these
 * it does not pay, for a graph of our own and for a model as it is. Large layers gain nothing by being written again.
 */
const GRAPH_PRODUCTS_MIN = 1500;
const PRODUCTS_MAX = 2048;
const GRAPH_PRODUCTS_MAX = 1_000_000;

/** Opens a model. Throws `CorruptModel` or `UnsupportedModel`. */
export function openScorer(bytes: Uint8Array, options: ScorerOptions = {}): Scorer {
  const model = readModel(bytes, options.bytesMax ?? MODEL_BYTES_MAX);
  const signature = signatureOf(model);
  const columns = scorerColumns(signature.inputs);
  const compiled =
    options.engine === "onnxruntime" ? "asked for" : compileModel(model, columns, options.ranges);
  const arena = options.arena ?? openArena(newMemory());
  const inOrt = (reason: string, used: Pick<Scorer, "columns"> & { engine: Engine }) =>
    scorerOf(signature, { ...used, kind: "onnxruntime", reason, splits: 0, toSql: () => null });
  const openWhole = () => ({ columns, engine: openOrtSession({ bytes, arena, ...signature }) });
  if (typeof compiled === "string") return inOrt(compiled, openWhole());
  const { outputs, kind, usedColumns, texts, splits, products } = compiled;
  const known = columns.map((column, at) => {
    const own = texts.get(at);
    return { ...column, isUsed: usedColumns.has(at), ...(own && { texts: own }) };
  });
  const { kernelsPath } = options;
  const native = kernelsPath ? openKernels(kernelsPath, arena.memory) : noKernels;
  // One layer is bound by memory as long as it is small, and linear models have an expression in SQL.
  const productsMin = kind === "linear" ? PRODUCTS_MAX : GRAPH_PRODUCTS_MIN;
  const isGraph = !native.dense && products > productsMin && products <= GRAPH_PRODUCTS_MAX;
  const graph = isGraph ? layerGraph(outputs, usedColumns) : null;
  if (graph || products > (native.dense ? GRAPH_PRODUCTS_MAX : PRODUCTS_MAX)) {
    return inOrt(
      `layers of ${products} products per row, which ONNX Runtime forms faster`,
      graph ? { columns: known, engine: openLayerSession(arena, graph, outputs) } : openWhole(),
    );
  }
  const engine = openProgram(arena, outputs, { columns: known, native });
  return scorerOf(signature, {
    columns: known.map((column, at) =>
      engine.referable?.has(at) ? { ...column, isReferable: true } : column,
    ),
    engine,
    kind,
    reason: null,
    splits,
    toSql(sqlColumns, name) {
      const [value, ...more] = valuesOf(outputs.get(name) ?? { kind: "map" });
      if (!value || more.length > 0 || outputs.get(name)?.kind !== "numbers") return null;
      return valueToSql(value, sqlColumns);
    },
  });
}

function scorerOf(
  signature: ModelSignature,
  parts: Pick<Scorer, "columns" | "kind" | "reason" | "splits" | "toSql"> & { engine: Engine },
): Scorer {
  const { columns, engine, kind, reason, splits, toSql } = parts;
  return {
    ...signature,
    columns,
    kind,
    reason,
    splits,
    toSql,
    score(given, rowCount, outputs) {
      checkInputs(signature.inputs);
      checkColumns(columns, given, rowCount);
      const wanted = outputs ?? tableOutputs(signature.outputs);
      checkOutputs(signature.outputs, wanted);
      return {
        outputs: engine.score({ columns: given, firstRow: 0, rowCount, outputs: wanted }),
        validity: scoredRows(columns, given, rowCount),
      };
    },
    scoreRange: (given, range) => engine.score({ columns: given, ...range }),
    chain: (outputs, addresses) => engine.chain?.(outputs, addresses) ?? null,
    close: () => engine.close(),
  };
}

/** Every output that a table can hold. */
export function tableOutputs(outputs: readonly ScorerOutput[]): string[] {
  return outputs.filter((output) => output.width !== 0).map((output) => output.name);
}

/** Refuses models with an input that is no table of scalars, by the shape that it wants. */
export function checkInputs(inputs: readonly ScorerInput[]): void {
  for (const { name, kind, shape, width } of inputs) {
    if (width > 0) continue;
    const wanted = shape ? `shape [${shape.map((dim) => dim ?? "?").join(", ")}]` : `kind ${kind}`;
    throw new ModelError(
      "InvalidColumn",
      `Input '${name}' has ${wanted}, which no column can feed.`,
    );
  }
}

export function checkOutputs(outputs: readonly ScorerOutput[], wanted: readonly string[]): void {
  for (const name of wanted) {
    const output = outputs.find((candidate) => candidate.name === name);
    if (!output) throw new ModelError("InvalidColumn", `The model has no output '${name}'.`);
    if (output.width === 0) {
      throw new ModelError(
        "InvalidColumn",
        `Output '${name}' is no column: it is a ${output.kind}.`,
      );
    }
  }
}
