// PUT and PATCH of a defined type: one transaction from looking at what exists to the activity log.

import { fail } from "@callosum/contract/error-catalogue.ts";
import {
  AliasTaken,
  type ArmResource,
  type Reader,
  type Writer,
} from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type {
  Immediate,
  LongRunning,
  Prepared,
  ResourceContext,
  ResourceDefinition,
  SentResource,
} from "@callosum/contract/resource.ts";
import {
  parentId,
  type ResourceId,
  resourceGroupType,
  subscriptionType,
} from "@callosum/contract/resource-id.ts";
import type { Answer, Call } from "../http/route.ts";
import { recordActivity } from "./activity.ts";
import { createContext } from "./context.ts";
import { findResource, present, type ResourceBody, toDocument, toResource } from "./document.ts";
import { resolveIdentity } from "./identity.ts";
import { mergePatch } from "./merge-patch.ts";
import { startOperation } from "./operation.ts";
import { requirePrecondition } from "./precondition.ts";
import type { RequestTarget } from "./request.ts";
import type { ArmServices } from "./services.ts";
import { systemDataOf } from "./system-data.ts";

type Sent = SentResource<Record<string, unknown>>;

interface WriteOptions {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: RequestTarget;
  readonly apiVersion: string;
}

/** Creates or replaces; the caller is already authorized for `{type}/write` at the id. */
export function putResource(options: WriteOptions): Promise<Answer> {
  return write(options, "put");
}

/** Merges into what exists (RFC 7396 on the envelope); 404 when nothing does. */
export function patchResource(options: WriteOptions): Promise<Answer> {
  return write(options, "patch");
}

async function write(options: WriteOptions, method: "put" | "patch"): Promise<Answer> {
  const { services, target } = options;
  const prepared = method === "put" ? await prepare(options) : undefined;
  try {
    return await services.store.transaction((writer) =>
      writeWithin(writer, { ...options, method, prepared: prepared?.value }),
    );
  } catch (error) {
    if (!(error instanceof AliasTaken)) throw error;
    throw fail.NameNotAvailable({ name: target.id.name, type: target.type.definition.type });
  } finally {
    prepared?.release();
  }
}

/** What a type does before the transaction, once what it is in is known to be there. */
async function prepare(options: WriteOptions): Promise<Prepared | undefined> {
  const { services, call, principal, target } = options;
  const { definition } = target.type;
  if (!definition.prepare) return undefined;
  const { read } = services.store;
  const parent = parentId(target.id);
  const isImplied = definition.impliedParent && !(await read.document(parent.key));
  await requireContainer(read, services, isImplied ? parent : target.id);
  const found = await findResource(read, { id: target.id, definition });
  const existing = found?.resource;
  requirePrecondition(call.headers, existing);
  return definition.prepare({
    principal,
    id: existing ? { ...target.id, text: existing.id, name: existing.name } : requireName(target),
    sent: readSent({ options, method: "put", existing, isNew: found?.body === undefined }),
    existing,
    models: services.models,
    async get(id) {
      const document = await read.document<ResourceBody>(id.toLowerCase());
      return document && toResource(document);
    },
  });
}

/** The parent, made with the first child where the type says so. */
async function containerOf(
  writer: Writer,
  options: WriteOptions,
): Promise<ArmResource | undefined> {
  const { services, target } = options;
  const { impliedParent, type } = target.type.definition;
  const parent = parentId(target.id);
  if (impliedParent && !(await writer.document(parent.key))) {
    await requireContainer(writer, services, parent);
    const definition = services.registry.find(parent.type)?.definition;
    requirePattern(parent, definition ?? target.type.definition);
    const ctx = createContext({ ...options, writer, id: parent, action: `${type}/write` });
    const { text: id, name } = parent;
    await ctx.put({ id, name, type: definition?.type ?? parent.type, properties: impliedParent });
  }
  return requireContainer(writer, services, target.id);
}

async function writeWithin(
  writer: Writer,
  options: WriteOptions & { method: "put" | "patch"; prepared: unknown },
): Promise<Answer> {
  const { services, call, principal, target, apiVersion, method, prepared } = options;
  const { definition } = target.type;
  const { clock, random } = services;
  const container = await containerOf(writer, options);
  const found = await findResource(writer, { id: target.id, definition });
  const existing = found?.resource;
  if (method === "patch" && !existing) throw notFound(target.id, definition.type);
  requirePrecondition(call.headers, existing);
  const id = existing
    ? { ...target.id, text: existing.id, name: existing.name }
    : requireName(target);
  const ctx = createContext({ ...options, writer, id, action: `${definition.type}/write` });
  const sent = readSent({ options, method, existing, isNew: found?.body === undefined });
  const identity = await resolveIdentity({
    ctx,
    definition,
    sent: sent.identity,
    existing: existing?.identity,
    isNew: found?.body === undefined,
  });
  const properties = await definition.put({
    ctx,
    sent,
    existing,
    identity,
    partial: method === "patch",
    prepared,
  });
  const now = clock.now();
  const resource = {
    ...envelopeOf({ id, target, sent, existing, container }),
    ...(identity === undefined ? {} : { identity }),
    properties,
    systemData: systemDataOf({ principal, now, existing: existing?.systemData }),
  };
  if (definition.endpoint) {
    await writer.claim({ kind: `endpoint-${definition.endpoint}`, name: id.name, id: id.key });
  }
  const isNew = found?.body === undefined;
  const answer = answerKind({ target, method, isNew });
  const stored = await store({ writer, resource, ctx, options, answer });
  if (isNew) await definition.created?.({ ctx, resource: stored.resource });
  await recordActivity(writer, {
    random,
    now,
    principal,
    action: `${definition.type}/write`,
    resourceId: id.text,
    status: "headers" in answer ? "Accepted" : "Succeeded",
    httpStatus: answer.status,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
  });
  const state = "headers" in answer ? answer.accepted : undefined;
  const { origin } = call;
  const shown = { definition, now, apiVersion, origin, reader: writer, state };
  const body = await present({ resource: stored.resource, ...shown });
  return { status: answer.status, headers: { ...stored.headers, ETag: `"${stored.etag}"` }, body };
}

