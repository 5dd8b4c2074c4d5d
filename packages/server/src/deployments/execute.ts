// Runs a plan: what waits for nothing starts at once, a bounded number at a time; a failure stops what
// depends on it and nothing else.

import { ServiceError } from "@callosum/contract/error.ts";
import { ExpressionError } from "@callosum/expression/template.ts";
import type { Caller } from "./caller.ts";
import type { WireError } from "./record.ts";
import type { Answers } from "./runtime.ts";
import { bodyOf, isInnerDeployment, withoutTemplate } from "./template/dependency.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./template/json.ts";
import type { Plan } from "./template/plan.ts";
import { deploymentType, type PlannedResource } from "./template/resource.ts";
import { evaluationAt, type Runtime } from "./template/scope.ts";
import { evaluateValue } from "./template/value.ts";

const parallelMax = 16;

export interface NestedRequest {
  readonly resource: PlannedResource;
  readonly body: JsonObject;
}

export interface Execution {
  readonly plan: Plan;
  readonly caller: Caller;
  readonly answers: Answers;
  /** Indices that are done; grows as the work goes on. */
  readonly finished: Set<number>;
  /** Nothing new is started once it says so. */
  isHalted(): boolean;
  deployNested(request: NestedRequest): Promise<void>;
  started(resource: PlannedResource): void;
  /** Called when a resource is done; what is recorded here is not done again after a restart. */
  ended(
    resource: PlannedResource,
    result: { statusCode: number } | { error: WireError },
  ): Promise<void>;
  onFault(error: unknown): void;
}

/** Gives the failures; none and not halted = everything is deployed. */
export async function executePlan(execution: Execution): Promise<WireError[]> {
  const { plan, finished } = execution;
  const { resources } = plan.index;
  const waiting = plan.dependencies.map(
    (needed) => new Set([...needed].filter((index) => !finished.has(index))),
  );
  const dependents = resources.map((): number[] => []);
  for (const [index, needed] of waiting.entries()) {
    for (const other of needed) dependents[other]?.push(index);
  }
  const ready = resources.filter(({ index }) => !finished.has(index) && waiting[index]?.size === 0);
  const failures: WireError[] = [];
  let active = 0;
  await new Promise<void>((resolve, reject) => {
    const settle = (resource: PlannedResource, error: WireError | undefined) => {
      active -= 1;
      if (error) failures.push(error);
      else {
        finished.add(resource.index);
        for (const index of dependents[resource.index] ?? []) {
          const next = resources[index];
          waiting[index]?.delete(resource.index);
          if (next && waiting[index]?.size === 0) ready.push(next);
        }
      }
      pump();
    };
    const pump = () => {
      while (active < parallelMax && !execution.isHalted()) {
        const resource = ready.shift();
        if (!resource) break;
        active += 1;
        deployOne(execution, resource).then((error) => settle(resource, error), reject);
      }
      if (active === 0 && (ready.length === 0 || execution.isHalted())) resolve();
    };
    pump();
  });
  return failures;
}

async function deployOne(
  execution: Execution,
  resource: PlannedResource,
): Promise<WireError | undefined> {
  if (!resource.condition || resource.isExisting) return undefined;
  execution.started(resource);
  try {
    const statusCode = await deploy(execution, resource);
    await execution.ended(resource, { statusCode });
    return undefined;
  } catch (thrown) {
    // A run that is being stopped is taken up again; its last request is no failure of the template.
    if (thrown instanceof Error && thrown.name === "AbortError" && execution.isHalted()) {
      return { code: "Halted", message: "The work was interrupted." };
    }
    const error = { ...wireErrorOf(thrown, execution.onFault), target: resource.id };
    await execution.ended(resource, { error });
    return error;
  }
}

async function deploy(execution: Execution, resource: PlannedResource): Promise<number> {
  const { plan, answers, caller } = execution;
  const body = await answers.settle((runtime) => evaluateBody(plan, resource, runtime));
  if (resource.type.toLowerCase() === deploymentType.toLowerCase()) {
    await execution.deployNested({ resource, body });
    return 200;
  }
  const { id, apiVersion } = resource;
  const answer = await caller.complete({ method: "PUT", id, apiVersion, body });
  return answer.status;
}

const templateOnly = new Set([
  "scope",
  "comments",
  "metadata",
  "existing",
  "resourcegroup",
  "subscriptionid",
  "asserts",
  "$options",
]);

/** What is sent for a resource. */
export function evaluateBody(plan: Plan, resource: PlannedResource, runtime: Runtime): JsonObject {
  const { context } = plan;
  const evaluation = evaluationAt(context, { copies: resource.copies, runtime });
  const isInner = isInnerDeployment(resource);
  const own = bodyOf(resource.json);
  const evaluated = evaluateValue(isInner ? withoutTemplate(own) : own, evaluation, resource.path);
  const body = Object.entries(evaluated as JsonObject).filter(
    ([name]) => !templateOnly.has(name.toLowerCase()),
  );
  const isNested = resource.type.toLowerCase() === deploymentType.toLowerCase();
  return Object.fromEntries(
    body.map(([name, value]): [string, Json] =>
      isNested && name.toLowerCase() === "properties" && isObject(value)
        ? [name, withNestedTemplate(value, isInner ? templateOf(resource.json) : undefined)]
        : [name, value],
    ),
  );
}

function templateOf(json: JsonObject): Json | undefined {
  const properties = member(json, "properties");
  return isObject(properties) ? member(properties, "template") : undefined;
}

/** An inner template goes as it is; an outer one is evaluated, and what came out is literal. */
function withNestedTemplate(properties: JsonObject, inner: Json | undefined): JsonObject {
  if (inner !== undefined) return { ...properties, template: inner };
  const entries = Object.entries(properties).map(([name, value]): [string, Json] =>
    name.toLowerCase() === "template" ? [name, literal(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function literal(value: Json): Json {
  if (typeof value === "string") {
    return value.startsWith("[") && value.endsWith("]") ? `[${value}` : value;
  }
  if (isArray(value)) return value.map(literal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, literal(item)]));
}

/** An error as operations and deployments show it. */
export function wireErrorOf(thrown: unknown, onFault: (error: unknown) => void): WireError {
  if (thrown instanceof ServiceError) {
    const { code, message, target, details } = thrown;
    return {
      code,
      message,
      ...(target === undefined ? {} : { target }),
      ...(details.length === 0 ? {} : { details }),
    };
  }
  if (thrown instanceof ExpressionError)
    return { code: "InvalidTemplate", message: thrown.message };
  onFault(thrown);
  return { code: "InternalServerError", message: "The server met an unexpected condition." };
}
