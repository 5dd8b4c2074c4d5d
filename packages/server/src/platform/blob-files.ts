// Bytes of the lake on disk: one immutable file for each piece that was written, in a folder for each
// container. A piece is written under a temporary name, synced, renamed, and its folder synced before
// anyone may refer to it; what nobody refers to is removed (storage/lake/collect.ts says what).

import { createHash, type Hash } from "node:crypto";
import { close, fdatasync, fsync, open, read, write } from "node:fs";
import { copyFile, link, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import type { Random } from "@callosum/contract/ports.ts";
import { chunkBytesMax, readChunks } from "./byte-chunks.ts";
import { type Crc64, createCrc64 } from "./crc64.ts";

export interface ReceivedBytes {
  readonly length: number;
  /** Sums only when asked for. */
  readonly crc64: Buffer | undefined;
  readonly md5: Buffer | undefined;
  /** The bytes themselves when there are few; then there is no file. */
  readonly inline: Buffer | undefined;
  readonly fileId: string | undefined;
}

export interface ReceiveOptions {
  readonly folder: string;
  readonly md5: boolean;
  readonly crc64: boolean;
  /** Up to so many bytes are given back instead of written. */
  readonly inlineBytesMax: number;
  readonly bytesMax: number;
  readonly expectedBytes?: number | undefined;
}

export interface ByteRange {
  /** First byte. */
  readonly from: number;
  readonly length: number;
}

export interface BlobFiles {
  /**
   * Writes a stream to a new file; when it resolves, content and name are on disk. Rejects with
   * TooManyBytes or SourceBroken, leaving nothing behind.
   */
  receive(source: Readable, options: ReceiveOptions): Promise<ReceivedBytes>;
  /** Writes bytes at hand to a new file and gives its id. */
  put(folder: string, bytes: Uint8Array): Promise<string>;
  /** Part of a file, read ahead; flow control is the stream's. Fails with ENOENT when it is gone. */
  chunks(folder: string, fileId: string, range: ByteRange): AsyncGenerator<Buffer, void, void>;
  bytes(folder: string, fileId: string): Promise<Buffer>;
  /**
   * A second file with the same content, which costs nothing where the disk has hard links. One that
   * may be extended must be `independent` of the first.
   */
  duplicate(options: {
    folder: string;
    fileId: string;
    into: string;
    independent: boolean;
  }): Promise<string>;
  /** Adds to a file behind `at` bytes; what a crash left behind there is overwritten. Synced. */
  extend(options: { folder: string; fileId: string; at: number; bytes: BytesOf }): Promise<void>;
  /** Makes a file elsewhere with the same content, linked where the disk can; gives its path. */
  expose(options: { folder: string; fileId: string; directory: string }): Promise<string>;
  /** Writes a file elsewhere; gives its path. Nothing is synced: it is a copy. */
  exportTo(directory: string, content: AsyncIterable<Uint8Array>): Promise<string>;
  /** Removes what `expose` or `exportTo` made. */
  removeExport(path: string): Promise<void>;
  remove(folder: string, fileIds: readonly string[]): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  folders(): Promise<string[]>;
  /** Names of all files of a folder, temporary ones included. */
  files(folder: string): Promise<string[]>;
}

/** Where bytes to be added come from: memory, or a file. */
export type BytesOf = Uint8Array | { readonly folder: string; readonly fileId: string };

export class TooManyBytes extends Error {
  readonly bytesMax: number;
  constructor(bytesMax: number) {
    super(`The content has more than ${bytesMax} bytes.`);
    this.name = "TooManyBytes";
    this.bytesMax = bytesMax;
  }
}

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
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

const temporarySuffix = ".part";
const fileMode = 0o600;

export function openBlobFiles(options: { directory: string; random: Random }): BlobFiles {
  const { directory, random } = options;
  const path = (folder: string, fileId: string) => join(directory, folder, fileId);
  const made = new Map<string, Promise<void>>();
  const syncFolder = createFolderSync((folder) => join(directory, folder));

  /** Makes the folder once; the folder's own name is synced too. */
  function ensure(folder: string): Promise<void> {
    let ready = made.get(folder);
    if (!ready) {
      ready = mkdir(join(directory, folder), { recursive: true, mode: 0o700 }).then(() =>
        syncFolder(""),
      );
      made.set(folder, ready);
    }
    return ready;
  }

  /** Runs `fill` on a new file and gives the id under which it then is. */
  async function create(folder: string, fill: (handle: number) => Promise<void>): Promise<string> {
    await ensure(folder);
    const fileId = random.guid();
    const temporary = path(folder, fileId + temporarySuffix);
    const handle = await openFile(temporary, "wx", fileMode);
    try {
      await fill(handle);
      await syncFile(handle);
    } catch (error) {
      await closeFile(handle);
      await rm(temporary, { force: true });
      throw error;
    }
    await closeFile(handle);
    await rename(temporary, path(folder, fileId));
    await syncFolder(folder);
    return fileId;
  }

  const files: BlobFiles = {
    async expose({ folder, fileId, directory: outside }) {
      const target = join(outside, random.guid());
      const source = path(folder, fileId);
      await link(source, target).catch(() => copyFile(source, target));
      return target;
    },
    async exportTo(outside, content) {
      const target = join(outside, random.guid());
      const handle = await openFile(target, "wx", fileMode);
      try {
        for await (const bytes of content) await writeAll(handle, bytes, null);
      } finally {
        await closeFile(handle);
      }
      return target;
    },
    removeExport: (target) => rm(target, { force: true }),
    receive: (source, receiveOptions) => receive(source, receiveOptions, create),
    put: (folder, bytes) => create(folder, (handle) => writeAll(handle, bytes, null)),
    chunks: (folder, fileId, range) => chunksOf(path(folder, fileId), range),
    async bytes(folder, fileId) {
      const length = (await stat(path(folder, fileId))).size;
      const parts: Buffer[] = [];
      for await (const part of chunksOf(path(folder, fileId), { from: 0, length }))
        parts.push(part);
      return Buffer.concat(parts);
    },
    async duplicate({ folder, fileId, into, independent }) {
      await ensure(into);
      const newId = random.guid();
      const [source, target] = [path(folder, fileId), path(into, newId)];
      const copy = async () => {
        await copyFile(source, target);
        await syncPath(target);
      };
      if (independent) await copy();
      else await link(source, target).catch(copy);
      await syncFolder(into);
      return newId;
    },
    async extend({ folder, fileId, at, bytes }) {
      const handle = await openFile(path(folder, fileId), "r+");
      try {
        if (bytes instanceof Uint8Array) await writeAll(handle, bytes, at);
        else await copyInto(handle, at, path(bytes.folder, bytes.fileId));
        await syncFile(handle);
      } finally {
        await closeFile(handle);
      }
    },
    async remove(folder, fileIds) {
      for (const fileId of fileIds) await rm(path(folder, fileId), { force: true });
    },
    async removeFolder(folder) {
      made.delete(folder);
      await rm(join(directory, folder), { recursive: true, force: true });
    },
    async folders() {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    },
    async files(folder) {
      return readdir(join(directory, folder)).catch(() => []);
    },
  };
  return files;
}

async function receive(
  source: Readable,
  options: ReceiveOptions,
  create: (folder: string, fill: (handle: number) => Promise<void>) => Promise<string>,
): Promise<ReceivedBytes> {
  const { folder, inlineBytesMax, bytesMax, expectedBytes } = options;
  const hash = options.md5 ? createHash("md5") : undefined;
  const crc = options.crc64 ? createCrc64() : undefined;
  const chunks = counted(readChunks(source, { expectedBytes }), { crc, hash, bytesMax });
  const first = await chunks.next();
  const head = first.done ? Buffer.alloc(0) : first.value.bytes;
  if (head.length <= inlineBytesMax) {
    const inline = Buffer.from(head);
    const second = first.done ? first : await chunks.next();
    if (second.done)
      return { ...sums({ crc, hash }), length: inline.length, inline, fileId: undefined };
    return toFile([inline, second.value.bytes]);
  }
  return toFile([head]);

  async function toFile(heads: readonly Buffer[]): Promise<ReceivedBytes> {
    let length = 0;
    const fileId = await create(folder, async (handle) => {
      const ahead = createSyncAhead(handle);
      const add = async (bytes: Buffer) => {
        await writeAll(handle, bytes, null);
        length += bytes.length;
        ahead.wrote(bytes.length);
      };
      try {
        for (const bytes of heads) await add(bytes);
        for await (const { bytes } of chunks) await add(bytes);
      } finally {
        await ahead.settle();
      }
    });
    return { ...sums({ crc, hash }), length, inline: undefined, fileId };
  }
}

function sums({ crc, hash }: { crc: Crc64 | undefined; hash: Hash | undefined }) {
  return { crc64: crc?.digest(), md5: hash?.digest() };
}

/** Passes buffers on, summed and counted. */
async function* counted(
  chunks: AsyncGenerator<Buffer, void, void>,
  options: { crc: Crc64 | undefined; hash: Hash | undefined; bytesMax: number },
): AsyncGenerator<{ bytes: Buffer }, void, void> {
  const { crc, hash, bytesMax } = options;
  let length = 0;
  for await (const bytes of chunks) {
    length += bytes.length;
    if (length > bytesMax) throw new TooManyBytes(bytesMax);
    crc?.update(bytes);
    hash?.update(bytes);
    yield { bytes };
  }
}

async function writeAll(handle: number, bytes: Uint8Array, at: number | null): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const position = at === null ? null : at + done;
    const { bytesWritten } = await writeFile(handle, bytes, done, bytes.length - done, position);
    done += bytesWritten;
  }
}

