// Storage accounts: the lake's outer half. Creating one makes its blob and dfs endpoints answer; the
// data plane behind them is storage/plane.ts.

import { storageAccountType } from "@callosum/contract/lake.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import {
  defineResource,
  type PutRequest,
  type ResourceContext,
} from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { accountActions } from "./account-action.ts";
import { makeSecrets } from "./account-key.ts";
import {
  AccountProperties,
  type AccountState,
  accountDefaults,
  refuseFixedChange,
  refuseUnsupported,
  type SentAccount,
} from "./account-property.ts";
import { storageApiVersions } from "./api-version.ts";
import { storageFail } from "./error-catalogue.ts";

const kinds = ["StorageV2", "BlobStorage", "BlockBlobStorage", "Storage"] as const;

/** One branch a name, so that the tier, which clients leave out, follows from it. */
const Sku = Type.Union(
  (["LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS"] as const)
    .map((redundancy) => skuOf(`Standard_${redundancy}`, "Standard"))
    .concat(
      (["LRS", "ZRS"] as const).map((redundancy) => skuOf(`Premium_${redundancy}`, "Premium")),
    ),
);

function skuOf(name: string, tier: string) {
  return Type.Object({
    name: Type.Literal(name),
    tier: Type.Optional(Type.Enum([tier], { default: tier })),
  });
}

async function putAccount({
  ctx,
  sent,
  existing,
}: PutRequest<SentAccount>): Promise<Record<string, unknown>> {
  refuseUnsupported(sent.properties);
  requireKind(sent.kind ?? existing?.kind);
  const skuName = String(sent.sku?.name ?? existing?.sku?.name ?? "");
  if (skuName === "") {
    throw storageFail.AccountPropertyIsInvalid({
      property: "sku.name",
      why: "it is required.",
      target: "sku.name",
    });
  }
  if (existing) {
    const state = existing.properties as unknown as AccountState;
    refuseFixedChange(sent.properties, state);
    return { ...state, ...sent.properties };
  }
  await requireFreeName(ctx);
  const nowIso = ctx.clock.now().toISOString();
  await makeSecrets(ctx);
  const state: AccountState = {
    ...accountDefaults({ nowIso, isPremium: skuName.startsWith("Premium") }),
    ...sent.properties,
    provisioningState: "Succeeded",
    creationTime: nowIso,
    keyCreationTime: { key1: nowIso, key2: nowIso },
    primaryLocation: sent.location ?? "",
    statusOfPrimary: "available",
  };
  return { ...state };
}

function requireKind(kind: string | undefined): void {
  if (kinds.some((known) => known.toLowerCase() === kind?.toLowerCase())) return;
  throw storageFail.AccountPropertyIsInvalid({
    property: "kind",
    why: `'${kind ?? ""}' is none of ${kinds.join(", ")}; accounts for files only are not served.`,
    target: "kind",
  });
}

/** The host would refuse too, in general words; these are the provider's own. */
async function requireFreeName(ctx: ResourceContext): Promise<void> {
  const holder = await ctx.writer.alias("endpoint-storage", ctx.id.name);
  if (holder !== undefined && holder !== ctx.id.key) {
    throw storageFail.StorageAccountAlreadyTaken({ name: ctx.id.name, target: "name" });
  }
}

/** Stored properties and the endpoints, whose form is the request's. */
function showAccount({
  resource,
  endpoint,
}: {
  resource: ArmResource;
  endpoint(plane: string, name: string): string;
}): Record<string, unknown> {
  const { userDelegationKeysFrom: _from, ...properties } = resource.properties;
  const of = (service: string) => `${endpoint("storage", `${resource.name}/${service}`)}/`;
  return { ...properties, primaryEndpoints: { dfs: of("dfs"), blob: of("blob") } };
}

export const storageAccount = defineResource({
  type: storageAccountType,
  source: "OpenAPI storage 2023-05-01, StorageAccounts",
  summary: "A storage account",
  apiVersions: storageApiVersions,
  name: {
    pattern: /^[a-z0-9]{3,24}$/,
    rule: "A storage account's name has 3 to 24 lower-case letters and digits.",
  },
  location: "required",
  tags: true,
  identity: ["None", "SystemAssigned", "UserAssigned"],
  sku: Sku,
  kind: true,
  properties: AccountProperties,
  endpoint: "storage",
  answers: {
    create: { status: 202, headers: ["Location"] },
    update: { status: 200 },
    patch: { status: 200 },
    remove: { status: 200 },
  },
  put: putAccount,
  show: showAccount,
  actions: accountActions,
  examples: [
    {
      name: "lake",
      location: "westeurope",
      resourceName: "lakeexample1",
      sku: { name: "Standard_LRS" },
      kind: "StorageV2",
      properties: { isHnsEnabled: true },
    },
    {
      name: "flat",
      location: "westeurope",
      resourceName: "flatexample1",
      sku: { name: "Standard_GRS", tier: "Standard" },
      kind: "StorageV2",
      properties: { minimumTlsVersion: "TLS1_2", allowBlobPublicAccess: false },
    },
  ],
});
