// The calls of a model's function: DuckDB's chunk of inputs in, a struct of outputs out. DuckDB's
// threads wait for it, one after the other, on the main thread. duckdb-threads.ts is for models whose
// columns each thread can score in place.
import type { ScorerColumn } from "@callosum/scoring/column.ts";
import type { Scorer } from "@callosum/scoring/scorer.ts";
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
import type { EngineModelPin } from "./port.ts";

export const duckTypes: Readonly<Record<string, DuckDBType>> = {
  float: FLOAT,
  double: DOUBLE,
  int32: INTEGER,
  int64: BIGINT,
  string: VARCHAR,
};

export interface ModelCall {
  name: string;
  columns: readonly ScorerColumn[];
  /** Which of the columns the function is given, in order. */
  arguments: readonly number[];
  outputs: readonly EngineModelPin[];
}

export const structOf = (outputs: readonly EngineModelPin[]): DuckDBType =>
  STRUCT(Object.fromEntries(outputs.map(({ name, element }) => [name, duckTypes[element]!])));

export const argumentTypes = (call: ModelCall): DuckDBType[] =>
  call.arguments.map((at) => duckTypes[call.columns[at]!.type]!);

/** Any model: its text may be more than looked up, and its outputs may be text. */
export function registerPlain(
  connection: DuckDBConnection,
  call: ModelCall,
  scorer: () => Scorer,
): void {
  const fn = DuckDBScalarFunction.create({
    name: call.name,
    parameterTypes: argumentTypes(call),
    returnType: structOf(call.outputs),
    specialHandling: true,
    mainFunction: (_info, chunk, output) => scorePlain(scorer(), call, chunk, output),
  });
  connection.registerScalarFunction(fn);
}

type ColumnValues = Float32Array | Float64Array | Int32Array | BigInt64Array | string[];

/** What node-api's vectors hold behind their declarations. */
interface RawVector {
  items: Float32Array | Float64Array | Int32Array | BigInt64Array;
  validity: { data: BigUint64Array | null; setItemValid(row: number, valid: boolean): void };
  entryVectorAt(index: number): DuckDBVector & RawVector;
}

function scorePlain(
  scorer: Scorer,
  call: ModelCall,
  chunk: DuckDBDataChunk,
  output: DuckDBVector,
): void {
  const rowCount = chunk.rowCount;
  const wanted = call.outputs.map((pin) => pin.name);
  const columns = scorer.columns.map((column, at) => {
    if (!column.isUsed) return null;
    const vector = chunk.getColumnVector(call.arguments.indexOf(at));
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
    const { values } = scored;
    if (Array.isArray(values)) {
      for (let row = 0; row < rowCount; row += 1) target.setItem(row, values[row]!);
      return;
    }
    (target.items as Float32Array).set((values as Float32Array).subarray(0, rowCount));
    if (!(values instanceof Float32Array || values instanceof Float64Array)) return;
    for (let row = 0; row < rowCount; row += 1)
      if (Number.isNaN(values[row])) target.validity.setItemValid(row, false);
  });
  if (result.validity) {
    forEachMissing(result.validity, rowCount, (row) => {
      for (let index = 0; index < wanted.length; index += 1)
        struct.entryVectorAt(index).validity.setItemValid(row, false);
    });
  }
  output.flush();
}

function textValues(vector: DuckDBVector, rowCount: number): string[] {
  return Array.from({ length: rowCount }, (_, row) => (vector.getItem(row) as string | null) ?? "");
}

/** Rows whose bit is 0, one by one. Whole bytes of valid rows are passed over. */
function forEachMissing(
  validity: Uint8Array,
  rowCount: number,
  visit: (row: number) => void,
): void {
  for (let byte = 0; byte * 8 < rowCount; byte += 1) {
    const bits = validity[byte]!;
    if (bits === 255) continue;
    const end = Math.min(rowCount, byte * 8 + 8);
    for (let row = byte * 8; row < end; row += 1) {
      if (((bits >> (row & 7)) & 1) === 0) visit(row);
    }
  }
}
