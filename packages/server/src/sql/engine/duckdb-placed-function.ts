// A model as two functions of DuckDB, `end(begin(columns))`: begin takes a chunk's columns in and answers a ticket per
// row, end waits for the scores. In between DuckDB's other threads begin theirs, on this one JavaScript thread, so
// that helpers score some chunks while the next are being read. See packages/scoring/src/crew.ts.
import type { ScorerColumn } from "@callosum/scoring/column.ts";
import { CHUNK_ROWS, type CrewChunk, type CrewScorer } from "@callosum/scoring/crew.ts";
import { type DuckDBConnection, type DuckDBType, INTEGER } from "@duckdb/node-api";
import { argumentTypes, type ModelCall, structOf } from "./duckdb-function.ts";
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

/** A chunk between its two calls. */
interface Flight {
  chunk: CrewChunk;
  /** In the upper bits of its tickets. */
  number: number;
  rowCount: number;
  /** Rows that cannot be scored: a NULL where the model has no value for it. */
  missing: number[];
}

/** A ticket is the number of a flight and a row: 20 and 11 bits. */
const ROW_BITS = Math.log2(CHUNK_ROWS);
const ROW_MASK = CHUNK_ROWS - 1;
const NUMBERS = 2 ** 20;

/** The expression that scores `columns`, each the SQL of an argument of the call. */
export const placedCall = (name: string, columns: readonly string[]): string =>
  `${name}_end(${name}_begin(${columns.join(", ")}))`;

/** `helpers` is how many threads may score beside the calling one. */
export function registerPlaced(
  connection: DuckDBConnection,
  call: ModelCall,
  { scorer, helpers }: { scorer: () => CrewScorer; helpers: number },
): void {
  const flights = new Map<number, Flight>();
  const tickets = new Int32Array(CHUNK_ROWS);
  const take = chunkReader(call);
  const give = scoreWriter(call);
  let last = 0;
  registerFunction(connection, {
    name: `${call.name}_begin`,
    parameters: argumentTypes(call),
    returns: INTEGER,
    run(input, output) {
      const rowCount = binding.data_chunk_get_size(input);
      const chunk = scorer().take();
      const missing = take(input, rowCount, chunk.columns);
      chunk.submit(rowCount, helpers);
      do last = (last + 1) % NUMBERS;
      while (flights.has(last));
      flights.set(last, { chunk, number: last, rowCount, missing });
      for (let row = 0; row < rowCount; row += 1) tickets[row] = (last << ROW_BITS) | row;
      binding.copy_data_to_vector(output, 0, tickets.buffer, 0, rowCount * 4);
    },
  });
  registerFunction(connection, {
    name: `${call.name}_end`,
    parameters: [INTEGER],
    returns: structOf(call.outputs),
    run(input, output) {
      const rowCount = binding.data_chunk_get_size(input);
      const given = binding.vector_get_data(binding.data_chunk_get_vector(input, 0), rowCount * 4);
      const rows = new Int32Array(given.buffer, given.byteOffset, rowCount);
      const flight = flights.get(rows[0]! >> ROW_BITS);
      if (!flight) throw new Error("Scores were asked for that nobody is computing.");
      flights.delete(flight.number);
      try {
        give(flight, rows, output);
      } finally {
        flight.chunk.release();
        release(given);
      }
    },
  });
}

function registerFunction(
  connection: DuckDBConnection,
  definition: {
    name: string;
    parameters: readonly DuckDBType[];
    returns: DuckDBType;
    run: (input: ChunkHandle, output: VectorHandle) => void;
  },
): void {
  const { name, parameters, returns, run } = definition;
  const fn = binding.create_scalar_function();
  binding.scalar_function_set_name(fn, name);
  for (const type of parameters) binding.scalar_function_add_parameter(fn, handleOf(type));
  binding.scalar_function_set_return_type(fn, handleOf(returns));
  // NULLs reach the function whatever its handling says (reference: section 3), as validity bits.
  binding.scalar_function_set_special_handling(fn);
  binding.scalar_function_set_function(fn, (_info, input, output) => run(input, output));
  const { connection: handle } = connection as unknown as { connection: unknown };
  binding.register_scalar_function(handle, fn);
}

