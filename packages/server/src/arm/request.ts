// From a path to what it asks for: a defined type, its canonical id, a collection, an action. Wrong
// paths, unknown types and unknown api-versions are told apart and refused by name.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ActionDefinition } from "@callosum/contract/resource.ts";
import {
  canonicalId,
  parseResourcePath,
  pathSegments,
  type ResourceId,
} from "@callosum/contract/resource-id.ts";
import type { Call } from "../http/route.ts";
import type { RegisteredType, Registry } from "./registry.ts";

export interface RequestTarget {
  readonly type: RegisteredType;
  /** The resource; for a collection, the container that is listed. */
  readonly id: ResourceId;
  readonly collection: boolean;
  readonly action: { readonly name: string; readonly definition: ActionDefinition } | undefined;
}

const rememberedMax = 5_000;
const rememberedLengthMax = 1_024;

/** Finds the target of a path; results are remembered, because clients ask for the same few. */
export function createTargetFinder(registry: Registry): (path: string) => RequestTarget {
  const remembered = new Map<string, RequestTarget>();
  return (path) => {
    const known = remembered.get(path);
    if (known) return known;
    const target = findTarget(registry, path);
    if (path.length > rememberedLengthMax) return target;
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(path, target);
    return target;
  };
}

function findTarget(registry: Registry, path: string): RequestTarget {
  const parsed = parseResourcePath(path);
  if (!parsed) throw fail.NotFound({ path });
  const typeName = parsed.collection ?? parsed.id.type;
  const type = registry.find(typeName);
  if (type) {
    const { definition } = type;
    // Collections may be asked for at a subscription; what is run lies in resource groups.
    const isPlaced = parsed.id.namespace === undefined || parsed.id.resourceGroup !== undefined;
    if (!isPlaced) throw fail.NotFound({ path });
    const id = canonicalPath(
      registry,
      parsed.id,
      parsed.collection === undefined ? definition.type : undefined,
    );
    return { type, id, collection: parsed.collection !== undefined, action: undefined };
  }
  const action = findAction(registry, path);
  if (action) return action;
  throw unknownType(registry, { typeName, path });
}

/** `…/{type}/{name}/{action}`: what follows a resource and is no child of it. */
function findAction(registry: Registry, path: string): RequestTarget | undefined {
  const segments = pathSegments(path);
  return actionAt(registry, segments, 1) ?? actionAt(registry, segments, 2);
}

/** An action whose name has `length` segments (`listKeys`, `accessPolicies/add`). */
function actionAt(
  registry: Registry,
  segments: readonly string[],
  length: number,
): RequestTarget | undefined {
  const name = segments.slice(-length).join("/").toLowerCase();
  const parsed = parseResourcePath(
    `/${segments.slice(0, -length).map(encodeURIComponent).join("/")}`,
  );
  if (!parsed || parsed.collection !== undefined) return undefined;
  const type = registry.find(parsed.id.type);
  const actions = Object.entries(type?.definition.actions ?? {});
  const found = actions.find(([known]) => known.toLowerCase() === name);
  if (!type || !found) return undefined;
  const id = canonicalPath(registry, parsed.id, type.definition.type);
  return { type, id, collection: false, action: { name: found[0], definition: found[1] } };
}

/** Types in the casing of their definitions; names and group as the client wrote them. */
function canonicalPath(
  registry: Registry,
  id: ResourceId,
  ownType: string | undefined,
): ResourceId {
  const type = ownType ?? registry.find(id.type)?.definition.type;
  return type === undefined ? id : canonicalId(id, type);
}

function unknownType(registry: Registry, where: { typeName: string; path: string }) {
  const [namespaceName = "", ...types] = where.typeName.split("/");
  const refusal = registry.refusal(where.typeName);
  if (refusal)
    return fail.NotSupportedHere({
      what: `The resource type '${refusal.type}'`,
      reason: refusal.reason,
    });
  if (!namespaceName.includes(".")) return fail.NotFound({ path: where.path });
  if (!registry.namespace(namespaceName))
    return fail.InvalidResourceNamespace({ namespace: namespaceName });
  return fail.InvalidResourceType({
    type: types.join("/"),
    namespace: namespaceName,
    apiVersion: "",
  });
}

/** The api-version of a request, checked against the type's. */
export function requireApiVersion(call: Call, type: RegisteredType): string {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  if (!type.apiVersions.has(given.toLowerCase())) {
    throw fail.NoRegisteredProviderFound({
      type: type.definition.type.split("/").slice(1).join("/"),
      apiVersion: given,
      supported: type.definition.apiVersions.join(", "),
    });
  }
  return given;
}

/** For endpoints that are no resource type: one of `supported`; an empty list takes any. */
export function requireVersionOf(call: Call, supported: readonly string[]): string {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  if (supported.length === 0) return given;
  if (supported.some((version) => version.toLowerCase() === given.toLowerCase())) return given;
  throw fail.InvalidApiVersionParameter({ given, supported: supported.join(",") });
}
