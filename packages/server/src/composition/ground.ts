// The ground that the planes stand on: data directory, log, store, secrets, and who this instance is.

import type { Clock, Random, SecretBox, Store } from "@callosum/contract/ports.ts";
import {
  type DataDirectory,
  lockDirectory,
  openDataDirectory,
} from "../platform/data-directory.ts";
import { createLog, type Log, type LogLevel } from "../platform/log.ts";
import { createSecretBox } from "../platform/secret-box.ts";
import { openStore } from "../platform/store.ts";
import { systemClock, systemRandom } from "../platform/system.ts";
import { type Instance, openInstance } from "./first-start.ts";

export interface GroundOptions {
  readonly dataDirectory: string;
  readonly location?: string;
  readonly logLevel?: LogLevel;
  readonly logSink?: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface Ground {
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: DataDirectory;
  readonly log: Log;
  /** 32 bytes; secrets, proxy credentials and managed-identity headers are sealed with it. */
  readonly instanceKey: Uint8Array;
  readonly secrets: SecretBox;
  readonly store: Store;
  readonly instance: Instance;
  close(): Promise<void>;
}

/** Opens or creates everything; rejects with DirectoryInUse while another process has the directory. */
export async function openGround(options: GroundOptions): Promise<Ground> {
  const { clock = systemClock, random = systemRandom, environment = {} } = options;
  const directory = openDataDirectory(options.dataDirectory);
  const unlock = lockDirectory(directory);
  const log = createLog({
    clock,
    level: options.logLevel ?? "info",
    sink: options.logSink ?? ((line) => void process.stderr.write(line)),
  });
  const instanceKey = directory.instanceKey(environment);
  const store = openStore({ file: directory.file("state.db"), clock, random });
  const location = options.location ?? "westeurope";
  return {
    clock,
    random,
    directory,
    log,
    instanceKey,
    secrets: createSecretBox(instanceKey),
    store,
    instance: await openInstance({ store, clock, random, directory, location }),
    async close() {
      await store.close();
      unlock();
    },
  };
}
