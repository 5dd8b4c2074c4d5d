// The file of a snapshot: one zstd stream of entries, each a line of JSON and the bytes that it
// announces; the last one lists all others with their digests, so that nothing can be cut off, damaged
// or left out unseen.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { CommandError } from "../command.ts";

export interface SnapshotAbout {
  readonly format: "callosum-snapshot/1";
  /** Of the program that made it. */
  readonly version: string;
  readonly savedAt: string;
  /** Whether it was running at that moment: it then starts as after a power failure. */
  readonly wasRunning: boolean;
  readonly includesKey: boolean;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
}

export interface SnapshotFile {
  /** Below the data directory, with slashes. */
  readonly name: string;
  readonly length: number;
  readonly mode: number;
}

interface ListedFile extends SnapshotFile {
  readonly sha256: string;
}

const lineMax = 64 * 1024;
const endName = "//end";

/** Writes the archive, mode 0600. Gives its length in bytes. */
export async function writeArchive(
  target: string,
  content: { about: SnapshotAbout; root: string; files: readonly SnapshotFile[] },
): Promise<number> {
  const compress = createZstdCompress({
    // Databases and models gain little above the first level, and time counts.
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const output = createWriteStream(target, { mode: 0o600, flush: true });
  await pipeline(Readable.from(entriesOf(content)), compress, output);
  return output.bytesWritten;
}

async function* entriesOf(content: {
  about: SnapshotAbout;
  root: string;
  files: readonly SnapshotFile[];
}): AsyncGenerator<Buffer> {
  const { about, root, files } = content;
  yield lineOf(about);
  const listed: ListedFile[] = [];
  for (const file of files) {
    yield lineOf(file);
    const digest = createHash("sha256");
    let length = 0;
    // The announced length and no more: a log that a running process appends to may have grown.
    if (file.length > 0) {
      const end = file.length - 1;
      for await (const chunk of createReadStream(join(root, file.name), { end })) {
        length += (chunk as Buffer).length;
        digest.update(chunk as Buffer);
        yield chunk as Buffer;
      }
    }
    if (length !== file.length) throw new Error(`${file.name} changed while it was read.`);
    listed.push({ ...file, sha256: digest.digest("hex") });
  }
  yield lineOf({ name: endName, files: listed.length, sha256: digestOf(listed) });
}

function lineOf(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/** One digest over all entries: what the end of the archive says of its contents. */
function digestOf(listed: readonly ListedFile[]): string {
  return createHash("sha256").update(JSON.stringify(listed)).digest("hex");
}

/** What the archive says of itself; nothing else is read. */
export async function readAbout(file: string): Promise<SnapshotAbout> {
  const reader = openReader(file);
  try {
    return readStart(await reader.line(), file);
  } catch (error) {
    throw asDamage(error, file);
  } finally {
    reader.close();
  }
}

/** What the disk refuses is no fault of the file. */
function asDamage(error: unknown, file: string): unknown {
  if (error instanceof CommandError) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  return /^(?:ENOSPC|EACCES|EROFS|EDQUOT)$/.test(code) ? error : damaged(file, message);
}

function readStart(line: unknown, file: string): SnapshotAbout {
  const about = line as Partial<SnapshotAbout> | undefined;
  if (about?.format === "callosum-snapshot/1") return about as SnapshotAbout;
  const format = typeof about?.format === "string" ? ` (its format is '${about.format}')` : "";
  throw damaged(file, `it is no snapshot that this version reads${format}.`);
}

/**
 * Unpacks into an empty directory and checks every byte. Throws SnapshotDamaged; what was written until
 * then is the caller's to remove.
 */
export async function unpackArchive(file: string, directory: string): Promise<SnapshotAbout> {
  const reader = openReader(file);
  try {
    const about = readStart(await reader.line(), file);
    const listed: ListedFile[] = [];
    const made = new Set<string>();
    for (;;) {
      const entry = (await reader.line()) as
        | (SnapshotFile & { sha256?: string; files?: number })
        | undefined;
      if (!entry) throw damaged(file, "it ends too early.");
      if (entry.name === endName) {
        const isWhole = entry.files === listed.length && entry.sha256 === digestOf(listed);
        if (!isWhole) throw damaged(file, "its list of files does not match its contents.");
        return about;
      }
      requireInside(entry, file);
      const folder = dirname(join(directory, entry.name));
      if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
      made.add(folder);
      const sha256 = await unpackOne(reader, { entry, target: join(directory, entry.name) });
      const { name, length, mode } = entry;
      listed.push({ name, length, mode, sha256 });
    }
  } catch (error) {
    throw asDamage(error, file);
  } finally {
    reader.close();
  }
}

/** A name that leads out of the directory is nobody's honest work. */
function requireInside({ name, length, mode }: SnapshotFile, file: string): void {
  const isPlain =
    typeof name === "string" &&
    name.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
    !name.includes("\\") &&
    Number.isSafeInteger(length) &&
    length >= 0 &&
    Number.isInteger(mode);
  if (!isPlain) throw damaged(file, "it names a file outside the directory.");
}

async function unpackOne(
  reader: ArchiveReader,
  { entry, target }: { entry: SnapshotFile; target: string },
): Promise<string> {
  const digest = createHash("sha256");
  const handle = await open(target, "wx", 0o600);
  try {
    for await (const chunk of reader.bytes(entry.length)) {
      digest.update(chunk);
      await handle.write(chunk);
    }
  } finally {
    await handle.close();
  }
  await chmod(target, entry.mode & 0o700);
  return digest.digest("hex");
}

interface ArchiveReader {
  /** The next line's JSON; undefined at the end. */
  line(): Promise<unknown>;
  bytes(length: number): AsyncGenerator<Buffer>;
  close(): void;
}

function openReader(file: string): ArchiveReader {
  const input = createReadStream(file);
  const stream = input.pipe(createZstdDecompress());
  input.once("error", (error) => stream.destroy(error));
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (done) return false;
    held = held.length === 0 ? value : Buffer.concat([held, value]);
    return true;
  };
  return {
    async line() {
      let end = held.indexOf(10);
      while (end === -1) {
        if (held.length > lineMax) throw new Error("A line of it is too long.");
        if (!(await more())) {
          if (held.length > 0) throw new Error("It ends within a line.");
          return undefined;
        }
        end = held.indexOf(10);
      }
      const text = held.subarray(0, end).toString("utf8");
      held = held.subarray(end + 1);
      return JSON.parse(text);
    },
    async *bytes(length) {
      for (let left = length; left > 0; ) {
        if (held.length === 0 && !(await more())) throw new Error("It ends within a file.");
        const part = held.subarray(0, left);
        held = held.subarray(part.length);
        left -= part.length;
        yield part;
      }
    },
    close() {
      input.destroy();
      stream.destroy();
    },
  };
}

function damaged(file: string, reason: string): CommandError {
  return new CommandError({
    code: "SnapshotDamaged",
    message: `${file} cannot be restored: ${reason}`,
    hint: "Nothing was changed.",
  });
}
