// Secrets of a resource, sealed below it as one JSON object and opened only for the action that lists
// them.

import type { Properties, ResourceContext } from "@callosum/contract/resource.ts";

const name = "secrets";

export async function sealSecrets(ctx: ResourceContext, secrets: Properties): Promise<void> {
  const owner = ctx.id.key;
  const sealed = ctx.secrets.seal(owner, name, JSON.stringify(secrets));
  await ctx.writer.putSealed(owner, name, sealed);
}

/** Undefined when none were ever sent. */
export async function openSecrets(ctx: ResourceContext): Promise<Properties | undefined> {
  const sealed = await ctx.writer.sealed(ctx.id.key, name);
  return sealed && (JSON.parse(ctx.secrets.open(ctx.id.key, name, sealed)) as Properties);
}

export async function forgetSecrets(ctx: ResourceContext): Promise<void> {
  await ctx.writer.removeSealed(ctx.id.key, name);
}