/** Tags only are the most a PATCH changes unless the type says more. */
function answerKind(options: {
  target: RequestTarget;
  method: "put" | "patch";
  isNew: boolean;
}): LongRunning | Immediate {
  const { answers } = options.target.type.definition;
  if (options.method === "patch") return answers.patch ?? { status: 200 };
  return options.isNew ? answers.create : answers.update;
}

function readSent(request: {
  options: WriteOptions;
  method: "put" | "patch";
  existing: ArmResource | undefined;
  isNew: boolean;
}): Sent {
  const { options, method, existing, isNew } = request;
  const { envelope } = options.target.type;
  if (method === "put") return envelope.read(options.call.body, isNew ? "required" : "optional");
  const { location, tags, sku, kind, properties } = existing as ArmResource;
  return envelope.read(
    mergePatch({ location, tags, sku, kind, properties }, options.call.body),
    "optional",
  );
}

function envelopeOf(options: {
  id: ResourceId;
  target: RequestTarget;
  sent: Sent;
  existing: ArmResource | undefined;
  container: ArmResource | undefined;
}): Omit<ArmResource, "properties"> {
  const { id, target, sent, existing, container } = options;
  const { definition } = target.type;
  const location =
    sent.location ??
    existing?.location ??
    (definition.location === "optional" ? container?.location : undefined);
  if (
    existing?.location !== undefined &&
    sent.location !== undefined &&
    sent.location !== existing.location
  ) {
    throw fail.InvalidResourceLocation({
      name: id.name,
      existing: existing.location,
      given: sent.location,
    });
  }
  const sku = sent.sku ?? existing?.sku;
  const kind = sent.kind ?? existing?.kind;
  return {
    id: id.text,
    name: id.name,
    type: definition.type,
    ...(definition.location === "none" || location === undefined ? {} : { location }),
    ...(definition.tags ? { tags: sent.tags } : {}),
    ...(sku === undefined ? {} : { sku }),
    ...(kind === undefined ? {} : { kind }),
  };
}

async function store(request: {
  writer: Writer;
  resource: Parameters<typeof toDocument>[0];
  ctx: ResourceContext;
  options: WriteOptions;
  answer: LongRunning | Immediate;
}): Promise<{ resource: ArmResource; headers: Record<string, string>; etag: string }> {
  const { writer, resource, ctx, options, answer } = request;
  const { services, call, target, apiVersion } = options;
  const { type } = target.type.definition;
  if (!("headers" in answer)) {
    const { etag } = await writer.put(toDocument(resource, ctx.id));
    return { resource: { ...resource, etag }, headers: {}, etag };
  }
  const { headers, readyMs } = await startOperation({
    services,
    writer,
    call,
    id: ctx.id,
    type,
    apiVersion,
    answer,
  });
  const pending =
    services.operationDelayMs > 0 && answer.accepted !== undefined
      ? { settlesMs: readyMs, accepted: answer.accepted }
      : undefined;
  const { etag } = await writer.put(toDocument(resource, ctx.id, pending));
  return { resource: { ...resource, etag }, headers, etag };
}

/** The group or parent must exist; gives it, because children inherit its location. */
export async function requireContainer(
  reader: Reader,
  services: ArmServices,
  id: ResourceId,
): Promise<ArmResource | undefined> {
  const parent = parentId(id);
  if (parent.key === "/") return undefined;
  const document = await reader.document<ArmResource>(parent.key);
  if (document) return { ...document.body, type: document.type };
  const definition = services.registry.find(parent.type)?.definition;
  const preset = definition && (await findResource(reader, { id: parent, definition }));
  if (preset) return preset.resource;
  throw missingContainer(parent);
}

/** What is missing above a resource, by its own name. */
export function missingContainer(parent: ResourceId) {
  if (parent.type === subscriptionType)
    return fail.SubscriptionNotFound({ subscriptionId: parent.name });
  if (parent.type === resourceGroupType) return fail.ResourceGroupNotFound({ name: parent.name });
  return fail.ParentResourceNotFound({ type: parent.type, name: parent.names.join("/") });
}

export function notFound(id: ResourceId, type: string) {
  if (type === resourceGroupType) return fail.ResourceGroupNotFound({ name: id.name });
  return fail.ResourceNotFound({ type, name: id.names.join("/"), resourceGroup: id.resourceGroup });
}

function requireName(target: RequestTarget): ResourceId {
  requirePattern(target.id, target.type.definition);
  return target.id;
}

function requirePattern(id: ResourceId, { type, name }: ResourceDefinition): void {
  if (name.pattern.test(id.name)) return;
  throw fail.InvalidResourceName({ type, name: id.name, rule: name.rule, target: "name" });
}
