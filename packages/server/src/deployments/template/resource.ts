// From the resources of a template to what is deployed: loops unrolled, children named, ids built.

import { ServiceError } from "@callosum/contract/error.ts";
import { invalid, limits, type TemplateResource } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member, typeNameOf } from "./json.ts";
import { absoluteId, targetScope } from "./resource-function.ts";
import { type Context, evaluationAt } from "./scope.ts";
import { type Copies, copyCount, evaluateValue, noCopies, withLoop } from "./value.ts";

export const deploymentType = "Microsoft.Resources/deployments";

/** One thing to deploy, or to refer to (`existing`). Properties are not evaluated yet. */
export interface PlannedResource {
  readonly index: number;
  readonly symbolicName: string | undefined;
  readonly loop: { readonly name: string; readonly index: number } | undefined;
  readonly id: string;
  readonly type: string;
  /** As in the template: `account/default/container`. */
  readonly name: string;
  readonly apiVersion: string;
  readonly scopeId: string;
  readonly json: JsonObject;
  readonly path: string;
  readonly copies: Copies;
  /** False: deployed by nobody; it may be there all the same. */
  readonly condition: boolean;
  readonly isExisting: boolean;
  /** Left out because its type is not run here; `condition` is false then. */
  readonly isSkipped: boolean;
  /** The type that it refers to, where that is why. */
  readonly skippedFor?: string;
}

interface Parent {
  readonly type: string;
  readonly name: string;
  readonly scope: Json | undefined;
  readonly copies: Copies;
}

interface Expansion {
  readonly context: Context;
  readonly planned: PlannedResource[];
  isSkipped(type: string): boolean;
}

/** Fails with InvalidTemplate. */
export function expandResources(
  context: Context,
  isSkipped: (type: string) => boolean = () => false,
): PlannedResource[] {
  const expansion: Expansion = { context, planned: [], isSkipped };
  for (const resource of context.template.resources) expand(expansion, resource, undefined);
  return expansion.planned;
}

function expand(
  expansion: Expansion,
  resource: TemplateResource,
  parent: Parent | undefined,
): void {
  const { json, path } = resource;
  const outer = parent?.copies ?? noCopies;
  const copy = member(json, "copy");
  if (copy === undefined || copy === null) {
    expandOne(expansion, { resource, parent, copies: outer, loop: undefined });
    return;
  }
  const place = `${path}.copy`;
  if (parent)
    throw invalid("A nested resource cannot have a copy loop; name the child in full", place);
  const name = isObject(copy) ? member(copy, "name") : undefined;
  if (!isObject(copy) || typeof name !== "string" || name === "") {
    throw invalid("A copy loop needs a 'name' and a 'count'", place);
  }
  readBatch(copy, place);
  const count = copyCount(copy, evaluationAt(expansion.context), place);
  for (let index = 0; index < count; index += 1) {
    const copies = withLoop(outer, { name, index, isCurrent: true });
    expandOne(expansion, { resource, parent, copies, loop: { name, index } });
  }
}

/** How many items of a loop run at once; undefined = all. */
export function readBatch(copy: JsonObject, path: string): number | undefined {
  const mode = member(copy, "mode") ?? "parallel";
  if (typeof mode !== "string" || !/^(?:serial|parallel)$/i.test(mode)) {
    throw invalid(`The copy mode '${String(mode)}' is not valid`, path);
  }
  if (mode.toLowerCase() === "parallel") return undefined;
  const size = member(copy, "batchSize") ?? 1;
  if (typeof size === "number" && Number.isInteger(size) && size > 0) return size;
  throw invalid("The 'batchSize' of a copy loop must be a positive integer", path);
}

function expandOne(
  expansion: Expansion,
  item: {
    resource: TemplateResource;
    parent: Parent | undefined;
    copies: Copies;
    loop: PlannedResource["loop"];
  },
): void {
  const { context, planned } = expansion;
  const { resource, parent, copies, loop } = item;
  const { json, path, symbolicName } = resource;
  if (planned.length >= limits.resources) {
    throw invalid(
      `The number of template resources limit exceeded. Limit: '${limits.resources}'`,
      path,
    );
  }
  for (const name of ["import", "extension"]) {
    if (member(json, name) === undefined) continue;
    throw invalid("Resources of extensions other than Azure are not supported by Callosum", path);
  }
  const evaluate = (name: string): Json | undefined => {
    const value = member(json, name);
    if (value === undefined) return undefined;
    return evaluateValue(value, evaluationAt(context, { copies }), `${path}.${name}`);
  };
  const text = (name: string): string => {
    const value = evaluate(name);
    if (typeof value === "string" && value !== "") return value;
    const given = value === undefined ? "is missing" : `must be a string, not ${typeNameOf(value)}`;
    throw invalid(`The resource's '${name}' ${given}`, `${path}.${name}`);
  };
  const ownType = text("type");
  const type = parent ? `${parent.type}/${ownType}` : ownType;
  const condition = readCondition(evaluate("condition"), path);
  const isSkipped = condition && expansion.isSkipped(type);
  const place = () => {
    const ownName = text("name");
    const name = parent ? `${parent.name}/${ownName}` : ownName;
    const scope = evaluate("scope") ?? parent?.scope;
    return { name, scope, ...placeOf({ context, type, name, scope, path, evaluate }) };
  };
  const isTolerant = context.template.isSymbolic && !condition;
  const { name, scope, id, scopeId } = isTolerant ? (placeIfAny(place) ?? nowhere) : place();
  planned.push({
    index: planned.length,
    symbolicName,
    loop,
    id,
    scopeId,
    type,
    name,
    apiVersion: text("apiVersion"),
    json,
    path,
    copies,
    condition: condition && !isSkipped,
    isSkipped,
    isExisting: context.template.isSymbolic && member(json, "existing") === true,
  });
  expandChildren(expansion, { json, path, parent: { type, name, scope, copies } });
}

