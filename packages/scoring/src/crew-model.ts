// What crew.ts and its helpers (crew-worker.ts) share: words of control, and where a model's columns and scores lie.
import type { MessagePort } from "node:worker_threads";
import type { Column, ColumnValues } from "./column.ts";
import type { ValueRange } from "./graph/value-range.ts";
import type { ElementType } from "./onnx/tensor.ts";
import type { Scorer } from "./scorer.ts";
import { viewOf } from "./vector.ts";
import { KERNEL_ROWS } from "./wasm/kernel-rank.ts";

/** Rows that are claimed at once. */
export const BLOCK_ROWS = KERNEL_ROWS;
/** Rows of a chunk: a DuckDB vector's. */
export const CHUNK_ROWS = 2048;

/**
 * Places of the shared words. `left` counts blocks down: who gets a positive number has that block. What the others
 * say holds for the chunk at hand; the caller changes them only when `done` says that no block is being scored.
 */
export const control = {
  left: 0,
  done: 1,
  failed: 2,
  model: 3,
  rows: 4,
  ready: 5,
  helped: 6,
  wake: 8,
} as const;
export const HELPERS_MAX = 24;

export interface Place {
  type: ElementType;
  address: number;
  texts?: readonly string[];
}

export interface SharedModel {
  id: number;
  bytes: Uint8Array;
  memory: WebAssembly.Memory;
  arenaStart: number;
  arenaEnd: number;
  /** What the values of the columns keep to, for the narrow form of a model. */
  ranges: readonly (ValueRange | null)[] | null;
  columns: readonly (Place | null)[];
  outputs: readonly (Place & { name: string })[];
}

/** `model` is another's part of a model that was opened; null: the model of this id is no longer needed. */
export interface CrewMessage {
  id: number;
  model: SharedModel | null;
}

export interface HelperStart {
  index: number;
  words: Int32Array;
  port: MessagePort;
  module: WebAssembly.Module;
}

export function placedColumn(memory: WebAssembly.Memory, place: Place): Column {
  const { type, address, texts } = place;
  const values = viewOf(texts ? "int32" : type, memory.buffer, address, CHUNK_ROWS);
  return texts ? { values, texts } : { values };
}

export function placedOutput(memory: WebAssembly.Memory, place: Place): ColumnValues {
  return viewOf(place.type, memory.buffer, place.address, CHUNK_ROWS);
}

/** First row and number of rows of block `block` of a chunk. */
export function rowsOfBlock(block: number, rowCount: number) {
  const firstRow = block * BLOCK_ROWS;
  return { firstRow, rowCount: Math.min(BLOCK_ROWS, rowCount - firstRow) };
}

/** A model as one of the threads has it open. */
export interface OpenModel {
  scorer: Scorer;
  columns: (Column | null)[];
  outputs: string[];
  into: ColumnValues[];
}

/** Scores some rows in place. */
export function scoreRows(model: OpenModel, range: { firstRow: number; rowCount: number }): void {
  const { scorer, columns, outputs, into } = model;
  const results = scorer.scoreRange(columns, { ...range, outputs, into });
  results.forEach(({ values }, at) => {
    const target = into[at] as Float32Array;
    if (values !== target) target.set(values as Float32Array, range.firstRow);
  });
}

/** Scores a claimed block and says so, whatever comes of it. */
export function scoreBlock(
  words: Int32Array,
  model: OpenModel | undefined,
  range: { firstRow: number; rowCount: number },
): void {
  try {
    if (!model) throw new Error("The model is not open here.");
    scoreRows(model, range);
  } catch {
    Atomics.store(words, control.failed, 1);
  }
  Atomics.add(words, control.done, 1);
  Atomics.notify(words, control.done);
}
