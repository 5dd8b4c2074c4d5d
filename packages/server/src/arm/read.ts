// GET of a resource and of collections, with paging and `$filter` on tags and type.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { ResourceDefinition } from "@callosum/contract/resource.ts";
import {
  parentId,
  type ResourceId,
  resourceGroupType,
  subscriptionType,
} from "@callosum/contract/resource-id.ts";
import type { Answer, Call } from "../http/route.ts";
import { findResource, pendingState, present, type ResourceBody, toResource } from "./document.ts";
import { holds } from "./precondition.ts";
import type { RequestTarget } from "./request.ts";
import type { ArmServices } from "./services.ts";
import { missingContainer, notFound } from "./write.ts";

interface ReadOptions {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: RequestTarget;
  readonly apiVersion: string;
}

const pageSizeDefault = 500;
const pageSizeMax = 1000;

/** The caller is already authorized for `{type}/read` at the id. */
export async function getResource(options: ReadOptions): Promise<Answer> {
  const { services, call, target, apiVersion } = options;
  const { definition } = target.type;
  const { read } = services.store;
  const found = await findResource(read, { id: target.id, definition });
  if (!found) {
    if (call.method === "HEAD") return { status: 404 };
    const parent = parentId(target.id);
    if (!(await isThere(services, parent))) throw missingContainer(parent);
    throw notFound(target.id, definition.type);
  }
  if (call.method === "HEAD") return { status: 204 };
  const { resource, body: stored } = found;
  const headers: Record<string, string> = resource.etag ? { ETag: `"${resource.etag}"` } : {};
  const noneMatch = call.headers["if-none-match"];
  if (noneMatch !== undefined && holds(noneMatch, resource)) return { status: 304, headers };
  const now = services.clock.now();
  const state = stored && pendingState(stored, now);
  const { origin } = call;
  const body = await present({
    resource,
    definition,
    now,
    apiVersion,
    origin,
    reader: read,
    state,
  });
  return { status: 200, headers, body };
}

/**
 * Lists children of a resource, or a top-level type in a group or subscription. The latter shows what
 * the caller may read; a child collection needs `{type}/read` on its parent (checked before).
 */
export async function listResources(options: ReadOptions): Promise<Answer> {
  const { services, call, target, apiVersion } = options;
  const { definition } = target.type;
  const { read } = services.store;
  const container = target.id;
  if (!(await isThere(services, container))) throw missingContainer(container);
  const documents =
    container.type === subscriptionType && definition.type !== resourceGroupType
      ? await read.documents<ResourceBody>({ type: definition.type, under: container.key })
      : await read.documents<ResourceBody>({ type: definition.type, parent: container.key });
  const resources = [
    ...presets(
      definition,
      documents.map((document) => document.id),
      container,
      await parentOf(options),
    ),
    ...documents.map(toResource),
  ];
  const visible = await filterVisible(options, resources);
  const now = services.clock.now();
  const filtered = applyFilter(visible, call.query.get("$filter"));
  const selected = definition.select?.(filtered, call.query) ?? filtered;
  const { items, nextLink } = page(selected, call, definition.paging);
  const { origin } = call;
  const shown = { definition, now, apiVersion, origin, reader: read };
  const value = await Promise.all(items.map((resource) => present({ resource, ...shown })));
  return { status: 200, body: nextLink === undefined ? { value } : { value, nextLink } };
}

/** Whether something may lie below: a stored resource, or one that exists without being created. */
async function isThere(services: ArmServices, id: ResourceId): Promise<boolean> {
  const { read } = services.store;
  if (id.key === "/" || (await read.document(id.key))) return true;
  const definition = services.registry.find(id.type)?.definition;
  return definition !== undefined && (await findResource(read, { id, definition })) !== undefined;
}

async function parentOf({ services, target }: ReadOptions): Promise<ArmResource | undefined> {
  if (!target.type.definition.preset) return undefined;
  const document = await services.store.read.document<ResourceBody>(target.id.key);
  return document && toResource(document);
}

