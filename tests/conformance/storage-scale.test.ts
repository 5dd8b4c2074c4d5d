// Size: large content in and out with flat memory, many paths page by page, many writers of one path.
// More on demand: LAKE_UPLOAD_MIB=2048, LAKE_PATHS=100000.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { Contract } from "@callosum/server/main.ts";
import {
  type CallosumDirectory,
  openCallosumDirectory,
} from "../../packages/cli/test/callosum-process.ts";
import { openAccount } from "./storage-account.ts";

const uploadMib = Number(process.env.LAKE_UPLOAD_MIB ?? 256);
const pathCount = Number(process.env.LAKE_PATHS ?? 6000);
const mib = 1024 * 1024;
/** What a server may take more while it passes content of any size on. */
const growthMibMax = 120;
const timeout = 60_000 + uploadMib * 300 + pathCount * 10;

let directory: CallosumDirectory;
let contract: Contract;
let key: StorageSharedKeyCredential;
let container: ContainerClient;

before(async () => {
  directory = openCallosumDirectory();
  const up = await directory.up();
  assert.equal(up.code, 0, up.stderr);
  contract = up.json();
  key = new StorageSharedKeyCredential(
    "scalelake",
    await openAccount(contract, "scalelake", { isHnsEnabled: true }),
  );
  const service = new BlobServiceClient(`${contract.origin}/storage/scalelake/blob`, key);
  container = service.getContainerClient("data");
  await container.create();
});
after(() => directory?.close());

