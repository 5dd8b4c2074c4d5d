// What the conformance tests of storage clients share: an instance with an account, clients that try
// once, and how a request ended.

import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { createLake } from "../../packages/server/src/storage/testing/lake.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { trust } from "./arm-client.ts";

/** Of clients whose first answer counts. */
export const noRetries = { retryOptions: { maxTries: 1 } };

/** An instance that this process trusts, with a flat account and its client by key. */
export async function startBlobService(account: string) {
  const server = await startServer();
  trust(server);
  const lake = await createLake(server, account, { isHnsEnabled: false });
  const key = new StorageSharedKeyCredential(lake.name, lake.key);
  return { server, lake, key, service: new BlobServiceClient(lake.blob, key, noRetries) };
}

/** A hierarchical account, its key's credential, and its container `data` with these files. */
export async function createLakeOfFiles(
  server: TestServer,
  account: string,
  files: Readonly<Record<string, string>>,
) {
  const lake = await createLake(server, account, { isHnsEnabled: true });
  const key = new StorageSharedKeyCredential(lake.name, lake.key);
  const container = new BlobServiceClient(lake.blob, key).getContainerClient("data");
  await container.create();
  for (const [name, text] of Object.entries(files))
    await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  return { lake, key, container };
}

/** `403 AuthorizationPermissionMismatch`; `none` when nothing was refused. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "none",
    (error: { code?: string; statusCode?: number; details?: { errorCode?: string } }) =>
      `${error.statusCode} ${error.details?.errorCode ?? error.code}`,
  );
}
