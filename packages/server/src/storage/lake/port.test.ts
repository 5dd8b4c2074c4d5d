import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { LakeAccess, LakePort } from "@callosum/contract/lake.ts";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";
import { createCaller } from "../../../../../tests/registry/principal.ts";
import { createLake, dataRoleIds, type TestLake } from "../testing/lake.ts";
import { pathOf } from "./address.ts";
import { matchesPattern, patternRoot } from "./pattern.ts";

describe("addresses of the lake", () => {
  it("are taken apart in every form, and nothing else is", () => {
    const rows: [string, string | undefined][] = [
      ["https://acc.blob.core.windows.net/c/a/b.csv", "acc c a/b.csv"],
      ["https://acc.dfs.core.windows.net/c/a%20b/", "acc c a b"],
      ["abfss://c@acc.dfs.core.windows.net/a/b", "acc c a/b"],
      ["wasbs://c@acc.blob.core.windows.net/a?x=y", "acc c a"],
      ["https://localhost:8443/storage/acc/dfs/c/a", "acc c a"],
      ["https://example.com/c/a", undefined],
      ["file:///etc/passwd", undefined],
      ["https://acc.blob.core.windows.net.evil.com/c/a", undefined],
    ];
    for (const [url, expected] of rows) {
      const found = pathOf(url);
      assert.equal(found && `${found.account} ${found.container} ${found.path}`, expected, url);
    }
  });

  it("may have patterns, which stay within one name", () => {
    const url = "https://acc.dfs.core.windows.net/c/in/*.csv";
    assert.equal(patternRoot(url), "https://acc.dfs.core.windows.net/c/in");
    assert.ok(matchesPattern(url, "in/a.csv"));
    assert.ok(!matchesPattern(url, "in/deep/a.csv"));
    assert.ok(!matchesPattern(url, "in/a.csv.gz"));
  });
});

describe("the lake's port for engines", () => {
  let server: TestServer;
  let lake: TestLake;
  let port: LakePort;
  let root: string;
  const directory = mkdtempSync(join(tmpdir(), "callosum-stage-"));
  const asServer: LakeAccess = { kind: "server" };

  before(async () => {
    server = await startServer();
    lake = await createLake(server, "portlake");
    port = server.running.internals.lake;
    root = `https://${lake.name}.dfs.core.windows.net/data`;
    const made = `${lake.id}/blobServices/default/containers/data?api-version=2023-05-01`;
    await server.admin.send("PUT", made, { properties: {} });
  });
  after(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function* bytesOf(text: string) {
    yield Buffer.from(text);
  }
  async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
    let text = "";
    for await (const part of parts) text += Buffer.from(part).toString();
    return text;
  }

  it("writes, describes, reads ranges, lists and removes", async () => {
    const entry = await port.write(`${root}/in/a.csv`, asServer, bytesOf("a,b\n1,2\n"));
    assert.deepEqual([entry.path, entry.length, entry.isDirectory], ["in/a.csv", 8, false]);
    const range = await port.read(`${root}/in/a.csv`, asServer, { from: 4, length: 3 });
    assert.equal(await textOf(range), "1,2");
    const names: string[] = [];
    for await (const { path } of port.list(root, asServer, { recursive: true })) names.push(path);
    assert.deepEqual(names, ["in", "in/a.csv"]);
    assert.equal((await port.stat(`${root}/in`, asServer))?.isDirectory, true);
    assert.equal(await port.stat(`${root}/none`, asServer), undefined);
    assert.equal(await port.remove(`${root}/in`, asServer), true);
    assert.equal(await port.remove(`${root}/in`, asServer), false);
  });

  it("stages small and large files, and what a pattern names, and takes them back", async () => {
    const large = "x".repeat(100_000);
    await port.write(`${root}/stage/1.csv`, asServer, bytesOf("one"));
    await port.write(`${root}/stage/2.csv`, asServer, bytesOf(large));
    await port.write(`${root}/stage/_SUCCESS`, asServer, bytesOf(""));
    await port.write(`${root}/stage/3.txt`, asServer, bytesOf("three"));
    const seen: [string, number][] = [];
    for await (const file of port.stageAll(`${root}/stage/*.csv`, asServer, directory))
      seen.push([file.url.split("/").at(-1) ?? "", readFileSync(file.path).length]);
    assert.deepEqual(seen, [
      ["1.csv", 3],
      ["2.csv", 100_000],
    ]);
    assert.deepEqual(readdirSync(directory), []);
    const all: string[] = [];
    for await (const { url } of port.stageAll(`${root}/stage`, asServer, directory)) all.push(url);
    assert.equal(all.length, 3);
  });

  it("asks for the rights of whoever reads", async () => {
    await port.write(`${root}/secret`, asServer, bytesOf("secret"));
    const access = async (roleId?: string): Promise<LakeAccess> => {
      const caller = await createCaller(server, roleId ? { roleId, scope: lake.id } : undefined);
      const principal = await server.running.internals.directory.asPrincipal(caller.objectId);
      assert.ok(principal);
      return { kind: "principal", principal };
    };
    const reader = await access(dataRoleIds.reader);
    assert.equal(await textOf(await port.read(`${root}/secret`, reader)), "secret");
    const denied = { code: "AuthorizationPermissionMismatch" };
    await assert.rejects(port.write(`${root}/secret`, reader, bytesOf("x")), denied);
    await assert.rejects(port.remove(`${root}/secret`, reader), denied);
    const nobody = await access();
    await assert.rejects(port.read(`${root}/secret`, nobody), denied);
    await assert.rejects(port.stat(`${root}/none`, nobody), denied);
    const key: LakeAccess = { kind: "key", accountKey: lake.key };
    assert.equal(await textOf(await port.read(`${root}/secret`, key)), "secret");
    const wrong: LakeAccess = { kind: "key", accountKey: Buffer.alloc(64).toString("base64") };
    await assert.rejects(port.read(`${root}/secret`, wrong), { code: "AuthenticationFailed" });
    await assert.rejects(port.read("https://example.com/c/x", key), { code: "InvalidUri" });
  });
});
