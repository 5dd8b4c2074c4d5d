// One helper of crew.ts: scores blocks of the chunks that wait, and sleeps while there are none.
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  type CrewMessage,
  control,
  type HelperStart,
  type OpenModel,
  openModel,
  type Scoring,
  scoreNextBlock,
} from "./crew-model.ts";
import { openScorer } from "./scorer.ts";
import { openArena } from "./wasm/arena.ts";
import { shareKernelModule } from "./wasm/kernel.ts";

const { index, words, port, module } = workerData as HelperStart;
const bell = control.bells + index;
shareKernelModule(module);
/** Falling asleep and waking takes longer than most blocks, and chunks come several in a row. */
const WATCH_MS = 0.2;
const models = new Map<number, OpenModel>();
let told = 0;

/** Opens and closes models as told. One that cannot be opened is missing: its blocks fail, and are done by the caller. */
function readMessages(): void {
  const now = Atomics.load(words, control.told + index);
  if (now === told) return;
  told = now;
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: CrewMessage } | undefined;
    if (!received) return;
    const { id, model } = received.message;
    models.get(id)?.scorer.close();
    models.delete(id);
    if (!model) continue;
    const { memory, bytes, arenaStart, arenaEnd, ranges } = model;
    const arena = openArena(memory, arenaStart, arenaEnd);
    try {
      const scorer = openScorer(bytes, ranges ? { arena, ranges } : { arena });
      models.set(id, openModel(scorer, memory, model));
    } catch {}
  }
}

const scoring: Scoring = {
  words,
  index,
  model(id) {
    // A chunk may be seen before the message that tells of its model.
    if (!models.has(id)) readMessages();
    return models.get(id);
  },
};

/** Until there may be work, but not for long. */
function watch(rung: number): void {
  const until = performance.now() + WATCH_MS;
  while (performance.now() < until) {
    for (let i = 0; i < 32; i += 1) if (Atomics.load(words, bell) !== rung) return;
  }
}

Atomics.or(words, control.ready, 1 << index);
for (;;) {
  const rung = Atomics.load(words, bell);
  readMessages();
  let scored = 0;
  while (scoreNextBlock(scoring)) scored += 1;
  if (scored > 0) {
    Atomics.add(words, control.helped, scored);
    watch(rung);
    continue;
  }
  Atomics.store(words, control.asleep + index, 1);
  Atomics.wait(words, bell, rung);
  Atomics.store(words, control.asleep + index, 0);
}
