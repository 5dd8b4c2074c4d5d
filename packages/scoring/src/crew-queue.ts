// Chunks in flight: the caller submits them one after the other and goes on with something else; threads take their
// blocks, oldest chunk first; who collects a chunk helps until it is done.
import {
  BLOCK_ROWS,
  CALLER,
  control,
  DESKS,
  desk,
  deskAt,
  type OpenModel,
  type Scoring,
  scoreBlockAt,
  scoreRows,
} from "./crew-model.ts";
import { type CrewThreads, ring } from "./crew-thread.ts";

/** No block takes this long: a thread that does not answer by then has ended. */
const ANSWER_TIMEOUT_MS = 60_000;

export interface Queue {
  threads: CrewThreads;
  /** Models as the calling thread has them open, by id. */
  models: Map<number, OpenModel>;
  scoring: Scoring;
  /** Desks whose chunk has not been collected. */
  isTaken: boolean[];
  /** A thread may still write where it was told to: nothing can be scored here any more. */
  isBroken: boolean;
}

export interface QueuedChunk {
  model: number;
  base: number;
  rowCount: number;
}

export function openQueue(threads: CrewThreads): Queue {
  const models = new Map<number, OpenModel>();
  const scoring = { words: threads.words, index: CALLER, model: (id: number) => models.get(id) };
  return { threads, models, scoring, isTaken: new Array(DESKS).fill(false), isBroken: false };
}

export const blocksOf = (rowCount: number): number => Math.ceil(rowCount / BLOCK_ROWS);

/** Puts a chunk where up to `helpers` threads find it. Answers its desk; null when none is free. */
export function enqueue(queue: Queue, chunk: QueuedChunk, helpers: number): number | null {
  throwIfBroken(queue);
  const { isTaken, threads } = queue;
  const { words } = threads;
  const number = words[control.newest] as number;
  if (((number - (words[control.oldest] as number)) | 0) >= DESKS) return null;
  const at = deskAt(number);
  const blocks = blocksOf(chunk.rowCount);
  words[at + desk.model] = chunk.model;
  words[at + desk.base] = chunk.base;
  words[at + desk.rows] = chunk.rowCount;
  words[at + desk.failed] = 0;
  words[at + desk.helpers] = helpers;
  Atomics.store(words, at + desk.done, 0);
  Atomics.store(words, at + desk.left, blocks);
  Atomics.store(words, control.newest, (number + 1) | 0);
  isTaken[number & (DESKS - 1)] = true;
  for (let index = 0; index < Math.min(helpers, blocks); index += 1) ring(threads, index);
  return number;
}

/**
 * Helps until the chunk is scored, and frees its desk. Rows that failed are scored again here, so that their error is
 * thrown to the caller.
 */
export function finish(queue: Queue, number: number, chunk: QueuedChunk): void {
  const { scoring, threads } = queue;
  const { words } = threads;
  const at = deskAt(number);
  const blocks = blocksOf(chunk.rowCount);
  while (scoreBlockAt(scoring, at));
  // Not those of the next chunk: while this thread scores them, nobody is given new ones.
  for (let done = Atomics.load(words, at + desk.done); done < blocks; ) {
    const answer = Atomics.wait(words, at + desk.done, done, ANSWER_TIMEOUT_MS);
    queue.isBroken = answer === "timed-out";
    throwIfBroken(queue);
    done = Atomics.load(words, at + desk.done);
  }
  const isFailed = words[at + desk.failed] !== 0;
  free(queue, number);
  if (isFailed) scoreAlone(queue, chunk);
}

export function scoreAlone(queue: Queue, { model, base, rowCount }: QueuedChunk): void {
  throwIfBroken(queue);
  const open = queue.models.get(model);
  if (!open) throw new Error("The model is not open here.");
  scoreRows(open, base, { firstRow: 0, rowCount });
}

function free({ isTaken, threads: { words } }: Queue, number: number): void {
  isTaken[number & (DESKS - 1)] = false;
  const newest = words[control.newest] as number;
  let oldest = words[control.oldest] as number;
  while (oldest !== newest && !isTaken[oldest & (DESKS - 1)]) oldest = (oldest + 1) | 0;
  Atomics.store(words, control.oldest, oldest);
}

function throwIfBroken({ isBroken }: Queue): void {
  if (isBroken) throw new Error("A scoring thread does not answer.");
}
