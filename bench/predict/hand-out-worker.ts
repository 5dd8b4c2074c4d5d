// A thread of an engine that has room for a model's columns and scores, and scores nothing: a model of no steps.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { openDesk } from "../../packages/scoring/src/desk.ts";
import { openChain } from "../../packages/scoring/src/program/chain.ts";
import { openKernels } from "../../packages/scoring/src/program/kernel-addon.ts";
import { newMemory, openArena } from "../../packages/scoring/src/wasm/arena.ts";
import {
  loadThreadsAddon,
  type ModelHandle,
  type ModelNotice,
  type ThreadStart,
} from "../../packages/server/src/sql/engine/threads-addon.ts";

const { addonPath, kernelsPath, pool, role, port } = workerData as ThreadStart;
const addon = loadThreadsAddon(addonPath);
const direct = openNothing();
const budget = new Int32Array(1).fill(2 ** 31 - 1);

/** What the engine calls instead of JavaScript, as it does for most models. */
function openNothing(): object | null {
  const arena = openArena(newMemory());
  const { chain } = kernelsPath ? openKernels(kernelsPath, arena.memory) : { chain: null };
  return (
    (chain && openChain(arena, chain, [], { inputs: new Map(), outputs: [] })?.run.direct) ?? null
  );
}

function open(model: ModelHandle): void {
  const { message } = receiveMessageOnPort(port) as { message: ModelNotice };
  const desk = openDesk(message.bytes.slice(), message.outputs);
  const columns = message.arguments.map((at) => desk.columns[at] ?? null);
  const places = columns.map(() => null);
  addon.place(model, columns, places, desk.memory, desk.outputs, direct, budget);
}

parentPort?.postMessage("ready");
addon[role](pool, open, () => {});
