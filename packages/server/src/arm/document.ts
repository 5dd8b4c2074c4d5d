// A resource as it lies in the store and as it is answered. The key is the lower-case id; the body
// is the envelope with the stored properties.

import type { ArmResource, Reader, StoredDocument, SystemData } from "@callosum/contract/ports.ts";
import type { ResourceDefinition, ShowRequest } from "@callosum/contract/resource.ts";
import { parentId, type ResourceId } from "@callosum/contract/resource-id.ts";
import type { Origin, PlaneName } from "../http/plane.ts";

export interface ResourceBody {
  readonly id: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Record<string, string>;
  readonly kind?: string;
  readonly sku?: Record<string, unknown>;
  readonly identity?: ArmResource["identity"];
  readonly properties: Record<string, unknown>;
  readonly systemData: SystemData;
  /** Until then operations on it are in progress and its state is `accepted`. */
  readonly settlesMs?: number;
  readonly accepted?: string;
}

/** The stored resource as other planes and definitions see it: stored properties, no show(). */
export function toResource(document: StoredDocument<ResourceBody>): ArmResource {
  const { settlesMs: _settles, accepted: _accepted, ...body } = document.body;
  return { ...body, type: document.type, etag: document.etag };
}

export function toDocument(
  resource: Omit<ArmResource, "systemData"> & { systemData: SystemData },
  id: ResourceId,
  pending?: { settlesMs: number; accepted: string },
): Omit<StoredDocument<ResourceBody>, "etag"> {
  const { type, etag: _etag, properties, ...rest } = resource;
  return {
    id: id.key,
    type,
    parent: parentId(id).key,
    body: { ...rest, properties: { ...properties }, ...pending } as ResourceBody,
  };
}

/** The resource as a client gets it. `state` replaces provisioningState in a first answer. */
export async function present(options: {
  resource: ArmResource;
  definition: ResourceDefinition;
  now: Date;
  apiVersion: string;
  origin: Pick<Origin, "base">;
  /** What the answer is read from: the open transaction's view, else the committed state. */
  reader: Reader;
  state?: string | undefined;
}): Promise<Record<string, unknown>> {
  const { resource, definition, now, apiVersion, origin, reader, state } = options;
  const shown = definition.show
    ? await definition.show({ resource, now, apiVersion, ...lookups(reader, origin) })
    : resource.properties;
  const properties = state === undefined ? shown : { ...shown, provisioningState: state };
  const { id, name, location, tags, kind, sku, identity, systemData } = resource;
  return {
    id,
    name,
    type: definition.wireType ?? definition.type,
    ...(location !== undefined ? { location } : {}),
    ...(definition.tags ? { tags: tags ?? {} } : {}),
    ...(kind !== undefined ? { kind } : {}),
    ...(sku !== undefined ? { sku } : {}),
    ...(identity !== undefined ? { identity } : {}),
    ...(definition.systemData && systemData ? { systemData } : {}),
    properties,
  };
}

function lookups(
  reader: Reader,
  origin: Pick<Origin, "base">,
): Pick<ShowRequest, "endpoint" | "get" | "children"> {
  return {
    endpoint: (plane, name) => origin.base(plane as PlaneName, name),
    async get(id) {
      const document = await reader.document<ResourceBody>(id.toLowerCase());
      return document && toResource(document);
    },
    async children(parent, type) {
      const documents = await reader.documents<ResourceBody>({
        parent: parent.toLowerCase(),
        type,
      });
      return documents.map(toResource);
    },
  };
}

/** The provisioning state while an operation is still in progress, else undefined. */
export function pendingState(body: ResourceBody, now: Date): string | undefined {
  return body.settlesMs !== undefined && now.getTime() < body.settlesMs ? body.accepted : undefined;
}

/** Reads a resource, or what stands in for a preset one (`default`) that nobody has written. */
export async function findResource(
  reader: Reader,
  options: { id: ResourceId; definition: ResourceDefinition },
): Promise<{ resource: ArmResource; body: ResourceBody | undefined } | undefined> {
  const { id, definition } = options;
  const document = await reader.document<ResourceBody>(id.key);
  if (document) return { resource: toResource(document), body: document.body };
  const preset = definition.preset;
  const name = preset?.names.find((known) => known.toLowerCase() === id.name.toLowerCase());
  if (!preset || name === undefined) return undefined;
  const parent = await reader.document<ResourceBody>(parentId(id).key);
  if (!parent) return undefined;
  const properties = preset.properties(toResource(parent));
  return {
    resource: { id: id.text, name, type: definition.type, properties },
    body: undefined,
  };
}
