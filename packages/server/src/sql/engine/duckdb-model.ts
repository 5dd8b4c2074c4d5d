// Models in the engine process: an ONNX model becomes a scalar function over its input columns that
// answers a struct of its outputs. packages/scoring does the scoring.
import { createHash } from "node:crypto";
import { openScorer, type Scorer } from "@callosum/scoring/scorer.ts";
import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBVector,
  FLOAT,
  INTEGER,
  STRUCT,
  VARCHAR,
} from "@duckdb/node-api";
import type { EngineModel, EngineModelPin } from "./port.ts";

type ColumnValues = Float32Array | Float64Array | Int32Array | BigInt64Array | string[];

export interface ModelRegistry {
  open(bytes: Uint8Array): EngineModel;
  close(): void;
}

const duckTypes: Readonly<Record<string, DuckDBType>> = {
  float: FLOAT,
  double: DOUBLE,
  int32: INTEGER,
  int64: BIGINT,
  string: VARCHAR,
};

/** Functions registered on one connection are seen by all connections of its instance. */
export function openModelRegistry(connection: DuckDBConnection): ModelRegistry {
  const known = new Map<string, { model: EngineModel; scorer: Scorer }>();
  return {
    open(bytes) {
      const functionName = `model_${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}`;
      const found = known.get(functionName);
      if (found !== undefined) return found.model;
      const scorer = openScorer(bytes);
      const outputs = pinsOf(scorer.outputs);
      const model = {
        functionName,
        inputs: pinsOf(scorer.inputs),
        outputs,
        expressions: expressionsOf(scorer, outputs),
      };
      if (isCallable(model))
        connection.registerScalarFunction(scalarFunction(functionName, scorer, model));
      known.set(functionName, { model, scorer });
      return model;
    },
    close() {
      for (const { scorer } of known.values()) scorer.close();
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

/** The engine is fastest at what it can read itself: linear models and a few small trees. */
function expressionsOf(scorer: Scorer, outputs: readonly EngineModelPin[]): Record<string, string> {
  const marks = scorer.columns.map((_, index) => `⟦${index}⟧`);
  const written = outputs.filter(isScalar).flatMap(({ name }) => {
    const sql = scorer.toSql(marks, name);
    return sql === null ? [] : [[name, sql] as const];
  });
  return Object.fromEntries(written);
}

/** A model with an unfit input is described, so that the binder can name it, but not called. */
function isCallable(model: EngineModel): boolean {
  return model.inputs.every(isScalar) && model.outputs.some(isScalar);
}

function scalarFunction(name: string, scorer: Scorer, model: EngineModel): DuckDBScalarFunction {
  const outputs = model.outputs.filter(isScalar);
  const wanted = outputs.map((output) => output.name);
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: model.inputs.map((input) => duckTypes[input.element]!),
    returnType: STRUCT(
      Object.fromEntries(outputs.map((output) => [output.name, duckTypes[output.element]!])),
    ),
    specialHandling: true,
    mainFunction: (_info, chunk, output) => score(scorer, wanted, chunk, output),
  });
}

/** What node-api's vectors hold behind their declarations. */
interface RawVector {
  items: Float32Array | Float64Array | Int32Array | BigInt64Array;
  validity: { data: BigUint64Array | null; setItemValid(row: number, valid: boolean): void };
  entryVectorAt(index: number): DuckDBVector & RawVector;
}

/** NULLs reach the function whatever its handling says (reference: section 3), as validity bits. */
function score(
  scorer: Scorer,
  wanted: readonly string[],
  chunk: DuckDBDataChunk,
  output: DuckDBVector,
): void {
  const rowCount = chunk.rowCount;
  const columns = scorer.columns.map((column, index) => {
    if (!column.isUsed) return null;
    const vector = chunk.getColumnVector(index);
    const { items, validity } = vector as unknown as RawVector;
    const words = validity.data;
    const bits =
      words === null ? null : new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    const values: ColumnValues = column.type === "string" ? textValues(vector, rowCount) : items;
    return { values, validity: bits };
  });
  const result = scorer.score(columns, rowCount, wanted);
  const struct = output as unknown as RawVector;
  wanted.forEach((name, index) => {
    const scored = result.outputs.find((candidate) => candidate.name === name)!;
    const target = struct.entryVectorAt(index);
    if (Array.isArray(scored.values))
      for (let row = 0; row < rowCount; row += 1) target.setItem(row, scored.values[row]!);
    else (target.items as Float32Array).set((scored.values as Float32Array).subarray(0, rowCount));
  });
  markMissing(struct, wanted.length, result.validity, rowCount);
  output.flush();
}

function textValues(vector: DuckDBVector, rowCount: number): string[] {
  return Array.from({ length: rowCount }, (_, row) => (vector.getItem(row) as string | null) ?? "");
}

/** A row without a score is NULL in every output. */
function markMissing(
  struct: RawVector,
  width: number,
  validity: Uint8Array | null,
  rowCount: number,
): void {
  if (validity === null) return;
  for (let row = 0; row < rowCount; row += 1) {
    if ((validity[row >> 3]! >> (row & 7)) & 1) continue;
    for (let index = 0; index < width; index += 1)
      struct.entryVectorAt(index).validity.setItemValid(row, false);
  }
}
