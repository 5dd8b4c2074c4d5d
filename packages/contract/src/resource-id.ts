// The grammar of Azure Resource Manager ids. An id is a scope (tenant, subscription, resource
// group or another resource) followed by `/providers/{namespace}/{type}/{name}/…`; the last
// `providers` wins, so extension resources nest. Casing never matters; `key` is the compared form.

export interface ResourceId {
  /** As canonical text: `/subscriptions/{s}/resourceGroups/{g}/providers/{ns}/{t}/{n}…`. */
  readonly text: string;
  /** Lower-case `text`: what ids are compared and stored by. */
  readonly key: string;
  /** `Microsoft.Synapse/workspaces/bigDataPools`; the two scope types have names of their own. */
  readonly type: string;
  /** The last segment; empty for the tenant. */
  readonly name: string;
  /** One name per type segment: `["ws1", "pool1"]`. */
  readonly names: readonly string[];
  /** What the provider path is appended to: `/subscriptions/{s}/resourceGroups/{g}`; "" = tenant. */
  readonly scope: string;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly namespace: string | undefined;
}

/** A path below the resource manager: an id, a collection of a type, or an action on either. */
export interface ResourcePath {
  /** The deepest complete id in the path; undefined only for the tenant's own collections. */
  readonly id: ResourceId;
  /** For `…/{ns}/{type}` without a name: the type listed. */
  readonly collection: string | undefined;
}

export const subscriptionType = "Microsoft.Resources/subscriptions";
export const resourceGroupType = "Microsoft.Resources/subscriptions/resourceGroups";
export const tenantType = "Microsoft.Resources/tenants";

const tenantId: ResourceId = {
  text: "/",
  key: "/",
  type: tenantType,
  name: "",
  names: [],
  scope: "",
  subscriptionId: undefined,
  resourceGroup: undefined,
  namespace: undefined,
};

/** Splits and percent-decodes; duplicate slashes collapse (the SDK v1 sends them). */
export function pathSegments(path: string): string[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => (segment.includes("%") ? decodeSegment(segment) : segment));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Parses a path into its id and, when the type segments outnumber the names, the collection asked
 * for. Returns undefined when the path does not follow the grammar.
 */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const segments = pathSegments(path);
  const scopeEnd = lastProviders(segments);
  if (scopeEnd === -1) return scopePath(segments);
  const scope = scopeId(segments.slice(0, scopeEnd));
  const namespace = segments[scopeEnd + 1];
  if (!scope || namespace === undefined) return undefined;
  const rest = segments.slice(scopeEnd + 2);
  if (rest.length === 0) return undefined;
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  if (types.length === names.length) {
    return { id: resourceIdOf({ scope, namespace, types, names }), collection: undefined };
  }
  const collection = `${namespace}/${types.join("/")}`;
  const parentTypes = types.slice(0, -1);
  const id =
    parentTypes.length === 0
      ? scope
      : resourceIdOf({ scope, namespace, types: parentTypes, names });
  return { id, collection };
}

/** Parses a complete id; undefined for collections and anything else. */
export function parseResourceId(text: string): ResourceId | undefined {
  const path = parseResourcePath(text);
  return path && path.collection === undefined ? path.id : undefined;
}

function lastProviders(segments: readonly string[]): number {
  for (let index = segments.length - 1; index >= 0; index -= 1) {
    // `/subscriptions/{s}/providers` and `/providers` are themselves collections, not separators.
    if (segments[index]?.toLowerCase() === "providers" && index < segments.length - 2) return index;
  }
  return -1;
}

function scopeId(segments: readonly string[]): ResourceId | undefined {
  if (segments.length === 0) return tenantId;
  const path = parseResourcePath(`/${segments.map(encodeURIComponent).join("/")}`);
  return path && path.collection === undefined ? path.id : undefined;
}

