// The two keys of a Log Analytics workspace: made when they are first asked for, sealed in the store.
// Nothing takes logs in with them.

import { defineAction, type ResourceContext } from "@callosum/contract/resource.ts";

/** As long as those of storage accounts: 64 bytes, in base64. */
const keyBytes = 64;

export const sharedKeys = defineAction({
  source: "public documentation of Log Analytics workspaces: SharedKeys_GetSharedKeys",
  summary: "The workspace's keys",
  action: "Microsoft.OperationalInsights/workspaces/sharedkeys/action",
  async run({ ctx }) {
    const primarySharedKey = await keyOf(ctx, "primarySharedKey");
    return {
      body: { primarySharedKey, secondarySharedKey: await keyOf(ctx, "secondarySharedKey") },
    };
  },
});

async function keyOf(ctx: ResourceContext, name: string): Promise<string> {
  const owner = ctx.id.key;
  const sealed = await ctx.writer.sealed(owner, name);
  if (sealed) return ctx.secrets.open(owner, name, sealed);
  const key = Buffer.from(ctx.random.bytes(keyBytes)).toString("base64");
  await ctx.writer.putSealed(owner, name, ctx.secrets.seal(owner, name, key));
  return key;
}
