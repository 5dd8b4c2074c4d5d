// A thread of an engine that has room for a model's columns and scores, and scores nothing.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { openDesk } from "../../packages/scoring/src/desk.ts";
import {
  loadThreadsAddon,
  type ModelHandle,
  type ModelNotice,
  type ThreadStart,
} from "../../packages/server/src/sql/engine/threads-addon.ts";

const { addonPath, pool, role, port } = workerData as ThreadStart;
const addon = loadThreadsAddon(addonPath);

function open(model: ModelHandle): void {
  const { message } = receiveMessageOnPort(port) as { message: ModelNotice };
  const desk = openDesk(message.bytes.slice(), message.outputs);
  const columns = message.arguments.map((at) => desk.columns[at] ?? null);
  const places = columns.map(() => null);
  addon.place(model, columns, places, desk.memory, desk.outputs);
}

parentPort?.postMessage("ready");
addon[role](pool, open, () => {});
