// The engine, started when the first pool is opened: an instance that nobody queries has no engine.

import { connectEngine, type EngineProcess } from "../engine/duckdb-client.ts";
import type { Engine } from "../engine/port.ts";

interface Started {
  readonly engine: Engine;
  readonly process: EngineProcess;
  isLost: boolean;
}

export function createLazyEngine(spawn: () => EngineProcess): Engine {
  let current: Started | undefined;
  let isClosed = false;

  /** A crashed engine is replaced once it is gone: until then it may hold the pools' files. */
  async function running(): Promise<Engine> {
    while (current?.isLost) {
      const lost = current;
      await lost.process.exited;
      if (current === lost) current = undefined;
    }
    if (isClosed) throw new Error("The SQL engine is closed.");
    current ??= start();
    return current.engine;
  }

  function start(): Started {
    const process = spawn();
    const started = { engine: connectEngine(process), process, isLost: false };
    const lose = (): void => {
      started.isLost = true;
      if (!isClosed) process.kill();
    };
    // A broken stream closes a moment after its error; who asks in between needs a new engine, too.
    process.stream.once("error", lose);
    process.stream.once("close", lose);
    return started;
  }

  return {
    open: async (file, limits) => (await running()).open(file, limits),
    async close() {
      isClosed = true;
      await current?.engine.close();
    },
  };
}
