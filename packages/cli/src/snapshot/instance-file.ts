// What of a data directory belongs to the instance, and what only to the process that runs it.

import { constants, copyFileSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SnapshotFile } from "./archive.ts";
import { keyName, readyName, requestName } from "./own-file.ts";

/** Made anew by each start. */
const ofTheProcess = new Set([
  "contract.json",
  "callosum.pid",
  "server.log",
  "state.db-shm",
  requestName,
  readyName,
]);
const ofTheMoment = new Set(["sql-staging", "sql-temporary"]);

/** By name; nobody may write meanwhile. */
export function listFiles(root: string, includesKey: boolean): SnapshotFile[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files: SnapshotFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1).replaceAll("\\", "/");
    const [top = ""] = name.split("/");
    const isLeftOut =
      ofTheProcess.has(name) || ofTheMoment.has(top) || /\.\d+\.tmp$/.test(basename(name));
    if (isLeftOut || (name === keyName && !includesKey)) continue;
    const { size, mode } = statSync(path);
    files.push({ name, length: size, mode: mode & 0o777 });
  }
  return files.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Copies them; references to the same blocks where the file system can. Gives what was copied. */
export function copyFiles(
  files: readonly SnapshotFile[],
  { from, to }: { from: string; to: string },
): SnapshotFile[] {
  for (const folder of new Set(files.map(({ name }) => dirname(join(to, name))))) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return files.filter(({ name }) => {
    try {
      copyFileSync(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
      return true;
    } catch (error) {
      // Contents are removed when nothing names them any more, by threads that go on meanwhile.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  });
}
