// Customer-managed keys known to a workspace. They are kept as named; none is ever in use, because the
// store is encrypted with the instance's own key.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

export const workspaceKey = defineResource({
  type: "Microsoft.Synapse/workspaces/keys",
  source: "OpenAPI synapse 2021-06-01, Keys",
  summary: "A customer-managed key",
  apiVersions: synapseVersions,
  name: {
    pattern: /^[A-Za-z0-9_-]{1,127}$/,
    rule: "A key's name has 1 to 127 letters, digits, '-' and '_'.",
  },
  location: "none",
  tags: false,
  properties: Type.Object({
    isActiveCMK: Type.Optional(Type.Boolean()),
    keyVaultUrl: Type.Optional(Type.String({ maxLength: 512 })),
  }),
  methods: ["get", "list", "put", "delete"],
  answers: {
    create: { status: 200 },
    update: { status: 200 },
    remove: { status: 200, showsRemoved: true },
  },
  put({ sent }) {
    if (sent.properties.isActiveCMK) {
      throw fail.NotSupportedHere({
        what: "Encryption with a customer-managed key",
        reason: "the store is encrypted with the instance's own key",
        target: "properties.isActiveCMK",
      });
    }
    return { isActiveCMK: false, keyVaultUrl: sent.properties.keyVaultUrl ?? "" };
  },
  examples: [
    {
      name: "key",
      resourceName: "key1",
      properties: { isActiveCMK: false, keyVaultUrl: "https://example.vault.azure.net/keys/key1" },
    },
  ],
});
