// Tags of blobs with unmodified @azure/storage-blob: searches and conditions.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  BlobServiceClient,
  type ContainerClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import {
  createLake,
  dataRoleIds,
  type TestLake,
} from "../../packages/server/src/storage/testing/lake.ts";
import type { TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";
import { collect, credentialOf } from "./arm-client.ts";
import { codeOf, noRetries, startBlobService } from "./storage-client.ts";

let server: TestServer;
let lake: TestLake;
let service: BlobServiceClient;
let one: ContainerClient;
const find = async (where: string, from: BlobServiceClient | ContainerClient = service) =>
  (await collect(from.findBlobsByTags(where))).map(
    ({ containerName, name }) => `${containerName}/${name}`,
  );

before(async () => {
  ({ server, lake, service } = await startBlobService("taglake"));
  for (const name of ["one", "two"]) {
    const container = service.getContainerClient(name);
    await container.create();
    for (const rank of [1, 2, 3]) {
      const tags = { rank: `${rank}`, "part of": name };
      await container.getBlockBlobClient(`r/${rank}`).upload("x", 1, { tags });
    }
    await container.getBlockBlobClient("untagged").upload("x", 1);
  }
  one = service.getContainerClient("one");
});
after(() => server.close());

describe("blobs and their tags", () => {
  it("are found in the account, in a container, and page by page", async () => {
    assert.deepEqual(await find(`"rank" = '2'`), ["one/r/2", "two/r/2"]);
    assert.deepEqual(await find(`rank >= '2' AND "part of" = 'one'`), ["one/r/2", "one/r/3"]);
    assert.deepEqual(await find(`@container = 'two' AND rank < '3'`), ["two/r/1", "two/r/2"]);
    assert.deepEqual(await find(`rank > '1'`, one), ["one/r/2", "one/r/3"]);
    assert.deepEqual(await find(`rank = '9'`), []);
    const pages: string[][] = [];
    for await (const page of service.findBlobsByTags(`rank > '0'`).byPage({ maxPageSize: 2 }))
      pages.push(page.blobs.map(({ containerName, name }) => `${containerName}/${name}`));
    assert.deepEqual(pages, [
      ["one/r/1", "one/r/2"],
      ["one/r/3", "two/r/1"],
      ["two/r/2", "two/r/3"],
    ]);
    const [found] = await collect(service.findBlobsByTags(`rank = '1'`));
    assert.deepEqual(found?.tags, { rank: "1" });
    assert.equal(await codeOf(find("rank 1")), "400 InvalidQueryParameterValue");
  });

  it("are found as tags change", async () => {
    const blob = one.getBlockBlobClient("changing");
    await blob.upload("x", 1, { tags: { state: "new" } });
    assert.deepEqual(await find(`state = 'new'`), ["one/changing"]);
    await blob.setTags({ state: "old" });
    assert.deepEqual(await find(`state = 'new'`), []);
    assert.deepEqual(await find(`state = 'old'`), ["one/changing"]);
    await blob.delete();
    assert.deepEqual(await find(`state = 'old'`), []);
  });

  it("are listed with include=tags", async () => {
    const listed = await collect(one.listBlobsFlat({ includeTags: true, prefix: "r/1" }));
    assert.deepEqual(listed[0]?.tags, { rank: "1", "part of": "one" });
  });

  it("hold conditions of reads, writes and copies", async () => {
    const blob = one.getBlockBlobClient("r/3");
    const when = (tagConditions: string) => ({ conditions: { tagConditions } });
    await blob.download(0, 1, when(`rank = '3' OR rank = '4'`));
    const refusals = [
      blob.download(0, 1, when(`rank <> '3'`)),
      blob.getProperties(when(`rank = '1'`)),
      blob.setMetadata({ a: "b" }, when(`rank = '1'`)),
      blob.delete(when(`rank = '1'`)),
      one.getBlockBlobClient("none").upload("x", 1, when(`rank = '1'`)),
    ];
    for (const code of await Promise.all(refusals.map(codeOf))) assert.match(code, /^412/);
    await blob.setMetadata({ a: "b" }, when(`rank = '3'`));
    assert.equal(await codeOf(blob.setMetadata({}, when("rank"))), "400 InvalidHeaderValue");
    const copy = one.getBlockBlobClient("copy");
    const from = (tagConditions: string) => ({ sourceConditions: { tagConditions } });
    const refused = copy.beginCopyFromURL(blob.url, from(`rank = '1'`));
    assert.equal(await codeOf(refused), "412 SourceConditionNotMet");
    await (await copy.beginCopyFromURL(blob.url, from(`rank = '3'`))).pollUntilDone();
    await copy.delete();
  });

  it("need rights of their own", async () => {
    const [owner, contributor] = await Promise.all(
      [dataRoleIds.owner, dataRoleIds.contributor].map((roleId) =>
        createCaller(server, { roleId, scope: lake.id }),
      ),
    );
    const as = (caller: NonNullable<typeof owner>) =>
      new BlobServiceClient(lake.blob, credentialOf(caller), noRetries);
    assert.ok(owner && contributor);
    assert.deepEqual(await find(`rank = '1'`, as(owner)), ["one/r/1", "two/r/1"]);
    const denied = "403 AuthorizationPermissionMismatch";
    assert.equal(await codeOf(find(`rank = '1'`, as(contributor))), denied);
    const blob = as(contributor).getContainerClient("one").getBlobClient("r/1");
    const conditions = { tagConditions: `rank = '1'` };
    assert.equal(await codeOf(blob.download(0, 1, { conditions })), denied);
    await blob.download(0, 1);
  });

  it("are not searched in a hierarchical namespace", async () => {
    const deep = await createLake(server, "deeptags");
    const key = new StorageSharedKeyCredential(deep.name, deep.key);
    const search = find(`a = 'b'`, new BlobServiceClient(deep.blob, key, noRetries));
    assert.equal(await codeOf(search), "501 NotSupportedHere");
  });
});
