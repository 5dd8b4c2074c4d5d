// Every endpoint of every defined resource type, with the examples of the definitions as data.

import type { ResourceDefinition } from "@callosum/contract/resource.ts";
import { refusedResources, resources } from "@callosum/server/arm/resources/index.gen.ts";
import type { TestServer } from "../fixture/server.ts";

export { refusedResources };

export interface Endpoint {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly kind: "get" | "list" | "write" | "delete" | "action";
  readonly definition: ResourceDefinition;
}

export const groupName = "walk";

/** Types that examples of others refer to. */
const needed = [
  "Microsoft.ManagedIdentity/userAssignedIdentities",
  "Microsoft.Storage/storageAccounts",
  "Microsoft.Synapse/workspaces",
];

/** Parents before children; types that others' examples name come first. */
export const definitions: readonly ResourceDefinition[] = [...resources].sort(
  (a, b) => rank(a) - rank(b) || a.type.localeCompare(b.type),
);

function rank({ type }: ResourceDefinition): number {
  const depth = type.split("/").length * 10;
  if (type.startsWith("Microsoft.Resources/")) return 0;
  const namedFirst = needed.some((name) => type === name || type.startsWith(`${name}/`)) ? 0 : 5;
  return depth + namedFirst;
}

export function exampleOf(definition: ResourceDefinition) {
  return definition.examples[0];
}

/** The name of the resource that stands for a type in the walk. */
export function nameOf(definition: ResourceDefinition): string {
  const example = exampleOf(definition);
  return example?.resourceName ?? definition.preset?.names[0] ?? example?.name ?? "example";
}

export function pathOf(server: TestServer, definition: ResourceDefinition): string {
  if (definition.type === "Microsoft.Resources/subscriptions/resourceGroups") {
    return `${server.subscription}/resourceGroups/${groupName}`;
  }
  const [namespace = "", ...types] = definition.type.split("/");
  const segments = types.map((type, index) => {
    const ancestor = resources.find(
      (candidate) => candidate.type === [namespace, ...types.slice(0, index + 1)].join("/"),
    );
    return `${type}/${ancestor ? nameOf(ancestor) : "example"}`;
  });
  return `${server.subscription}/resourceGroups/${groupName}/providers/${namespace}/${segments.join("/")}`;
}

export function versionOf(definition: ResourceDefinition): string {
  return `api-version=${[...definition.apiVersions].sort().at(-1)}`;
}

/** An example's envelope with its placeholders filled in. */
export function bodyOf(server: TestServer, definition: ResourceDefinition): unknown {
  const example = exampleOf(definition);
  if (!example) return undefined;
  const { name: _name, resourceName: _resourceName, ...envelope } = example;
  const { tenantId, subscriptionId, admin } = server.contract;
  const text = JSON.stringify(envelope)
    .replaceAll("{tenantId}", tenantId)
    .replaceAll("{subscription}", subscriptionId)
    .replaceAll("{group}", groupName)
    .replaceAll("{principal}", admin.objectId);
  return JSON.parse(text);
}

export function endpointsOf(server: TestServer, definition: ResourceDefinition): Endpoint[] {
  const path = pathOf(server, definition);
  const query = `?${versionOf(definition)}`;
  const does = (method: string) =>
    !definition.methods || (definition.methods as readonly string[]).includes(method);
  const endpoint = (
    method: string,
    suffix: string,
    kind: Endpoint["kind"],
    body?: unknown,
  ): Endpoint => ({
    name: `${method} ${definition.type}${suffix}`,
    method,
    path: `${path}${suffix}${query}`,
    kind,
    definition,
    ...(body === undefined ? {} : { body }),
  });
  const collection = {
    ...endpoint("GET", "", "list"),
    name: `LIST ${definition.type}`,
    path: `${path.slice(0, path.lastIndexOf("/"))}${query}`,
  };
  const body = bodyOf(server, definition);
  return [
    ...(does("get") ? [endpoint("GET", "", "get")] : []),
    ...(does("list") ? [collection] : []),
    ...(does("put") && body !== undefined ? [endpoint("PUT", "", "write", body)] : []),
    ...(does("patch") && body !== undefined && definition.tags
      ? [endpoint("PATCH", "", "write", { tags: { walked: "yes" } })]
      : []),
    ...Object.entries(definition.actions ?? {}).map(([action, { method }]) =>
      endpoint(method ?? "POST", `/${action}`, "action"),
    ),
    ...(does("delete") && body !== undefined ? [endpoint("DELETE", "", "delete")] : []),
  ];
}
