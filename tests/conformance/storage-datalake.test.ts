// Unmodified @azure/storage-file-datalake on Azure's host names, through the proxy as under `callosum
// exec`, and at an explicit endpoint (`{origin}/storage/{account}/dfs`).

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { BlobServiceClient } from "@azure/storage-blob";
import {
  type DataLakeFileSystemClient,
  DataLakeServiceClient,
  type PathAccessControlItem,
  StorageSharedKeyCredential,
} from "@azure/storage-file-datalake";
import { mintProxyCredential } from "@callosum/server/http/proxy-credential.ts";
import { openDataDirectory } from "@callosum/server/platform/data-directory.ts";
import {
  createLake,
  dataRoleIds,
  type TestLake,
} from "../../packages/server/src/storage/testing/lake.ts";
import { type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";
import { collect, credentialOf, trust } from "./arm-client.ts";
import { codeOf, noRetries } from "./storage-client.ts";

let server: TestServer;
let lake: TestLake;
let service: DataLakeServiceClient;
let files: DataLakeFileSystemClient;
let key: StorageSharedKeyCredential;
const host = "https://dfslake.dfs.core.windows.net";
let options: ReturnType<typeof throughProxy>;

/** The way that `exec` gives to clients. */
function throughProxy() {
  const { proxy, dataDir } = server.contract;
  const { hostname, port } = new URL(proxy);
  const { user, password } = mintProxyCredential({
    key: openDataDirectory(dataDir).instanceKey({}),
    credential: { id: "test", allow: [] },
  });
  const address = { host: `http://${hostname}`, port: Number(port) };
  return { ...noRetries, proxyOptions: { ...address, username: user, password } };
}

before(async () => {
  server = await startServer();
  trust(server);
  lake = await createLake(server, "dfslake");
  options = throughProxy();
  key = new StorageSharedKeyCredential(lake.name, lake.key);
  service = new DataLakeServiceClient(host, key, options);
  files = service.getFileSystemClient("files");
  await files.create({ metadata: { a: "b" } });
});
after(() => server.close());

const as = (caller: Caller) =>
  new DataLakeServiceClient(host, credentialOf(caller), options).getFileSystemClient("files");
const entry = (
  entityId: string,
  read: boolean,
  write: boolean,
  execute: boolean,
): PathAccessControlItem => ({
  accessControlType: "user",
  entityId,
  defaultScope: false,
  permissions: { read, write, execute },
});

async function put(path: string, text: string): Promise<void> {
  const file = files.getFileClient(path);
  await file.upload(Buffer.from(text));
}

describe("@azure/storage-file-datalake", () => {
  it("creates, appends, flushes and reads files; directories above come by themselves", async () => {
    const file = files.getFileClient("deep/er/note.txt");
    await file.create({ metadata: { m: "1" }, pathHttpHeaders: { contentType: "text/plain" } });
    await file.append("hello ", 0, 6);
    await file.append("world", 6, 5);
    assert.equal(await codeOf(file.flush(12)), "400 InvalidFlushPosition");
    await file.flush(11);
    assert.equal((await file.readToBuffer()).toString(), "hello world");
    await file.append("!", 11, 1, { flush: true });
    assert.equal((await file.readToBuffer()).toString(), "hello world!");
    const properties = await file.getProperties();
    assert.equal(properties.contentLength, 12);
    assert.equal(properties.contentType, "text/plain");
    assert.deepEqual(properties.metadata, { m: "1" });
    const above = await files.getDirectoryClient("deep/er/").getProperties();
    assert.equal(above.metadata?.hdi_isfolder, "true");
    assert.equal(
      await codeOf(files.getFileClient("deep/er/note.txt/below").create()),
      "409 PathConflict",
    );
    // The client reads through the blob endpoint.
    assert.equal(await codeOf(files.getFileClient("none").read()), "404 BlobNotFound");
  });

  it("uploads in parallel and reads ranges; the blob endpoint reads the same bytes", async () => {
    const bytes = randomBytes(3_000_000);
    const file = files.getFileClient("big.bin");
    await file.upload(bytes, { chunkSize: 100_000, singleUploadThreshold: 1, maxConcurrency: 8 });
    assert.ok((await file.readToBuffer()).equals(bytes));
    assert.ok(
      (await file.readToBuffer(123_456, 1_000_000)).equals(bytes.subarray(123_456, 1_123_456)),
    );
    const blobs = new BlobServiceClient(lake.blob, key as never).getContainerClient("files");
    assert.ok((await blobs.getBlobClient("big.bin").downloadToBuffer()).equals(bytes));
    await blobs.getBlockBlobClient("from/blob").upload("x", 1);
    const names = (await collect(files.listPaths({ path: "from" }))).map(({ name }) => name);
    assert.deepEqual(names, ["from/blob"]);
  });

  it("lists one level and whole trees, page by page", async () => {
    for (const path of ["list/a/1", "list/a/2", "list/a-x", "list/b"]) await put(path, "x");
    const level = await collect(files.listPaths({ path: "list" }));
    assert.deepEqual(
      level.map(({ name, isDirectory }) => [name, isDirectory === true]),
      [
        ["list/a", true],
        ["list/a-x", false],
        ["list/b", false],
      ],
    );
    const tree = await collect(files.listPaths({ path: "list", recursive: true }));
    assert.deepEqual(
      tree.map(({ name }) => name),
      ["list/a", "list/a-x", "list/a/1", "list/a/2", "list/b"],
    );
    const pages: number[] = [];
    for await (const page of files
      .listPaths({ path: "list", recursive: true })
      .byPage({ maxPageSize: 2 }))
      pages.push(page.pathItems?.length ?? 0);
    assert.deepEqual(pages, [2, 2, 1]);
    assert.equal(level[1]?.contentLength, 1);
    assert.deepEqual(level[1]?.permissions?.owner, { read: true, write: true, execute: false });
    assert.deepEqual(level[1]?.permissions?.other, { read: false, write: false, execute: false });
    assert.equal(await codeOf(collect(files.listPaths({ path: "nowhere" }))), "404 PathNotFound");
  });

  it("renames whole directories at once and deletes them with all in them", async () => {
    for (const path of ["move/a/1", "move/a/2", "move-not/3"]) await put(path, path);
    const directory = files.getDirectoryClient("move");
    await directory.move("moved");
    const names = (await collect(files.listPaths({ recursive: true })))
      .map(({ name }) => name ?? "")
      .filter((name) => name.startsWith("move"));
    assert.deepEqual(names, [
      "move-not",
      "move-not/3",
      "moved",
      "moved/a",
      "moved/a/1",
      "moved/a/2",
    ]);
    const moved = files.getFileClient("moved/a/1");
    assert.equal((await moved.readToBuffer()).toString(), "move/a/1");
    const into = files.getDirectoryClient("moved").move("moved/inside");
    assert.equal(await codeOf(into), "409 InvalidRenameSourcePath");
    const nowhere = files.getFileClient("moved/a/1").move("no/such/dir");
    assert.equal(await codeOf(nowhere), "404 RenameDestinationParentPathNotFound");
    assert.equal(
      await codeOf(files.getDirectoryClient("moved").delete(false)),
      "409 DirectoryNotEmpty",
    );
    await files.getDirectoryClient("moved").delete(true);
    assert.equal(await moved.exists(), false);
  });

  it("keeps and changes access control lists, one by one and for trees", async () => {
    await put("acl/x/file", "x");
    const directory = files.getDirectoryClient("acl");
    const owner = await directory.getAccessControl();
    assert.equal(owner.owner, "$superuser");
    assert.deepEqual(owner.permissions?.group, { read: true, write: false, execute: true });
    const someone = "11111111-1111-4111-8111-111111111111";
    const result = await directory.updateAccessControlRecursive([
      entry(someone, true, false, true),
    ]);
    assert.deepEqual(result.counters, {
      changedDirectoriesCount: 2,
      changedFilesCount: 1,
      failedChangesCount: 0,
    });
    const file = await files.getFileClient("acl/x/file").getAccessControl();
    assert.ok(file.acl.some(({ entityId }) => entityId === someone));
    assert.equal(file.permissions?.extendedAcls, true);
    await directory.removeAccessControlRecursive([
      { accessControlType: "user", entityId: someone, defaultScope: false },
    ]);
    const left = await files.getFileClient("acl/x/file").getAccessControl();
    assert.ok(!left.acl.some(({ entityId }) => entityId === someone));
    const batched = await directory.updateAccessControlRecursive(
      [entry(someone, true, true, true)],
      {
        batchSize: 1,
      },
    );
    assert.equal(batched.counters.changedFilesCount, 1);
  });

  it("lets lists grant what no role does, with defaults inherited and the mask in force", async () => {
    const reader = await createCaller(server);
    await put("shared/in/file", "secret");
    const path = as(reader).getFileClient("shared/in/file");
    assert.equal(await codeOf(path.read()), "403 AuthorizationPermissionMismatch");
    const root = files.getDirectoryClient("");
    await root.updateAccessControlRecursive([]).catch(() => undefined);
    const rootAcl = (await root.getAccessControl()).acl;
    await root.setAccessControl([...rootAcl, entry(reader.objectId, false, false, true)]);
    for (const name of ["shared", "shared/in"]) {
      const directory = files.getDirectoryClient(name);
      const { acl } = await directory.getAccessControl();
      const kept = acl.filter(({ accessControlType }) => accessControlType !== "mask");
      const mine = entry(reader.objectId, true, false, true);
      await directory.setAccessControl([
        ...kept,
        mine,
        ...[...kept, mine].map((item) => ({ ...item, defaultScope: true })),
      ]);
    }
    assert.equal(await codeOf(path.read()), "403 AuthorizationPermissionMismatch");
    await put("shared/in/new", "for you");
    const fresh = as(reader).getFileClient("shared/in/new");
    assert.equal((await fresh.readToBuffer()).toString(), "for you");
    assert.equal(await codeOf(fresh.append("x", 0, 1)), "403 AuthorizationPermissionMismatch");
    const names = (await collect(as(reader).listPaths({ path: "shared/in" }))).map(
      ({ name }) => name,
    );
    assert.deepEqual(names, ["shared/in/file", "shared/in/new"]);
    const created = as(reader).getFileClient("shared/in/mine").create();
    assert.equal(await codeOf(created), "403 AuthorizationPermissionMismatch");
  });

  it("makes the creator the owner, who may change the list without a role for it", async () => {
    const contributor = await createCaller(server, {
      roleId: dataRoleIds.contributor,
      scope: lake.id,
    });
    const own = as(contributor).getFileClient("owned");
    await own.create();
    assert.equal((await own.getAccessControl()).owner, contributor.objectId);
    await own.setPermissions({
      owner: { read: true, write: true, execute: true },
      group: { read: false, write: false, execute: false },
      other: { read: false, write: false, execute: false },
      stickyBit: false,
      extendedAcls: false,
    });
    const others = as(contributor).getFileClient("big.bin");
    const { acl } = await others.getAccessControl();
    assert.equal(await codeOf(others.setAccessControl(acl)), "403 AuthorizationPermissionMismatch");
  });

  it("works at an explicit endpoint, but for renames, whose URLs the client makes for hosts only", async () => {
    const explicit = new DataLakeServiceClient(lake.dfs, key, noRetries);
    const there = explicit.getFileSystemClient("explicit");
    await there.create();
    const file = there.getFileClient("a/b");
    await file.upload(Buffer.from("explicit"));
    assert.equal((await file.readToBuffer()).toString(), "explicit");
    await file.setMetadata({ m: "1" });
    assert.deepEqual((await file.getProperties()).metadata, { m: "1" });
    const names = (await collect(there.listPaths({ recursive: true }))).map(({ name }) => name);
    assert.deepEqual(names, ["a", "a/b"]);
    const lease = file.getDataLakeLeaseClient();
    await lease.acquireLease(15);
    assert.equal(await codeOf(file.delete()), "412 LeaseIdMissing");
    await lease.releaseLease();
    await there.delete();
  });

  it("lists, describes and deletes file systems", async () => {
    const other = service.getFileSystemClient("others");
    await other.create();
    assert.equal(await codeOf(other.create()), "409 ContainerAlreadyExists");
    assert.deepEqual((await files.getProperties()).metadata, { a: "b" });
    await other.setMetadata({ c: "d" });
    assert.deepEqual((await other.getProperties()).metadata, { c: "d" });
    await other.delete();
    assert.equal(await other.exists(), false);
  });
});
