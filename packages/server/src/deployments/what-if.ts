// What a deployment would do: each resource compared with what is there, as the caller sees it.

import { ServiceError } from "@callosum/contract/error.ts";
import { ExpressionError } from "@callosum/expression/template.ts";
import { azureForm, type Caller, createCaller } from "./caller.ts";
import { evaluateBody } from "./execute.ts";
import type { DeploymentHost } from "./host.ts";
import { nestedRequest } from "./planning.ts";
import { deployedResources, type Warning } from "./record.ts";
import { readInput } from "./request.ts";
import { type Answers, openAnswers } from "./runtime.ts";
import type { Requested } from "./state.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./template/json.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { targetOf } from "./template/resource-function.ts";

export interface Change {
  readonly resourceId: string;
  readonly changeType: "Create" | "Modify" | "NoChange" | "Deploy";
  readonly before?: Json;
  readonly after?: Json;
  readonly delta?: readonly PropertyChange[];
}

interface PropertyChange {
  readonly path: string;
  readonly propertyChangeType: "Create" | "Modify" | "Array";
  readonly before?: Json;
  readonly after?: Json;
  readonly children?: readonly PropertyChange[];
}

/** Rejects as a deployment would be refused; writes nothing. */
export async function foresee(
  host: DeploymentHost,
  asked: Requested,
): Promise<{ changes: readonly Change[]; warnings: readonly Warning[] }> {
  const { plan, requested, warnings } = await host.plan(asked);
  const { principal, origin, correlationId, remoteAddress } = requested;
  const caller = createCaller({
    ports: host.ports,
    principalId: principal.objectId,
    origin: azureForm(origin),
    correlationId,
    remoteAddress,
    signal: new AbortController().signal,
  });
  const answers = openAnswers({ index: plan.index, caller, isFinished: () => true });
  const changes: Change[] = [];
  for (const resource of deployedResources(plan)) {
    const after = await evaluateIfKnown(plan, resource, answers);
    if (resource.type.toLowerCase() === deploymentType.toLowerCase()) {
      changes.push(...(await foreseeNested(host, { requested, resource, body: after })));
    } else {
      changes.push(await foreseeOne(caller, resource, after));
    }
  }
  return { changes, warnings };
}

/** Undefined when it depends on what only the deployment itself makes. */
async function evaluateIfKnown(
  plan: Plan,
  resource: PlannedResource,
  answers: Answers,
): Promise<JsonObject | undefined> {
  try {
    return await answers.settle((runtime) => evaluateBody(plan, resource, runtime));
  } catch (error) {
    if (error instanceof ServiceError || error instanceof ExpressionError) return undefined;
    throw error;
  }
}

async function foreseeNested(
  host: DeploymentHost,
  nested: { requested: Requested; resource: PlannedResource; body: JsonObject | undefined },
): Promise<readonly Change[]> {
  const { requested, resource, body } = nested;
  if (!body) return [{ resourceId: resource.id, changeType: "Deploy" }];
  const own = { target: targetOf(resource.scopeId), name: resource.name, input: readInput(body) };
  return (await foresee(host, nestedRequest(requested, own))).changes;
}

async function foreseeOne(
  caller: Caller,
  { id, type, name, apiVersion }: PlannedResource,
  body: JsonObject | undefined,
): Promise<Change> {
  const resourceId = id;
  const before = await currentOf(caller, { id, apiVersion });
  const after = body && { id, name: name.split("/").at(-1) ?? "", type, apiVersion, ...body };
  if (before === undefined)
    return { resourceId, changeType: "Create", ...(after ? { after } : {}) };
  if (!body || !after) return { resourceId, changeType: "Deploy", before };
  const delta = compare(before, body, "");
  if (delta.length === 0) return { resourceId, changeType: "NoChange", before, after };
  return { resourceId, changeType: "Modify", before, after, delta };
}

async function currentOf(
  caller: Caller,
  { id, apiVersion }: { id: string; apiVersion: string },
): Promise<Json | undefined> {
  try {
    return (await caller.send({ method: "GET", id, apiVersion })).body as Json;
  } catch (error) {
    if (error instanceof ServiceError && error.status === "notFound") return undefined;
    throw error;
  }
}

/** What the template says differently. What it does not mention stays as it is. */
function compare(before: Json, after: Json, path: string): PropertyChange[] {
  if (isObject(before) && isObject(after)) {
    return Object.entries(after).flatMap(([name, wanted]) => {
      const place = path === "" ? name : `${path}.${name}`;
      const current = member(before, name);
      if (current !== undefined) return compare(current, wanted, place);
      // Secrets never come back, and null says nothing.
      return wanted === null ? [] : [{ path: place, propertyChangeType: "Create", after: wanted }];
    });
  }
  if (isSame(before, after)) return [];
  if (isArray(before) && isArray(after)) {
    const length = Math.max(before.length, after.length);
    const children = Array.from({ length }, (_, index) =>
      compare(before[index] ?? null, after[index] ?? null, String(index)),
    ).flat();
    return children.length === 0 ? [] : [{ path, propertyChangeType: "Array", children }];
  }
  return [{ path, propertyChangeType: "Modify", before, after }];
}

/** Casing and spaces of texts are the services' own ("West US", "systemAssigned"). */
function isSame(before: Json, after: Json): boolean {
  if (typeof before === "string" && typeof after === "string") {
    const plain = (text: string) => text.replaceAll(" ", "").toLowerCase();
    return plain(before) === plain(after);
  }
  return JSON.stringify(before) === JSON.stringify(after);
}