function scopePath(segments: readonly string[]): ResourcePath | undefined {
  const [first, subscriptionId, third, resourceGroup] = segments;
  if (first === undefined) return { id: tenantId, collection: undefined };
  if (first.toLowerCase() !== "subscriptions") return undefined;
  if (subscriptionId === undefined) return { id: tenantId, collection: subscriptionType };
  const subscription = subscriptionScope(subscriptionId);
  if (third === undefined) return { id: subscription, collection: undefined };
  if (third.toLowerCase() !== "resourcegroups") return undefined;
  if (resourceGroup === undefined) return { id: subscription, collection: resourceGroupType };
  if (segments.length > 4) return undefined;
  return { id: resourceGroupScope(subscriptionId, resourceGroup), collection: undefined };
}

/** The id of a subscription. */
export function subscriptionScope(subscriptionId: string): ResourceId {
  const text = `/subscriptions/${subscriptionId}`;
  return {
    text,
    key: text.toLowerCase(),
    type: subscriptionType,
    name: subscriptionId,
    names: [subscriptionId],
    scope: "",
    subscriptionId,
    resourceGroup: undefined,
    namespace: undefined,
  };
}

/** The id of a resource group. */
export function resourceGroupScope(subscriptionId: string, resourceGroup: string): ResourceId {
  const text = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return {
    text,
    key: text.toLowerCase(),
    type: resourceGroupType,
    name: resourceGroup,
    names: [subscriptionId, resourceGroup],
    scope: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    resourceGroup,
    namespace: undefined,
  };
}

/** Builds an id from its parts; `types` and `names` have equal length. */
export function resourceIdOf(parts: {
  scope: ResourceId;
  namespace: string;
  types: readonly string[];
  names: readonly string[];
}): ResourceId {
  const { scope, namespace, types, names } = parts;
  const scopeText = scope.text === "/" ? "" : scope.text;
  const text = `${scopeText}/providers/${namespace}/${types.map((type, index) => `${type}/${names[index]}`).join("/")}`;
  return {
    text,
    key: text.toLowerCase(),
    type: `${namespace}/${types.join("/")}`,
    name: names.at(-1) ?? "",
    names,
    scope: scopeText,
    subscriptionId: scope.subscriptionId,
    resourceGroup: scope.resourceGroup,
    namespace,
  };
}

/** The same id with the type's casing taken from its definition, so that answers are canonical. */
export function canonicalId(id: ResourceId, canonicalType: string): ResourceId {
  if (id.namespace === undefined || id.type === canonicalType) return id;
  const [namespace = "", ...types] = canonicalType.split("/");
  const scope = parseResourceId(id.scope === "" ? "/" : id.scope);
  if (!scope) return id;
  return resourceIdOf({ scope, namespace, types, names: id.names });
}

/** The id one level up: the parent resource, else the scope. */
export function parentId(id: ResourceId): ResourceId {
  const [namespace, ...types] = id.type.split("/");
  const scope = parseResourceId(id.scope === "" ? "/" : id.scope) ?? tenantId;
  if (id.namespace === undefined || types.length < 2) return scope;
  return resourceIdOf({
    scope,
    namespace: namespace ?? "",
    types: types.slice(0, -1),
    names: id.names.slice(0, -1),
  });
}

/** A child's id. */
export function childId(parent: ResourceId, type: string, name: string): ResourceId {
  const [namespace = "", ...types] = parent.type.split("/");
  const scope = parseResourceId(parent.scope === "" ? "/" : parent.scope) ?? tenantId;
  return resourceIdOf({
    scope,
    namespace,
    types: [...types, type],
    names: [...parent.names, name],
  });
}

/** Whether `scope` is `id` itself or one of its ancestors. Both are keys (lower case). */
export function isWithin(idKey: string, scopeKey: string): boolean {
  if (scopeKey === "/" || scopeKey === "") return true;
  return idKey === scopeKey || idKey.startsWith(`${scopeKey}/`);
}
