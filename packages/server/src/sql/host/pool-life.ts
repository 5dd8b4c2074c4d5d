// What becomes of a pool's file when its resource changes: closed when the pool is paused, scaled or
// deleted, and removed when nothing has it any more. Which file a pool has is pool.ts's.

import type { ArmResource, Store } from "@callosum/contract/ports.ts";
import { describeError, type Log } from "../../platform/log.ts";
import { type PoolEnd, serverlessSuffix } from "../ports.ts";
import { fileName, ownFileNames, type PoolFiles, sqlPoolType } from "./pool.ts";

const workspaceType = "Microsoft.Synapse/workspaces";
const followed = /\/providers\/microsoft\.synapse\/workspaces\/([^/]+)(?:\/sqlpools\/([^/]+))?$/;

/**
 * Follows the resources from their state at the start on. A file that cannot be closed or removed is
 * logged: the commit that was to end it has happened. Files that nothing has are removed then: those
 * of pools that were deleted when the process ended.
 */
export function followPools(options: {
  store: Store;
  files: PoolFiles;
  closePool: (workspace: string, database: string, end: PoolEnd) => Promise<void>;
  log: Log;
}): void {
  const { store, files, closePool, log } = options;
  const known = new Map<string, ArmResource>();

  async function load(): Promise<void> {
    const found = files.list();
    for (const type of [workspaceType, sqlPoolType]) {
      const documents = await store.read.documents<ArmResource>({ type });
      for (const { id, body } of documents) known.set(id, body);
    }
    const kept = new Set([...known].flatMap(([id, resource]) => fileNames(id, resource)));
    for (const name of found) if (!kept.has(name)) files.remove(name);
  }

  async function follow(id: string, workspace: string, database: string | undefined) {
    const before = known.get(id);
    const now = (await store.read.document<ArmResource>(id))?.body;
    if (now) known.set(id, now);
    else known.delete(id);
    const isSame = before && now && isOneLife(id, before, now);
    if (!before || isSame) return;
    if (database !== undefined) await closePool(workspace, database, endOf(before, now));
    else {
      await closePool(workspace, "master", "deleted");
      await closePool(workspace + serverlessSuffix, "master", "deleted");
    }
    const kept = new Set(now ? fileNames(id, now) : []);
    for (const name of fileNames(id, before)) if (!kept.has(name)) files.remove(name);
  }

  const loaded = load();
  // It is logged with the first change that it is missed for.
  loaded.catch(() => undefined);
  store.onCommit(async (changed) => {
    for (const id of changed) {
      const [, workspace, database] = followed.exec(id) ?? [];
      if (workspace === undefined) continue;
      try {
        await loaded;
        await follow(id, workspace, database);
      } catch (error) {
        log.write("error", "sql: pool not closed", { pool: id, cause: describeError(error) });
      }
    }
  });
}

function fileNames(id: string, resource: ArmResource): readonly string[] {
  return id.includes("/sqlpools/") ? [fileName(resource)] : Object.values(ownFileNames(resource));
}

/** Tags and the like leave a pool as it is; so does everything that can be changed of a workspace. */
function isOneLife(id: string, before: ArmResource, now: ArmResource): boolean {
  const [one, other] = [fileNames(id, before), fileNames(id, now)];
  return (
    one.every((name, at) => name === other[at]) &&
    before.properties.status === now.properties.status &&
    before.sku?.name === now.sku?.name
  );
}

function endOf(before: ArmResource, now: ArmResource | undefined): PoolEnd {
  if (!now || fileName(before) !== fileName(now)) return "deleted";
  return now.properties.status === "Paused" ? "paused" : "scaled";
}
