// Log Analytics workspaces, as far as Application Insights components refer to one. No logs are taken.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { sharedKeys } from "./shared-key.ts";

export const workspaceVersions = [
  "2020-03-01-preview",
  "2020-08-01",
  "2020-10-01",
  "2021-06-01",
  "2021-12-01-preview",
  "2022-10-01",
  "2023-09-01",
  "2025-02-01",
  "2025-07-01",
] as const;

export const workspace = defineResource({
  type: "Microsoft.OperationalInsights/workspaces",
  source: "public documentation of Log Analytics workspaces",
  summary: "A Log Analytics workspace that components refer to",
  apiVersions: workspaceVersions,
  name: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    rule: "A workspace's name has 4 to 63 letters, digits and '-', and begins and ends with a letter or digit.",
  },
  location: "required",
  tags: true,
  properties: Type.Object({
    sku: Type.Optional(Type.Object({ name: Type.String() })),
    /** 0, which azurerm sends for «not given», and -1 are the default of the kind of workspace. */
    retentionInDays: Type.Optional(Type.Integer({ minimum: -1, maximum: 730 })),
    features: Type.Optional(
      Type.Object({
        enableLogAccessUsingOnlyResourcePermissions: Type.Optional(Type.Boolean()),
        disableLocalAuth: Type.Optional(Type.Boolean()),
        immediatePurgeDataOn30Days: Type.Optional(Type.Boolean()),
        enableDataExport: Type.Optional(Type.Boolean()),
      }),
    ),
    publicNetworkAccessForIngestion: Type.Optional(
      Type.Enum(["Enabled", "Disabled"], { default: "Enabled" }),
    ),
    publicNetworkAccessForQuery: Type.Optional(
      Type.Enum(["Enabled", "Disabled"], { default: "Enabled" }),
    ),
  }),
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent, existing }) {
    const now = ctx.clock.now().toISOString();
    return {
      sku: { name: "PerGB2018" },
      ...sent.properties,
      features: {
        enableLogAccessUsingOnlyResourcePermissions: true,
        disableLocalAuth: false,
        ...sent.properties.features,
      },
      retentionInDays:
        (sent.properties.retentionInDays ?? 0) > 0 ? sent.properties.retentionInDays : 30,
      customerId: existing?.properties.customerId ?? ctx.random.guid(),
      createdDate: existing?.properties.createdDate ?? now,
      modifiedDate: now,
      provisioningState: "Succeeded",
    };
  },
  // The operation, and the name by which templates ask for it.
  actions: { sharedKeys, listKeys: sharedKeys },
  examples: [{ name: "logs", location: "westeurope", properties: {} }],
});
