// A thread whose JavaScript answers -1 for every row, and whose models may score three chunks without it.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { openDesk } from "@callosum/scoring/desk.ts";
import {
  loadThreadsAddon,
  type ModelHandle,
  type ModelNotice,
  type ThreadStart,
} from "../engine/threads-addon.ts";

const { addonPath, kernelsPath, pool, role, port } = workerData as ThreadStart;
const addon = loadThreadsAddon(addonPath);

function open(model: ModelHandle): void {
  const { message } = receiveMessageOnPort(port) as { message: ModelNotice };
  const { columns, places, memory, outputs, direct, budget } = openDesk(
    message.bytes.slice(),
    message.outputs,
    { kernelsPath },
  );
  if (!direct) throw new Error("The model needs JavaScript.");
  budget[0] = 3;
  refuse = () => outputs[0]?.fill(-1 as never);
  addon.place(model, columns, places, memory, outputs, direct, budget);
}

let refuse = (): void => {};

parentPort?.postMessage("ready");
addon[role](pool, open, () => refuse());
