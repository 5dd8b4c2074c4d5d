// Who waits for whom: dependsOn in all its forms, references that name a resource of the template, and
// the batches of serial loops. Circles are refused with their members' names.

import { evaluateTemplateNode, type Scope, templateCalls } from "@callosum/expression/template.ts";
import { invalid } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { type PlannedResource, readBatch } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";
import { type Context, evaluationAt } from "./scope.ts";
import { type Copies, evaluateValue } from "./value.ts";

/** For each resource the indices of those that it waits for. */
export type Dependencies = readonly ReadonlySet<number>[];

/** Fails with InvalidTemplate. */
export function findDependencies(context: Context, index: ResourceIndex): Dependencies {
  const loops = new Map<string, PlannedResource[]>();
  for (const resource of index.resources) {
    if (!resource.loop) continue;
    const list = loops.get(resource.path) ?? [];
    list.push(resource);
    loops.set(resource.path, list);
  }
  const dependencies = index.resources.map((resource) => {
    const found = new Set<number>();
    addStated({ context, index, resource, found });
    addReferenced({ context, index, resource, found });
    addBatch(resource, loops.get(resource.path) ?? [], found);
    found.delete(resource.index);
    return found;
  });
  requireNoCircle(index.resources, dependencies);
  return dependencies;
}

interface Search {
  readonly context: Context;
  readonly index: ResourceIndex;
  readonly resource: PlannedResource;
  readonly found: Set<number>;
}

function addStated({ context, index, resource, found }: Search): void {
  const { json, copies, path } = resource;
  const stated = member(json, "dependsOn");
  if (stated === undefined || stated === null) return;
  const place = `${path}.dependsOn`;
  const value = evaluateValue(stated, evaluationAt(context, { copies }), place);
  if (!isArray(value)) throw invalid("The resource's 'dependsOn' must be an array", place);
  for (const item of value) {
    if (typeof item !== "string") throw invalid("An item of 'dependsOn' must be a string", place);
    const named = index.named(item);
    if (!named) {
      throw invalid(
        `The resource '${item}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details`,
        place,
      );
    }
    for (const { index: at } of named) found.add(at);
  }
}

const ownParts = new Set([
  "resources",
  "dependson",
  "copy",
  "condition",
  "name",
  "type",
  "apiversion",
]);

/** The parts of a resource that are evaluated when it is deployed. */
export function bodyOf(json: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(json).filter(([name]) => !ownParts.has(name.toLowerCase())),
  );
}

function addReferenced(search: Search): void {
  const { context, resource, found, index } = search;
  const isInner = isInnerDeployment(resource);
  const body = isInner ? withoutTemplate(bodyOf(resource.json)) : bodyOf(resource.json);
  const calls = referencesIn(body, context, resource.copies);
  for (const text of calls) {
    for (const symbol of index.symbolic(text)) found.add(symbol.index);
    const target = index.referenced(text)?.resource;
    if (target) found.add(target.index);
  }
}

const runtimeFunctions = ["reference", "references", "listkeys"];

/** The texts that references in a value name, as far as they are known before anything runs. */
export function referencesIn(value: Json, context: Context, copies: Copies): string[] {
  const evaluation = evaluationAt(context, { copies });
  const scope: Scope = evaluation.scopeOf(copies);
  const texts: string[] = [];
  for (const { node } of templateCalls(value)) {
    if (!runtimeFunctions.includes(node.key) && !node.key.startsWith("list")) continue;
    const [first] = node.args;
    if (!first) continue;
    try {
      const text = evaluateTemplateNode(first, scope, evaluation.environment);
      if (typeof text === "string") texts.push(text);
    } catch {
      // What depends on another reference or a lambda is known only when it runs.
    }
  }
  return texts;
}

/** Whether a nested deployment's template is evaluated in its own scope. */
export function isInnerDeployment({ type, json }: PlannedResource): boolean {
  if (type.toLowerCase() !== "microsoft.resources/deployments") return false;
  const properties = member(json, "properties");
  const options = isObject(properties)
    ? member(properties, "expressionEvaluationOptions")
    : undefined;
  const scope = isObject(options) ? member(options, "scope") : undefined;
  return typeof scope === "string" && scope.toLowerCase() === "inner";
}

/** The body of a nested deployment without the template, whose expressions are its own. */
export function withoutTemplate(body: JsonObject): JsonObject {
  const entries = Object.entries(body).map(([name, value]): [string, Json] => {
    if (name.toLowerCase() !== "properties" || !isObject(value)) return [name, value];
    const kept = Object.entries(value).filter(([key]) => key.toLowerCase() !== "template");
    return [name, Object.fromEntries(kept)];
  });
  return Object.fromEntries(entries);
}

function addBatch(
  resource: PlannedResource,
  siblings: readonly PlannedResource[],
  found: Set<number>,
): void {
  const copy = member(resource.json, "copy");
  if (!resource.loop || !isObject(copy)) return;
  const size = readBatch(copy, `${resource.path}.copy`);
  if (size === undefined) return;
  const batch = Math.floor(resource.loop.index / size);
  for (const sibling of siblings) {
    if (Math.floor((sibling.loop?.index ?? 0) / size) === batch - 1) found.add(sibling.index);
  }
}

function requireNoCircle(resources: readonly PlannedResource[], dependencies: Dependencies): void {
  const settled = new Set<number>();
  for (const { index: start } of resources) {
    const circle = findCircle(start, { dependencies, settled });
    if (!circle) continue;
    const names = circle.map((index) => resources[index]?.id ?? "");
    throw invalid(
      `Circular dependency detected on resource: '${names[0]}' (${names.map((id) => id.split("/providers/").at(-1)).join(" -> ")}). Please see https://aka.ms/arm-syntax-resources for usage details`,
      resources[circle[0] ?? 0]?.path,
    );
  }
}

/** Depth first without recursion: a chain may be as long as the template. */
function findCircle(
  start: number,
  { dependencies, settled }: { dependencies: Dependencies; settled: Set<number> },
): number[] | undefined {
  if (settled.has(start)) return undefined;
  const trail: { index: number; rest: number[] }[] = [
    { index: start, rest: [...(dependencies[start] ?? [])] },
  ];
  const open = new Set([start]);
  for (let top = trail.at(-1); top; top = trail.at(-1)) {
    const next = top.rest.pop();
    if (next === undefined) {
      trail.pop();
      open.delete(top.index);
      settled.add(top.index);
    } else if (open.has(next)) {
      const members = trail.map(({ index }) => index);
      return [...members.slice(members.indexOf(next)), next];
    } else if (!settled.has(next)) {
      open.add(next);
      trail.push({ index: next, rest: [...(dependencies[next] ?? [])] });
    }
  }
  return undefined;
}
