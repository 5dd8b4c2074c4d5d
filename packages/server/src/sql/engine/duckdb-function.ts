// The calls of a model's function: DuckDB's chunk of inputs in, a struct of outputs out. DuckDB's
// threads wait for it, one after the other, on this thread.
import type { ScorerColumn } from "@callosum/scoring/column.ts";
import type { CrewScorer } from "@callosum/scoring/crew.ts";
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
import {
  binding,
  type ChunkHandle,
  forEachMissing,
  release,
  stringBytes,
  type TypeHandle,
  textEncoder,
  type VectorHandle,
  validityBytes,
} from "./duckdb-vector.ts";
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

const structOf = (outputs: readonly EngineModelPin[]): DuckDBType =>
  STRUCT(Object.fromEntries(outputs.map(({ name, element }) => [name, duckTypes[element]!])));

/** A function whose columns are put where several threads score them. */
export function registerPlaced(
  connection: DuckDBConnection,
  call: ModelCall,
  { scorer, helpers }: { scorer: () => CrewScorer; helpers: number },
): void {
  const readers = call.arguments.map((at) => ({ at, read: readerOf(call.columns[at]!) }));
  const widths = call.outputs.map(({ element }) =>
    element === "double" || element === "int64" ? 8 : 4,
  );
  const fn = binding.create_scalar_function();
  binding.scalar_function_set_name(fn, call.name);
  for (const type of argumentTypes(call)) binding.scalar_function_add_parameter(fn, handleOf(type));
  binding.scalar_function_set_return_type(fn, handleOf(structOf(call.outputs)));
  // NULLs reach the function whatever its handling says (reference: section 3), as validity bits.
  binding.scalar_function_set_special_handling(fn);
  binding.scalar_function_set_function(fn, (_info, chunk, output) => {
    const rowCount = binding.data_chunk_get_size(chunk);
    const { columns, score } = scorer();
    const missing: number[] = [];
    readers.forEach(({ at, read }, index) => {
      const target = columns[at];
      if (target) read(chunk, index, { rowCount, target, missing });
    });
    const scores = score(rowCount, helpers);
    scores.forEach((values, index) => {
      const bytes = rowCount * widths[index]!;
      const child = binding.struct_vector_get_child(output, index);
      binding.copy_data_to_vector(child, 0, values.buffer, values.byteOffset, bytes);
      if (missing.length > 0) markMissing(child, rowCount, missing);
    });
  });
  binding.register_scalar_function(
    (connection as unknown as { connection: unknown }).connection,
    fn,
  );
}

const argumentTypes = (call: ModelCall): DuckDBType[] =>
  call.arguments.map((at) => duckTypes[call.columns[at]!.type]!);

function handleOf(type: DuckDBType): TypeHandle {
  return (type.toLogicalType() as unknown as { logical_type: TypeHandle }).logical_type;
}

interface Reading {
  rowCount: number;
  target: ArrayBufferView;
  /** Rows that cannot be scored: a NULL where the model has no value for it. */
  missing: number[];
}

type Reader = (chunk: ChunkHandle, index: number, reading: Reading) => void;

function readerOf({ type, texts }: ScorerColumn): Reader {
  if (texts) {
    const encode = textEncoder(texts);
    return (chunk, index, { rowCount, target, missing }) => {
      const vector = binding.data_chunk_get_vector(chunk, index);
      const strings = binding.vector_get_data(vector, rowCount * stringBytes);
      const validity = binding.vector_get_validity(vector, validityBytes(rowCount));
      encode(strings, rowCount, target as Int32Array, validity);
      release(strings);
      if (validity) forEachMissing(validity, rowCount, (row) => missing.push(row));
    };
  }
  const width = type === "double" || type === "int64" ? 8 : 4;
  const hasNaN = type === "float" || type === "double";
  return (chunk, index, { rowCount, target, missing }) => {
    const vector = binding.data_chunk_get_vector(chunk, index);
    const bytes = rowCount * width;
    const into = new Uint8Array(target.buffer, target.byteOffset, bytes);
    const copy = binding.vector_get_data(vector, bytes);
    into.set(copy);
    release(copy);
    const validity = binding.vector_get_validity(vector, validityBytes(rowCount));
    if (!validity) return;
    const numbers = target as Float32Array;
    forEachMissing(validity, rowCount, (row) => {
      if (hasNaN) numbers[row] = Number.NaN;
      else missing.push(row);
    });
  };
}

function markMissing(vector: VectorHandle, rowCount: number, rows: readonly number[]): void {
  const bits = new Uint8Array(validityBytes(rowCount)).fill(255);
  for (const row of rows) bits[row >> 3]! &= ~(1 << (row & 7));
  binding.vector_ensure_validity_writable(vector);
  binding.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}

/** Any other model: ONNX Runtime over text, or outputs that are text. */
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
    if (Array.isArray(scored.values))
      for (let row = 0; row < rowCount; row += 1) target.setItem(row, scored.values[row]!);
    else (target.items as Float32Array).set((scored.values as Float32Array).subarray(0, rowCount));
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