async function copyInto(handle: number, at: number, source: string): Promise<void> {
  const { size } = await stat(source);
  let position = at;
  for await (const part of chunksOf(source, { from: 0, length: size })) {
    await writeAll(handle, part, position);
    position += part.length;
  }
}

/** Reads one buffer ahead, so that disk and network work at the same time. */
async function* chunksOf(path: string, range: ByteRange): AsyncGenerator<Buffer, void, void> {
  if (range.length === 0) return;
  const handle = await openFile(path, "r");
  const end = range.from + range.length;
  const next = async (from: number): Promise<Buffer> => {
    const size = Math.min(chunkBytesMax, end - from);
    if (size <= 0) return Buffer.alloc(0);
    const buffer = Buffer.allocUnsafe(size);
    const { bytesRead } = await readFile(handle, buffer, 0, size, from);
    return buffer.subarray(0, bytesRead);
  };
  let ahead: Promise<Buffer> | undefined;
  try {
    let from = range.from;
    ahead = next(from);
    for (;;) {
      const part: Buffer = await ahead;
      from += part.length;
      if (part.length === 0) {
        if (from < end)
          throw new Error(`The file '${path}' is shorter than what is recorded of it.`);
        return;
      }
      ahead = next(from);
      ahead.catch(() => undefined);
      yield part;
    }
  } finally {
    await ahead?.catch(() => undefined);
    await closeFile(handle);
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await openFile(path, "r");
  try {
    await syncFile(handle);
  } finally {
    await closeFile(handle);
  }
}

/** Syncs of one folder that are asked for while one runs share the next. */
function createFolderSync(pathOf: (folder: string) => string): (folder: string) => Promise<void> {
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
function createSyncAhead(handle: number) {
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

/** Several pieces one after the other, as a response's body. */
export function streamOf(parts: AsyncGenerator<Buffer, void, void>): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: chunkBytesMax });
}
