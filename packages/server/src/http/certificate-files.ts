// Where certificates.ts keeps its PEM files: one private directory, each write atomic.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

export interface CertificateFiles {
  path(name: string): string;
  /** Undefined when there is no such file. */
  read(name: string): string | undefined;
  /** Replaces the file whole or not at all. Only its owner can read what is `secret`. */
  write(name: string, text: string, access: "secret" | "public"): void;
}

/** Creates the directory (0700) where it is missing. */
export function openCertificateFiles(directory: string): CertificateFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // mkdir leaves the mode of a directory that was there before.
  chmodSync(directory, 0o700);
  const path = (name: string) => join(directory, name);
  return {
    path,
    read(name) {
      try {
        return readFileSync(path(name), "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    write(name, text, access) {
      const temporary = path(`.${name}.new`);
      const descriptor = openSync(temporary, "w", 0o600);
      try {
        chmodSync(temporary, access === "secret" ? 0o600 : 0o644);
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, path(name));
    },
  };
}
