// Built-in Azure roles: managed identities.

import { defineRole } from "../../role.ts";

export const managedIdentityOperator = defineRole({
  id: "f1a07417-d97a-45cb-824c-7a7467783830",
  name: "Managed Identity Operator",
  description: "Read and assign user-assigned identities.",
  actions: [
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ],
  source: "general knowledge",
});
