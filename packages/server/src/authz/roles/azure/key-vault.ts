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
