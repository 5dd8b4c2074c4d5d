// Container registries, as far as an Azure Machine Learning workspace refers to one. No images are kept.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";

export const registry = defineResource({
  type: "Microsoft.ContainerRegistry/registries",
  source: "public documentation of container registries",
  summary: "A container registry that workspaces refer to",
  apiVersions: [
    "2019-05-01",
    "2020-11-01-preview",
    "2021-06-01-preview",
    "2021-08-01-preview",
    "2021-09-01",
    "2022-12-01",
    "2023-01-01-preview",
    "2023-07-01",
    "2025-04-01",
    "2025-06-01-preview",
    "2025-11-01",
  ],
  name: {
    pattern: /^[A-Za-z0-9]{5,50}$/,
    rule: "A registry's name has 5 to 50 letters and digits.",
  },
  location: "required",
  tags: true,
  identity: ["None", "SystemAssigned", "UserAssigned"],
  sku: Type.Object({ name: Type.Enum(["Basic", "Standard", "Premium", "Classic"]) }),
  properties: Type.Object({
    adminUserEnabled: Type.Optional(Type.Boolean({ default: false })),
    publicNetworkAccess: Type.Optional(Type.Enum(["Enabled", "Disabled"], { default: "Enabled" })),
    zoneRedundancy: Type.Optional(Type.Enum(["Enabled", "Disabled"], { default: "Disabled" })),
    anonymousPullEnabled: Type.Optional(Type.Boolean({ default: false })),
  }),
  endpoint: "registry",
  answers: { create: { status: 201 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent, existing }) {
    return {
      ...sent.properties,
      loginServer: `${ctx.id.name.toLowerCase()}.azurecr.io`,
      creationDate: existing?.properties.creationDate ?? ctx.clock.now().toISOString(),
      provisioningState: "Succeeded",
    };
  },
  examples: [
    {
      name: "registry",
      resourceName: "registry01",
      location: "westeurope",
      sku: { name: "Basic" },
      properties: {},
    },
  ],
});
