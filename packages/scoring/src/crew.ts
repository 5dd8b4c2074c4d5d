// Threads that score chunks of rows beside the calling one: for a caller that is given chunks one by one and has to
// answer before it returns, as a function inside a database engine has. It submits a chunk, takes the next one in and
// collects the first: see crew-queue.ts. The helpers' half is crew-worker.ts.
// scorer-pool.ts is for callers that can await whole columns.
import type { ScorerColumn } from "./column.ts";
import {
  CALLER,
  CHUNK_ROWS,
  type ChunkLayout,
  control,
  HELPERS_MAX,
  type OpenModel,
  openModel,
  type Place,
} from "./crew-model.ts";
import {
  blocksOf,
  enqueue,
  finish,
  openQueue,
  type Queue,
  type QueuedChunk,
  scoreAlone,
} from "./crew-queue.ts";
import { endHelpers, isReady, noThreads, startHelpers, tell } from "./crew-thread.ts";
import { narrowing } from "./narrowing.ts";
import { openScorer, type Scorer, type ScorerOptions } from "./scorer.ts";
import { elementBytes, type NumericVector } from "./vector.ts";
import { type Arena, newMemory, openArena } from "./wasm/arena.ts";

export { CHUNK_ROWS } from "./crew-model.ts";

/** Room for one chunk of rows and its scores. */
export interface CrewChunk {
  /** Where the values of a column go before `submit`, CHUNK_ROWS of them; null for columns that are not read. */
  readonly columns: readonly (NumericVector | null)[];
  /** Lets up to `helpers` threads score rows 0 to `rowCount`. The columns must stay as they are until `collect`. */
  submit(rowCount: number, helpers: number): void;
  /** Waits for the scores, and helps. The vectors, one per output, are good until `release`. */
  collect(): readonly NumericVector[];
  /** Gives the room back, for `take`. */
  release(): void;
}

export interface CrewScorer {
  /** Room that nobody uses. */
  take(): CrewChunk;
  /** Splits of the trees that the last chunk needed: fewer than the model's when its values rule out branches. */
  splits(): number;
  /** Chunks that are in flight can still be collected. */
  close(): void;
}

