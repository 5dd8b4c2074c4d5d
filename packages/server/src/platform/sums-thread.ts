// The thread that works out checksums; sums.ts starts it and says what is sent.

import { parentPort } from "node:worker_threads";
import { createSums, type Sums, type SumsMessage } from "./sums.ts";

const underWay = new Map<number, Sums>();

parentPort?.on("message", (message: SumsMessage) => {
  const { kind, id } = message;
  if (kind === "drop") {
    underWay.delete(id);
    return;
  }
  const sums = underWay.get(id) ?? createSums(message.wanted);
  if (kind === "update") {
    underWay.set(id, sums);
    sums.update(message.bytes);
    parentPort?.postMessage({});
  } else {
    underWay.delete(id);
    parentPort?.postMessage(sums.digest());
  }
});
