// The ResourceContext that definitions work with: one request, one transaction.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource, Writer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import type { ResourceContext } from "@callosum/contract/resource.ts";
import { parseResourceId, type ResourceId } from "@callosum/contract/resource-id.ts";
import type { PlaneName } from "../http/plane.ts";
import type { Call } from "../http/route.ts";
import { recordActivity } from "./activity.ts";
import { type ResourceBody, toDocument, toResource } from "./document.ts";
import type { ArmServices } from "./services.ts";
import { systemDataOf } from "./system-data.ts";

export function createContext(options: {
  services: ArmServices;
  writer: Writer;
  call: Call;
  principal: Principal;
  id: ResourceId;
  apiVersion: string;
  /** The RBAC action of the request, named in linked-scope refusals. */
  action: string;
}): ResourceContext {
  const { services, writer, call, principal, id, apiVersion, action } = options;
  const { clock, random, directory, synapseRoles, secrets, authorizer } = services;
  return {
    principal,
    id,
    clock,
    random,
    writer,
    directory,
    synapseRoles,
    secrets,
    apiVersion,
    query: call.query,
    endpoint: (plane, name) => call.origin.base(plane as PlaneName, name),
    allows: (wanted, scope) => authorizer.allows(principal, { action: wanted, scope }),
    async authorizeLinked(actions, scope) {
      const missing: string[] = [];
      for (const wanted of actions) {
        if (!(await authorizer.allows(principal, { action: wanted, scope }))) missing.push(wanted);
      }
      if (missing.length === 0) return;
      throw fail.LinkedAuthorizationFailed({
        client: clientName(principal),
        objectId: principal.objectId,
        action,
        scope: id.text,
        linkedActions: missing.join(","),
        linkedScope: scope,
      });
    },
    async get(resourceId) {
      const document = await writer.document<ResourceBody>(resourceId.toLowerCase());
      return document && toResource(document);
    },
    async children(parent, type) {
      const documents = await writer.documents<ResourceBody>({
        parent: parent.toLowerCase(),
        type,
      });
      return documents.map(toResource);
    },
    put: (resource) => putChild({ resource, writer, principal, now: clock.now() }),
    async remove(resourceId) {
      await removeResources(writer, resourceId, services);
      await recordActivity(writer, {
        random,
        now: clock.now(),
        principal,
        action: `${parseResourceId(resourceId)?.type}/delete`,
        resourceId,
        status: "Succeeded",
        httpStatus: 200,
        correlationId: call.correlationId,
        remoteAddress: call.remoteAddress,
      });
    },
  };
}

async function putChild(options: {
  resource: ArmResource;
  writer: Writer;
  principal: Principal;
  now: Date;
}): Promise<void> {
  const { resource, writer, principal, now } = options;
  const id = parseResourceId(resource.id);
  if (!id) throw new Error(`'${resource.id}' is not a resource id.`);
  const existing = await writer.document<ResourceBody>(id.key);
  const systemData = systemDataOf({ principal, now, existing: existing?.body.systemData });
  await writer.put(toDocument({ ...resource, systemData }, id));
}

/** Removes a resource with all below it, and the identities that go with what was removed. */
export async function removeResources(
  writer: Writer,
  resourceId: string,
  services: Pick<ArmServices, "directory">,
): Promise<string[]> {
  const removed = await writer.removeTree(resourceId.toLowerCase());
  const ids = removed.map((document) => document.id);
  for (const { body } of removed) {
    // A private endpoint's other half lies at its target and goes with it.
    const { connectionId } = body as { connectionId?: unknown };
    if (typeof connectionId === "string") await writer.remove(connectionId.toLowerCase());
  }
  await services.directory.removeManagedIdentities(writer, ids);
  return ids;
}
