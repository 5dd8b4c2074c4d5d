// Snapshots through the real program: a running instance under load, a stopped one, restored elsewhere;
// damaged files, wrong places, with and without the key.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Connection } from "@callosum/sdk/connection.ts";
import { listResources, putResource } from "@callosum/sdk/resource.ts";
import { openSynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import type { Contract } from "@callosum/server/main.ts";
import { openApi } from "callosum/api.ts";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";
import { createLinkableWorkspaces } from "../../packages/cli/test/linkable-workspace.ts";

const source = openCallosumDirectory();
const target = openCallosumDirectory();
const files = mkdtempSync(join(tmpdir(), "callosum-snapshot-"));
const file = join(files, "running.snapshot");
let contract: Contract;
let api: Connection;

before(async () => {
  contract = (await source.up()).json();
  api = openApi(contract);
  await createLinkableWorkspaces(api, contract.subscriptionId);
  await openSynapseWorkspace("ws1", api).linkedServices.create("sealed1", {
    type: "AzureBlobFS",
    typeProperties: {
      url: "https://x.dfs.core.windows.net",
      accountKey: { type: "SecureString", value: "a2V5" },
    },
  });
});
after(async () => {
  rmSync(files, { recursive: true, force: true });
  await Promise.all([source.close(), target.close()]);
});

const groupId = (name: string) =>
  `/subscriptions/${contract.subscriptionId}/resourceGroups/${name}`;
const putGroup = (name: string) => {
  const body = { location: "westeurope" };
  return putResource(api, { id: groupId(name), apiVersion: "2022-09-01", body });
};

/** Starts the restored instance, looks into it, stops it. */
async function lookInto<Result>(
  directory: CallosumDirectory,
  look: (api: Connection) => Promise<Result>,
): Promise<Result> {
  const up = await directory.up();
  assert.equal(up.code, 0, up.stderr);
  try {
    return await look(openApi(up.json()));
  } finally {
    await directory.run("down");
  }
}

const groupNames = async (of: Connection) => {
  const id = `/subscriptions/${contract.subscriptionId}/resourceGroups`;
  return (await listResources(of, { id, apiVersion: "2022-09-01" })).map(({ name }) => name);
};

async function storageKeys(of: Connection): Promise<unknown> {
  const account = `${groupId("group1")}/providers/Microsoft.Storage/storageAccounts/mlstorage1`;
  const { body } = await of.send({
    service: "resourceManager",
    method: "POST",
    path: `${account}/listKeys`,
    query: { "api-version": "2023-01-01" },
  });
  return (body as { keys: { value: string }[] }).keys.map(({ value }) => value);
}

test("a running instance is saved at one moment under load, and goes on", async () => {
  const acknowledged: string[] = [];
  let isSaving = true;
  const load = (async () => {
    for (let count = 0; isSaving; count += 1) {
      await putGroup(`load${count}`);
      acknowledged.push(`load${count}`);
    }
  })();
  while (acknowledged.length < 5) await new Promise((resolve) => setImmediate(resolve));
  const before = acknowledged.length;
  const saved = await source.run("snapshot", "save", file, "--json");
  isSaving = false;
  await load;
  assert.equal(saved.code, 0, saved.stderr);
  assert.equal(saved.json().includesKey, true);
  assert.equal(saved.json().wasRunning, true);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(files).filter((name) => name !== "running.snapshot"),
    [],
    "nothing of the copy is left",
  );
  assert.equal((await source.run("status")).code, 0);
  const restored = await target.run("snapshot", "restore", file, "--json");
  assert.equal(restored.code, 0, restored.stderr);
  await lookInto(target, async (other) => {
    const names = new Set(await groupNames(other));
    for (const name of acknowledged.slice(0, before)) assert.ok(names.has(name), name);
    // One moment: what it has of the load is a beginning of it, without a gap.
    const kept = acknowledged.filter((name) => names.has(name)).length;
    assert.deepEqual(
      acknowledged.slice(0, kept).filter((name) => !names.has(name)),
      [],
    );
    const links = await openSynapseWorkspace("ws1", other).linkedServices.list();
    assert.ok(links.some(({ name }) => name === "sealed1"));
    assert.deepEqual(await storageKeys(other), await storageKeys(api), "sealed secrets open");
  });
});