/** When threads are asked to help; the defaults are measured. */
export interface CrewOptions {
  /** A chunk that takes less is not worth waking anybody for. */
  sharedMsMin?: number;
  /** What the caller takes for a chunk besides scoring: more help than keeps up with that only waits for it. */
  turnMs?: number;
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

interface State {
  options: Required<CrewOptions>;
  queue: Queue;
  nextId: number;
}

/** Threads are started when a model first needs them. */
export function openCrew({
  sharedMsMin = 0.03,
  turnMs = 0.1,
  rowsBeforeHelp = 16 * CHUNK_ROWS,
}: CrewOptions = {}): Crew {
  const threads = noThreads();
  const state: State = {
    options: { sharedMsMin, turnMs, rowsBeforeHelp },
    queue: openQueue(threads),
    nextId: 1,
  };
  return {
    open: (bytes, scorer, outputs) => openTogether(state, bytes, scorer, outputs),
    helpers: () => ({
      ready: threads.helpers.filter((_, index) => isReady(threads, index)).length,
      blocks: Atomics.load(threads.words, control.helped),
    }),
    close: () => endHelpers(threads),
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
  const { layout, chunkBytes } = layoutOf(signature.columns, known as Scorer["outputs"]);
  const arena = openArena(newMemory());
  const start = arena.used();
  const scorer = openScorer(bytes, { arena });
  const shared: Shared = { state, bytes, arena, layout, arenaBytes: arena.used() - start };
  const whole = openWork(shared, { scorer, ranges: null }, areasOf(shared));
  const narrow = narrowing(arena, layout.columns, {
    splits: scorer.splits,
    open: narrowOpener(shared),
    close: closeWork,
  });
  const room: CrewChunk[] = [];
  const newChunk = (): CrewChunk => {
    const base = arena.allocate(chunkBytes);
    const chunk = openChunk(state, base, {
      whole,
      workFor: (rowCount) => narrow.fitting(base, rowCount) ?? whole,
      release: () => room.push(chunk),
    });
    return chunk;
  };
  return {
    take: () => room.pop() ?? newChunk(),
    splits: () => (narrow.current() ?? whole).scorer.splits,
    close() {
      narrow.close();
      closeWork(whole);
    },
  };
}

function openChunk(
  state: State,
  base: number,
  model: { whole: Work; workFor(rowCount: number): Work; release(): void },
): CrewChunk {
  const { columns, into } = model.whole.views(base);
  const chunk = { model: 0, base, rowCount: 0 };
  let work: Work | null = null;
  let number: number | null = null;
  return {
    columns: columns.map((column) => column?.values ?? null),
    submit(rowCount, helpers) {
      work = model.workFor(rowCount);
      work.inFlight += 1;
      chunk.model = work.id;
      chunk.rowCount = rowCount;
      const count = helpersFor(state, work, { rowCount, helpersMax: helpers });
      number = count > 0 ? enqueue(state.queue, chunk, count) : null;
    },
    collect() {
      if (number !== null) finish(state.queue, number, chunk);
      else if (work) scoreMeasured(state.queue, work, chunk);
      return into;
    },
    release() {
      if (work) leave(work);
      work = null;
      model.release();
    },
  };
}

function layoutOf(columns: readonly ScorerColumn[], outputs: Scorer["outputs"]) {
  let chunkBytes = 0;
  const place = (type: Place["type"]): Place => {
    const address = chunkBytes;
    chunkBytes += Math.ceil((CHUNK_ROWS * (elementBytes[type] as number)) / 64) * 64;
    return { type, address };
  };
  const layout: ChunkLayout = {
    columns: columns.map(({ isUsed, type, texts }) => {
      if (!isUsed) return null;
      return texts ? { ...place("int32"), texts } : place(type);
    }),
    outputs: outputs.map(({ name, type }) => ({ name, ...place(type) })),
  };
  return { layout, chunkBytes };
}

function canPlace({ isUsed, type, texts }: ScorerColumn): boolean {
  return !isUsed || texts !== undefined || type in elementBytes;
}

/** What the whole model and its narrow form have in common. */
interface Shared {
  state: State;
  bytes: Uint8Array;
  arena: Arena;
  arenaBytes: number;
  layout: ChunkLayout;
}

type Ranges = NonNullable<ScorerOptions["ranges"]>;

/** A form of a model that chunks are scored with. */
interface Work extends OpenModel {
  state: State;
  id: number;
  /** Tells a helper what it needs, once. */
  introduce(helper: number): void;
  told: Set<number>;
  rowsScored: number;
  chunks: number;
  /** What a block takes one thread, by the clock; 0 is not known. */
  aloneMs: number;
  /** Chunks between `submit` and `release`. */
  inFlight: number;
  isClosing: boolean;
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

/** Opens one narrow form after the other. Null when it does not fit where the whole one would. */
function narrowOpener(shared: Shared): (ranges: Ranges) => Work | null {
  const areas = areasOf(shared);
  let last: Work | null = null;
  return (ranges) => {
    // The one before may still be scoring in the same memory.
    if (last && last.inFlight > 0) return null;
    const { arenaStart, arenaEnd } = areas(CALLER);
    const arena = openArena(shared.arena.memory, arenaStart, arenaEnd);
    try {
      const scorer = openScorer(shared.bytes, { arena, ranges });
      last = openWork(shared, { scorer, ranges }, areas);
      return last;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
}

function openWork(
  { state, bytes, arena, layout }: Shared,
  { scorer, ranges }: { scorer: Scorer; ranges: Ranges | null },
  areas: ReturnType<typeof areasOf>,
): Work {
  const { memory } = arena;
  const { threads, models } = state.queue;
  const id = state.nextId;
  state.nextId += 1;
  const open = openModel(scorer, memory, layout);
  models.set(id, open);
  const told = new Set<number>();
  const introduce = (index: number): void => {
    if (told.has(index)) return;
    told.add(index);
    tell(threads, index, { id, model: { id, bytes, memory, ranges, ...areas(index), ...layout } });
  };
  const counts = { rowsScored: 0, chunks: 0, aloneMs: 0, inFlight: 0, isClosing: false };
  return { ...open, state, id, introduce, told, ...counts };
}

function closeWork(work: Work): void {
  work.isClosing = true;
  if (work.inFlight > 0) return;
  const { state, id, scorer, told } = work;
  state.queue.models.delete(id);
  scorer.close();
  for (const index of told) tell(state.queue.threads, index, { id, model: null });
}

function leave(work: Work): void {
  work.inFlight -= 1;
  if (work.isClosing) closeWork(work);
}

/** Chunks between two that are scored alone to see what a block takes now. */
const MEASURE_EVERY = 64;

/** How many threads to ask for help with a chunk. */
function helpersFor(
  { options, queue: { threads } }: State,
  work: Work,
  { rowCount, helpersMax }: { rowCount: number; helpersMax: number },
): number {
  work.rowsScored += rowCount;
  work.chunks += 1;
  const chunkMs = work.aloneMs * blocksOf(rowCount);
  if (chunkMs <= options.sharedMsMin || work.rowsScored <= options.rowsBeforeHelp) return 0;
  const wanted = Math.min(helpersMax, HELPERS_MAX, Math.ceil(chunkMs / options.turnMs));
  startHelpers(threads, wanted);
  if (work.chunks % MEASURE_EVERY === 0) return 0;
  let count = 0;
  while (count < wanted && isReady(threads, count)) {
    work.introduce(count);
    count += 1;
  }
  return count;
}

function scoreMeasured(queue: Queue, work: Work, chunk: QueuedChunk): void {
  const begin = performance.now();
  scoreAlone(queue, chunk);
  const ms = (performance.now() - begin) / blocksOf(chunk.rowCount);
  // One slow chunk says little.
  work.aloneMs =
    work.aloneMs === 0 ? ms : work.aloneMs * 0.75 + Math.min(ms, work.aloneMs * 4) * 0.25;
}
