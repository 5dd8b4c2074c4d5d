// Resource providers and their registration. Every provider that has a defined type is there; all are
// registered from the start, and registering again is what clients do before they begin.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Method, Route } from "../../http/route.ts";
import type { ExtensionDefinition } from "../extension.ts";
import { operationsOf } from "../provider-operation.ts";
import type { Namespace } from "../registry.ts";
import { requireVersionOf } from "../request.ts";
import type { ArmServices } from "../services.ts";
import { locations } from "./location.ts";
import { subscriptionVersions } from "./subscription.ts";

const source = "OpenAPI resources 2022-09-01, Providers";

interface ProviderType {
  readonly resourceType: string;
  readonly apiVersions: readonly string[];
  readonly capabilities: string;
}

export function providerRoutes(
  services: ArmServices,
  extensions: readonly ExtensionDefinition[],
): Route[] {
  const providers = collectProviders([...services.registry.namespaces.values()], extensions);
  const route = (method: Method, path: string, handle: (call: Call) => Promise<Answer>): Route => ({
    plane: "arm",
    method,
    path,
    source,
    summary: "Resource providers",
    access: method === "POST" ? { action: "{namespace}/register/action" } : "principal",
    async handle(call) {
      await requireVisible(services, call);
      requireVersionOf(call, subscriptionVersions);
      return handle(call);
    },
  });
  const find = (call: Call) => {
    const name = call.params.namespace ?? "";
    const provider = providers.find(
      ({ namespace }) => namespace.toLowerCase() === name.toLowerCase(),
    );
    if (!provider) throw fail.InvalidResourceNamespace({ namespace: name });
    return { id: providerId(call, provider.namespace), ...provider };
  };
  const listAll = async (call: Call): Promise<Answer> => ({
    status: 200,
    body: {
      value: providers.map((provider) => ({
        id: providerId(call, provider.namespace),
        ...provider,
      })),
    },
  });
  const one = async (call: Call): Promise<Answer> => ({ status: 200, body: find(call) });
  const register = async (call: Call): Promise<Answer> => {
    const principal = await call.principal();
    const provider = find(call);
    await services.authorizer.require(principal, {
      action: `${provider.namespace}/register/action`,
      scope: `/subscriptions/${call.params.subscription}`,
    });
    return { status: 200, body: provider };
  };
  const unregister = async (call: Call): Promise<Answer> => {
    throw fail.NotSupportedHere({
      what: `Unregistering '${find(call).namespace}'`,
      reason: "providers are part of the instance and stay registered",
    });
  };
  return [
    operationsRoute(services, find),
    route("GET", "/providers", listAll),
    route("GET", "/providers/:namespace", one),
    route("GET", "/subscriptions/:subscription/providers", listAll),
    route("GET", "/subscriptions/:subscription/providers/:namespace", one),
    route("POST", "/subscriptions/:subscription/providers/:namespace/register", register),
    route("POST", "/subscriptions/:subscription/providers/:namespace/unregister", unregister),
  ];
}

/** `find` rejects unknown namespaces. Providers with a list of their own shape have their own route. */
function operationsRoute(
  services: ArmServices,
  find: (call: Call) => { namespace: string; resourceTypes: readonly ProviderType[] },
): Route {
  return {
    plane: "arm",
    method: "GET",
    path: "/providers/:namespace/operations",
    source: "OpenAPI msi 2023-01-31 and resources 2022-09-01, Operations_List",
    summary: "What a provider can do",
    access: "principal",
    async handle(call) {
      await call.principal();
      const { namespace, resourceTypes } = find(call);
      requireVersionOf(call, [
        ...subscriptionVersions,
        ...resourceTypes.flatMap(({ apiVersions }) => apiVersions),
      ]);
      const value = operationsOf(services.registry, namespace).map(
        // Only providers that have data actions say which ones are.
        ({ isDataAction: _none, ...operation }) => operation,
      );
      return { status: 200, body: { value } };
    },
  };
}

async function requireVisible(services: ArmServices, call: Call): Promise<void> {
  const principal = await call.principal();
  const subscriptionId = call.params.subscription;
  if (subscriptionId === undefined) return;
  const scope = `/subscriptions/${subscriptionId}`;
  const exists = await services.store.read.document(scope.toLowerCase());
  if (!exists || !(await services.authorizer.sees(principal, scope))) {
    throw fail.SubscriptionNotFound({ subscriptionId });
  }
}

function providerId(call: Call, namespace: string): string {
  const { subscription } = call.params;
  return subscription === undefined
    ? `/providers/${namespace}`
    : `/subscriptions/${subscription}/providers/${namespace}`;
}

function collectProviders(
  namespaces: readonly Namespace[],
  extensions: readonly ExtensionDefinition[],
) {
  const types = new Map<string, ProviderType[]>();
  const add = (type: string, rest: Omit<ProviderType, "resourceType">) => {
    const [namespace = "", ...segments] = type.split("/");
    const list = types.get(namespace) ?? [];
    types.set(namespace, [...list, { resourceType: segments.join("/"), ...rest }]);
  };
  for (const { definition } of namespaces.flatMap((namespace) => namespace.types)) {
    const supports = definition.tags ? "SupportsTags, SupportsLocation" : "None";
    add(definition.type, {
      apiVersions: newestFirst(definition.apiVersions),
      capabilities: supports,
    });
  }
  for (const { type, apiVersions } of extensions) {
    if (apiVersions.length > 0)
      add(type, { apiVersions: newestFirst(apiVersions), capabilities: "SupportsExtension" });
  }
  const displayNames = locations.map(({ displayName }) => displayName);
  return [...types].map(([namespace, list]) => ({
    namespace,
    registrationState: "Registered",
    registrationPolicy: "RegistrationRequired",
    resourceTypes: list.map((type) => ({ ...type, locations: displayNames, apiProfiles: [] })),
  }));
}

function newestFirst(versions: readonly string[]): string[] {
  return [...versions].sort().reverse();
}
