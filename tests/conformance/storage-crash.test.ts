// kill -9 while blobs, blocks, appends, flushes and renames are written: what was acknowledged is there,
// whole; what was not is there whole or not at all; no bytes are left that nothing refers to.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  type ContainerClient,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { type InstanceProcess, spawnInstance } from "../fixture/process.ts";
import { openAccount } from "./storage-account.ts";

/** More on demand: `CRASH_ROUNDS=100`. */
const rounds = Number(process.env.CRASH_ROUNDS ?? 3);
const writers = 8;
const account = "crashlake";

const children: ChildProcess[] = [];

async function start(directory: string): Promise<InstanceProcess> {
  const instance = await spawnInstance(directory);
  children.push(instance.child);
  return instance;
}

interface Lake {
  readonly container: ContainerClient;
  /** Requests of the Data Lake endpoint, whose client renames on Azure's host names only. */
  path(method: string, path: string, options: PathOptions): Promise<void>;
}

interface PathOptions {
  readonly query?: Record<string, string>;
  readonly body?: string;
  readonly source?: string;
}

async function open(instance: InstanceProcess): Promise<Lake> {
  const properties = { isHnsEnabled: true };
  const key = new StorageSharedKeyCredential(
    account,
    await openAccount(instance.contract, account, properties),
  );
  const root = `${instance.contract.origin}/storage/${account}`;
  const service = new BlobServiceClient(`${root}/blob`, key, { retryOptions: { maxTries: 1 } });
  const container = service.getContainerClient("data");
  await container.createIfNotExists();
  const signature = generateAccountSASQueryParameters(
    {
      services: AccountSASServices.parse("b").toString(),
      resourceTypes: AccountSASResourceTypes.parse("co").toString(),
      permissions: AccountSASPermissions.parse("racwd"),
      expiresOn: new Date(Date.now() + 3_600_000),
    },
    key,
  );
  return {
    container,
    async path(method, path, { query = {}, body, source }) {
      const search = new URLSearchParams([
        ...new URLSearchParams(`${signature}`),
        ...Object.entries(query),
      ]);
      const response = await fetch(`${root}/dfs/data/${path}?${search}`, {
        method,
        headers: {
          "x-ms-version": "2023-11-03",
          ...(source === undefined ? {} : { "x-ms-rename-source": `/data/${source}?${signature}` }),
        },
        ...(body === undefined ? {} : { body }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    },
  };
}

const sizes = [100, 20_000, 300_000];
const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Writers until the connection breaks; notes what was acknowledged, and what was last tried. */
async function load({ container, path }: Lake, state: State, round: number): Promise<void> {
  const one = async (writer: number) => {
    for (let count = 0; ; count += 1) {
      const name = `w${writer}/r${round}-${count % 7}`;
      const bytes = randomBytes(sizes[count % sizes.length] as number);
      const blob = container.getBlockBlobClient(name);
      state.tried.set(name, [...(state.tried.get(name) ?? []), hash(bytes)]);
      if (count % 2 === 0) {
        await blob.upload(bytes, bytes.length);
      } else {
        const half = bytes.length >> 1;
        await blob.stageBlock("YQ==", bytes.subarray(0, half), half);
        await blob.stageBlock("Yg==", bytes.subarray(half), bytes.length - half);
        await blob.commitBlockList(["YQ==", "Yg=="]);
      }
      state.tried.set(name, []);
      state.acknowledged.set(name, hash(bytes));
    }
  };
  const append = async () => {
    const log = container.getAppendBlobClient("log");
    await log.createIfNotExists();
    for (;;) {
      const line = `${round}-${state.lines.length}`.padEnd(63, ".");
      state.lastLine = line;
      await log.appendBlock(`${line}\n`, 64);
      state.lines.push(line);
      state.lastLine = undefined;
    }
  };
  const flush = async () => {
    for (;;) {
      if (state.flushed === 0) await path("PUT", "flushed", { query: { resource: "file" } });
      const at = state.flushed;
      const body = `${at}`.padStart(63, "0").concat("\n");
      await path("PATCH", "flushed", { query: { action: "append", position: `${at}` }, body });
      await path("PATCH", "flushed", { query: { action: "flush", position: `${at + 64}` } });
      state.flushed = at + 64;
    }
  };
  const rename = async (writer: number) => {
    const name = `r${round}-${writer}`;
    for (const file of treeFiles)
      await container.getBlockBlobClient(`from/${name}/${file}`).upload(file, file.length);
    for (let at: Place = "from"; ; at = at === "from" ? "to" : "from") {
      const other = at === "from" ? "to" : "from";
      state.trees.set(name, { at, isMoving: true });
      await path("PUT", `${other}/${name}`, { source: `${at}/${name}` });
      state.trees.set(name, { at: other, isMoving: false });
      state.renames += 1;
    }
  };
  // Renames go to a directory that is there.
  await path("PUT", "to", { query: { resource: "directory" } });
  const all = [
    append(),
    flush(),
    rename(0),
    rename(1),
    rename(2),
    ...Array.from({ length: writers }, (_, index) => one(index)),
  ];
  await Promise.allSettled(all);
}

const treeFiles = ["a", "sub/b", "sub/c"];
type Place = "from" | "to";

interface State {
  readonly acknowledged: Map<string, string>;
  readonly tried: Map<string, string[]>;
  lines: string[];
  lastLine: string | undefined;
  /** Bytes that a flush acknowledged. */
  flushed: number;
  /** Where each directory was last known to be, and whether it was about to go to the other place. */
  readonly trees: Map<string, { at: Place; isMoving: boolean }>;
  renames: number;
}

async function verify({ container }: Lake, state: State): Promise<void> {
  const seen = new Set<string>();
  for await (const { name, properties, metadata } of container.listBlobsFlat({
    includeMetadata: true,
  })) {
    if (metadata?.hdi_isfolder === "true") continue;
    seen.add(name);
    const bytes = await container.getBlobClient(name).downloadToBuffer();
    assert.equal(bytes.length, properties.contentLength);
    if (/^(?:from|to)\//.test(name)) {
      assert.ok(name.endsWith(`/${bytes}`), `${name} has the content of another`);
      continue;
    }
    if (name === "flushed") {
      verifyFlushed(bytes.toString(), state);
      continue;
    }
    if (name === "log") {
      verifyLog(bytes.toString(), state);
      continue;
    }
    const allowed = [state.acknowledged.get(name), ...(state.tried.get(name) ?? [])];
    assert.ok(allowed.includes(hash(bytes)), `${name} is torn`);
    state.acknowledged.set(name, hash(bytes));
    state.tried.set(name, []);
  }
  for (const name of state.acknowledged.keys()) assert.ok(seen.has(name), `${name} is lost`);
  verifyTrees(seen, state);
}

/** A directory is in one place, with all that is in it: where it was, or where it was to be. */
function verifyTrees(seen: ReadonlySet<string>, state: State): void {
  for (const [name, { at, isMoving }] of state.trees) {
    const filesIn = (root: Place) =>
      treeFiles.filter((file) => seen.has(`${root}/${name}/${file}`));
    const other = at === "from" ? "to" : "from";
    const now = isMoving && filesIn(at).length === 0 ? other : at;
    assert.deepEqual(filesIn(now), treeFiles, `${name} is torn or lost`);
    assert.deepEqual(filesIn(now === "from" ? "to" : "from"), [], `${name} is there twice`);
    state.trees.set(name, { at: now, isMoving: false });
  }
}

function verifyFlushed(text: string, state: State): void {
  // One flush more may have come through unheard, and no more than that.
  assert.ok(text.length === state.flushed || text.length === state.flushed + 64);
  for (let at = 0; at < text.length; at += 64)
    assert.equal(text.slice(at, at + 64), `${at}`.padStart(63, "0").concat("\n"));
  state.flushed = text.length;
}

function verifyLog(text: string, state: State): void {
  const lines = text.split("\n").slice(0, -1);
  const tail = lines.length > state.lines.length ? lines.at(-1) : undefined;
  assert.ok(tail === undefined || tail === state.lastLine, "the log has a line that nobody wrote");
  assert.deepEqual(lines.slice(0, state.lines.length), state.lines);
  state.lines = lines;
  state.lastLine = undefined;
}

/** Files of the lake, counted after a start: those that blobs need, and none besides. */
function countFiles(directory: string): number {
  const lake = join(directory, "lake");
  return readdirSync(lake).reduce((sum, folder) => sum + readdirSync(join(lake, folder)).length, 0);
}

describe("kill -9 under a load of writes to the lake", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-lake-crash-"));
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  it(`loses nothing acknowledged and leaves nothing torn or orphaned, ${rounds} times`, {
    timeout: 20_000 * rounds,
  }, async () => {
    const state: State = {
      acknowledged: new Map(),
      tried: new Map(),
      lines: [],
      lastLine: undefined,
      flushed: 0,
      trees: new Map(),
      renames: 0,
    };
    for (let round = 0; round < rounds; round += 1) {
      const instance = await start(directory);
      const lake = await open(instance);
      await verify(lake, state);
      setTimeout(() => process.kill(instance.contract.pid, "SIGKILL"), 300 + Math.random() * 500);
      await load(lake, state, round);
      if (instance.child.exitCode === null && instance.child.signalCode === null)
        await new Promise((resolve) => instance.child.once("exit", resolve));
    }
    const last = await start(directory);
    const lake = await open(last);
    await verify(lake, state);
    const { container } = lake;
    // An empty list gives up the blocks that were staged for a blob and not committed.
    for (const name of state.tried.keys())
      await container.getBlockBlobClient(name).commitBlockList([]);
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    // What is in a directory goes before it.
    for (const name of names.reverse()) await container.deleteBlob(name);
    process.kill(last.contract.pid, "SIGTERM");
    await new Promise((resolve) => last.child.once("exit", resolve));
    const again = await start(directory);
    assert.equal(countFiles(directory), 0);
    process.kill(again.contract.pid, "SIGTERM");
    await new Promise((resolve) => again.child.once("exit", resolve));
    assert.ok(state.acknowledged.size > rounds);
    assert.ok(state.renames > 0 && state.flushed > 0);
    console.log(
      `# ${state.acknowledged.size} blobs, ${state.lines.length} appends, ${state.flushed / 64} flushes and ${state.renames} renames of directories survived`,
    );
  });
});
