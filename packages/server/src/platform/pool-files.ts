// Where SQL pools keep their databases, and what this machine can lend them.

import { randomUUID } from "node:crypto";
import { createReadStream, readdirSync, rmSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { DataDirectory } from "./data-directory.ts";

export interface OpenPoolFiles {
  file(name: string): string;
  readonly stagingDirectory: string;
  readonly temporaryDirectory: string;
  list(): readonly string[];
  remove(name: string): void;
  /** A file in the staging directory that somebody else is to write. */
  newFile(): WrittenFile;
}

export interface WrittenFile {
  readonly path: string;
  content(): AsyncIterable<Uint8Array>;
  remove(): void;
}

/** Folders of mode 0700 below the data directory; what was staged or spilled before is gone. */
export function openPoolFiles(directory: DataDirectory): OpenPoolFiles {
  for (const name of ["sql-staging", "sql-temporary"]) {
    rmSync(directory.file(name), { recursive: true, force: true });
  }
  const databases = directory.directory("sql");
  return {
    file: (name) => join(databases, name),
    stagingDirectory: directory.directory("sql-staging"),
    temporaryDirectory: directory.directory("sql-temporary"),
    list: () => readdirSync(databases).filter((name) => name.endsWith(".duckdb")),
    remove(name) {
      // The engine keeps its write-ahead log beside the database.
      for (const suffix of ["", ".wal"]) rmSync(join(databases, name) + suffix, { force: true });
    },
    newFile() {
      const path = join(directory.file("sql-staging"), randomUUID());
      return {
        path,
        // Opened when it is read: it may be gone when nobody does.
        async *content() {
          yield* createReadStream(path);
        },
        remove: () => rmSync(path, { force: true }),
      };
    },
  };
}

export function machineSize(): { memoryBytes: number; threads: number } {
  return { memoryBytes: totalmem(), threads: availableParallelism() };
}
