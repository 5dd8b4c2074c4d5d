// A thread of a database that has JavaScript: it executes the engine's tasks, and scores the chunks that it comes
// upon. duckdb-threads.ts starts it.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Desk, openDesk } from "@callosum/scoring/desk.ts";
import {
  loadThreadsAddon,
  type ModelHandle,
  type ModelNotice,
  type ThreadStart,
} from "./threads-addon.ts";

/** Models that are kept open. */
const OPEN_MAX = 16;

const { addonPath, pool, role, port } = workerData as ThreadStart;
const addon = loadThreadsAddon(addonPath);
const known = new Map<ModelHandle, ModelNotice>();
/** In the order of their last use. */
const desks = new Map<ModelHandle, Desk>();
let last: { model: ModelHandle; desk: Desk } | null = null;

function noticeOf(model: ModelHandle): ModelNotice {
  while (!known.has(model)) {
    const received = receiveMessageOnPort(port) as { message: ModelNotice } | undefined;
    if (!received) throw new Error("The model was never announced.");
    known.set(received.message.model, received.message);
  }
  return known.get(model) as ModelNotice;
}

function open(model: ModelHandle): void {
  const notice = noticeOf(model);
  for (const [oldest, desk] of desks) {
    if (desks.size < OPEN_MAX) break;
    addon.forget(oldest);
    desk.close();
    desks.delete(oldest);
  }
  // ONNX Runtime takes no shared memory.
  const desk = openDesk(notice.bytes.slice(), notice.outputs);
  desks.set(model, desk);
  last = null;
  const columns = notice.arguments.map((at) => desk.columns[at] ?? null);
  addon.place(model, columns, desk.outputs);
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

parentPort?.postMessage("ready");
addon[role](pool, open, score);