test("a restore leaves alone what is there, and replaces it with --force", async () => {
  const words = ["snapshot", "restore", file];
  const refused = await target.run(...words);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is not empty[\s\S]*--force/);
  const over = await source.run(...words, "--force");
  assert.equal(over.code, 1, "an instance that runs is never replaced");
  assert.match(over.stderr, /runs \(pid/);
  const forced = await target.run(...words, "--force");
  assert.equal(forced.code, 0, forced.stderr);
  const documents = openCallosumDirectory();
  writeFileSync(join(documents.path, "thesis.txt"), "years of work");
  const wrong = await documents.run(...words, "--force");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /no instance's directory/);
  assert.equal(readFileSync(join(documents.path, "thesis.txt"), "utf8"), "years of work");
  await documents.close();
});

test("a file that is damaged, cut off or something else changes nothing", async () => {
  const whole = readFileSync(file);
  const middle = Buffer.from(whole);
  middle[Math.floor(whole.length / 2)] = (middle[Math.floor(whole.length / 2)] ?? 0) ^ 1;
  const rows: readonly [string, Buffer][] = [
    ["a bit of it", middle],
    ["its end", whole.subarray(0, -20)],
    ["its second half", whole.subarray(0, whole.length / 2)],
    ["all of it", Buffer.from("no snapshot")],
    ["everything", Buffer.alloc(0)],
  ];
  const before = readdirSync(target.path).sort();
  for (const [title, content] of rows) {
    const damaged = join(files, "damaged.snapshot");
    writeFileSync(damaged, content);
    const { code, stderr } = await target.run("snapshot", "restore", damaged, "--force");
    assert.equal(code, 1, `${title}: ${stderr}`);
    assert.match(stderr, /cannot be restored/, title);
    assert.deepEqual(readdirSync(target.path).sort(), before, title);
  }
  const own = basename(target.path);
  const beside = readdirSync(dirname(target.path)).filter((name) => name.startsWith(`${own}.`));
  assert.deepEqual(beside, []);
});

test("without the key it says so, and a restore needs the key from elsewhere", async () => {
  const keyless = join(files, "keyless.snapshot");
  const saved = await source.run("snapshot", "save", keyless, "--without-key");
  assert.equal(saved.code, 0, saved.stderr);
  assert.match(saved.stdout, /but not the key/);
  const words = ["snapshot", "restore", keyless, "--force"];
  const refused = await target.run(...words);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /CALLOSUM_KEY/);
  const key = join(source.path, "instance.key");
  const restored = await target.run(...words, "--key", key);
  assert.equal(restored.code, 0, restored.stderr);
  assert.equal(statSync(join(target.path, "instance.key")).mode & 0o777, 0o600);
  const environment = { ...process.env, CALLOSUM_KEY: readFileSync(key, "utf8").trim() };
  const byVariable = await target.runWith({ environment }, ...words);
  assert.equal(byVariable.code, 0, byVariable.stderr);
  assert.ok(!existsSync(join(target.path, "instance.key")));
});

test("a stopped instance is saved as well; a file that is there stays", async () => {
  assert.equal((await source.run("down")).code, 0);
  const stopped = join(files, "stopped.snapshot");
  const saved = await source.run("snapshot", "save", stopped, "--json");
  assert.equal(saved.code, 0, saved.stderr);
  assert.equal(saved.json().wasRunning, false);
  const again = await source.run("snapshot", "save", stopped);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /is there already/);
  const restored = await target.run("snapshot", "restore", stopped, "--force");
  assert.equal(restored.code, 0, restored.stderr);
  const names = await lookInto(target, groupNames);
  assert.ok(names.includes("group1"));
});

test("the line says what it lacks", async () => {
  const nowhere = await target.run("snapshot", "restore", join(files, "absent"), "--force");
  assert.equal(nowhere.code, 2);
  const empty = openCallosumDirectory();
  const nothing = await empty.run("snapshot", "save", join(files, "nothing"));
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /There is no instance/);
  const inside = await source.run("snapshot", "save", join(source.path, "x.snapshot"));
  assert.equal(inside.code, 2);
  const noAction = await source.run("snapshot", "keep", "x");
  assert.equal(noAction.code, 2);
  await empty.close();
});
