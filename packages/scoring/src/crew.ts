// Threads that help the calling thread to score one chunk of rows while it waits: for a caller that has to answer
// before it returns, as a function inside a database engine has. The other half is crew-worker.ts.
// scorer-pool.ts is for callers that can await whole columns.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { ScorerColumn } from "./column.ts";
import {
  BLOCK_ROWS,
  CHUNK_ROWS,
  type CrewMessage,
  control,
  HELPERS_MAX,
  type HelperStart,
  type OpenModel,
  type Place,
  placedColumn,
  placedOutput,
  rowsOfBlock,
  type SharedModel,
  scoreBlock,
  scoreRows,
} from "./crew-model.ts";
import { narrowing } from "./narrowing.ts";
import { openScorer, type Scorer, type ScorerOptions } from "./scorer.ts";
import { elementBytes, type NumericVector } from "./vector.ts";
import { type Arena, newMemory, openArena } from "./wasm/arena.ts";
import { kernelModule } from "./wasm/kernel.ts";

export { CHUNK_ROWS } from "./crew-model.ts";

export interface CrewScorer {
  /** Where the values of a column go before `score`, CHUNK_ROWS of them; null for columns that are not read. */
  readonly columns: readonly (NumericVector | null)[];
  /**
   * Scores rows 0 to `rowCount` of `columns` with up to `helpers` threads beside the caller's. The vectors, one per
   * output, are written over by the next call.
   */
  score(rowCount: number, helpers: number): readonly NumericVector[];
  /** Splits of the trees that the last rows needed: fewer than the model's when their values rule out branches. */
  splits(): number;
  close(): void;
}

/** When threads are asked to help; the defaults are measured. */
export interface CrewOptions {
  /** A chunk that takes less is not worth waking anybody for. */
  sharedMsMin?: number;
  /** Rows that a model scores before threads are started for it. */
  rowsBeforeHelp?: number;
}

export interface Crew {
  /**
   * Opens a model for these outputs. Null when its columns or outputs cannot lie in shared memory: text that the
   * model does not just look up, and outputs that are not one number per row.
   */
  open(bytes: Uint8Array, scorer: Scorer, outputs: readonly string[]): CrewScorer | null;
  /** Threads that are ready, and blocks of 512 rows that they have scored. */
  helpers(): { ready: number; blocks: number };
  /** Ends the threads. Nothing may be scoring. */
  close(): Promise<void>;
}

interface Helper {
  worker: Worker;
  port: MessagePort;
}

interface State {
  options: Required<CrewOptions>;
  words: Int32Array;
  helpers: Helper[];
  nextId: number;
  /** A thread may still write where it was told to: nothing can be scored here any more. */
  isBroken: boolean;
}

/** No block takes this long: a thread that does not answer by then has ended. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Threads are started when a model first needs them. */
export function openCrew({
  sharedMsMin = 0.08,
  rowsBeforeHelp = 16 * CHUNK_ROWS,
}: CrewOptions = {}): Crew {
  const state: State = {
    options: { sharedMsMin, rowsBeforeHelp },
    words: new Int32Array(new SharedArrayBuffer((control.wake + HELPERS_MAX) * 4)),
    helpers: [],
    nextId: 1,
    isBroken: false,
  };
  return {
    open: (bytes, scorer, outputs) => openTogether(state, bytes, scorer, outputs),
    helpers: () => ({
      ready: readyHelpers(state, HELPERS_MAX).length,
      blocks: Atomics.load(state.words, control.helped),
    }),
    async close() {
      const helpers = state.helpers.splice(0);
      await Promise.all(helpers.map(({ worker }) => worker.terminate()));
    },
  };
}

