// What runs a model over a block of rows: ort/session.ts (any model) or program.ts (compiled models).
import type { Column, ColumnValues, OutputColumn } from "./column.ts";

export interface ScoreRequest {
  columns: readonly (Column | null)[];
  firstRow: number;
  rowCount: number;
  /** Output names, in the order wanted. */
  outputs: readonly string[];
  /** Per output, a vector of all rows (indexed from row 0, not `firstRow`) to write to; an engine may ignore it. */
  into?: readonly (ColumnValues | null)[];
}

export interface Engine {
  /** Scores rows `firstRow` to `firstRow + rowCount`; outputs have `rowCount` rows. Synchronous, never blocks on IO. */
  score(request: ScoreRequest): OutputColumn[];
  /** Columns that it reads wherever they are, by a distance from its memory. */
  referable?: ReadonlySet<number>;
  close(): void;
}
