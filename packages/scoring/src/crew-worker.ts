// One helper of crew.ts: sleeps until it is woken, then scores blocks of the chunk at hand until none is left.
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import {
  type CrewMessage,
  control,
  type HelperStart,
  type OpenModel,
  placedColumn,
  placedOutput,
  rowsOfBlock,
  scoreBlock,
} from "./crew-model.ts";
import { openScorer } from "./scorer.ts";
import { openArena } from "./wasm/arena.ts";
import { shareKernelModule } from "./wasm/kernel.ts";

const { index, words, port, module } = workerData as HelperStart;
shareKernelModule(module);
const models = new Map<number, OpenModel>();

/** Opens and closes models as told. One that cannot be opened is missing: its blocks fail, and are done by the caller. */
function readMessages(): void {
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
      models.set(id, {
        scorer: openScorer(bytes, ranges ? { arena, ranges } : { arena }),
        columns: model.columns.map((place) => place && placedColumn(memory, place)),
        outputs: model.outputs.map(({ name }) => name),
        into: model.outputs.map((place) => placedOutput(memory, place)),
      });
    } catch {}
  }
}

function scoreBlocks(): void {
  for (;;) {
    const block = Atomics.sub(words, control.left, 1) - 1;
    if (block < 0) return;
    Atomics.add(words, control.helped, 1);
    const model = models.get(words[control.model] as number);
    scoreBlock(words, model, rowsOfBlock(block, words[control.rows] as number));
  }
}

Atomics.or(words, control.ready, 1 << index);
for (;;) {
  const woken = Atomics.load(words, control.wake + index);
  readMessages();
  scoreBlocks();
  Atomics.wait(words, control.wake + index, woken);
}