function openTogether(
  state: State,
  bytes: Uint8Array,
  signature: Scorer,
  outputs: readonly string[],
): CrewScorer | null {
  const known = outputs.map((name) => signature.outputs.find((output) => output.name === name));
  const isPlaced = known.every((output) => output?.width === 1 && output.type in elementBytes);
  if (!isPlaced || !signature.columns.every(canPlace)) return null;
  const arena = openArena(newMemory());
  const columns = signature.columns.map((column) => placeColumn(arena, column));
  const outputPlaces = known.map((output) => {
    const { name, type } = output as NonNullable<typeof output>;
    return { name, ...placeVector(arena, type) };
  });
  const { memory } = arena;
  const into = outputPlaces.map((place) => placedOutput(memory, place));
  const start = arena.used();
  const scorer = openScorer(bytes, { arena });
  const shared: Shared = {
    ...{ state, bytes, arena, columns, outputs: outputPlaces, into },
    arenaBytes: arena.used() - start,
  };
  const whole = openWork(shared, { scorer, ranges: null });
  const narrow = narrowing(arena, columns, {
    splits: scorer.splits,
    open: narrowOpener(shared),
    close: closeWork,
  });
  return {
    columns: whole.own.columns.map((column) => (column ? (column.values as NumericVector) : null)),
    score(rowCount, helpers) {
      scoreChunk(narrow.fitting(rowCount) ?? whole, rowCount, Math.min(helpers, HELPERS_MAX));
      return into as NumericVector[];
    },
    splits: () => (narrow.current() ?? whole).own.scorer.splits,
    close() {
      narrow.close();
      closeWork(whole);
    },
  };
}

/** What the whole model and its narrow form have in common. */
interface Shared {
  state: State;
  bytes: Uint8Array;
  arena: Arena;
  arenaBytes: number;
  columns: readonly (Place | null)[];
  outputs: SharedModel["outputs"];
  into: OpenModel["into"];
}

/** Hands out parts of the arena for each thread, the same ones again for the next form of the model. */
function areasOf({ arena, arenaBytes }: Shared) {
  const starts = new Map<number, number>();
  return (thread: number) => {
    const start = starts.get(thread) ?? arena.allocate(arenaBytes);
    starts.set(thread, start);
    return { arenaStart: start, arenaEnd: start + arenaBytes };
  };
}

type Ranges = NonNullable<ScorerOptions["ranges"]>;
const CALLER = -1;

