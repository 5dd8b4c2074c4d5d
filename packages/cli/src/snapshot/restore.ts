// Restoring: unpacked beside the directory and checked whole, then put in its place at once.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, parse } from "node:path";
import { lockHolder, openDataDirectory } from "@callosum/server/platform/data-directory.ts";
import { CommandError, usageError } from "../command.ts";
import { readAbout, type SnapshotAbout, unpackArchive } from "./archive.ts";
import { keyName } from "./own-file.ts";

/** Replaces the directory; `key` is base64, for a snapshot that has none. */
export async function restoreSnapshot(request: {
  file: string;
  dataDirectory: string;
  isForced: boolean;
  key: string | undefined;
  hasKeyInEnvironment: boolean;
}): Promise<SnapshotAbout> {
  const { file, dataDirectory, key } = request;
  requireReplaceable(dataDirectory, request.isForced);
  requireKey(await readAbout(file), request);
  const beside = `${dataDirectory}.${process.pid}.restore`;
  const old = `${dataDirectory}.${process.pid}.old`;
  await mkdir(dirname(dataDirectory), { recursive: true });
  await mkdir(beside, { mode: 0o700 });
  try {
    const about = await unpackArchive(file, beside);
    if (!existsSync(join(beside, "state.db"))) {
      throw new CommandError({ code: "SnapshotDamaged", message: `${file} holds no instance.` });
    }
    if (key !== undefined && !about.includesKey) {
      writeFileSync(join(beside, keyName), `${key}\n`, { mode: 0o600 });
    }
    if (existsSync(dataDirectory)) await rename(dataDirectory, old);
    await rename(beside, dataDirectory);
    await chmod(dataDirectory, 0o700);
    return about;
  } finally {
    await rm(beside, { recursive: true, force: true });
    if (existsSync(dataDirectory)) await rm(old, { recursive: true, force: true });
    else if (existsSync(old)) await rename(old, dataDirectory);
  }
}

function requireReplaceable(dataDirectory: string, isForced: boolean): void {
  if (!existsSync(dataDirectory)) return;
  const names = readdirSync(dataDirectory);
  if (names.length === 0) return;
  const pid = lockHolder(openDataDirectory(dataDirectory));
  if (pid !== undefined) {
    throw new CommandError({
      code: "StillRunning",
      message: `The instance of ${dataDirectory} runs (pid ${pid}).`,
      hint: "Stop it first: callosum down",
    });
  }
  if (!isForced) {
    throw new CommandError({
      code: "DirectoryNotEmpty",
      message: `${dataDirectory} is not empty.`,
      hint: "--force replaces what is in it.",
    });
  }
  const isInstance = names.includes("state.db");
  const isMore = [homedir(), parse(dataDirectory).root, process.cwd()].includes(dataDirectory);
  if (!isInstance || isMore) {
    throw usageError(`${dataDirectory} is no instance's directory: it is left alone.`);
  }
}

/** Without its key an instance would make a new one, and could open none of its secrets. */
function requireKey(
  about: SnapshotAbout,
  { key, hasKeyInEnvironment }: { key: string | undefined; hasKeyInEnvironment: boolean },
): void {
  if (about.includesKey || hasKeyInEnvironment || key !== undefined) return;
  throw usageError(
    "The snapshot does not hold the instance's key.",
    "Set CALLOSUM_KEY, here and wherever the instance is started, or name the key's file with --key.",
  );
}
