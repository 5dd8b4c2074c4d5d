// Bytes of the lake on disk: one immutable file for each piece that was written, in a folder for each
// container. A piece is written under a temporary name, synced, renamed, and its folder synced before
// anyone may refer to it; what nobody refers to is removed (storage/lake/collect.ts says what).

import { createHash, type Hash } from "node:crypto";
import { copyFile, link, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Random } from "@callosum/contract/ports.ts";
import { chunkBytesMax, readChunks } from "./byte-chunks.ts";
import { type Crc64, createCrc64 } from "./crc64.ts";
import {
  type ByteRange,
  chunksOf,
  closeFile,
  copyInto,
  createFolderSync,
  createSyncAhead,
  openFile,
  syncFile,
  syncPath,
  writeAll,
} from "./file-io.ts";

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

const temporarySuffix = ".part";
const fileMode = 0o600;

export function openBlobFiles(options: { directory: string; random: Random }): BlobFiles {
  const placement = createPlacement(options);
  const { path, ensure, create, syncFolder } = placement;
  return {
    ...outsideOf(placement),
    ...housekeepingOf(placement),
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
      const newId = options.random.guid();
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
  };
}

type Create = (folder: string, fill: (handle: number) => Promise<void>) => Promise<string>;

interface Placement {
  readonly directory: string;
  readonly random: Random;
  path(folder: string, fileId: string): string;
  /** Makes a folder once; its own name is synced too. */
  ensure(folder: string): Promise<void>;
  forget(folder: string): void;
  syncFolder(folder: string): Promise<void>;
  /** Runs `fill` on a new file and gives the id under which it then is. */
  readonly create: Create;
}

function createPlacement(options: { directory: string; random: Random }): Placement {
  const { directory, random } = options;
  const path = (folder: string, fileId: string) => join(directory, folder, fileId);
  const made = new Map<string, Promise<void>>();
  const syncFolder = createFolderSync((folder) => join(directory, folder));

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

  return {
    directory,
    random,
    path,
    ensure,
    syncFolder,
    create,
    forget: (folder) => void made.delete(folder),
  };
}

/** Copies for others, outside of the lake's own folders. */
function outsideOf({
  path,
  random,
}: Placement): Pick<BlobFiles, "expose" | "exportTo" | "removeExport"> {
  return {
    async expose({ folder, fileId, directory }) {
      const target = join(directory, random.guid());
      const source = path(folder, fileId);
      await link(source, target).catch(() => copyFile(source, target));
      return target;
    },
    async exportTo(directory, content) {
      const target = join(directory, random.guid());
      const handle = await openFile(target, "wx", fileMode);
      try {
        for await (const bytes of content) await writeAll(handle, bytes, null);
      } finally {
        await closeFile(handle);
      }
      return target;
    },
    removeExport: (target) => rm(target, { force: true }),
  };
}

function housekeepingOf({
  path,
  directory,
  forget,
}: Placement): Pick<BlobFiles, "remove" | "removeFolder" | "folders" | "files"> {
  return {
    async remove(folder, fileIds) {
      for (const fileId of fileIds) await rm(path(folder, fileId), { force: true });
    },
    async removeFolder(folder) {
      forget(folder);
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
}

async function receive(
  source: Readable,
  options: ReceiveOptions,
  create: Create,
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

/** Several pieces one after the other, as a response's body. */
export function streamOf(parts: AsyncGenerator<Buffer, void, void>): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: chunkBytesMax });
}
