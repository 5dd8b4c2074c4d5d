// A pool's engine process whose threads are handed a model's columns and score nothing: hand-out-worker.ts is such a
// thread. What it takes is what PREDICT takes beside scoring.
import { Socket } from "node:net";
import { buildAddon } from "../../packages/server/src/platform/native-addon.ts";
import { serveEngine } from "../../packages/server/src/sql/engine/duckdb-host.ts";

const stream = new Socket({ fd: 3, readable: true, writable: true });
const { path } = await buildAddon(
  new URL("../../packages/server/src/sql/engine/native/", import.meta.url),
);
const threadEntry = new URL("./hand-out-worker.ts", import.meta.url);
const host = serveEngine(stream, { addonPath: path, kernelsPath: null, threadEntry });
stream.on("close", () => void host.close().finally(() => process.exit(0)));
