// The thread of one call; call-aside.ts starts it and says what is called.

import { parentPort, workerData } from "node:worker_threads";

const { module, name, input } = workerData as { module: string; name: string; input: unknown };
const exported: Record<string, (input: unknown) => unknown> = await import(module);
parentPort?.postMessage(await exported[name]!(input));