/** Null when the narrow form does not fit where the whole one would. */
function narrowOpener(shared: Shared): (ranges: Ranges) => Work | null {
  const areas = areasOf(shared);
  return (ranges) => {
    const { arenaStart, arenaEnd } = areas(CALLER);
    const arena = openArena(shared.arena.memory, arenaStart, arenaEnd);
    try {
      const scorer = openScorer(shared.bytes, { arena, ranges });
      return openWork(shared, { scorer, ranges }, areas);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
}

function openWork(
  shared: Shared,
  { scorer, ranges }: { scorer: Scorer; ranges: Ranges | null },
  areas = areasOf(shared),
): Work {
  const { state, bytes, arena, columns, outputs, into } = shared;
  const views = columns.map((place) => place && placedColumn(arena.memory, place));
  const id = state.nextId;
  state.nextId += 1;
  const told = new Set<number>();
  const own = { scorer, columns: views, outputs: outputs.map(({ name }) => name), into };
  const introduce = (index: number): void => {
    if (told.has(index)) return;
    told.add(index);
    const { memory } = arena;
    tell(state, index, {
      id,
      model: { id, bytes, memory, ranges, ...areas(index), columns, outputs },
    });
  };
  return {
    state,
    id,
    own,
    introduce,
    told,
    rowsScored: 0,
    chunks: 0,
    shared: 0,
    aloneMs: 0,
    helpedMs: 0,
  };
}

function closeWork({ state, id, own, told }: Work): void {
  own.scorer.close();
  for (const index of told) tell(state, index, { id, model: null });
}

function canPlace({ isUsed, type, texts }: ScorerColumn): boolean {
  return !isUsed || texts !== undefined || type in elementBytes;
}

function placeColumn(arena: Arena, { isUsed, type, texts }: ScorerColumn): Place | null {
  if (!isUsed) return null;
  return texts ? { ...placeVector(arena, "int32"), texts } : placeVector(arena, type);
}

function placeVector(arena: Arena, type: Place["type"]): Place {
  return { type, address: arena.allocate(CHUNK_ROWS * (elementBytes[type] as number)) };
}

interface Work {
  state: State;
  id: number;
  own: OpenModel;
  /** Tells a helper what it needs, once. */
  introduce(helper: number): void;
  told: Set<number>;
  rowsScored: number;
  chunks: number;
  /** Chunks that were shared. The first are not measured: helpers open the model then. */
  shared: number;
  /** What a block has taken lately, by the clock; 0 is not known. */
  aloneMs: number;
  helpedMs: number;
}

const UNMEASURED = 8;

/** Chunks between two tries of the way that was slower: on a machine that is busy with other things, help hinders. */
const RETRY_CHUNKS = 128;

/** Whether to ask for help: the way that has been faster lately. */
function isHelpFaster({ aloneMs, helpedMs, chunks }: Work): boolean {
  if (helpedMs === 0 || aloneMs === 0) return aloneMs !== 0;
  const isFaster = helpedMs < aloneMs;
  return chunks % RETRY_CHUNKS === 0 ? !isFaster : isFaster;
}

/** One slow chunk is no reason to change; one after a long time tells more. */
function average(known: number, ms: number, isRetry: boolean): number {
  const weight = isRetry ? 0.5 : 0.1;
  return known === 0 ? ms : known * (1 - weight) + Math.min(ms, known * 4) * weight;
}

function scoreChunk(work: Work, rowCount: number, helpersMax: number): void {
  const { state, own } = work;
  const { sharedMsMin, rowsBeforeHelp } = state.options;
  throwIfBroken(state);
  const blocks = Math.ceil(rowCount / BLOCK_ROWS);
  work.rowsScored += rowCount;
  work.chunks += 1;
  const isWorthHelp = blocks > 1 && helpersMax > 0 && work.aloneMs * blocks > sharedMsMin;
  if (isWorthHelp && work.rowsScored > rowsBeforeHelp) startHelpers(state, helpersMax);
  const helpers =
    isWorthHelp && isHelpFaster(work) ? readyHelpers(state, Math.min(helpersMax, blocks - 1)) : [];
  const isRetry = work.chunks % RETRY_CHUNKS === 0;
  const begin = performance.now();
  if (helpers.length === 0) {
    scoreRows(own, { firstRow: 0, rowCount });
    work.aloneMs = average(work.aloneMs, (performance.now() - begin) / blocks, isRetry);
    return;
  }
  for (const index of helpers) work.introduce(index);
  scoreTogether(work, helpers, rowCount);
  work.shared += 1;
  if (work.shared <= UNMEASURED) return;
  work.helpedMs = average(work.helpedMs, (performance.now() - begin) / blocks, isRetry);
}

function scoreTogether(
  { state, id, own }: Work,
  helpers: readonly number[],
  rowCount: number,
): void {
  const { words } = state;
  const blocks = Math.ceil(rowCount / BLOCK_ROWS);
  words[control.model] = id;
  words[control.rows] = rowCount;
  words[control.failed] = 0;
  Atomics.store(words, control.done, 0);
  Atomics.store(words, control.left, blocks);
  for (const index of helpers) wake(words, index);
  for (;;) {
    const block = Atomics.sub(words, control.left, 1) - 1;
    if (block < 0) break;
    scoreBlock(words, own, rowsOfBlock(block, rowCount));
  }
  for (let done = Atomics.load(words, control.done); done < blocks; ) {
    const answer = Atomics.wait(words, control.done, done, ANSWER_TIMEOUT_MS);
    state.isBroken = answer === "timed-out";
    throwIfBroken(state);
    done = Atomics.load(words, control.done);
  }
  // What failed is done again, when no helper is at work any more, so that its error is thrown to the caller.
  for (let block = 0; block < blocks && words[control.failed]; block += 1) {
    scoreRows(own, rowsOfBlock(block, rowCount));
  }
}

function throwIfBroken({ isBroken }: State): void {
  if (isBroken) throw new Error("A scoring thread does not answer.");
}

function startHelpers({ words, helpers }: State, count: number): void {
  while (helpers.length < count) {
    const { port1, port2 } = new MessageChannel();
    const index = helpers.length;
    const workerData: HelperStart = { index, words, port: port2, module: kernelModule() };
    const worker = new Worker(new URL("./crew-worker.ts", import.meta.url), {
      workerData,
      transferList: [port2],
    });
    // Idle threads do not keep the process alive. One that fails ends it, as an uncaught error should.
    worker.unref();
    port1.unref();
    helpers.push({ worker, port: port1 });
  }
}

function readyHelpers({ words, helpers }: State, count: number): number[] {
  const ready = Atomics.load(words, control.ready);
  const found: number[] = [];
  for (let index = 0; index < helpers.length && found.length < count; index += 1) {
    if ((ready >> index) & 1) found.push(index);
  }
  return found;
}

function tell({ words, helpers }: State, index: number, message: CrewMessage): void {
  helpers[index]?.port.postMessage(message);
  wake(words, index);
}

function wake(words: Int32Array, index: number): void {
  Atomics.add(words, control.wake + index, 1);
  Atomics.notify(words, control.wake + index);
}
