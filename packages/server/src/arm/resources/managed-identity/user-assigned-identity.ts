// User-assigned identities: a service principal that is a resource of its own.

import { defineResource, refuseResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";

export const userAssignedIdentity = defineResource({
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  source: "OpenAPI msi 2023-01-31; recordings/azure-rbac-and-msi.json",
  summary: "A user-assigned identity",
  apiVersions: [
    "2015-08-31-preview",
    "2018-11-30",
    "2021-09-30-preview",
    "2022-01-31-preview",
    "2023-01-31",
    "2023-07-31-preview",
    "2024-11-30",
  ],
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    rule: "An identity's name has 3 to 128 letters, digits, '-' and '_', and begins with a letter or digit.",
  },
  location: "required",
  tags: true,
  properties: Type.Object({}),
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  async put({ ctx, existing }) {
    if (existing) return existing.properties;
    const { principalId, clientId } = await ctx.directory.createManagedIdentity(ctx.writer, {
      resourceId: ctx.id.text,
      displayName: ctx.id.name,
      explicit: true,
    });
    return { tenantId: ctx.directory.tenantId, principalId, clientId };
  },
  examples: [{ name: "identity", location: "westeurope", properties: {} }],
});

export const federatedIdentityCredential = refuseResource({
  type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  source: "OpenAPI msi 2023-01-31",
  reason: "tokens of other issuers are not exchanged",
});
