// Reading any resource: the version comes from its type's definition, as each type has its own.

import { useQuery } from "@tanstack/react-query";
import { type Resource, resourceQuery } from "../../api/resource.ts";
import { isGroup, isSubscription, typeOf } from "../../api/scope.ts";
import { useResourceRules } from "../../control/definition.ts";

export const groupVersion = "2022-09-01";
export const subscriptionVersion = "2022-12-01";

/** The version to speak to a scope's own type with; "" while its definition is loading. */
export function useVersion(id: string): { version: string; error: unknown } {
  const { apiVersion, error } = useResourceRules(
    isSubscription(id) ? "Microsoft.Resources/subscriptions/resourceGroups" : typeOf(id),
  );
  if (isSubscription(id)) return { version: subscriptionVersion, error: undefined };
  return isGroup(id) ? { version: groupVersion, error: undefined } : { version: apiVersion, error };
}

export function useResource<Properties = Record<string, unknown>>(
  id: string,
): {
  resource: Resource<Properties> | undefined;
  version: string;
  error: unknown;
  refetch(): void;
} {
  const { version, error: typeError } = useVersion(id);
  const { data, error, refetch } = useQuery({
    ...resourceQuery<Properties>(id, version),
    enabled: version !== "",
  });
  return { resource: data, version, error: error ?? typeError, refetch: () => void refetch() };
}
