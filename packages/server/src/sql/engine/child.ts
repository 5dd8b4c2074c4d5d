// Entry of the engine process: serves the server over file descriptor 3 until it goes away.
import { Socket } from "node:net";
import { serveEngine } from "./duckdb-host.ts";

const stream = new Socket({ fd: 3, readable: true, writable: true });
const host = serveEngine(stream);
stream.on("close", () => void host.close().finally(() => process.exit(0)));
stream.on("error", () => stream.destroy());
process.on("SIGTERM", () => stream.destroy());
process.on("SIGINT", () => {});
