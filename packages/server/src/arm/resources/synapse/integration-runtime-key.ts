// The two keys of a self-hosted integration runtime: made with it, sealed below it, replaceable.

import type { ResourceContext } from "@callosum/contract/resource.ts";

export const authKeyNames = ["authKey1", "authKey2"] as const;
export type AuthKeyName = (typeof authKeyNames)[number];

const keyBits = 256;

export async function makeAuthKeys(ctx: ResourceContext): Promise<void> {
  for (const name of authKeyNames) await makeAuthKey(ctx, name);
}

/** Replaces a key; the old one is useless once the transaction commits. */
export async function makeAuthKey(ctx: ResourceContext, name: AuthKeyName): Promise<void> {
  const owner = ctx.id.key;
  const workspace = ctx.id.names[0];
  const key = `IR@${ctx.random.guid()}@${workspace}@${ctx.random.token(keyBits)}`;
  await ctx.writer.putSealed(owner, name, ctx.secrets.seal(owner, name, key));
}

/** The body of listAuthKeys and regenerateAuthKey. */
export async function openAuthKeys(ctx: ResourceContext): Promise<Record<AuthKeyName, string>> {
  const open = async (name: AuthKeyName) => {
    const sealed = await ctx.writer.sealed(ctx.id.key, name);
    if (!sealed) throw new Error(`The integration runtime '${ctx.id.text}' has no ${name}.`);
    return ctx.secrets.open(ctx.id.key, name, sealed);
  };
  return { authKey1: await open("authKey1"), authKey2: await open("authKey2") };
}
