// The engine, started when the first pool is opened: an instance that nobody queries has no engine.

import { connectEngine, type EngineProcess } from "../engine/duckdb-client.ts";
import type { Engine } from "../engine/port.ts";

export function createLazyEngine(spawn: () => EngineProcess): Engine {
  let engine: Engine | undefined;
  let isClosed = false;

  function start(): Engine {
    if (isClosed) throw new Error("The SQL engine is closed.");
    if (engine) return engine;
    const process = spawn();
    const started = connectEngine(process);
    engine = started;
    // A crashed engine is replaced at the next opening; its sessions have been told by their streams.
    void process.exited.then(() => {
      if (engine === started) engine = undefined;
    });
    return started;
  }

  return {
    open: (file, limits) => start().open(file, limits),
    async close() {
      isClosed = true;
      await engine?.close();
    },
  };
}
