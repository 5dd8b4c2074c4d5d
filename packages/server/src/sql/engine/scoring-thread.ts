// A thread of a database that has JavaScript: it executes the engine's tasks, and scores the chunks that it comes
// upon. duckdb-threads.ts starts it.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Desk, openDesk } from "@callosum/scoring/desk.ts";
import { shareKernelModule } from "@callosum/scoring/wasm/kernel.ts";
import {
  loadThreadsAddon,
  type ModelHandle,
  type ModelNotice,
  type ThreadStart,
} from "./threads-addon.ts";

/** Models that are kept open. */
const OPEN_MAX = 16;

const { addonPath, kernelsPath, module, pool, role, port } = workerData as ThreadStart;
shareKernelModule(module);
const addon = loadThreadsAddon(addonPath);
const known = new Map<ModelHandle, ModelNotice>();
/** In the order of their last use. */
const desks = new Map<ModelHandle, Desk>();
let last: { model: ModelHandle; desk: Desk } | null = null;

function readNotices(): void {
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: ModelNotice } | undefined;
    if (!received) return;
    known.set(received.message.model, received.message);
  }
}

function deskOf({ model, bytes, outputs }: ModelNotice): Desk {
  const found = desks.get(model);
  if (found) return found;
  for (const [oldest, desk] of desks) {
    if (desks.size < OPEN_MAX) break;
    addon.forget(oldest);
    desk.close();
    desks.delete(oldest);
  }
  // ONNX Runtime takes no shared memory.
  const desk = openDesk(bytes.slice(), outputs, { kernelsPath });
  desks.set(model, desk);
  last = null;
  return desk;
}

function open(model: ModelHandle): void {
  if (!known.has(model)) readNotices();
  const notice = known.get(model);
  if (!notice) throw new Error("The model was never announced.");
  const desk = deskOf(notice);
  const columns = notice.arguments.map((at) => desk.columns[at] ?? null);
  const places = notice.arguments.map((at) => desk.places[at] ?? null);
  const { memory, outputs, direct, budget } = desk;
  addon.place(model, columns, places, memory, outputs, direct, budget);
}

function score(model: ModelHandle, rowCount: number): void {
  if (last?.model !== model) {
    const desk = desks.get(model) as Desk;
    desks.delete(model);
    desks.set(model, desk);
    last = { model, desk };
  }
  last.desk.score(rowCount);
}

// The model that the thread was started for, before anybody waits for it; one that cannot be opened says so then.
readNotices();
for (const notice of known.values()) {
  try {
    deskOf(notice);
  } catch {}
}
parentPort?.postMessage("ready");
addon[role](pool, open, score);
