// What belongs to a linked pair: the two workspaces, whatever their definitions name by resource id, the
// default lake, the children of all of them, and the roles that their identities have among them.

import type { Connection } from "@callosum/sdk/connection.ts";
import { findResource, listResources, type Resource } from "@callosum/sdk/resource.ts";
import { listRoleAssignments, type RoleAssignment } from "@callosum/sdk/role-assignment.ts";
import { listByType } from "../find-resource.ts";
import { childTypes, type ExportedType, topTypes } from "./exported-type.ts";

export interface FoundResource {
  readonly exported: ExportedType;
  readonly resource: Resource & { readonly sku?: unknown; readonly kind?: string };
  /** Undefined for a resource of the group itself. */
  readonly parent: FoundResource | undefined;
  /** Its parameter, of a resource of the group itself: `storageAccountName`. */
  readonly parameter: string;
}

export interface FoundPair {
  readonly resources: readonly FoundResource[];
  readonly assignments: readonly RoleAssignment[];
  /** What a template cannot take along. */
  readonly notes: readonly string[];
}

/** Reads all of it as the caller. */
export async function collectPair(
  api: Connection,
  pair: { synapse: Resource; machineLearning: Resource; subscriptionId: string },
): Promise<FoundPair> {
  const { synapse, machineLearning, subscriptionId } = pair;
  const notes: string[] = [];
  const found = new Map<string, FoundResource>();
  const queue = [synapse.id, machineLearning.id];
  const lake = await defaultLake(api, { synapse, subscriptionId });
  if (lake === undefined) {
    notes.push(
      `The default lake of '${synapse.name}' is not of this instance: its address is kept.`,
    );
  } else queue.push(lake);
  for (const id of queue) {
    if (found.has(id.toLowerCase())) continue;
    const top = await readTop(api, id, found);
    if (!top) continue;
    found.set(id.toLowerCase(), top);
    queue.push(...namedIds(top.resource.properties), ...namedIds(top.resource.identity));
    for (const child of await readChildren(api, top))
      found.set(child.resource.id.toLowerCase(), child);
  }
  const resources = [...found.values()];
  return { resources, ...(await assignmentsAmong(api, resources, notes)) };
}

async function defaultLake(
  api: Connection,
  { synapse, subscriptionId }: { synapse: Resource; subscriptionId: string },
): Promise<string | undefined> {
  const { accountUrl = "" } = (synapse.properties.defaultDataLakeStorage ?? {}) as {
    accountUrl?: string;
  };
  const name = /^https:\/\/([^./]+)\./.exec(accountUrl)?.[1]?.toLowerCase();
  const type = "Microsoft.Storage/storageAccounts";
  const accounts = await listByType(api, { type, subscriptionId });
  return accounts.find((account) => account.name.toLowerCase() === name)?.id;
}

function typeOf(id: string): string | undefined {
  const pattern =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+\/[^/]+)\/[^/]+$/i;
  return pattern.exec(id)?.[1]?.toLowerCase();
}

async function readTop(
  api: Connection,
  id: string,
  found: ReadonlyMap<string, FoundResource>,
): Promise<FoundResource | undefined> {
  const row = Object.entries(topTypes).find(([, { type }]) => type.toLowerCase() === typeOf(id));
  if (!row) return undefined;
  const [label, exported] = row;
  const resource = await findResource(api, { id, apiVersion: exported.apiVersion });
  if (!resource) return undefined;
  const before = [...found.values()].filter((each) => each.exported === exported).length;
  const parameter = `${label}${before === 0 ? "" : before + 1}Name`;
  return { exported, resource, parent: undefined, parameter };
}

/** Resource ids anywhere in a value, keys included (`userAssignedIdentities`). */
function namedIds(value: unknown): string[] {
  if (typeof value === "string") return typeOf(value) === undefined ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...namedIds(key), ...namedIds(item)]);
}

async function readChildren(api: Connection, parent: FoundResource): Promise<FoundResource[]> {
  const types = childTypes.filter((each) => each.parent === parent.exported.type);
  const lists = types.map(async (exported) => {
    const id = `${parent.resource.id}/${exported.collection}`;
    // Computes are listed at a version that all clients have; the template's own is the short one.
    const apiVersion = exported.collection === "computes" ? "2022-10-01" : exported.apiVersion;
    const children = await listResources(api, { id, apiVersion });
    return children
      .filter(({ properties, name }) => exported.isExported?.(properties, name) ?? true)
      .map((resource) => ({ exported, resource, parent, parameter: "" }));
  });
  return (await Promise.all(lists)).flat();
}

/** Object id of the identity that a resource has of its own, or is. */
export function ownPrincipal({ exported, resource }: FoundResource): string | undefined {
  if (exported === topTypes.userIdentity) return String(resource.properties.principalId);
  return resource.identity?.principalId;
}

async function assignmentsAmong(
  api: Connection,
  resources: readonly FoundResource[],
  notes: string[],
): Promise<Pick<FoundPair, "assignments" | "notes">> {
  const own = new Set(resources.flatMap((each) => ownPrincipal(each)?.toLowerCase() ?? []));
  const tops = resources.filter(({ parent }) => parent === undefined);
  const lists = await Promise.all(
    tops.map(({ resource }) => listRoleAssignments(api, { scope: resource.id })),
  );
  const all = [...new Map(lists.flat().map((each) => [each.id, each])).values()];
  const scopes = new Set([
    ...tops.map(({ resource }) => resource.id.toLowerCase()),
    ...tops.map(({ resource }) => groupOf(resource.id)),
  ]);
  const assignments = all.filter(
    ({ principalId, scope }) =>
      own.has(principalId.toLowerCase()) && scopes.has(scope.toLowerCase()),
  );
  const others = all.filter(({ principalId }) => !own.has(principalId.toLowerCase()));
  const below = others.filter(({ scope }) => scopes.has(scope.toLowerCase()));
  if (below.length > 0) {
    notes.push(
      `${below.length} role assignments of people, groups and applications are not taken along: their ids are of this directory.`,
    );
  }
  return { assignments, notes };
}

export function groupOf(id: string): string {
  return id.toLowerCase().split("/").slice(0, 5).join("/");
}
