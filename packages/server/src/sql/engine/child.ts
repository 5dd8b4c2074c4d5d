// Entry of the engine process: serves the server over file descriptor 3 until it goes away.
import { Socket } from "node:net";
import { kernelSources } from "@callosum/scoring/program/kernel-addon.ts";
import { buildAddon } from "../../platform/native-addon.ts";
import { serveEngine } from "./duckdb-host.ts";

const stream = new Socket({ fd: 3, readable: true, writable: true });
const [addon, kernels] = await Promise.all([
  buildAddon(new URL("./native/", import.meta.url)),
  buildAddon(kernelSources),
]);
if (addon.path === null) console.error(`PREDICT scores on one thread: ${addon.reason}.`);
const host = serveEngine(stream, { addonPath: addon.path, kernelsPath: kernels.path });
stream.on("close", () => void host.close().finally(() => process.exit(0)));
stream.on("error", () => stream.destroy());
process.on("SIGTERM", () => stream.destroy());
process.on("SIGINT", () => {});
