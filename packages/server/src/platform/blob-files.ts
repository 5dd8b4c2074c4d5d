// Bytes of the lake on disk: one immutable file for each piece that was written, in a folder for each
// container. A piece has a new name, under which it and its folder are synced before anyone may refer to it;
// what nobody refers to is removed (storage/lake/collect.ts says what), whole or not.

import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Random } from "@callosum/contract/ports.ts";
import { type Chunk, readChunks } from "./byte-chunks.ts";
import { slotBytes } from "./byte-slots.ts";
import { createCrc64 } from "./crc64.ts";
import { writeAside } from "./file-aside.ts";
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
  /** Names of all files of a folder, those included that are being written. */
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
    const handle = await openFile(path(folder, fileId), "wx", fileMode);
    // The name is on disk by the time that the bytes are.
    const named = syncFolder(folder);
    named.catch(() => undefined);
    try {
      await fill(handle);
      await syncFile(handle);
      await named;
    } catch (error) {
      await closeFile(handle);
      await rm(path(folder, fileId), { force: true });
      throw error;
    }
    await closeFile(handle);
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
  const { expectedBytes, bytesMax } = options;
  const chunks = limited(readChunks(source, { expectedBytes }), bytesMax);
  const heads: Chunk[] = [];
  try {
    // A chunk that is not full is the last.
    while (heads.length < 2 && (heads[0]?.bytes.length ?? slotBytes) === slotBytes) {
      const next = await chunks.next();
      if (next.done) break;
      heads.push(next.value);
    }
    return heads.length < 2
      ? await receiveShort(heads[0]?.bytes ?? Buffer.alloc(0), options, create)
      : await receiveLong({ heads, chunks }, options, create);
  } finally {
    for (const head of heads) head.release();
    await chunks.return();
  }
}

/** What fits into one chunk is summed here, and written when it is not to be kept inline. */
async function receiveShort(
  bytes: Buffer,
  options: ReceiveOptions,
  create: Create,
): Promise<ReceivedBytes> {
  const crc = options.crc64 ? createCrc64() : undefined;
  crc?.update(bytes);
  const received = {
    crc64: crc?.digest(),
    md5: options.md5 ? createHash("md5").update(bytes).digest() : undefined,
    length: bytes.length,
  };
  if (bytes.length <= options.inlineBytesMax)
    return { ...received, inline: Buffer.from(bytes), fileId: undefined };
  const fileId = await create(options.folder, (handle) => writeAll(handle, bytes, null));
  return { ...received, inline: undefined, fileId };
}

/** Anything longer is summed and written on the thread for it, at most a few chunks behind. */
async function receiveLong(
  { heads, chunks }: { heads: readonly Chunk[]; chunks: AsyncGenerator<Chunk, void, void> },
  options: ReceiveOptions,
  create: Create,
): Promise<ReceivedBytes> {
  let length = 0;
  let sums: Pick<ReceivedBytes, "md5" | "crc64"> = { md5: undefined, crc64: undefined };
  const fileId = await create(options.folder, async (handle) => {
    const ahead = createSyncAhead(handle);
    const aside = writeAside(handle, options);
    let failure: { error: unknown } | undefined;
    let written: Promise<void> = Promise.resolve();
    const add = ({ bytes, release }: Chunk) => {
      length += bytes.length;
      written = aside
        .write(bytes)
        .then(
          () => ahead.wrote(bytes.length),
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(release);
    };
    try {
      for (const chunk of heads) add(chunk);
      for await (const chunk of chunks) {
        if (failure) break;
        add(chunk);
      }
    } finally {
      // The file must stay open until the thread is done with it; answers come in order.
      await written;
      const ended = aside.end();
      ended.catch(() => undefined);
      await ahead.settle();
      if (!failure) sums = await ended;
    }
    if (failure) throw (failure as { error: unknown }).error;
  });
  return { ...sums, length, inline: undefined, fileId };
}

async function* limited(
  chunks: AsyncGenerator<Chunk, void, void>,
  bytesMax: number,
): AsyncGenerator<Chunk, void, void> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.bytes.length;
    if (length > bytesMax) {
      chunk.release();
      throw new TooManyBytes(bytesMax);
    }
    yield chunk;
  }
}

/** Several pieces one after the other, as a response's body. */
export function streamOf(parts: AsyncGenerator<Buffer, void, void>): Readable {
  return Readable.from(parts, { objectMode: false, highWaterMark: slotBytes });
}
