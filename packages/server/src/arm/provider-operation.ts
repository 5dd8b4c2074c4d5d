// What a provider can do, as its `operations` endpoint lists it: one entry for each right of each type
// that is run.

import type { Registry } from "./registry.ts";

const verbs = { get: "read", put: "write", delete: "delete" } as const;

export interface ProviderOperation {
  readonly name: string;
  readonly isDataAction: boolean;
  readonly display: {
    readonly provider: string;
    readonly resource: string;
    readonly operation: string;
    readonly description: string;
  };
}

export function operationsOf(registry: Registry, namespace: string): ProviderOperation[] {
  const own = registry.namespace(namespace)?.types ?? [];
  return own.flatMap(({ definition: { type, summary, methods, actions = {} } }) => {
    const rights = Object.entries(verbs)
      .filter(([method]) => methods === undefined || methods.includes(method as keyof typeof verbs))
      .map(([, verb]) => `${type}/${verb}`);
    const actionRights = Object.entries(actions).map(
      ([name, { action }]) => action ?? `${type}/${name}/action`,
    );
    return [...rights, ...actionRights].map((name) => ({
      name,
      isDataAction: false,
      display: { provider: namespace, resource: type, operation: name, description: summary },
    }));
  });
}
