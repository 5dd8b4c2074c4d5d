// The archive's own rules, below the command: what goes in comes out, and a name never leads out.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  readAbout,
  type SnapshotAbout,
  type SnapshotFile,
  unpackArchive,
  writeArchive,
} from "./archive.ts";

const directory = mkdtempSync(join(tmpdir(), "callosum-archive-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const about: SnapshotAbout = {
  format: "callosum-snapshot/1",
  version: "0.0.0",
  savedAt: "2026-01-01T00:00:00.000Z",
  wasRunning: false,
  includesKey: false,
};
const root = join(directory, "root");
mkdirSync(join(root, "deep", "er"), { recursive: true });
const big = Buffer.alloc(3 * 1024 * 1024, "0123456789\n");
writeFileSync(join(root, "empty"), "");
writeFileSync(join(root, "deep", "er", "big"), big);
writeFileSync(join(directory, "outside"), "x");

let count = 0;
async function write(files: readonly SnapshotFile[]): Promise<string> {
  count += 1;
  const target = join(directory, `${count}.snapshot`);
  await writeArchive(target, { about, root, files });
  return target;
}

function emptyDirectory(): string {
  return mkdtempSync(join(directory, "to-"));
}

test("empty files, long ones and folders come out as they went in", async () => {
  const files = [
    { name: "empty", length: 0, mode: 0o600 },
    { name: "deep/er/big", length: big.length, mode: 0o644 },
  ];
  const archive = await write(files);
  assert.equal(statSync(archive).mode & 0o777, 0o600);
  assert.deepEqual(await readAbout(archive), about);
  const to = emptyDirectory();
  assert.deepEqual(await unpackArchive(archive, to), about);
  assert.equal(readFileSync(join(to, "empty"), "utf8"), "");
  assert.ok(readFileSync(join(to, "deep", "er", "big")).equals(big));
  assert.equal(statSync(join(to, "deep", "er", "big")).mode & 0o777, 0o600);
});

test("a name that leads out of the directory is refused", async () => {
  for (const name of [
    "../outside",
    "deep/../../outside",
    "/etc/hostname",
    "./empty",
    "deep//er/big",
  ]) {
    const archive = await write([{ name, length: 0, mode: 0o600 }]);
    await assert.rejects(unpackArchive(archive, emptyDirectory()), /outside the directory/, name);
  }
});

test("a file that became shorter meanwhile is no snapshot", async () => {
  const longer = [{ name: "deep/er/big", length: big.length + 1, mode: 0o600 }];
  await assert.rejects(write(longer), /changed while it was read/);
});
