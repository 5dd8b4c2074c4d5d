// POST (or another method) on a resource's action: `…/pause`, `…/listKeys`.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Writer } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import type { ActionDefinition } from "@callosum/contract/resource.ts";
import { canonicalise } from "@callosum/contract/schema.ts";
import { Ajv, type ValidateFunction } from "ajv";
import type { Answer, Call } from "../http/route.ts";
import { recordActivity } from "./activity.ts";
import { createContext } from "./context.ts";
import { findResource, toDocument } from "./document.ts";
import { invalidProperty } from "./envelope.ts";
import { startOperation } from "./operation.ts";
import type { RequestTarget } from "./request.ts";
import type { ArmServices } from "./services.ts";
import { systemDataOf } from "./system-data.ts";
import { notFound, requireContainer } from "./write.ts";

interface ActionOptions {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: RequestTarget;
  readonly apiVersion: string;
}

/** The RBAC action of an action. */
export function actionRight(target: RequestTarget): string {
  const { definition } = target.type;
  const named = target.action;
  if (!named) throw new Error("The target has no action.");
  return named.definition.action ?? `${definition.type}/${named.name}/action`;
}

/** The caller is already authorized for `actionRight(target)` at the id. */
export function runAction(options: ActionOptions): Promise<Answer> {
  return options.services.store.transaction((writer) => runWithin(writer, options));
}

async function runWithin(writer: Writer, options: ActionOptions): Promise<Answer> {
  const { services, call, principal, target, apiVersion } = options;
  const { definition } = target.type;
  const action = target.action?.definition as ActionDefinition;
  await requireContainer(writer, services, target.id);
  const found = await findResource(writer, { id: target.id, definition });
  if (!found) throw notFound(target.id, definition.type);
  const { resource } = found;
  const id = { ...target.id, text: resource.id };
  const right = actionRight(target);
  const ctx = createContext({ ...options, writer, id, action: right });
  const result = await action.run({ ctx, sent: readActionBody(action, call.body), resource });
  const now = services.clock.now();
  if (result.properties) {
    const systemData = systemDataOf({ principal, now, existing: resource.systemData });
    await writer.put(toDocument({ ...resource, properties: result.properties, systemData }, id));
  }
  const answer = action.answer ?? { status: 200 };
  const isRead = right.toLowerCase().endsWith("/read");
  if (!isRead) {
    await recordActivity(writer, {
      random: services.random,
      now,
      principal,
      action: right,
      resourceId: id.text,
      status: "headers" in answer ? "Accepted" : "Succeeded",
      httpStatus: answer.status,
      correlationId: call.correlationId,
      remoteAddress: call.remoteAddress,
    });
  }
  if (!("headers" in answer)) return { status: answer.status, body: result.body };
  const { type } = definition;
  const { headers } = await startOperation({
    services,
    writer,
    call,
    id,
    type,
    apiVersion,
    answer,
    ...(result.body === undefined ? {} : { result: result.body }),
  });
  return { status: answer.status, headers };
}

const ajv = new Ajv({ strict: false, validateFormats: false, allowUnionTypes: true });
const compiled = new WeakMap<ActionDefinition, ValidateFunction>();

function readActionBody(action: ActionDefinition, body: unknown): never {
  if (!action.body) return undefined as never;
  const sent = canonicalise(action.body, body ?? {}, { unknown: "drop", defaults: true });
  let validate = compiled.get(action);
  if (!validate) {
    validate = ajv.compile(action.body);
    compiled.set(action, validate);
  }
  if (typeof sent !== "object" || sent === null) {
    throw fail.InvalidRequestContent({ reason: "The body must be a JSON object." });
  }
  if (!validate(sent)) throw invalidProperty(validate.errors?.[0], sent);
  return sent as never;
}
