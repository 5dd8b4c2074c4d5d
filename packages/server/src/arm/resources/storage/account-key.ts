// The two keys of a storage account: made with it, sealed in the store, shown by listKeys only. The
// data plane opens them to check signatures (storage/authorize/account-key.ts).

import {
  delegationSecretName,
  type StorageKeyName,
  storageKeyNames,
} from "@callosum/contract/lake.ts";
import type { ResourceContext } from "@callosum/contract/resource.ts";

/** Account keys have 64 bytes, in base64. */
const keyBytes = 64;

/** Replaces a key; the old one is useless once the transaction commits. */
export function makeKey(ctx: ResourceContext, name: StorageKeyName): Promise<void> {
  return putSecret(ctx, name);
}

/** What a new account gets: both keys, and the secret that user delegation keys are derived from. */
export async function makeSecrets(ctx: ResourceContext): Promise<void> {
  for (const name of [...storageKeyNames, delegationSecretName]) await putSecret(ctx, name);
}

async function putSecret(ctx: ResourceContext, name: string): Promise<void> {
  const owner = ctx.id.key;
  const value = Buffer.from(ctx.random.bytes(keyBytes)).toString("base64");
  await ctx.writer.putSealed(owner, name, ctx.secrets.seal(owner, name, value));
}

export async function openKey(ctx: ResourceContext, name: StorageKeyName): Promise<string> {
  const sealed = await ctx.writer.sealed(ctx.id.key, name);
  if (!sealed) throw new Error(`The account '${ctx.id.text}' has no ${name}.`);
  return ctx.secrets.open(ctx.id.key, name, sealed);
}

/** The body of listKeys and regenerateKey. */
export async function listKeys(
  ctx: ResourceContext,
  creationTimes: Readonly<Record<string, string>>,
) {
  const keys = [];
  for (const keyName of storageKeyNames) {
    const creationTime = creationTimes[keyName];
    keys.push({
      ...(creationTime === undefined ? {} : { creationTime }),
      keyName,
      value: await openKey(ctx, keyName),
      permissions: "FULL",
    });
  }
  return { keys };
}
