// Finds planned resources by what a template calls them: symbolic name, id, name, last segment of a
// name, loop.

import { invalid } from "./document.ts";
import type { PlannedResource } from "./resource.ts";
import { absoluteId, type TargetScope } from "./resource-function.ts";

export interface ResourceIndex {
  readonly resources: readonly PlannedResource[];
  /** What `dependsOn` names; undefined when nothing in the template is called so. */
  named(text: string): readonly PlannedResource[] | undefined;
  /** What `reference` names: one resource, or an id that may be outside. */
  referenced(text: string): { id: string; resource: PlannedResource | undefined } | undefined;
  symbolic(name: string): readonly PlannedResource[];
}

/** Fails with InvalidTemplate when one resource is deployed twice. */
export function indexResources(
  resources: readonly PlannedResource[],
  target: TargetScope,
): ResourceIndex {
  const byId = new Map<string, PlannedResource>();
  const bySymbol = new Map<string, PlannedResource[]>();
  const byLoop = new Map<string, PlannedResource[]>();
  const byName = new Map<string, PlannedResource[]>();
  const byLastName = new Map<string, PlannedResource[]>();
  const add = (map: Map<string, PlannedResource[]>, key: string, resource: PlannedResource) => {
    const list = map.get(key.toLowerCase());
    if (list) list.push(resource);
    else map.set(key.toLowerCase(), [resource]);
  };
  for (const resource of resources) {
    // Empty for one that is not deployed and has no name.
    const key = resource.id.toLowerCase();
    const other = byId.get(key);
    const isDeployed = resource.condition && !resource.isExisting;
    if (other?.condition && !other.isExisting && isDeployed) {
      throw invalid(
        `The resource '${resource.id}' at '${resource.path}' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details`,
        resource.path,
      );
    }
    if (key !== "" && (!other || isDeployed)) byId.set(key, resource);
    if (resource.symbolicName !== undefined) {
      add(bySymbol, resource.symbolicName, resource);
      if (resource.loop)
        add(bySymbol, `${resource.symbolicName}[${resource.loop.index}]`, resource);
    }
    if (resource.loop) add(byLoop, resource.loop.name, resource);
    if (key === "") continue;
    add(byName, resource.name, resource);
    add(byLastName, resource.name.split("/").at(-1) ?? "", resource);
  }
  const found = (text: string): readonly PlannedResource[] | undefined => {
    const key = text.toLowerCase();
    const symbol = bySymbol.get(key);
    if (symbol) return symbol;
    const id = absoluteId(text, target);
    const resource = id === undefined ? undefined : byId.get(id.toLowerCase());
    if (resource) return [resource];
    return byName.get(key) ?? byLastName.get(key);
  };
  return {
    resources,
    named: (text) => found(text) ?? byLoop.get(text.toLowerCase()),
    symbolic: (name) => bySymbol.get(name.toLowerCase()) ?? [],
    referenced(text) {
      const matches = found(text) ?? [];
      const [first] = preferred(matches);
      if (first) return { id: first.id, resource: first };
      const id = absoluteId(text, target);
      return id === undefined ? undefined : { id, resource: undefined };
    },
  };
}

/** Of several with one name, what is deployed comes first. */
function preferred(matches: readonly PlannedResource[]): readonly PlannedResource[] {
  const deployed = matches.filter(({ condition, isExisting }) => condition && !isExisting);
  return deployed.length > 0 ? deployed : matches;
}