function handleOf(type: DuckDBType): TypeHandle {
  return (type.toLogicalType() as unknown as { logical_type: TypeHandle }).logical_type;
}

type ChunkReader = (
  input: ChunkHandle,
  rowCount: number,
  targets: CrewChunk["columns"],
) => number[];

/** Answers rows that cannot be scored. */
function chunkReader(call: ModelCall): ChunkReader {
  const readers = call.arguments.map((at) => ({ at, read: columnReader(call.columns[at]!) }));
  return (input, rowCount, targets) => {
    const missing: number[] = [];
    readers.forEach(({ at, read }, index) => {
      const target = targets[at];
      if (target) read(binding.data_chunk_get_vector(input, index), { rowCount, target, missing });
    });
    return missing;
  };
}

interface Reading {
  rowCount: number;
  target: ArrayBufferView;
  missing: number[];
}

type ColumnReader = (vector: VectorHandle, reading: Reading) => void;

function columnReader({ type, texts }: ScorerColumn): ColumnReader {
  if (texts) {
    const encode = textEncoder(texts);
    return (vector, { rowCount, target, missing }) => {
      const strings = binding.vector_get_data(vector, rowCount * stringBytes);
      const validity = binding.vector_get_validity(vector, validityBytes(rowCount));
      encode(strings, rowCount, target as Int32Array, validity);
      release(strings);
      if (validity) forEachMissing(validity, rowCount, (row) => missing.push(row));
    };
  }
  const width = bytesOf(type);
  const hasNaN = type === "float" || type === "double";
  return (vector, { rowCount, target, missing }) => {
    const bytes = rowCount * width;
    const copy = binding.vector_get_data(vector, bytes);
    new Uint8Array(target.buffer, target.byteOffset, bytes).set(copy);
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

const bytesOf = (type: string): number => (type === "double" || type === "int64" ? 8 : 4);

type ScoreWriter = (flight: Flight, tickets: Int32Array, output: VectorHandle) => void;

function scoreWriter(call: ModelCall): ScoreWriter {
  const widths = call.outputs.map(({ element }) => bytesOf(element));
  return (flight, tickets, output) => {
    const isWhole = isWholeFlight(flight, tickets);
    const scores = flight.chunk.collect();
    scores.forEach((values, index) => {
      const child = binding.struct_vector_get_child(output, index);
      const source = isWhole ? values : gathered(values as Float32Array, flight, tickets);
      const bytes = tickets.length * widths[index]!;
      binding.copy_data_to_vector(child, 0, source.buffer, source.byteOffset, bytes);
      const rows = isWhole ? flight.missing : missingRows(flight, tickets);
      if (rows.length > 0) markMissing(child, tickets.length, rows);
    });
  };
}

/** Whether rows come back as they went, which they do unless the engine has found them to be all alike. */
function isWholeFlight({ number, rowCount }: Flight, tickets: Int32Array): boolean {
  if (tickets.length !== rowCount) return false;
  const first = number << ROW_BITS;
  for (let row = 0; row < rowCount; row += 1) if (tickets[row] !== (first | row)) return false;
  return true;
}

function gathered(values: Float32Array, { number }: Flight, tickets: Int32Array): Float32Array {
  const found = new (values.constructor as Float32ArrayConstructor)(tickets.length);
  for (const [row, ticket] of tickets.entries()) {
    if (ticket >> ROW_BITS !== number) throw new Error("Rows of two chunks were asked for in one.");
    found[row] = values[ticket & ROW_MASK]!;
  }
  return found;
}

function missingRows({ missing }: Flight, tickets: Int32Array): number[] {
  const known = new Set(missing);
  return [...tickets.keys()].filter((row) => known.has(tickets[row]! & ROW_MASK));
}

function markMissing(vector: VectorHandle, rowCount: number, rows: readonly number[]): void {
  const bits = new Uint8Array(validityBytes(rowCount)).fill(255);
  for (const row of rows) bits[row >> 3]! &= ~(1 << (row & 7));
  binding.vector_ensure_validity_writable(vector);
  binding.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength);
}
