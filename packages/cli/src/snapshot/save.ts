// Saving: what of a data directory belongs to the instance, taken at one moment.

import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Contract } from "@callosum/server/main.ts";
import { lockDirectory, openDataDirectory } from "@callosum/server/platform/data-directory.ts";
import manifest from "../../package.json" with { type: "json" };
import { CommandError } from "../command.ts";
import { type SnapshotAbout, type SnapshotFile, writeArchive } from "./archive.ts";
import { listFiles } from "./instance-file.ts";
import { keyName } from "./own-file.ts";
import { copyRunning } from "./running.ts";

export interface SaveResult {
  readonly about: SnapshotAbout;
  readonly files: number;
  /** Of the files, and of the archive. */
  readonly length: number;
  readonly archiveLength: number;
  /** How long a running instance stood still. */
  readonly frozenMs: number;
}

/** Saves the directory, whether its instance runs or not. */
export async function saveSnapshot(request: {
  dataDirectory: string;
  /** Of the running instance. */
  contract: Contract | undefined;
  target: string;
  includesKey: boolean;
}): Promise<SaveResult> {
  const { dataDirectory, contract, target } = request;
  if (!existsSync(join(dataDirectory, "state.db"))) {
    throw new CommandError({
      code: "NoInstance",
      message: `There is no instance in ${dataDirectory}.`,
    });
  }
  const temporary = `${target}.${process.pid}.tmp`;
  const staging = contract && (await mkdtemp(join(dirname(target), ".callosum-snapshot-")));
  try {
    const taken = staging
      ? await takeRunning(contract.pid, { from: dataDirectory, to: staging, ...request })
      : takeStopped(dataDirectory, request.includesKey);
    const root = staging ?? dataDirectory;
    const about = describe(request, taken.files);
    try {
      const archiveLength = await writeArchive(temporary, { about, root, files: taken.files });
      await rename(temporary, target);
      const length = taken.files.reduce((sum, file) => sum + file.length, 0);
      return { about, files: taken.files.length, length, archiveLength, frozenMs: taken.frozenMs };
    } finally {
      taken.release();
    }
  } finally {
    await rm(temporary, { force: true });
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

function describe(
  { contract }: { contract: Contract | undefined },
  files: readonly SnapshotFile[],
): SnapshotAbout {
  return {
    format: "callosum-snapshot/1",
    version: manifest.version,
    savedAt: new Date().toISOString(),
    wasRunning: contract !== undefined,
    includesKey: files.some(({ name }) => name === keyName),
    ...(contract && { tenantId: contract.tenantId, subscriptionId: contract.subscriptionId }),
  };
}

interface Taken {
  readonly files: readonly SnapshotFile[];
  readonly frozenMs: number;
  release(): void;
}

/** Nobody starts on the directory while it is read. */
function takeStopped(dataDirectory: string, includesKey: boolean): Taken {
  const release = lockDirectory(openDataDirectory(dataDirectory));
  try {
    return { files: listFiles(dataDirectory, includesKey), frozenMs: 0, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Copied while it stands still, packed when it goes on: clients wait for the copy alone. */
async function takeRunning(
  pid: number,
  copy: { from: string; to: string; includesKey: boolean },
): Promise<Taken> {
  return { ...(await copyRunning(pid, copy)), release: () => {} };
}
