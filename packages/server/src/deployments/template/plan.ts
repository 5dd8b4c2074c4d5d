// A template with its parameters, checked as a whole and turned into what is to be deployed. Pure:
// nothing is looked up, nothing is written.

import { templateFunctions } from "@callosum/expression/functions/template/table.ts";
import { type Environment, ExpressionError, templateCalls } from "@callosum/expression/template.ts";
import { type OpenContext, openContext, variableNames } from "./context.ts";
import {
  type Dependencies,
  findDependencies,
  isInnerDeployment,
  withoutTemplate,
} from "./dependency.ts";
import { invalid, readTemplate, type Template } from "./document.ts";
import { isObject, type Json, type JsonObject, member } from "./json.ts";
import { causeOfOutput, leaveOut } from "./left-out.ts";
import { expandResources, type PlannedResource } from "./resource.ts";
import type { TargetScope } from "./resource-function.ts";
import { indexResources, type ResourceIndex } from "./resource-index.ts";
import type { Facts } from "./scope.ts";
import { readType } from "./type-check.ts";
import { userFunctions } from "./user-function.ts";
import { invalidExpression } from "./value.ts";

export interface Plan {
  readonly template: Template;
  readonly context: OpenContext;
  readonly index: ResourceIndex;
  readonly dependencies: Dependencies;
  /** Outputs that refer to a type that is left out, with that type. */
  readonly skippedOutputs: ReadonlyMap<string, string>;
}

export interface PlanRequest {
  readonly template: Json | undefined;
  readonly target: TargetScope;
  readonly facts: Facts;
  readonly environment: Environment;
  readonly given: ReadonlyMap<string, Json>;
  /** Types whose resources are left out as if their condition were false. */
  isSkipped?(type: string): boolean;
}

/** Fails with InvalidTemplate, before anything is touched. */
export function planDeployment(request: PlanRequest): Plan {
  const template = readTemplate(request.template);
  const { target, facts, environment, given } = request;
  if (template.scopeKind !== target.kind) {
    throw invalid(
      `The template's schema is for deployments at the scope of a ${template.scopeKind}, and this is one of a ${target.kind}`,
      "$schema",
    );
  }
  const context = openContext({ template, target, facts, environment, given });
  requireKnownFunctions(context);
  for (const name of variableNames(template)) context.variable(name);
  const index = indexOf(context, request);
  context.resourceInfo = (name) => resourceInfo(index, name);
  const dependencies = findDependencies(context, index);
  requireOutputs(template);
  return {
    template,
    context,
    index,
    dependencies,
    skippedOutputs: skipOutputs(request, { context, index }),
  };
}

function indexOf(context: OpenContext, { target, isSkipped }: PlanRequest): ResourceIndex {
  const index = indexResources(expandResources(context, isSkipped), target);
  return isSkipped ? indexResources(leaveOut({ context, index, isSkipped }), target) : index;
}

function skipOutputs(
  { isSkipped }: PlanRequest,
  { context, index }: { context: OpenContext; index: ResourceIndex },
): ReadonlyMap<string, string> {
  const skipped = new Map<string, string>();
  for (const [name, declared] of isSkipped ? context.template.outputs : []) {
    const cause = isSkipped && causeOfOutput({ context, index, isSkipped }, declared);
    if (cause) skipped.set(name, cause);
  }
  return skipped;
}

function resourceInfo(index: ResourceIndex, name: string): Json | undefined {
  const [resource] = index.symbolic(name) as readonly PlannedResource[];
  if (!resource) return undefined;
  const { id, type, apiVersion } = resource;
  return { id, type, apiVersion, name: resource.name };
}

const contextFunctions = new Set(
  [
    "parameters",
    "variables",
    "copyIndex",
    "reference",
    "references",
    "resourceInfo",
    "resourceId",
    "subscriptionResourceId",
    "tenantResourceId",
    "extensionResourceId",
    "deployment",
    "environment",
    "subscription",
    "tenant",
    "resourceGroup",
    "providers",
    "pickZones",
    "managementGroup",
    "managementGroupResourceId",
    "deployer",
  ].map((name) => name.toLowerCase()),
);

/** Every function that the template calls, in dead branches too, and every text's syntax. */
function requireKnownFunctions(context: OpenContext): void {
  const own = new Set(Object.keys(userFunctions(context)).map((name) => name.toLowerCase()));
  for (const [path, value] of evaluatedParts(context.template)) {
    for (const { node, path: place } of callsOf(value, path)) {
      const isKnown =
        contextFunctions.has(node.key) ||
        node.key.startsWith("list") ||
        own.has(node.key) ||
        templateFunctions.has(node.key);
      if (isKnown) continue;
      const at = place === "" ? path : `${path}${place.startsWith("[") ? "" : "."}${place}`;
      throw invalid(
        `The template function '${node.name}' is not valid. Please see https://aka.ms/arm-functions for usage details`,
        at,
      );
    }
  }
}

function callsOf(value: Json, path: string) {
  try {
    return templateCalls(value);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const inner = error.path ?? "";
    throw invalidExpression(
      error,
      inner === "" ? path : `${path}${inner.startsWith("[") ? "" : "."}${inner}`,
    );
  }
}

/** The parts whose expressions are this template's own, with their places. */
function evaluatedParts({ parameters, variables, functions, resources, outputs }: Template) {
  const parts: [string, Json][] = [["variables", variables]];
  for (const [name, parameter] of parameters) {
    parts.push([`parameters.${name}.defaultValue`, member(parameter, "defaultValue") ?? null]);
  }
  for (const [index, group] of functions.entries()) parts.push([`functions[${index}]`, group]);
  for (const { json, path } of resources) parts.push([path, ownExpressions(json)]);
  for (const [name, output] of outputs) parts.push([`outputs.${name}`, output]);
  return parts;
}

function ownExpressions(json: JsonObject): JsonObject {
  const type = member(json, "type");
  const resource = { type: String(type), json } as PlannedResource;
  return isInnerDeployment(resource) ? withoutTemplate(json) : json;
}

function requireOutputs(template: Template): void {
  for (const [name, output] of template.outputs) {
    const path = `outputs.${name}`;
    readType(output, template.definitions, path);
    const copy = member(output, "copy");
    if (member(output, "value") === undefined && !isObject(copy)) {
      throw invalid(`The output '${name}' needs a 'value'`, path);
    }
  }
}