/** The largest memory of the server while `work` runs, over what it had before, in MiB. */
async function growthOf(work: () => Promise<void>): Promise<number> {
  const memory = () => {
    const status = readFileSync(`/proc/${contract.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  };
  const start = memory();
  let most = start;
  const sampler = setInterval(() => {
    most = Math.max(most, memory());
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(sampler);
  }
  return most - start;
}

/** Content of any length whose parts differ, and its hash as it is read. */
function content(lengthMib: number) {
  const hash = createHash("sha256");
  const base = randomBytes(mib);
  async function* parts() {
    for (let index = 0; index < lengthMib; index += 1) {
      const part = Buffer.from(base);
      part.writeUInt32LE(index);
      hash.update(part);
      yield part;
    }
  }
  return {
    stream: Readable.from(parts(), { objectMode: false }),
    digest: () => hash.digest("hex"),
  };
}

describe("the lake at size", { timeout }, () => {
  it(`takes and gives ${uploadMib} MiB in one piece and in blocks with flat memory`, async () => {
    const one = content(uploadMib);
    const whole = container.getBlockBlobClient("whole");
    const two = content(uploadMib);
    const blocks = container.getBlockBlobClient("blocks");
    const digests: string[] = [];
    const growth = await growthOf(async () => {
      await whole.upload(() => one.stream, uploadMib * mib);
      await blocks.uploadStream(two.stream, 8 * mib, 2);
      for (const blob of [whole, blocks]) {
        const hash = createHash("sha256");
        const { readableStreamBody } = await blob.download();
        for await (const chunk of readableStreamBody ?? []) hash.update(chunk as Buffer);
        digests.push(hash.digest("hex"));
      }
    });
    assert.deepEqual(digests, [one.digest(), two.digest()]);
    assert.ok(growth < growthMibMax, `the server grew by ${Math.round(growth)} MiB`);
    console.log(
      `# ${uploadMib} MiB twice in, twice out: the server grew by ${Math.round(growth)} MiB`,
    );
  });

  it(`lists ${pathCount} paths page by page, each once and in order`, async () => {
    let next = 0;
    const writer = async () => {
      while (next < pathCount) {
        const index = next;
        next += 1;
        await container.getBlockBlobClient(nameOf(index)).upload("x", 1);
      }
    };
    await Promise.all(Array.from({ length: 32 }, writer));
    const names: string[] = [];
    let pages = 0;
    for await (const page of container
      .listBlobsFlat({ prefix: "many/" })
      .byPage({ maxPageSize: 1000 })) {
      pages += 1;
      for (const item of page.segment.blobItems) {
        if (item.properties.contentLength === 1) names.push(item.name);
      }
    }
    assert.equal(names.length, pathCount);
    assert.deepEqual(names, [...names].sort());
    assert.equal(new Set(names).size, pathCount);
    assert.ok(pages >= pathCount / 1000);
    let level = 0;
    for await (const page of container
      .listBlobsByHierarchy("/", { prefix: "many/" })
      .byPage({ maxPageSize: 7 }))
      level += page.segment.blobPrefixes?.length ?? 0;
    assert.equal(level, Math.min(100, pathCount));
  });

  it(`deletes ${pathCount} paths page by page, no directory before what is in it`, async () => {
    const expiresOn = new Date(Date.now() + 3_600_000);
    const permissions = ContainerSASPermissions.parse("dl");
    const options = { containerName: "data", permissions, expiresOn };
    const signature = generateBlobSASQueryParameters(options, key);
    const root = `${contract.origin}/storage/scalelake/dfs/data/many`;
    const url = new URL(`${root}?${signature}&recursive=true`);
    url.searchParams.set("paginated", "true");
    let pages = 0;
    for (let next: string | null = ""; next !== null; pages += 1) {
      if (next !== "") url.searchParams.set("continuation", next);
      const headers = { "x-ms-version": "2023-11-03" };
      const response = await fetch(url, { method: "DELETE", headers });
      assert.equal(response.status, 200, await response.text());
      next = response.headers.get("x-ms-continuation");
      const directory = container.getBlobClient("many/d99");
      assert.equal(await directory.exists(), next !== null);
    }
    assert.ok(pages >= Math.ceil(pathCount / 5000));
    for await (const { name } of container.listBlobsFlat({ prefix: "many" }))
      assert.fail(`${name} is left`);
  });

  it("never tears a path that many write at once", async () => {
    const blob = container.getBlockBlobClient("contended");
    const versions = Array.from({ length: 8 }, (_, index) =>
      Buffer.alloc(200_000 + index, 65 + index),
    );
    let isDone = false;
    const writing = Promise.all(
      versions.map(async (bytes, index) => {
        for (let round = 0; round < 10; round += 1) {
          if (index % 2 === 0) {
            await blob.upload(bytes, bytes.length);
          } else {
            const id = Buffer.from(`${index}-${round}`.padStart(6, "0")).toString("base64");
            await blob.stageBlock(id, bytes, bytes.length);
            // Another's upload gives up what is staged; then the list names what is not there.
            await blob.commitBlockList([id]).catch((error) => {
              if (error.details?.errorCode !== "InvalidBlockList") throw error;
            });
          }
        }
      }),
    ).finally(() => {
      isDone = true;
    });
    const reading = Array.from({ length: 4 }, async () => {
      while (!isDone) {
        if (!(await blob.exists())) continue;
        const { readableStreamBody, contentLength } = await blob.download();
        const chunks: Buffer[] = [];
        for await (const chunk of readableStreamBody ?? []) chunks.push(chunk as Buffer);
        const bytes = Buffer.concat(chunks);
        assert.equal(bytes.length, contentLength);
        assert.ok(bytes.equals(versions[bytes.length - 200_000] as Buffer), "torn");
      }
    });
    await Promise.all([writing, ...reading]);
  });

  it("gives who began to read a blob all of it, though it is replaced and removed meanwhile", async () => {
    const blob = container.getBlockBlobClient("replaced");
    const bytes = randomBytes(24 * mib);
    await blob.uploadData(bytes, { maxSingleShotSize: mib, blockSize: 2 * mib });
    const { readableStreamBody } = await blob.download();
    await blob.upload("new", 3);
    await blob.delete();
    const chunks: Buffer[] = [];
    for await (const chunk of readableStreamBody ?? []) chunks.push(chunk as Buffer);
    assert.ok(Buffer.concat(chunks).equals(bytes));
  });
});

function nameOf(index: number): string {
  return `many/d${String(index % 100).padStart(2, "0")}/f${String(index).padStart(6, "0")}`;
}
