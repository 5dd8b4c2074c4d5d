// A key vault with what the studio's forms ask of one.

import { putStep, type Step } from "./plan.ts";

export const vaultType = "Microsoft.KeyVault/vaults";

export function vaultStep(vault: {
  id: string;
  name: string;
  location: string;
  tenantId: string;
  sku: string;
  usesRoles: boolean;
}): Step {
  const { id, name, location, tenantId, sku, usesRoles } = vault;
  return putStep({
    key: "vault",
    label: `Key vault ${name}`,
    id,
    version: "2023-07-01",
    body: {
      location,
      properties: {
        tenantId,
        sku: { family: "A", name: sku },
        enableRbacAuthorization: usesRoles,
        accessPolicies: [],
      },
    },
  });
}
