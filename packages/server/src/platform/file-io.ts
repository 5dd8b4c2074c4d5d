// Files with promises, synced where it counts. The lake's bytes go through here (blob-files.ts).

import { close, fdatasync, fsync, open, read, write } from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

export interface ByteRange {
  /** First byte. */
  readonly from: number;
  readonly length: number;
}

export const openFile = promisify(open);
export const closeFile = promisify(close);
export const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);
const writeFile = promisify(write) as (
  handle: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
) => Promise<{ bytesWritten: number }>;
const readFile = promisify(read) as (
  handle: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ bytesRead: number }>;

/** Reads under way for one reader: fewer leave the network waiting when the machine is busy. */
const readsAhead = 4;

/** What is read and written at once. Larger buffers cost page faults, smaller ones trips to the pool. */
const chunkBytesMax = 256 * 1024;

export async function writeAll(
  handle: number,
  bytes: Uint8Array,
  at: number | null,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const position = at === null ? null : at + done;
    const length = Math.min(chunkBytesMax, bytes.length - done);
    const { bytesWritten } = await writeFile(handle, bytes, done, length, position);
    done += bytesWritten;
  }
}

export async function copyInto(handle: number, at: number, source: string): Promise<void> {
  const { size } = await stat(source);
  let position = at;
  for await (const part of chunksOf(source, { from: 0, length: size })) {
    await writeAll(handle, part, position);
    position += part.length;
  }
}

/** Reads a few buffers ahead, so that disk and network work at the same time. */
export async function* chunksOf(
  path: string,
  range: ByteRange,
): AsyncGenerator<Buffer, void, void> {
  if (range.length === 0) return;
  const handle = await openFile(path, "r");
  const end = range.from + range.length;
  const ahead: Promise<Buffer>[] = [];
  let asked = range.from;
  const ask = () => {
    const length = Math.min(chunkBytesMax, end - asked);
    if (length <= 0) return;
    const reading = readFully(handle, { from: asked, length });
    reading.catch(() => undefined);
    ahead.push(reading);
    asked += length;
  };
  try {
    for (let count = 0; count < readsAhead; count += 1) ask();
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const part = await next;
      ask();
      yield part;
    }
  } finally {
    await Promise.allSettled(ahead);
    await closeFile(handle);
  }
}

async function readFully(handle: number, { from, length }: ByteRange): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await readFile(handle, buffer, done, length - done, from + done);
    if (bytesRead === 0) throw new Error("A file is shorter than what is recorded of it.");
    done += bytesRead;
  }
  return buffer;
}

export async function syncPath(path: string): Promise<void> {
  const handle = await openFile(path, "r");
  try {
    await syncFile(handle);
  } finally {
    await closeFile(handle);
  }
}

/** Syncs of one folder that are asked for while one runs share the next. */
export function createFolderSync(
  pathOf: (folder: string) => string,
): (folder: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const queued = new Map<string, Promise<void>>();
  return (folder) => {
    const waiting = queued.get(folder);
    if (waiting) return waiting;
    const current = running.get(folder);
    const run = async () => {
      await current?.catch(() => undefined);
      queued.delete(folder);
      const sync = syncPath(pathOf(folder));
      running.set(folder, sync);
      try {
        await sync;
      } finally {
        if (running.get(folder) === sync) running.delete(folder);
      }
    };
    const promised = run();
    if (current) queued.set(folder, promised);
    return promised;
  };
}

const syncEveryBytes = 16 * 1024 * 1024;

/** Sets the disk to work while more comes from the network, so that the last sync is short. */
export function createSyncAhead(handle: number) {
  let unsynced = 0;
  let running: Promise<void> | undefined;
  return {
    wrote(length: number): void {
      unsynced += length;
      if (running || unsynced < syncEveryBytes) return;
      unsynced = 0;
      running = syncData(handle).finally(() => {
        running = undefined;
      });
      running.catch(() => undefined);
    },
    async settle(): Promise<void> {
      await running;
    },
  };
}
