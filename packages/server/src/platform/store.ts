// The store over SQLite: WAL, synchronous=FULL, one connection that writes and one that reads only
// what is committed. Transactions that wait together share one commit (group commit).

import { DatabaseSync } from "node:sqlite";
import type { Clock, Random, Store, Writer } from "@callosum/contract/ports.ts";
import { createDocumentCache } from "./document-cache.ts";
import { migrations } from "./schema.sql.ts";
import { prepareReads, prepareWrites, type WriteStatements } from "./statements.ts";
import { createReader, createWriter } from "./store-access.ts";

interface Waiting {
  readonly work: (writer: Writer) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** At most this many transactions share a commit, so that the first does not wait for ever. */
const groupSizeMax = 256;

/**
 * Opens or creates the store in `file`. Rejects when the file was written by a newer version.
 * `":memory:"` is not accepted: reader and writer are two connections to one file.
 */
export function openStore(options: { file: string; clock: Clock; random: Random }): Store {
  const database = new DatabaseSync(options.file);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096;",
  );
  migrate(database);
  const readDatabase = new DatabaseSync(options.file, { readOnly: true });
  readDatabase.exec("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192;");
  return createStore({ ...options, database, readDatabase });
}

function migrate(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (row.user_version > migrations.length) {
    throw new Error(
      `The data directory was written by a newer version (schema ${row.user_version}, this one knows ${migrations.length}). Use that version, or another --data directory.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < row.user_version) continue;
    database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

function createStore(options: {
  database: DatabaseSync;
  readDatabase: DatabaseSync;
  clock: Clock;
  random: Random;
}): Store {
  const { database, readDatabase, clock, random } = options;
  const cache = createDocumentCache();
  const changed = new Set<string>();
  const writes = prepareWrites(database);
  const reads = prepareReads(database);
  const writer = createWriter({ reads, writes, clock, random, changed });
  const listeners: ((ids: readonly string[]) => void | Promise<void>)[] = [];
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  async function publish(ids: readonly string[]): Promise<void> {
    cache.forget(ids);
    if (ids.length > 0) for (const listener of listeners) await listener(ids);
  }

  async function drain(): Promise<void> {
    // One turn of the event loop lets requests that arrived together share the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) {
      await runGroup({
        database,
        writer,
        writes,
        changed,
        queue,
        publish,
        nowMs: clock.now().getTime(),
      });
    }
    running = undefined;
  }

  return {
    read: createReader(prepareReads(readDatabase), clock, cache),
    transaction<Result>(work: (writer: Writer) => Promise<Result>): Promise<Result> {
      if (closed) return Promise.reject(new Error("The store is closed."));
      return new Promise<Result>((resolve, reject) => {
        queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
        running ??= drain();
      });
    },
    onCommit: (listener) => void listeners.push(listener),
    async close() {
      closed = true;
      await running;
      readDatabase.close();
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
}

/** Runs what is waiting, commits once, publishes what changed, then tells each caller. */
async function runGroup(options: {
  database: DatabaseSync;
  writer: Writer;
  writes: WriteStatements;
  changed: Set<string>;
  queue: Waiting[];
  publish: (ids: readonly string[]) => Promise<void>;
  nowMs: number;
}): Promise<void> {
  const { database, writer, writes, changed, queue, publish, nowMs } = options;
  const settled: Settled[] = [];
  try {
    database.exec("BEGIN IMMEDIATE");
    for (let count = 0; count < groupSizeMax; count += 1) {
      const waiting = queue.shift();
      if (!waiting) break;
      settled.push(await runOne({ database, writer, changed, waiting }));
    }
    writes.removeExpiredTickets.run(nowMs);
    database.exec("COMMIT");
  } catch (error) {
    // The disk refused: nobody in the group may believe that anything was written.
    if (database.isTransaction) database.exec("ROLLBACK");
    changed.clear();
    for (const { reject } of settled) reject(error);
    return;
  }
  const ids = [...changed];
  changed.clear();
  await publish(ids);
  for (const { tell } of settled) tell();
}

/** One transaction of a group that has run: what to say after the commit, and if there is none. */
interface Settled {
  readonly tell: () => void;
  readonly reject: (error: unknown) => void;
}

/** Runs one transaction inside the group; a failure undoes its writes and no others. */
async function runOne(options: {
  database: DatabaseSync;
  writer: Writer;
  changed: Set<string>;
  waiting: Waiting;
}): Promise<Settled> {
  const { database, writer, changed, waiting } = options;
  const before = new Set(changed);
  database.exec("SAVEPOINT work");
  try {
    const value = await waiting.work(writer);
    database.exec("RELEASE work");
    return { tell: () => waiting.resolve(value), reject: waiting.reject };
  } catch (error) {
    database.exec("ROLLBACK TO work; RELEASE work");
    changed.clear();
    for (const id of before) changed.add(id);
    return { tell: () => waiting.reject(error), reject: waiting.reject };
  }
}
