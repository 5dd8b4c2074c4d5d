// Managed identities in the envelope: system-assigned ones are made and removed with the resource,
// user-assigned ones must exist and be usable by the caller.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ResourceIdentity } from "@callosum/contract/ports.ts";
import type { ResourceContext, ResourceDefinition } from "@callosum/contract/resource.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";

const userAssignedType = "Microsoft.ManagedIdentity/userAssignedIdentities";
const assignAction = `${userAssignedType}/assign/action`;

/**
 * The identity after a PUT or PATCH. Nothing sent keeps what is; `None` takes it away
 * (features.md B-03, B-04). Principal ids are those of the directory.
 */
export async function resolveIdentity(options: {
  ctx: ResourceContext;
  definition: ResourceDefinition;
  sent: ResourceIdentity | undefined;
  existing: ResourceIdentity | undefined;
  isNew: boolean;
}): Promise<ResourceIdentity | undefined> {
  const { ctx, definition, existing } = options;
  const sent = options.sent ?? defaultIdentity(definition, options.isNew);
  if (!definition.identity || sent === undefined) return existing;
  const wantsSystem = sent.type.includes("SystemAssigned");
  const wantsUser = sent.type.includes("UserAssigned");
  requireKnownKind(definition, { wantsSystem, wantsUser });
  if (!wantsSystem && existing?.principalId !== undefined) {
    await ctx.directory.removeManagedIdentities(ctx.writer, [ctx.id.key]);
  }
  if (!wantsSystem && !wantsUser) return undefined;
  const system = wantsSystem ? await systemAssigned(ctx, definition, existing) : {};
  const user = wantsUser ? { userAssignedIdentities: await userAssigned(ctx, sent) } : {};
  const type =
    wantsSystem && wantsUser
      ? "SystemAssigned,UserAssigned"
      : wantsSystem
        ? "SystemAssigned"
        : "UserAssigned";
  return { type, ...system, ...user };
}

function defaultIdentity(
  definition: ResourceDefinition,
  isNew: boolean,
): ResourceIdentity | undefined {
  const type = definition.identityDefault;
  return isNew && type !== undefined ? { type } : undefined;
}

function requireKnownKind(
  definition: ResourceDefinition,
  wanted: { wantsSystem: boolean; wantsUser: boolean },
): void {
  const known = definition.identity ?? [];
  const unknown =
    (wanted.wantsSystem && !known.includes("SystemAssigned")) ||
    (wanted.wantsUser && !known.includes("UserAssigned"));
  if (!unknown) return;
  throw fail.InvalidParameter({
    parameter: "identity.type",
    reason: `'${definition.type}' supports ${known.join(", ")}`,
    target: "identity.type",
  });
}

async function systemAssigned(
  ctx: ResourceContext,
  definition: ResourceDefinition,
  existing: ResourceIdentity | undefined,
): Promise<Pick<ResourceIdentity, "principalId" | "tenantId">> {
  const tenantId = ctx.directory.tenantId;
  if (existing?.principalId !== undefined) return { principalId: existing.principalId, tenantId };
  const displayName = definition.identityName?.(ctx.id) ?? ctx.id.name;
  const { principalId } = await ctx.directory.createManagedIdentity(ctx.writer, {
    resourceId: ctx.id.text,
    displayName,
    explicit: false,
  });
  return { principalId, tenantId };
}

async function userAssigned(
  ctx: ResourceContext,
  sent: ResourceIdentity,
): Promise<Record<string, { principalId?: string; clientId?: string }>> {
  const resolved: Record<string, { principalId?: string; clientId?: string }> = {};
  for (const sentId of Object.keys(sent.userAssignedIdentities ?? {})) {
    const id = parseResourceId(sentId);
    if (id?.type.toLowerCase() !== userAssignedType.toLowerCase()) throw notAnIdentity(sentId);
    await ctx.authorizeLinked([assignAction], id.text);
    const resource = await ctx.get(id.key);
    if (!resource) throw notAnIdentity(sentId);
    const { principalId, clientId } = resource.properties as {
      principalId: string;
      clientId: string;
    };
    resolved[resource.id] = { principalId, clientId };
  }
  if (Object.keys(resolved).length === 0) {
    throw fail.InvalidParameter({
      parameter: "identity.userAssignedIdentities",
      reason: "at least one user-assigned identity is required",
      target: "identity.userAssignedIdentities",
    });
  }
  return resolved;
}

function notAnIdentity(id: string) {
  return fail.InvalidParameter({
    parameter: "identity.userAssignedIdentities",
    reason: `'${id}' is not an existing user-assigned identity`,
    target: "identity.userAssignedIdentities",
  });
}
