// Resources of a subscription or a group across all types, and the names of their tags.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { type ResourceBody, toResource } from "../document.ts";
import { applyFilter, page } from "../read.ts";
import { requireVersionOf } from "../request.ts";
import type { ArmServices } from "../services.ts";
import { subscriptionVersions } from "./subscription.ts";

const source = "OpenAPI resources 2022-09-01, Resources_List and Tags_List";

export function resourceListRoutes(services: ArmServices): Route[] {
  const route = (path: string, handle: (call: Call) => Promise<Answer>): Route => ({
    plane: "arm",
    method: "GET",
    path,
    source,
    summary: "Resources that the caller may read",
    access: "principal",
    async handle(call) {
      await call.principal();
      requireVersionOf(call, subscriptionVersions);
      return handle(call);
    },
  });
  return [
    route("/subscriptions/:subscription/resources", (call) => listAll(services, call)),
    route("/subscriptions/:subscription/resourcegroups/:group/resources", (call) =>
      listAll(services, call),
    ),
    route("/subscriptions/:subscription/tagNames", (call) => listTagNames(services, call)),
  ];
}

/** Top-level resources below the scope that the caller may read. */
async function visibleResources(services: ArmServices, call: Call): Promise<ArmResource[]> {
  const principal = await call.principal();
  const { subscription, group } = call.params;
  const subscriptionKey = `/subscriptions/${subscription}`.toLowerCase();
  const scope =
    group === undefined
      ? subscriptionKey
      : `${subscriptionKey}/resourcegroups/${group}`.toLowerCase();
  const exists = await services.store.read.document(scope);
  if (!exists || !(await services.authorizer.sees(principal, scope))) {
    throw group === undefined
      ? fail.SubscriptionNotFound({ subscriptionId: subscription ?? "" })
      : fail.ResourceGroupNotFound({ name: group });
  }
  const visible: ArmResource[] = [];
  for (const { definition } of services.registry.types) {
    if (definition.type.split("/").length !== 2) continue;
    const { type } = definition;
    for (const document of await services.store.read.documents<ResourceBody>({
      type,
      under: scope,
    })) {
      const resource = toResource(document);
      const allowed = await services.authorizer.allows(principal, {
        action: `${type}/read`,
        scope: resource.id,
      });
      if (allowed) visible.push(resource);
    }
  }
  return visible.sort((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1));
}

async function listAll(services: ArmServices, call: Call): Promise<Answer> {
  const resources = applyFilter(await visibleResources(services, call), call.query.get("$filter"));
  const { items, nextLink } = page(resources, call);
  const value = items.map(
    ({ id, name, type, location, kind, sku, identity, tags, systemData }) => ({
      id,
      name,
      type,
      ...(location === undefined ? {} : { location }),
      ...(kind === undefined ? {} : { kind }),
      ...(sku === undefined ? {} : { sku }),
      ...(identity === undefined ? {} : { identity }),
      tags: tags ?? {},
      createdTime: systemData?.createdAt,
      changedTime: systemData?.lastModifiedAt,
      provisioningState: "Succeeded",
    }),
  );
  return { status: 200, body: nextLink === undefined ? { value } : { value, nextLink } };
}

async function listTagNames(services: ArmServices, call: Call): Promise<Answer> {
  const counts = new Map<string, Map<string, number>>();
  for (const { tags } of await visibleResources(services, call)) {
    for (const [name, value] of Object.entries(tags ?? {})) {
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const root = `/subscriptions/${call.params.subscription}/tagNames`;
  const value = [...counts].map(([tagName, values]) => ({
    id: `${root}/${tagName}`,
    tagName,
    count: { type: "Total", value: [...values.values()].reduce((sum, count) => sum + count, 0) },
    values: [...values].map(([tagValue, count]) => ({
      id: `${root}/${tagName}/tagValues/${tagValue}`,
      tagValue,
      count: { type: "Total", value: count },
    })),
  }));
  return { status: 200, body: { value } };
}
