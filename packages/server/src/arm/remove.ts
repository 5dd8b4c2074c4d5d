// DELETE of a defined type: refusals first, then the whole tree with identities and endpoint names.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { parentId, resourceGroupType, subscriptionType } from "@callosum/contract/resource-id.ts";
import type { Answer, Call } from "../http/route.ts";
import { recordActivity } from "./activity.ts";
import { createContext, removeResources } from "./context.ts";
import { findResource, present } from "./document.ts";
import { startOperation } from "./operation.ts";
import { requirePrecondition } from "./precondition.ts";
import type { RequestTarget } from "./request.ts";
import type { ArmServices } from "./services.ts";
import { missingContainer, notFound } from "./write.ts";

interface RemoveOptions {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: RequestTarget;
  readonly apiVersion: string;
}

/** The caller is already authorized for `{type}/delete` at the id. */
export function removeResource(options: RemoveOptions): Promise<Answer> {
  return options.services.store.transaction((writer) => removeWithin(writer, options));
}

async function removeWithin(writer: Writer, options: RemoveOptions): Promise<Answer> {
  const { services, call, principal, target, apiVersion } = options;
  const { definition } = target.type;
  const found = await findResource(writer, { id: target.id, definition });
  if (!found) return removeMissing(writer, options);
  const { resource } = found;
  requirePrecondition(call.headers, resource);
  const id = { ...target.id, text: resource.id };
  const action = `${definition.type}/delete`;
  const ctx = createContext({ ...options, writer, id, action });
  await definition.remove?.({ ctx, resource });
  // What exists without having been written (`default`) stays as it is.
  if (!found.body) return removeMissing(writer, options);
  await removeResources(writer, id.key, services);
  const answer = definition.answers.remove;
  const now = services.clock.now();
  await recordActivity(writer, {
    random: services.random,
    now,
    principal,
    action,
    resourceId: id.text,
    status: "headers" in answer ? "Accepted" : "Succeeded",
    httpStatus: answer.status,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
  });
  const shown = { resource, definition, now, apiVersion, origin: call.origin, reader: writer };
  if (!("headers" in answer)) {
    const { status, showsRemoved } = answer;
    return showsRemoved ? { status, body: await present(shown) } : { status };
  }
  const { type } = definition;
  const { headers } = await startOperation({
    services,
    writer,
    call,
    id,
    type,
    apiVersion,
    answer,
  });
  const state = answer.accepted;
  if (state === undefined) return { status: answer.status, headers };
  return { status: answer.status, headers, body: await present({ ...shown, state }) };
}

/** What is not there: 204, unless its container is missing too or the service says 404. */
async function removeMissing(writer: Writer, { target }: RemoveOptions): Promise<Answer> {
  const { definition } = target.type;
  if (definition.removeMissing === "notFound") throw notFound(target.id, definition.type);
  const parent = parentId(target.id);
  const isScope = parent.type === resourceGroupType || parent.type === subscriptionType;
  if (isScope && parent.key !== "/" && !(await writer.document(parent.key)))
    throw missingContainer(parent);
  if (definition.type === resourceGroupType)
    throw fail.ResourceGroupNotFound({ name: target.id.name });
  return { status: 204 };
}
