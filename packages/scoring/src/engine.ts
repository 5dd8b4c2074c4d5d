// What runs a model over a block of rows: ort/session.ts (any model) or program.ts (compiled models).
import type { Column, ColumnValues, OutputColumn } from "./column.ts";
import type { ChainRun } from "./program/kernel-addon.ts";

export interface ScoreRequest {
  columns: readonly (Column | null)[];
  firstRow: number;
  rowCount: number;
  /** Output names, in the order wanted. */
  outputs: readonly string[];
  /** Per output, a vector of all rows (indexed from row 0, not `firstRow`) to write to; an engine may ignore it. */
  into?: readonly (ColumnValues | null)[];
}

/** A model over columns that stay where their places say, in one call. */
export interface ColumnChain {
  /** By column: how far from the memory its rows are, all of which must be readable by 512. */
  places: ReadonlyMap<number, Float64Array>;
  run: ChainRun;
}

export interface Engine {
  /** Scores rows `firstRow` to `firstRow + rowCount`; outputs have `rowCount` rows. Synchronous, never blocks on IO. */
  score(request: ScoreRequest): OutputColumn[];
  /** Columns that it reads wherever they are, by a distance from its memory. */
  referable?: ReadonlySet<number>;
  /** Outputs that go to addresses, one float for a row. Null where a step is not in machine code. */
  chain?(outputs: readonly string[], addresses: readonly number[]): ColumnChain | null;
  close(): void;
}
