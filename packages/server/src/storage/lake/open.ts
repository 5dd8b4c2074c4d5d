// Opening the lake of an instance: its folder, what a crash left there, and the port for engines.

import type { LakePort } from "@callosum/contract/lake.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { type BlobFiles, openBlobFiles } from "../../platform/blob-files.ts";
import { collectOrphans, watchContainers } from "./collect.ts";
import { createLakeHost, type LakeHost } from "./host.ts";
import { createLakePort } from "./port.ts";

export interface Lake {
  readonly host: LakeHost;
  readonly port: LakePort;
  /** Waits for removals; then nothing is written to the folder any more. */
  close(): Promise<void>;
}

/** Opens the lake below a directory; what nothing refers to is gone when it resolves. */
export async function openLake(services: PlaneServices, directory: string): Promise<Lake> {
  const files: BlobFiles = openBlobFiles({ directory, random: services.random });
  const host = createLakeHost(services, files);
  await collectOrphans(host);
  await watchContainers(host);
  return { host, port: createLakePort(host), close: () => host.settle() };
}
