// The resource manager as other planes see it: reads on behalf of a principal, reads for the owner of
// a plane, and the way from an endpoint's global name to its resource.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource, Reader, ResourceManager } from "@callosum/contract/ports.ts";
import { parentId, parseResourceId } from "@callosum/contract/resource-id.ts";
import type { Origin } from "../http/plane.ts";
import { findResource, pendingState, present, type ResourceBody, toResource } from "./document.ts";
import type { ArmServices } from "./services.ts";
import { missingContainer, notFound } from "./write.ts";

type Base = Origin["base"];

export function createResourceManager(services: Omit<ArmServices, "models">): ResourceManager {
  const { store, authorizer, registry } = services;

  async function find(id: string, from: Reader = store.read): Promise<ArmResource | undefined> {
    const parsed = parseResourceId(id);
    if (!parsed) return undefined;
    const definition = registry.find(parsed.type)?.definition;
    if (definition) return (await findResource(from, { id: parsed, definition }))?.resource;
    const document = await from.document<ResourceBody>(parsed.key);
    return document && toResource(document);
  }

  async function show(id: string, base: Base): Promise<Record<string, unknown> | undefined> {
    const parsed = parseResourceId(id);
    const definition = parsed && registry.find(parsed.type)?.definition;
    const found = definition && (await findResource(store.read, { id: parsed, definition }));
    if (!found) return undefined;
    const now = services.clock.now();
    return present({
      resource: found.resource,
      definition,
      now,
      apiVersion: definition.apiVersions.at(-1) ?? "",
      origin: { base },
      reader: store.read,
      state: found.body && pendingState(found.body, now),
    });
  }

  return {
    find,
    show: (id, endpoint) => show(id, endpoint as Base),
    async showChildren({ id, type }, endpoint) {
      const documents = await store.read.documents({ parent: id.toLowerCase(), type });
      const collection = type.split("/").at(-1) ?? "";
      const preset = registry.find(type)?.definition.preset?.names ?? [];
      const stored = new Set(documents.map((document) => document.id));
      const unwritten = preset
        .map((name) => `${id}/${collection}/${name}`)
        .filter((child) => !stored.has(child.toLowerCase()));
      const shown = [];
      for (const child of [...unwritten, ...stored])
        shown.push(await show(child, endpoint as Base));
      return shown.filter((body) => body !== undefined);
    },
    async get(principal, id) {
      const parsed = parseResourceId(id);
      if (!parsed) throw fail.NotFound({ path: id });
      const type = registry.find(parsed.type)?.definition.type ?? parsed.type;
      await authorizer.require(principal, { action: `${type}/read`, scope: parsed.text });
      const found = await find(id);
      if (found) return found;
      // The nearest thing that is missing is the one to name: the group before the workspace.
      const parent = parentId(parsed);
      if (parent.key !== "/" && !(await store.read.document(parent.key)))
        throw missingContainer(parent);
      throw notFound(parsed, type);
    },
    async byEndpoint(kind, name) {
      const id = await store.read.alias(`endpoint-${kind}`, name);
      return id === undefined ? undefined : find(id);
    },
  };
}
