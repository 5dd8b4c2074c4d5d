// The resource manager plane: fixed routes first, then extensions of any scope, then the defined
// resource types. One order of questions for all: who, what, which version, may you, is it there.

import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import type { Answer, Call, Plane, Route } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { type Allowance, createAllowance } from "../platform/allowance.ts";
import { actionRight, runAction } from "./action.ts";
import { recordActivity } from "./activity.ts";
import { renderArmError } from "./dialect.ts";
import {
  createExtensionFinder,
  type ExtensionDefinition,
  type ExtensionTarget,
} from "./extension.ts";
import { operationIn, pollOperation } from "./operation.ts";
import { getResource, listResources } from "./read.ts";
import { removeResource } from "./remove.ts";
import {
  createTargetFinder,
  type RequestTarget,
  requireApiVersion,
  requireVersionOf,
} from "./request.ts";
import type { ArmServices } from "./services.ts";
import { patchResource, putResource } from "./write.ts";

/** Refused writes of one caller that the activity log keeps a minute; the rest are only answered. */
const refusalsMax = 100;

const audiences = ["https://management.azure.com", "https://management.core.windows.net"];

export interface ArmPlane extends Plane {
  /** Answers a path of the plane for another plane that serves the same thing elsewhere. */
  readonly handle: Route["handle"];
}

/** Composes the plane from the services, the fixed routes and the extensions. */
export function createArmPlane(options: {
  services: ArmServices;
  routes: readonly Route[];
  extensions: readonly ExtensionDefinition[];
}): ArmPlane {
  const { services, routes, extensions } = options;
  const handle = createHandler(services, extensions);
  return {
    handle,
    name: "arm",
    audiences,
    acceptsOwnOrigin: true,
    renderError: (error, { origin }) =>
      renderArmError(error, { origin, tenantId: services.tenantId }),
    headers: { "cache-control": "no-cache", pragma: "no-cache" },
    routes: [
      ...routes,
      {
        plane: "arm",
        method: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
        path: "/*",
        source: "protocols.md general rules",
        summary: "Every defined resource type and extension",
        access: "principal",
        handle,
      },
    ],
  };
}

function createHandler(services: ArmServices, extensions: readonly ExtensionDefinition[]) {
  const findTarget = createTargetFinder(services.registry);
  const findExtension = createExtensionFinder(extensions);
  const { clock } = services;
  const refusals = createAllowance({ clock, countMax: refusalsMax, periodMs: 60_000 });
  return async (call: Call): Promise<Answer> => {
    const operation = operationIn(call.path);
    if (operation) return pollOperation({ services, call, operation });
    const principal = await call.principal();
    const extension = findExtension(call.path);
    if (extension) return runExtension({ services, call, principal, target: extension });
    return runTyped({ services, call, principal, target: findTarget(call.path), refusals });
  };
}

interface Typed {
  readonly services: ArmServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly target: RequestTarget;
  readonly refusals: Allowance;
}

async function runTyped(options: Typed): Promise<Answer> {
  const { services, call, principal, target } = options;
  const apiVersion = requireApiVersion(call, target.type);
  requireMethod(target, call);
  const action = rightOf(target, call);
  try {
    // A collection in a group or subscription shows what the caller may read, so it needs no right.
    const filtersItself = target.collection && call.method === "GET" && isScopeCollection(target);
    if (!filtersItself)
      await services.authorizer.require(principal, { action, scope: target.id.text });
    await requireSubscription(services, target);
    const request = { services, call, principal, target, apiVersion };
    if (target.action) return await runAction(request);
    return await byMethod(request);
  } catch (error) {
    await recordRefusal(options, action, error);
    throw error;
  }
}

type Request = Omit<Typed, "refusals"> & { readonly apiVersion: string };

function byMethod(request: Request): Promise<Answer> {
  const { call, target } = request;
  if (target.collection) return listResources(request);
  switch (call.method) {
    case "PUT":
      return putResource(request);
    case "PATCH":
      return patchResource(request);
    case "DELETE":
      return removeResource(request);
    default:
      return getResource(request);
  }
}

function isScopeCollection(target: RequestTarget): boolean {
  return target.type.definition.type.split("/").length === 2 || target.id.namespace === undefined;
}

function rightOf(target: RequestTarget, call: Call): string {
  if (target.action) return actionRight(target);
  const { type: ownType, rightsOf } = target.type.definition;
  const type = rightsOf ?? ownType;
  if (call.method === "PUT" || call.method === "PATCH") return `${type}/write`;
  return call.method === "DELETE" ? `${type}/delete` : `${type}/read`;
}

const methodNames = {
  GET: "get",
  HEAD: "get",
  PUT: "put",
  PATCH: "patch",
  DELETE: "delete",
} as const;

/** 405 for what the type does not do, by the type's own list. */
function requireMethod(target: RequestTarget, call: Call): void {
  const { definition } = target.type;
  const refuse = () => fail.MethodNotAllowed({ method: call.method, type: definition.type });
  if (target.action) {
    if ((target.action.definition.method ?? "POST") !== call.method) throw refuse();
    return;
  }
  if (call.method === "POST" || call.method === "OPTIONS") throw refuse();
  if (target.collection && call.method !== "GET") throw refuse();
  const wanted = target.collection ? "list" : methodNames[call.method];
  if (definition.methods && !definition.methods.includes(wanted)) throw refuse();
}

async function requireSubscription(services: ArmServices, target: RequestTarget): Promise<void> {
  const { subscriptionId } = target.id;
  if (subscriptionId === undefined) return;
  const known = await services.store.read.document(
    `/subscriptions/${subscriptionId.toLowerCase()}`,
  );
  if (!known) throw fail.SubscriptionNotFound({ subscriptionId });
}

async function recordRefusal(options: Typed, action: string, error: unknown): Promise<void> {
  const { services, call, principal, target, refusals } = options;
  if (!(error instanceof ServiceError) || /\/read$/i.test(action)) return;
  if (!refusals.take(principal.objectId)) return;
  await services.store.transaction((writer) =>
    recordActivity(writer, {
      random: services.random,
      now: services.clock.now(),
      principal,
      action,
      resourceId: target.id.text,
      status: "Failed",
      httpStatus: statusNumber(error.status),
      correlationId: call.correlationId,
      remoteAddress: call.remoteAddress,
      error,
    }),
  );
}

async function runExtension(options: {
  services: ArmServices;
  call: Call;
  principal: Principal;
  target: ExtensionTarget;
}): Promise<Answer> {
  const { services, call, principal, target } = options;
  const { extension, name } = target;
  const scope = parseResourceId(target.scopePath === "" ? "/" : target.scopePath);
  if (!scope) throw fail.NotFound({ path: call.path });
  const apiVersion = requireVersionOf(call, extension.apiVersions);
  const operation = extension.operations.find(
    (candidate) => candidate.method === call.method && candidate.named === (name !== undefined),
  );
  if (!operation) throw fail.MethodNotAllowed({ method: call.method, type: extension.type });
  if (operation.action !== "none") {
    await services.authorizer.require(principal, { action: operation.action, scope: scope.text });
  }
  return operation.run({ services, call, principal, scope, name, apiVersion });
}
