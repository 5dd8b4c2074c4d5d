// Endpoints of the storage provider that belong to a subscription: names, kinds of account, quotas.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { storageAccountType } from "@callosum/contract/lake.ts";
import type { Call, Route } from "../../../http/route.ts";
import { locations } from "../../routes/location.ts";
import type { ArmServices } from "../../services.ts";
import { storageApiVersions } from "./api-version.ts";

const source = "OpenAPI storage 2023-05-01";
const accountCountMax = 250;

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function storageRoutes(services: ArmServices): Route[] {
  const root = "/subscriptions/:subscriptionId/providers/Microsoft.Storage";
  const read = async (call: Call, action: string) => {
    const principal = await call.principal();
    requireVersion(call);
    const scope = `/subscriptions/${call.params.subscriptionId}`;
    await services.authorizer.require(principal, { action, scope });
    if (!(await services.store.read.document(scope.toLowerCase())))
      throw fail.SubscriptionNotFound({ subscriptionId: call.params.subscriptionId ?? "" });
  };
  return [
    {
      plane: "arm",
      method: "POST",
      path: `${root}/checkNameAvailability`,
      source,
      summary: "Whether an account's name is free",
      access: { action: "Microsoft.Storage/checknameavailability/read" },
      async handle(call) {
        await read(call, "Microsoft.Storage/checknameavailability/read");
        return { status: 200, body: await checkName(services, call) };
      },
    },
    {
      plane: "arm",
      method: "GET",
      path: `${root}/skus`,
      source,
      summary: "Kinds of account",
      access: { action: "Microsoft.Storage/skus/read" },
      async handle(call) {
        await read(call, "Microsoft.Storage/skus/read");
        return { status: 200, body: { value: skus() } };
      },
    },
    {
      plane: "arm",
      method: "GET",
      path: `${root}/locations/:location/usages`,
      source,
      summary: "How many accounts there are",
      access: { action: "Microsoft.Storage/locations/usages/read" },
      async handle(call) {
        await read(call, "Microsoft.Storage/locations/usages/read");
        return { status: 200, body: { value: [await usage(services, call)] } };
      },
    },
  ];
}

function requireVersion(call: Call): void {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  if (storageApiVersions.some((version) => version === given.toLowerCase())) return;
  throw fail.InvalidApiVersionParameter({ given, supported: storageApiVersions.join(",") });
}

async function checkName(services: ArmServices, call: Call) {
  const { name, type } = (call.body ?? {}) as { name?: unknown; type?: unknown };
  if (typeof name !== "string" || String(type).toLowerCase() !== storageAccountType.toLowerCase()) {
    throw fail.InvalidParameter({
      parameter: "type",
      reason: `a name and the type '${storageAccountType}' are required`,
      target: "type",
    });
  }
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    return {
      nameAvailable: false,
      reason: "AccountNameInvalid",
      message: `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    };
  }
  const holder = await services.store.read.alias("endpoint-storage", name);
  if (holder === undefined) return { nameAvailable: true };
  return {
    nameAvailable: false,
    reason: "AlreadyExists",
    message: `The storage account named ${name} is already taken.`,
  };
}

function skus() {
  const standard = ["LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS"].map((name) => ({
    name: `Standard_${name}`,
    tier: "Standard",
    kinds: ["StorageV2", "Storage", "BlobStorage"],
  }));
  const premium = ["LRS", "ZRS"].map((name) => ({
    name: `Premium_${name}`,
    tier: "Premium",
    kinds: ["BlockBlobStorage"],
  }));
  return [...standard, ...premium].flatMap(({ name, tier, kinds }) =>
    kinds.map((kind) => ({
      resourceType: "storageAccounts",
      name,
      tier,
      kind,
      locations: locations.map(({ name: location }) => location),
      capabilities: [{ name: "supportsHierarchicalNamespace", value: "true" }],
      restrictions: [],
    })),
  );
}

async function usage(services: ArmServices, call: Call) {
  const { subscriptionId = "", location = "" } = call.params;
  const accounts = await services.store.read.documents<{ location?: string }>({
    type: storageAccountType,
    under: `/subscriptions/${subscriptionId.toLowerCase()}`,
  });
  const here = accounts.filter(
    ({ body }) => body.location === location.replaceAll(" ", "").toLowerCase(),
  );
  return {
    unit: "Count",
    currentValue: here.length,
    limit: accountCountMax,
    name: { value: "StorageAccounts", localizedValue: "Storage Accounts" },
  };
}
