// The storage account, key vault, component and registry that a workspace names: each must be what it
// is said to be, visible to the caller and there.

import type { ArmResource } from "@callosum/contract/ports.ts";
import type { ResourceContext } from "@callosum/contract/resource.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { invalidProperty } from "./invalid-property.ts";

export const associatedTypes = {
  storageAccount: "Microsoft.Storage/storageAccounts",
  keyVault: "Microsoft.KeyVault/vaults",
  applicationInsights: "Microsoft.Insights/components",
  containerRegistry: "Microsoft.ContainerRegistry/registries",
} as const;

export type Associated = { -readonly [Name in keyof typeof associatedTypes]?: string };

/** The ids in canonical casing; an id that is already stored is not asked about again. */
export async function resolveAssociated(
  ctx: ResourceContext,
  sent: Associated,
  stored: Associated | undefined,
): Promise<Associated> {
  const resolved: Associated = {};
  for (const name of Object.keys(associatedTypes) as (keyof Associated)[]) {
    const wanted = sent[name];
    const known = stored?.[name];
    if (!wanted || wanted.toLowerCase() === known?.toLowerCase()) {
      if (known !== undefined) resolved[name] = known;
      continue;
    }
    resolved[name] = (await requireResource(ctx, name, wanted)).id;
  }
  return resolved;
}

/** Authorizes before looking, so that missing and invisible answer alike. */
async function requireResource(
  ctx: ResourceContext,
  name: keyof Associated,
  text: string,
): Promise<ArmResource> {
  const type = associatedTypes[name];
  const target = `properties.${name}`;
  const id = parseResourceId(text);
  if (id?.type.toLowerCase() !== type.toLowerCase()) {
    throw invalidProperty(target, `'${text}' is not the id of a resource of type '${type}'`);
  }
  await ctx.authorizeLinked([`${type}/read`], id.text);
  const found = await ctx.get(id.key);
  if (!found) throw invalidProperty(target, `the resource '${id.text}' does not exist`);
  return found;
}
