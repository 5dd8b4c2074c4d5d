// Built-in Azure roles: Key Vault data. Actions as documented; where only the id is public, the role grants
// nothing until its actions are known.

import { defineRole } from "../../role.ts";

export const keyVaultSecretsUser = defineRole({
  id: "4633458b-17de-408a-b874-0445c86b69e6",
  name: "Key Vault Secrets User",
  description: "Read secret contents.",
  dataActions: [
    "Microsoft.KeyVault/vaults/secrets/getSecret/action",
    "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
  ],
  source: "rbac/azure-built-in-roles.json (general knowledge)",
});

export const keyVaultSecretsOfficer = defineRole({
  id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  name: "Key Vault Secrets Officer",
  description: "Perform any action on the secrets of a key vault, except manage permissions.",
  actions: ["Microsoft.KeyVault/checkNameAvailability/read", "Microsoft.KeyVault/vaults/*/read"],
  dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  source: "general knowledge",
});

export const keyVaultAdministrator = defineRole({
  id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  name: "Key Vault Administrator",
  description:
    "Perform all data plane operations on a key vault and all objects in it. Cannot manage key vault resources or role assignments.",
  actions: ["Microsoft.KeyVault/checkNameAvailability/read", "Microsoft.KeyVault/vaults/*/read"],
  dataActions: ["Microsoft.KeyVault/vaults/*"],
  source: "general knowledge",
});
