// kill -9 while blobs, blocks, appends and renames are written: what was acknowledged is there, whole; what
// was not is there whole or not at all; no bytes are left that nothing refers to.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  BlobServiceClient,
  type ContainerClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { Contract } from "@callosum/server/main.ts";
import { openAccount } from "./storage-account.ts";

/** More on demand: `CRASH_ROUNDS=100`. */
const rounds = Number(process.env.CRASH_ROUNDS ?? 3);
const writers = 8;
const account = "crashlake";
const launcher = fileURLToPath(new URL("../../packages/cli/bin/callosum.js", import.meta.url));

interface Instance {
  readonly child: ChildProcess;
  readonly contract: Contract;
}

const children: ChildProcess[] = [];

function start(directory: string): Promise<Instance> {
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
  const child = spawn(process.execPath, [launcher, "up", "--json", "--data", directory, ...ports], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (!output.includes("\n")) return;
      child.removeAllListeners("exit");
      resolve({ child, contract: JSON.parse(output) as Contract });
    });
  });
}

async function open(instance: Instance): Promise<ContainerClient> {
  const key = new StorageSharedKeyCredential(
    account,
    await openAccount(instance.contract, account, {}),
  );
  const url = `${instance.contract.origin}/storage/${account}/blob`;
  const service = new BlobServiceClient(url, key, { retryOptions: { maxTries: 1 } });
  const container = service.getContainerClient("data");
  await container.createIfNotExists();
  return container;
}

const sizes = [100, 20_000, 300_000];
const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Writers until the connection breaks; notes what was acknowledged, and what was last tried. */
async function load(container: ContainerClient, state: State, round: number): Promise<void> {
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
  const all = [append(), ...Array.from({ length: writers }, (_, index) => one(index))];
  await Promise.allSettled(all);
}

interface State {
  readonly acknowledged: Map<string, string>;
  readonly tried: Map<string, string[]>;
  lines: string[];
  lastLine: string | undefined;
}

async function verify(container: ContainerClient, state: State): Promise<void> {
  const seen = new Set<string>();
  for await (const { name, properties } of container.listBlobsFlat()) {
    seen.add(name);
    const bytes = await container.getBlobClient(name).downloadToBuffer();
    assert.equal(bytes.length, properties.contentLength);
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
    };
    for (let round = 0; round < rounds; round += 1) {
      const instance = await start(directory);
      const container = await open(instance);
      await verify(container, state);
      setTimeout(() => process.kill(instance.contract.pid, "SIGKILL"), 300 + Math.random() * 500);
      await load(container, state, round);
      if (instance.child.exitCode === null && instance.child.signalCode === null)
        await new Promise((resolve) => instance.child.once("exit", resolve));
    }
    const last = await start(directory);
    const container = await open(last);
    await verify(container, state);
    // An empty list gives up the blocks that were staged for a blob and not committed.
    for (const name of state.tried.keys())
      await container.getBlockBlobClient(name).commitBlockList([]);
    for await (const { name } of container.listBlobsFlat()) await container.deleteBlob(name);
    process.kill(last.contract.pid, "SIGTERM");
    await new Promise((resolve) => last.child.once("exit", resolve));
    const again = await start(directory);
    assert.equal(countFiles(directory), 0);
    process.kill(again.contract.pid, "SIGTERM");
    await new Promise((resolve) => again.child.once("exit", resolve));
    assert.ok(state.acknowledged.size > rounds);
    console.log(`# ${state.acknowledged.size} blobs and ${state.lines.length} appends survived`);
  });
});
