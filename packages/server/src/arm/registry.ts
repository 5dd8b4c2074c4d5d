// All resource types of the resource manager by name: what is run, what is refused, which providers
// there are. Built once from the generated list of definitions.

import type { RefusedResource, ResourceDefinition } from "@callosum/contract/resource.ts";
import { compileEnvelope, type Envelope } from "./envelope.ts";

export interface RegisteredType {
  readonly definition: ResourceDefinition;
  readonly envelope: Envelope;
  /** Lower-case api-versions. */
  readonly apiVersions: ReadonlySet<string>;
}

export interface Registry {
  readonly types: readonly RegisteredType[];
  readonly refusals: readonly RefusedResource[];
  /** Canonical namespaces with the types below them. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  find(type: string): RegisteredType | undefined;
  /** The refusal of a type or of one that it lies below. */
  refusal(type: string): RefusedResource | undefined;
  namespace(name: string): Namespace | undefined;
}

export interface Namespace {
  readonly name: string;
  readonly types: readonly RegisteredType[];
}

export function createRegistry(
  definitions: readonly ResourceDefinition[],
  refusals: readonly RefusedResource[],
): Registry {
  const types = definitions.map((definition) => ({
    definition,
    envelope: compileEnvelope(definition),
    apiVersions: new Set(definition.apiVersions.map((version) => version.toLowerCase())),
  }));
  const byType = new Map(types.map((type) => [type.definition.type.toLowerCase(), type]));
  const refusalByType = new Map(refusals.map((refusal) => [refusal.type.toLowerCase(), refusal]));
  const namespaces = new Map<string, Namespace>();
  for (const name of new Set(definitions.map(({ type }) => type.split("/")[0] ?? ""))) {
    const own = types.filter(({ definition }) => definition.type.startsWith(`${name}/`));
    namespaces.set(name.toLowerCase(), { name, types: own });
  }
  return {
    types,
    refusals,
    namespaces,
    find: (type) => byType.get(type.toLowerCase()),
    refusal: (type) => nearestRefusal(refusalByType, type.toLowerCase()),
    namespace: (name) => namespaces.get(name.toLowerCase()),
  };
}

function nearestRefusal(
  refusals: ReadonlyMap<string, RefusedResource>,
  type: string,
): RefusedResource | undefined {
  const found = refusals.get(type);
  const end = type.lastIndexOf("/");
  if (found || end === -1) return found;
  return nearestRefusal(refusals, type.slice(0, end));
}
