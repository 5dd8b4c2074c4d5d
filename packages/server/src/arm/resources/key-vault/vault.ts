// Key vaults: access policies or Azure RBAC decide who reads secrets. A deleted vault is gone at once
// (routes.ts beside). The secrets themselves are served by the vault plane.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineAction, defineResource, type ResourceContext } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";

const guid = Type.String({ pattern: "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$" });
const secretPermission = Type.Enum([
  "all",
  "get",
  "list",
  "set",
  "delete",
  "backup",
  "restore",
  "recover",
  "purge",
]);

const accessPolicy = Type.Object({
  tenantId: guid,
  objectId: Type.String({ minLength: 1, maxLength: 64 }),
  applicationId: Type.Optional(guid),
  permissions: Type.Object({
    keys: Type.Optional(Type.Array(Type.String())),
    secrets: Type.Optional(Type.Array(secretPermission)),
    certificates: Type.Optional(Type.Array(Type.String())),
    storage: Type.Optional(Type.Array(Type.String())),
  }),
});

const policyCountMax = 1024;

export const vaultVersions = [
  "2016-10-01",
  "2018-02-14",
  "2019-09-01",
  "2020-04-01-preview",
  "2021-04-01-preview",
  "2021-06-01-preview",
  "2021-10-01",
  "2021-11-01-preview",
  "2022-07-01",
  "2022-11-01",
  "2023-02-01",
  "2023-07-01",
  "2024-11-01",
  "2025-05-01",
  "2026-02-01",
] as const;

export const vault = defineResource({
  type: "Microsoft.KeyVault/vaults",
  source: "features.md A-06, A-07; public documentation of vaults",
  summary: "A key vault",
  apiVersions: vaultVersions,
  name: {
    pattern: /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    rule: "A vault's name has 3 to 24 letters, digits and single '-', begins with a letter and ends with a letter or digit.",
  },
  location: "required",
  tags: true,
  endpoint: "vault",
  systemData: true,
  properties: Type.Object({
    tenantId: guid,
    sku: Type.Object({
      family: Type.Enum(["A"], { default: "A" }),
      name: Type.Enum(["standard", "premium"]),
    }),
    accessPolicies: Type.Optional(Type.Array(accessPolicy, { maxItems: policyCountMax })),
    enabledForDeployment: Type.Optional(Type.Boolean({ default: false })),
    enabledForDiskEncryption: Type.Optional(Type.Boolean({ default: false })),
    enabledForTemplateDeployment: Type.Optional(Type.Boolean({ default: false })),
    enableSoftDelete: Type.Optional(Type.Boolean({ default: true })),
    softDeleteRetentionInDays: Type.Optional(
      Type.Integer({ minimum: 7, maximum: 90, default: 90 }),
    ),
    enableRbacAuthorization: Type.Optional(Type.Boolean({ default: false })),
    enablePurgeProtection: Type.Optional(Type.Boolean()),
    publicNetworkAccess: Type.Optional(Type.String({ default: "Enabled" })),
    networkAcls: Type.Optional(Type.Object({}, { additionalProperties: true })),
    createMode: Type.Optional(Type.Enum(["default", "recover"])),
  }),
  answers: {
    create: { status: 200 },
    update: { status: 200 },
    patch: { status: 200 },
    remove: { status: 200 },
  },
  put({ ctx, sent }) {
    const { createMode, ...properties } = sent.properties;
    if (createMode === "recover") {
      throw fail.NotSupportedHere({
        what: "'createMode: recover'",
        reason: "a deleted vault is gone with its secrets; create it anew",
        target: "properties.createMode",
      });
    }
    if (properties.tenantId.toLowerCase() !== ctx.directory.tenantId) {
      throw fail.InvalidParameter({
        parameter: "properties.tenantId",
        reason: `this instance has one tenant, ${ctx.directory.tenantId}`,
        target: "properties.tenantId",
      });
    }
    return {
      ...properties,
      accessPolicies: properties.accessPolicies ?? [],
      vaultUri: `https://${ctx.id.name.toLowerCase()}.vault.azure.net/`,
      provisioningState: "Succeeded",
    };
  },
  examples: [
    {
      name: "vault",
      location: "westeurope",
      properties: {
        tenantId: "{tenantId}",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
      },
    },
  ],
  actions: {
    "accessPolicies/add": policyAction("add"),
    "accessPolicies/replace": policyAction("replace"),
    "accessPolicies/remove": policyAction("remove"),
  },
});

type Policy = Static<typeof accessPolicy>;

/** `PUT …/accessPolicies/{add|replace|remove}`: changes policies without sending the vault. */
function policyAction(operation: "add" | "replace" | "remove") {
  return defineAction({
    source: "public documentation of vaults: Vaults_UpdateAccessPolicy",
    summary: `${operation} access policies`,
    method: "PUT",
    action: "Microsoft.KeyVault/vaults/accessPolicies/write",
    body: Type.Object({
      properties: Type.Object({
        accessPolicies: Type.Array(accessPolicy, { maxItems: policyCountMax }),
      }),
    }),
    run({ ctx, sent, resource }) {
      const current = resource.properties.accessPolicies as Policy[];
      const accessPolicies = changePolicies(operation, current, sent.properties.accessPolicies);
      return {
        properties: { ...resource.properties, accessPolicies },
        body: policyBody(ctx, operation, accessPolicies),
      };
    },
  });
}

function changePolicies(
  operation: "add" | "replace" | "remove",
  current: Policy[],
  sent: Policy[],
): Policy[] {
  const others = current.filter(
    (policy) =>
      !sent.some((candidate) => candidate.objectId.toLowerCase() === policy.objectId.toLowerCase()),
  );
  if (operation === "remove") return others;
  if (operation === "replace") return sent;
  return [...others, ...sent];
}

function policyBody(ctx: ResourceContext, operation: string, accessPolicies: Policy[]) {
  return {
    id: `${ctx.id.text}/accessPolicies/`,
    type: "Microsoft.KeyVault/vaults/accessPolicies",
    name: operation,
    properties: { accessPolicies },
  };
}
