// Subscriptions, tenants, locations, providers: what clients look at before they do anything.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import type { ResourceBody } from "../document.ts";
import { requireVersionOf } from "../request.ts";
import type { ArmServices } from "../services.ts";
import { locations } from "./location.ts";

const source = "OpenAPI resources 2022-09-01, Subscriptions and Providers";

export const subscriptionVersions = [
  "2014-04-01",
  "2015-01-01",
  "2016-06-01",
  "2018-06-01",
  "2019-06-01",
  "2019-11-01",
  "2020-01-01",
  "2020-06-01",
  "2021-01-01",
  "2021-04-01",
  "2021-10-01",
  "2022-09-01",
  "2022-12-01",
  "2023-07-01",
  "2024-03-01",
  "2024-07-01",
  "2024-11-01",
  "2025-04-01",
];

export function subscriptionRoutes(services: ArmServices, domain: string): Route[] {
  const route = (
    path: string,
    summary: string,
    handle: (call: Call) => Promise<Answer>,
  ): Route => ({
    plane: "arm",
    method: "GET",
    path,
    source,
    summary,
    access: "principal",
    async handle(call) {
      await call.principal();
      requireVersionOf(call, subscriptionVersions);
      return handle(call);
    },
  });
  return [
    route("/subscriptions", "Subscriptions that the caller sees", (call) =>
      listSubscriptions(services, call),
    ),
    route("/subscriptions/:subscription", "One subscription", (call) =>
      getSubscription(services, call),
    ),
    route("/subscriptions/:subscription/locations", "Azure's regions", async (call) => {
      await getSubscription(services, call);
      return {
        status: 200,
        body: { value: locations.map((location) => locationBody(call, location)) },
      };
    }),
    route("/tenants", "The tenant", async () => ({
      status: 200,
      body: { value: [tenantBody(services, domain)] },
    })),
  ];
}

function tenantBody({ tenantId }: ArmServices, domain: string) {
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode: "NL",
    displayName: "Callosum",
    domains: [domain],
    defaultDomain: domain,
    tenantCategory: "Home",
    tenantType: "AAD",
  };
}

function locationBody(call: Call, location: { name: string; displayName: string }) {
  return {
    id: `/subscriptions/${call.params.subscription}/locations/${location.name}`,
    name: location.name,
    displayName: location.displayName,
    regionalDisplayName: location.displayName,
    type: "Region",
    metadata: { regionType: "Physical", regionCategory: "Recommended" },
  };
}

function subscriptionBody(services: ArmServices, body: ResourceBody) {
  return {
    id: body.id,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId: body.name,
    tenantId: services.tenantId,
    displayName: body.properties.displayName,
    state: body.properties.state,
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

async function listSubscriptions(services: ArmServices, call: Call): Promise<Answer> {
  const principal = await call.principal();
  const documents = await services.store.read.documents<ResourceBody>({
    type: "Microsoft.Resources/subscriptions",
  });
  const value: unknown[] = [];
  for (const { id, body } of documents) {
    if (await services.authorizer.sees(principal, id)) value.push(subscriptionBody(services, body));
  }
  return { status: 200, body: { value, count: { type: "Total", value: value.length } } };
}

/** Missing and invisible answer alike. */
async function getSubscription(services: ArmServices, call: Call): Promise<Answer> {
  const principal = await call.principal();
  const subscriptionId = call.params.subscription ?? "";
  const key = `/subscriptions/${subscriptionId.toLowerCase()}`;
  const document = await services.store.read.document<ResourceBody>(key);
  if (!document || !(await services.authorizer.sees(principal, key))) {
    throw fail.SubscriptionNotFound({ subscriptionId });
  }
  return { status: 200, body: subscriptionBody(services, document.body) };
}
