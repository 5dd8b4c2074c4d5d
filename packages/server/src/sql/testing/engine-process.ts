// Starts an engine process for tests and benches as the platform does for the server.
export { spawnEngineProcess as spawnEngine } from "../../platform/engine-process.ts";
