// Unmodified @azure/storage-blob at an explicit endpoint (`{origin}/storage/{account}/blob`), with account
// keys, signatures and tokens. Others work on Azure's host names: storage-datalake.test.ts, tests/clients.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobSASPermissions,
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  type StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { dataRoleIds, type TestLake } from "../../packages/server/src/storage/testing/lake.ts";
import type { TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";
import { collect, credentialOf } from "./arm-client.ts";
import { codeOf, noRetries, startBlobService } from "./storage-client.ts";

let server: TestServer;
let lake: TestLake;
let key: StorageSharedKeyCredential;
let service: BlobServiceClient;
let container: ContainerClient;

before(async () => {
  ({ server, lake, key, service } = await startBlobService("bloblake"));
  container = service.getContainerClient("data");
  await container.create({ metadata: { purpose: "test" } });
});
after(() => server.close());

const anHour = () => new Date(Date.now() + 3_600_000);

describe("@azure/storage-blob", () => {
  it("uploads, describes, reads ranges of and deletes block blobs", async () => {
    const blob = container.getBlockBlobClient("folder/Ünïcode name.txt");
    const text = "The quick brown fox";
    const put = await blob.upload(text, text.length, {
      blobHTTPHeaders: { blobContentType: "text/plain", blobCacheControl: "no-store" },
      metadata: { colour: "red" },
      tags: { project: "callosum" },
    });
    assert.ok(put.etag && put.lastModified);
    const properties = await blob.getProperties();
    assert.equal(properties.contentLength, text.length);
    assert.equal(properties.contentType, "text/plain");
    assert.equal(properties.cacheControl, "no-store");
    assert.deepEqual(properties.metadata, { colour: "red" });
    assert.equal(properties.blobType, "BlockBlob");
    assert.equal(properties.accessTier, "Hot");
    assert.equal(properties.etag, put.etag);
    const md5 = createHash("md5").update(text).digest();
    assert.deepEqual(Buffer.from(properties.contentMD5 ?? []), md5);
    assert.equal((await blob.downloadToBuffer()).toString(), text);
    const range = await blob.download(4, 5, { rangeGetContentMD5: true });
    assert.equal(range.contentRange, "bytes 4-8/19");
    assert.equal(await text_(range), "quick");
    assert.deepEqual((await blob.getTags()).tags, { project: "callosum" });
    await blob.setMetadata({ colour: "blue", size: "1" });
    await blob.setHTTPHeaders({ blobContentType: "text/css" });
    const changed = await blob.getProperties();
    assert.deepEqual(changed.metadata, { colour: "blue", size: "1" });
    assert.equal(changed.contentType, "text/css");
    assert.equal(changed.cacheControl, undefined);
    await blob.setAccessTier("Cool");
    assert.equal((await blob.getProperties()).accessTier, "Cool");
    await blob.delete();
    assert.equal(await blob.exists(), false);
    assert.equal(await codeOf(blob.delete()), "404 BlobNotFound");
  });

  it("stages blocks, commits lists of them and uploads in parallel", async () => {
    const blob = container.getBlockBlobClient("blocks");
    const id = (index: number) => Buffer.from(`block-${index}`).toString("base64");
    await blob.stageBlock(id(1), "one,", 4);
    await blob.stageBlock(id(2), "two,", 4);
    assert.equal(await codeOf(blob.stageBlock("c2hvcnQ=", "x", 1)), "400 InvalidBlobOrBlock");
    const before = await blob.getBlockList("all");
    assert.equal(before.uncommittedBlocks?.length, 2);
    await blob.commitBlockList([id(2), id(1)]);
    assert.equal((await blob.downloadToBuffer()).toString(), "two,one,");
    await blob.stageBlock(id(3), "three", 5);
    await blob.commitBlockList([id(1), id(3)]);
    assert.equal((await blob.downloadToBuffer()).toString(), "one,three");
    const after = await blob.getBlockList("all");
    assert.deepEqual(
      after.committedBlocks?.map(({ name }) => name),
      [id(1), id(3)],
    );
    assert.equal(await codeOf(blob.commitBlockList([id(2)])), "400 InvalidBlockList");
    const bytes = randomBytes(5_000_000);
    const big = container.getBlockBlobClient("big");
    await big.uploadData(bytes, { blockSize: 64 * 1024, maxSingleShotSize: 1024, concurrency: 8 });
    assert.ok((await big.downloadToBuffer()).equals(bytes));
    assert.ok(
      (await big.downloadToBuffer(1_000_001, 2_000_003)).equals(
        bytes.subarray(1_000_001, 3_000_004),
      ),
    );
  });

  it("appends, with positions that must hold", async () => {
    const blob = container.getAppendBlobClient("log");
    await blob.create();
    for (const line of ["a\n", "b\n", "c\n"]) await blob.appendBlock(line, line.length);
    const position = { conditions: { appendPosition: 2 } };
    assert.equal(
      await codeOf(blob.appendBlock("x", 1, position)),
      "412 AppendPositionConditionNotMet",
    );
    await Promise.all(Array.from({ length: 20 }, () => blob.appendBlock("dd", 2)));
    const text = (await blob.downloadToBuffer()).toString();
    assert.equal(text, `a\nb\nc\n${"dd".repeat(20)}`);
    assert.equal((await blob.getProperties()).blobCommittedBlockCount, 23);
    assert.equal(
      await codeOf(container.getBlockBlobClient("log").stageBlock("YQ==", "x", 1)),
      "409 InvalidBlobType",
    );
  });

  it("lists with prefixes, delimiters, pages and includes", async () => {
    const listing = service.getContainerClient("listing");
    await listing.create();
    for (const name of ["a/1", "a/2", "a/b/3", "a-x", "b", "c/4"])
      await listing.getBlockBlobClient(name).upload("x", 1, { metadata: { n: "v" } });
    const names = (await collect(listing.listBlobsFlat())).map(({ name }) => name);
    assert.deepEqual(names, ["a-x", "a/1", "a/2", "a/b/3", "b", "c/4"]);
    const top = await collect(listing.listBlobsByHierarchy("/"));
    assert.deepEqual(
      // The client gives the prefixes of a page before its blobs.
      top.map(({ kind, name }) => `${kind} ${name}`),
      ["prefix a/", "prefix c/", "blob a-x", "blob b"],
    );
    const below = await collect(listing.listBlobsByHierarchy("/", { prefix: "a/" }));
    assert.deepEqual(
      below.map(({ name }) => name),
      ["a/b/", "a/1", "a/2"],
    );
    const paged: string[][] = [];
    for await (const page of listing.listBlobsByHierarchy("/").byPage({ maxPageSize: 1 }))
      paged.push([
        ...(page.segment.blobPrefixes ?? []).map(({ name }) => name),
        ...page.segment.blobItems.map(({ name }) => name),
      ]);
    assert.deepEqual(paged, [["a-x"], ["a/"], ["b"], ["c/"]]);
    const [first] = await collect(listing.listBlobsFlat({ includeMetadata: true, prefix: "b" }));
    assert.deepEqual(first?.metadata, { n: "v" });
    const containers = await collect(
      service.listContainers({ prefix: "list", includeMetadata: true }),
    );
    assert.deepEqual(
      containers.map(({ name }) => name),
      ["listing"],
    );
  });

  it("honours conditions and leases", async () => {
    const blob = container.getBlockBlobClient("leased");
    const { etag = "" } = await blob.upload("1", 1);
    const none = { conditions: { ifNoneMatch: "*" } };
    assert.equal(await codeOf(blob.upload("2", 1, none)), "409 BlobAlreadyExists");
    await blob.upload("2", 1, { conditions: { ifMatch: etag } });
    assert.equal(
      await codeOf(blob.upload("3", 1, { conditions: { ifMatch: etag } })),
      "412 ConditionNotMet",
    );
    const lease = blob.getBlobLeaseClient();
    const { leaseId } = await lease.acquireLease(15);
    assert.equal(await codeOf(blob.upload("4", 1)), "412 LeaseIdMissing");
    await blob.upload("4", 1, { conditions: { leaseId: leaseId as string } });
    assert.equal(
      await codeOf(blob.getBlobLeaseClient().acquireLease(15)),
      "409 LeaseAlreadyPresent",
    );
    await lease.renewLease();
    assert.equal((await blob.getProperties()).leaseState, "leased");
    await lease.releaseLease();
    await blob.upload("5", 1);
    const broken = blob.getBlobLeaseClient();
    await broken.acquireLease(-1);
    assert.equal((await broken.breakLease(0)).leaseTime, 0);
    assert.equal((await blob.getProperties()).leaseState, "broken");
    await blob.delete();
  });

  it("copies within the account", async () => {
    const source = container.getBlockBlobClient("source");
    await source.upload("copy me", 7, { metadata: { a: "b" } });
    const target = container.getBlockBlobClient("target");
    const poller = await target.beginCopyFromURL(source.url);
    assert.equal((await poller.pollUntilDone()).copyStatus, "success");
    assert.equal((await target.downloadToBuffer()).toString(), "copy me");
    await source.delete();
    assert.equal((await target.downloadToBuffer()).toString(), "copy me");
    assert.deepEqual((await target.getProperties()).metadata, { a: "b" });
    const staged = container.getBlockBlobClient("staged");
    await staged.stageBlockFromURL("YQ==", target.url, 0, 4);
    await staged.commitBlockList(["YQ=="]);
    assert.equal((await staged.downloadToBuffer()).toString(), "copy");
    const log = container.getAppendBlobClient("copied-log");
    await log.create();
    const sourceContentMD5 = createHash("md5").update("py m").digest();
    await log.appendBlockFromURL(target.url, 2, 4, { sourceContentMD5 });
    await log.appendBlockFromURL(target.url, 0, 2);
    assert.equal((await log.downloadToBuffer()).toString(), "py mco");
    const wrong = { sourceContentMD5: Buffer.alloc(16) };
    assert.equal(await codeOf(log.appendBlockFromURL(target.url, 0, 2, wrong)), "400 Md5Mismatch");
    const whole = container.getBlockBlobClient("whole");
    const sum = (text: string) => ({ sourceContentMD5: createHash("md5").update(text).digest() });
    await whole.syncCopyFromURL(target.url, sum("copy me"));
    assert.equal(await codeOf(whole.syncCopyFromURL(target.url, sum("x"))), "400 Md5Mismatch");
    assert.equal(
      await codeOf(whole.syncCopyFromURL(staged.url, sum("copy"))),
      "501 NotSupportedHere",
    );
    const elsewhere = "https://other.blob.core.windows.net/c/b";
    assert.equal(await codeOf(target.syncCopyFromURL(elsewhere)), "501 NotSupportedHere");
  });

  it("deletes many blobs in one request", async () => {
    const urls = [];
    for (const name of ["batch/1", "batch/2"]) {
      const blob = container.getBlockBlobClient(name);
      await blob.upload("x", 1);
      urls.push(blob.url);
    }
    urls.push(container.getBlockBlobClient("batch/none").url);
    const answer = await service.getBlobBatchClient().deleteBlobs(urls, key);
    assert.deepEqual(
      answer.subResponses.map(({ status, errorCode }) => `${status} ${errorCode ?? ""}`.trim()),
      ["202", "202", "404 BlobNotFound"],
    );
  });

  it("takes signatures of accounts, containers, blobs and stored policies", async () => {
    const blob = container.getBlockBlobClient("signed");
    await blob.upload("signed", 6);
    const account = generateAccountSASQueryParameters(
      {
        services: AccountSASServices.parse("b").toString(),
        resourceTypes: AccountSASResourceTypes.parse("o").toString(),
        permissions: AccountSASPermissions.parse("r"),
        expiresOn: anHour(),
      },
      key,
    );
    const open = (query: { toString(): string }, name = "signed") =>
      new BlobServiceClient(`${lake.blob}?${query}`, undefined, noRetries)
        .getContainerClient("data")
        .getBlockBlobClient(name);
    assert.equal((await open(account).downloadToBuffer()).toString(), "signed");
    assert.equal(await codeOf(open(account).upload("x", 1)), "403 AuthorizationPermissionMismatch");
    const one = generateBlobSASQueryParameters(
      {
        containerName: "data",
        blobName: "signed",
        permissions: BlobSASPermissions.parse("r"),
        expiresOn: anHour(),
        contentType: "text/plain",
      },
      key,
    );
    const read = await open(one).download();
    assert.equal(read.contentType, "text/plain");
    assert.equal(await codeOf(open(one, "other").download()), "403 AuthenticationFailed");
    await container.setAccessPolicy(undefined, [
      {
        id: "readers",
        accessPolicy: { permissions: "r", expiresOn: anHour(), startsOn: new Date(0) },
      },
    ]);
    const policies = await container.getAccessPolicy();
    assert.equal(policies.signedIdentifiers[0]?.accessPolicy.permissions, "r");
    const stored = generateBlobSASQueryParameters(
      { containerName: "data", identifier: "readers" },
      key,
    );
    assert.equal((await open(stored).downloadToBuffer()).toString(), "signed");
    await container.setAccessPolicy(undefined, []);
    assert.equal(await codeOf(open(stored).download()), "403 AuthenticationFailed");
  });

  it("takes tokens under roles, and signatures that their holders delegate", async () => {
    await container.getBlockBlobClient("roles").upload("roles", 5);
    const scope = `${lake.id}/blobServices/default/containers/data`;
    const [reader, contributor, nobody] = await Promise.all([
      createCaller(server, { roleId: dataRoleIds.reader, scope }),
      createCaller(server, { roleId: dataRoleIds.contributor, scope: lake.id }),
      createCaller(server),
    ]);
    const as = (caller: typeof reader) =>
      new BlobServiceClient(lake.blob, credentialOf(caller), noRetries).getContainerClient("data");
    const blobOf = (caller: typeof reader) => as(caller).getBlockBlobClient("roles");
    assert.equal((await blobOf(reader).downloadToBuffer()).toString(), "roles");
    assert.equal(
      await codeOf(blobOf(reader).upload("x", 1)),
      "403 AuthorizationPermissionMismatch",
    );
    assert.equal(await codeOf(blobOf(nobody).download()), "403 AuthorizationPermissionMismatch");
    await blobOf(contributor).upload("written", 7);
    const delegator = new BlobServiceClient(lake.blob, credentialOf(contributor), noRetries);
    const delegation = await delegator.getUserDelegationKey(
      new Date(Date.now() - 60_000),
      anHour(),
    );
    const query = generateBlobSASQueryParameters(
      {
        containerName: "data",
        permissions: ContainerSASPermissions.parse("rl"),
        expiresOn: anHour(),
      },
      delegation,
      lake.name,
    );
    const signed = new BlobServiceClient(`${lake.blob}?${query}`, undefined, noRetries);
    const content = await signed
      .getContainerClient("data")
      .getBlobClient("roles")
      .downloadToBuffer();
    assert.equal(content.toString(), "written");
    const anonymous = new BlobServiceClient(lake.blob, undefined, noRetries);
    assert.equal(
      await codeOf(anonymous.getContainerClient("data").getProperties()),
      "401 NoAuthenticationInformation",
    );
  });
});

async function text_(response: { readableStreamBody?: NodeJS.ReadableStream }): Promise<string> {
  let text = "";
  for await (const chunk of response.readableStreamBody ?? []) text += chunk.toString();
  return text;
}