/** With symbolic names, what is not deployed need not have a name: it may be made of what is absent. */
const nowhere = { name: "", scope: undefined, id: "", scopeId: "" };

function placeIfAny<Place>(place: () => Place): Place | undefined {
  try {
    return place();
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function expandChildren(
  expansion: Expansion,
  { json, path, parent }: { json: JsonObject; path: string; parent: Parent },
): void {
  const children = member(json, "resources");
  if (children === undefined || children === null) return;
  const entries = isArray(children)
    ? children.map((child, index): [string | undefined, Json, string] => [
        undefined,
        child,
        `${path}.resources[${index}]`,
      ])
    : isObject(children) && expansion.context.template.isSymbolic
      ? Object.entries(children).map(([name, child]): [string, Json, string] => [
          name,
          child,
          `${path}.resources.${name}`,
        ])
      : undefined;
  if (!entries) throw invalid("A resource's 'resources' must be an array", `${path}.resources`);
  for (const [symbolicName, child, place] of entries) {
    if (!isObject(child)) throw invalid("A resource must be an object", place);
    expand(expansion, { symbolicName, json: child, path: place }, parent);
  }
}

function readCondition(value: Json | undefined, path: string): boolean {
  if (value === undefined) return true;
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && /^(?:true|false)$/i.test(value)) return /^true$/i.test(value);
  throw invalid("The resource's 'condition' must be a boolean", `${path}.condition`);
}

interface Placing {
  readonly context: Context;
  readonly type: string;
  readonly name: string;
  readonly scope: Json | undefined;
  readonly path: string;
  evaluate(name: string): Json | undefined;
}

const typePattern = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+(?:\/[A-Za-z0-9-.]+)+$/;

function placeOf(placing: Placing): { id: string; scopeId: string } {
  const { context, type, name, path } = placing;
  if (!typePattern.test(type)) {
    throw invalid(
      `The resource type '${type}' is not valid: it has the form 'Namespace.Provider/type'`,
      `${path}.type`,
    );
  }
  if (type.toLowerCase() === deploymentType.toLowerCase()) return placeOfDeployment(placing);
  const scopeId = readScope(placing);
  const [namespace = "", ...types] = type.split("/");
  const names = name.split("/");
  if (types.length !== names.length || names.includes("")) {
    throw invalid(
      `The template resource '${name}' for type '${type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name. A root resource type must have segment length one greater than its resource name. Please see https://aka.ms/arm-syntax-resources for usage details`,
      `${path}.name`,
    );
  }
  if (type.toLowerCase() === "microsoft.resources/resourcegroups") {
    if (context.target.kind !== "subscription") {
      throw invalid(
        `The type '${type}' is deployed at the scope of a subscription`,
        `${path}.type`,
      );
    }
    return { id: `${scopeId}/resourceGroups/${name}`, scopeId };
  }
  return { id: `${scopeId}${providerPath(namespace, types, names)}`, scopeId };
}

/** The older spelling of an extension, type `A.B/c/providers/d` and name `x/Ns.P/y`, fits as it is. */
function providerPath(
  namespace: string,
  types: readonly string[],
  names: readonly string[],
): string {
  return `/providers/${namespace}${types.map((type, index) => `/${type}/${names[index]}`).join("")}`;
}

/** A scope is a full id, or relative to the deployment's; it does not lead out of it. */
function readScope({ context, scope, path }: Placing): string {
  const { target } = context;
  if (scope === undefined || scope === null || scope === "") return target.id;
  const place = `${path}.scope`;
  if (typeof scope !== "string") throw invalid("The resource's 'scope' must be a string", place);
  const id = absoluteId(scope, target);
  if (id === undefined) {
    throw invalid(
      `The scope '${scope}' is not valid: it is neither a resource id nor relative to the deployment`,
      place,
    );
  }
  const key = id.toLowerCase().replace(/\/$/, "");
  const own = target.id.toLowerCase();
  if (key === own || key.startsWith(`${own}/`)) return id.replace(/\/$/, "");
  throw invalid(
    `The scope '${scope}' is not valid: it lies outside of the deployment's scope '${target.id}'`,
    place,
  );
}

/** Nested deployments name another group or subscription in their own way. */
function placeOfDeployment(placing: Placing): { id: string; scopeId: string } {
  const { context, name, scope, path, evaluate } = placing;
  const { target } = context;
  if (!/^[-\w.()]{1,64}$/.test(name)) {
    throw invalid(`The deployment name '${name}' is not valid`, `${path}.name`);
  }
  const text = (member: string): string | undefined => {
    const value = evaluate(member);
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string") return value;
    throw invalid(`The resource's '${member}' must be a string`, `${path}.${member}`);
  };
  const at = (scopeId: string) => ({
    id: `${scopeId}/providers/${deploymentType}/${name}`,
    scopeId,
  });
  if (typeof scope === "string" && scope !== "") {
    if (/^\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?$/i.test(scope)) return at(scope);
    throw invalid(
      `The scope '${scope}' of a nested deployment is not supported by Callosum`,
      `${path}.scope`,
    );
  }
  const subscriptionId = text("subscriptionId") ?? target.subscriptionId;
  const resourceGroup =
    text("resourceGroup") ?? (text("subscriptionId") ? undefined : target.resourceGroup);
  return at(targetScope({ subscriptionId, resourceGroup }).id);
}
