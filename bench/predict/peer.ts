// What stands beside PREDICT in its benchmark: scorers of ready rows, and engines that score a table of their own.
// A peer is a value; adding one is a file and an entry in a list of ../predict.ts.
import type { ElementType } from "../../packages/scoring/src/onnx/tensor.ts";

/** Why a peer has no figure: it is not installed, cannot hold the model, or did not end in time. */
export class Unmeasured extends Error {}

/** The reason as a value; other errors are thrown on. */
export async function orUnmeasured<T>(run: () => Promise<T>): Promise<T | Unmeasured> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Unmeasured) return error;
    throw error;
  }
}

/** One model input, all rows, as a runtime likes it best: a row-major matrix. */
export interface ReadyInput {
  name: string;
  type: "float32" | "int64" | "string";
  width: number;
  values: Float32Array | BigInt64Array | string[];
}

export interface ReadyRows {
  /** The model, as ONNX. */
  bytes: Uint8Array;
  inputs: ReadyInput[];
  output: string;
  rowCount: number;
  threads: number;
}

/** One way of scoring all rows: so many threads, rows at a time, … */
export interface Way {
  name: string;
  run(): Promise<unknown>;
}

export interface OpenReadyPeer {
  ways: Way[];
  /** Its scores of the first rows, to compare with. */
  scores(rowCount: number): Promise<ArrayLike<number>>;
  close(): Promise<void>;
}

export interface ReadyPeer {
  name: string;
  /** Throws `Unmeasured`. */
  open(given: ReadyRows): Promise<OpenReadyPeer>;
}

/** A column of a table that is written by an expression. */
export interface TableColumn {
  name: string;
  /** Its value in row `n`, in DuckDB's SQL. */
  duckdb: string;
  element: ElementType;
}

export interface TableRows {
  /** The model, as ONNX with an input per column. */
  bytes: Uint8Array;
  columns: readonly TableColumn[];
  output: string;
  rowCount: number;
  threads: number;
}

export interface TableRun {
  /** Of the scores, in double. */
  sum: number;
  planningSeconds: number;
}

export interface OpenTablePeer {
  /** The statement as a client sends it, planning included. Throws `Unmeasured`. */
  run(): Promise<TableRun>;
  close(): Promise<void>;
}

export interface TablePeer {
  name: string;
  /** Throws `Unmeasured`. */
  open(given: TableRows): Promise<OpenTablePeer>;
}
