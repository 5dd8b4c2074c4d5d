// What crew.ts and its helpers (crew-worker.ts) share: words of control, and where a model's columns and scores lie.
import type { MessagePort } from "node:worker_threads";
import type { Column } from "./column.ts";
import type { ValueRange } from "./graph/value-range.ts";
import type { ElementType } from "./onnx/tensor.ts";
import type { Scorer } from "./scorer.ts";
import { type NumericVector, viewOf } from "./vector.ts";
import { KERNEL_ROWS } from "./wasm/kernel-rank.ts";

/** Rows that are claimed at once. */
export const BLOCK_ROWS = KERNEL_ROWS;
/** Rows of a chunk: a DuckDB vector's. */
export const CHUNK_ROWS = 2048;
export const HELPERS_MAX = 24;
/** Chunks in a queue that helpers take blocks from; a power of two. */
export const DESKS = 64;
/** The thread that chunks are submitted and collected on, among the helpers' numbers. */
export const CALLER = -1;

/**
 * Places of the shared words. Chunks wait at desks, one after the other from `oldest` to before `newest`; chunk n is
 * at desk n modulo DESKS. Each helper has a word of `told`, what it was told so far, of `bells`, how often it was
 * rung for, and of `asleep`.
 */
export const control = {
  ready: 0,
  helped: 1,
  oldest: 2,
  newest: 3,
  told: 8,
  bells: 8 + HELPERS_MAX,
  asleep: 8 + 2 * HELPERS_MAX,
  desks: 8 + 3 * HELPERS_MAX,
} as const;

/**
 * Words of a desk. `left` counts blocks down: who gets a positive number has that block. What the others say holds
 * for the chunk at hand; the caller changes them only when `done` says that no block is being scored.
 */
export const desk = {
  model: 0,
  base: 1,
  rows: 2,
  left: 3,
  done: 4,
  failed: 5,
  helpers: 6,
} as const;
const DESK_WORDS = 8;
export const CONTROL_WORDS = control.desks + DESKS * DESK_WORDS;

export const deskAt = (chunk: number): number => control.desks + (chunk & (DESKS - 1)) * DESK_WORDS;

/** A column or an output of one chunk; `address` counts from the chunk's base. Texts are kept as their places. */
export interface Place {
  type: ElementType;
  address: number;
  texts?: readonly string[];
}

/** Where the values of a chunk lie, the same for all chunks of a model. */
export interface ChunkLayout {
  columns: readonly (Place | null)[];
  outputs: readonly (Place & { name: string })[];
}

export interface SharedModel extends ChunkLayout {
  id: number;
  bytes: Uint8Array;
  memory: WebAssembly.Memory;
  arenaStart: number;
  arenaEnd: number;
  /** What the values of the columns keep to, for the narrow form of a model. */
  ranges: readonly (ValueRange | null)[] | null;
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

type ChunkColumn = Column & { values: NumericVector };

export interface ChunkViews {
  columns: (ChunkColumn | null)[];
  into: NumericVector[];
}

/** A model as one of the threads has it open. */
export interface OpenModel {
  scorer: Scorer;
  outputs: string[];
  /** The chunk at this address of the model's memory. */
  views(base: number): ChunkViews;
}

export function openModel(
  scorer: Scorer,
  memory: WebAssembly.Memory,
  layout: ChunkLayout,
): OpenModel {
  const known = new Map<number, ChunkViews>();
  return {
    scorer,
    outputs: layout.outputs.map(({ name }) => name),
    views(base) {
      const found = known.get(base);
      if (found) return found;
      const views = {
        columns: layout.columns.map((place) => place && columnAt(memory, base, place)),
        into: layout.outputs.map((place) => vectorAt(memory, base, place)),
      };
      known.set(base, views);
      return views;
    },
  };
}

function columnAt(memory: WebAssembly.Memory, base: number, place: Place): ChunkColumn {
  const values = vectorAt(memory, base, place);
  return place.texts ? { values, texts: place.texts } : { values };
}

function vectorAt(
  { buffer }: WebAssembly.Memory,
  base: number,
  { type, address }: Place,
): NumericVector {
  return viewOf(type, buffer, base + address, CHUNK_ROWS);
}

export interface Rows {
  firstRow: number;
  rowCount: number;
}

/** Scores some rows of the chunk at `base`, in place. */
export function scoreRows(model: OpenModel, base: number, rows: Rows): void {
  const { scorer, outputs } = model;
  const { columns, into } = model.views(base);
  const results = scorer.scoreRange(columns, { ...rows, outputs, into });
  results.forEach(({ values }, at) => {
    const target = into[at] as Float32Array;
    if (values !== target) target.set(values as Float32Array, rows.firstRow);
  });
}

/** One of the threads that score: a helper or the caller. */
export interface Scoring {
  words: Int32Array;
  index: number;
  model(id: number): OpenModel | undefined;
}

/** Scores one block of whatever chunk waits longest. False when this thread finds none. */
export function scoreNextBlock(scoring: Scoring): boolean {
  const { words } = scoring;
  // In this order: what is read later cannot be the smaller one.
  const oldest = Atomics.load(words, control.oldest);
  const newest = Atomics.load(words, control.newest);
  for (let chunk = oldest; chunk !== newest; chunk = (chunk + 1) | 0) {
    if (scoreBlockAt(scoring, deskAt(chunk))) return true;
  }
  return false;
}

/** Scores a block of the chunk at a desk and says so, whatever comes of it. False when none is left. */
export function scoreBlockAt({ words, index, model }: Scoring, at: number): boolean {
  if (Atomics.load(words, at + desk.left) <= 0) return false;
  if (index >= (words[at + desk.helpers] as number)) return false;
  const block = Atomics.sub(words, at + desk.left, 1) - 1;
  if (block < 0) return false;
  try {
    const open = model(words[at + desk.model] as number);
    if (!open) throw new Error("The model is not open here.");
    const firstRow = block * BLOCK_ROWS;
    const rowCount = Math.min(BLOCK_ROWS, (words[at + desk.rows] as number) - firstRow);
    scoreRows(open, words[at + desk.base] as number, { firstRow, rowCount });
  } catch {
    Atomics.store(words, at + desk.failed, 1);
  }
  Atomics.add(words, at + desk.done, 1);
  Atomics.notify(words, at + desk.done);
  return true;
}
