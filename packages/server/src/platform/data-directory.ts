// The data directory: one instance, one directory, mode 0700. Secrets in it are files of mode 0600,
// written whole or not at all. A lock says which process has it.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface DataDirectory {
  readonly path: string;
  file(...names: string[]): string;
  read(name: string): string | undefined;
  /** Replaces the file at once; mode 0600. */
  write(name: string, content: string | Uint8Array): void;
  remove(name: string): void;
  /** Makes and gives a subdirectory of mode 0700. */
  directory(name: string): string;
  /** 32 bytes: `CALLOSUM_KEY` (base64) in the environment, else the key file, made when missing. */
  instanceKey(environment: NodeJS.ProcessEnv): Uint8Array;
}

export class DirectoryInUse extends Error {
  readonly pid: number;
  constructor(path: string, pid: number) {
    super(
      `Callosum already runs on ${path} with pid ${pid}. Use 'callosum down' to stop it, or another --data directory.`,
    );
    this.name = "DirectoryInUse";
    this.pid = pid;
  }
}

const lockName = "callosum.pid";
const keyName = "instance.key";

export function openDataDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = (...names: string[]) => join(path, ...names);
  const directory: DataDirectory = {
    path,
    file,
    read(name) {
      return existsSync(file(name)) ? readFileSync(file(name), "utf8") : undefined;
    },
    write(name, content) {
      writeWhole(file(name), content);
    },
    remove(name) {
      rmSync(file(name), { force: true });
    },
    directory(name) {
      mkdirSync(file(name), { recursive: true, mode: 0o700 });
      return file(name);
    },
    instanceKey(environment) {
      const given = environment.CALLOSUM_KEY;
      if (given !== undefined) return Buffer.from(given, "base64");
      const stored = directory.read(keyName);
      if (stored !== undefined) return Buffer.from(stored.trim(), "base64");
      const key = randomBytes(32);
      directory.write(keyName, `${key.toString("base64")}\n`);
      return key;
    },
  };
  return directory;
}

function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const handle = openSync(temporary, "w", 0o600);
  try {
    writeSync(handle, typeof content === "string" ? Buffer.from(content) : content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
}

/**
 * Takes the directory for this process; throws DirectoryInUse while another one that is alive has it.
 * Gives the function that lets it go.
 */
export function lockDirectory(directory: DataDirectory): () => void {
  const holder = lockHolder(directory);
  if (holder !== undefined && holder !== process.pid)
    throw new DirectoryInUse(directory.path, holder);
  directory.write(lockName, `${process.pid}\n`);
  return () => {
    if (Number(directory.read(lockName)) === process.pid) directory.remove(lockName);
  };
}

/** The pid of the live process that has the directory. A reused pid of another program doesn't count. */
export function lockHolder(directory: DataDirectory): number | undefined {
  const pid = Number(directory.read(lockName));
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return looksLikeOurs(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Where /proc tells, a process whose command line isn't Node's can't be an instance. */
function looksLikeOurs(pid: number): boolean {
  const path = `/proc/${pid}/cmdline`;
  if (!existsSync(path)) return true;
  return /node|callosum/.test(readFileSync(path, "utf8"));
}
