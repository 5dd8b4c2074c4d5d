// Resource groups: the container that everything else lives in. Deleting one deletes all in it.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";

export const resourceGroup = defineResource({
  type: "Microsoft.Resources/subscriptions/resourceGroups",
  wireType: "Microsoft.Resources/resourceGroups",
  source: "OpenAPI resources 2022-09-01, ResourceGroups",
  summary: "A resource group",
  apiVersions: [
    "2016-09-01",
    "2018-05-01",
    "2019-05-10",
    "2019-10-01",
    "2020-06-01",
    "2020-10-01",
    "2021-04-01",
    "2022-09-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-11-01",
    "2025-04-01",
  ],
  name: {
    pattern: /^[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]$/u,
    rule: "A resource group's name has 1 to 90 letters, digits, '_', '-', '.', '(' and ')', and does not end with '.'.",
  },
  location: "required",
  tags: true,
  properties: Type.Object({}),
  answers: {
    create: { status: 201 },
    update: { status: 200 },
    patch: { status: 200 },
    remove: { status: 202, headers: ["Location"] },
  },
  removeMissing: "notFound",
  put: () => ({ provisioningState: "Succeeded" }),
  examples: [{ name: "group", location: "westeurope", properties: {} }],
});
