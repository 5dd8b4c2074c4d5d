// What the conformance tests of storage clients share: an instance with an account, clients that try
// once, and how a request ended.

import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { createLake } from "../../packages/server/src/storage/testing/lake.ts";
import { startServer } from "../fixture/server.ts";
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

/** `403 AuthorizationPermissionMismatch`; `none` when nothing was refused. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "none",
    (error: { code?: string; statusCode?: number; details?: { errorCode?: string } }) =>
      `${error.statusCode} ${error.details?.errorCode ?? error.code}`,
  );
}