/** Preset children that nobody has written yet. */
function presets(
  definition: ResourceDefinition,
  storedKeys: readonly string[],
  container: RequestTarget["id"],
  parent: ArmResource | undefined,
): ArmResource[] {
  if (!definition.preset || !parent) return [];
  const typeName = definition.type.split("/").at(-1) ?? "";
  return definition.preset.names
    .map((name) => ({ name, id: `${container.text}/${typeName}/${name}` }))
    .filter(({ id }) => !storedKeys.includes(id.toLowerCase()))
    .map(({ name, id }) => ({
      id,
      name,
      type: definition.type,
      properties: definition.preset?.properties(parent) ?? {},
    }));
}

async function filterVisible(
  options: ReadOptions,
  resources: readonly ArmResource[],
): Promise<ArmResource[]> {
  const { services, principal, target } = options;
  const { type, rightsOf } = target.type.definition;
  const action = `${rightsOf ?? type}/read`;
  if (await services.authorizer.allows(principal, { action, scope: target.id.key }))
    return [...resources];
  const visible: ArmResource[] = [];
  for (const resource of resources) {
    if (await services.authorizer.allows(principal, { action, scope: resource.id }))
      visible.push(resource);
  }
  return visible;
}

const tagFilter = /^tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?$/i;
const typeFilter = /^resourceType eq '([^']*)'$/i;
const nameFilter = /^name eq '([^']*)'$/i;

/** The filters that clients send; one that we don't know is refused by name, never ignored. */
export function applyFilter(
  resources: readonly ArmResource[],
  filter: string | null,
): ArmResource[] {
  if (filter === null || filter.trim() === "") return [...resources];
  const conditions = tagFilter.test(filter) ? [filter] : filter.split(/ and /i);
  return conditions.reduce<ArmResource[]>(
    (kept, condition) => kept.filter(conditionOf(condition.trim())),
    [...resources],
  );
}

function conditionOf(condition: string): (resource: ArmResource) => boolean {
  const tag = tagFilter.exec(condition);
  if (tag) return (resource) => hasTag(resource, tag[1] ?? "", tag[2]);
  const type = typeFilter.exec(condition);
  if (type) return (resource) => resource.type.toLowerCase() === type[1]?.toLowerCase();
  const name = nameFilter.exec(condition);
  if (name) return (resource) => resource.name.toLowerCase() === name[1]?.toLowerCase();
  throw fail.InvalidParameter({
    parameter: "$filter",
    reason: `'${condition}' is none of resourceType eq, name eq, tagName eq … and tagValue eq`,
    target: "$filter",
  });
}

function hasTag(resource: ArmResource, name: string, value: string | undefined): boolean {
  const tag = Object.entries(resource.tags ?? {}).find(
    ([known]) => known.toLowerCase() === name.toLowerCase(),
  );
  return tag !== undefined && (value === undefined || tag[1] === value);
}

const pagingDefault = { size: ["$top"], token: "$skipToken" };

/** Cuts a list into pages by `$top` and `$skipToken`; the link repeats the caller's other parameters. */
export function page<Item extends { id: string }>(
  items: readonly Item[],
  call: Call,
  paging: { readonly size: readonly string[]; readonly token: string } = pagingDefault,
): { items: Item[]; nextLink: string | undefined } {
  const size = pageSize(call, paging.size);
  const after = call.query.get(paging.token.toLowerCase());
  const from = after === null ? 0 : Number(Buffer.from(after, "base64url").toString("utf8"));
  if (!Number.isInteger(from) || from < 0) {
    throw fail.InvalidParameter({
      parameter: paging.token,
      reason: "it is not one of ours",
      target: paging.token,
    });
  }
  const cut = items.slice(from, from + size);
  if (from + size >= items.length) return { items: cut, nextLink: undefined };
  const query = new URLSearchParams(call.query);
  query.set(paging.token.toLowerCase(), Buffer.from(String(from + size)).toString("base64url"));
  return { items: cut, nextLink: `${call.origin.base("arm")}${call.path}?${query}` };
}

function pageSize(call: Call, names: readonly string[]): number {
  const parameter = names.find((name) => call.query.has(name.toLowerCase()));
  if (parameter === undefined) return pageSizeDefault;
  const size = Number(call.query.get(parameter.toLowerCase()));
  if (!Number.isInteger(size) || size < 1) {
    throw fail.InvalidParameter({
      parameter,
      reason: "it must be a positive integer",
      target: parameter,
    });
  }
  return Math.min(size, pageSizeMax);
}
