// Who may do what with a vault's secrets and contacts: Azure RBAC data actions, or access policies where the vault
// says so. One row an operation.

import type { ArmResource, Authorizer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import { vaultFail } from "./error-catalogue.ts";

/** Operation → RBAC data action and access-policy permission. */
const rights = {
  get: { action: "Microsoft.KeyVault/vaults/secrets/getSecret/action", permission: "get" },
  list: { action: "Microsoft.KeyVault/vaults/secrets/readMetadata/action", permission: "list" },
  set: { action: "Microsoft.KeyVault/vaults/secrets/setSecret/action", permission: "set" },
  update: { action: "Microsoft.KeyVault/vaults/secrets/update/action", permission: "set" },
  delete: { action: "Microsoft.KeyVault/vaults/secrets/delete", permission: "delete" },
  recover: { action: "Microsoft.KeyVault/vaults/secrets/recover/action", permission: "recover" },
  purge: { action: "Microsoft.KeyVault/vaults/secrets/purge/action", permission: "purge" },
  contacts: {
    action: "Microsoft.KeyVault/vaults/certificatecontacts/write",
    permission: "managecontacts",
  },
} as const;

export type VaultOperation = keyof typeof rights;
export type SecretOperation = Exclude<VaultOperation, "contacts">;

type Collection = "secrets" | "certificates";

interface AccessPolicy {
  readonly objectId: string;
  readonly permissions: { readonly [collection in Collection]?: readonly string[] };
}

/** Rejects with Forbidden whose inner code says which of the two models refused. */
export async function requireAccess(
  authorizer: Authorizer,
  question: {
    principal: Principal;
    vault: ArmResource;
    operation: VaultOperation;
    secretName?: string;
  },
): Promise<void> {
  const { principal, vault, operation, secretName } = question;
  const { action, permission } = rights[operation];
  if (vault.properties.enableRbacAuthorization === true) {
    const scope = secretName === undefined ? vault.id : `${vault.id}/secrets/${secretName}`;
    if (await authorizer.allows(principal, { action, scope, data: true })) return;
    const caller = `appid=${principal.appId ?? ""};oid=${principal.objectId};iss=https://sts.windows.net/${principal.tenantId}/`;
    throw vaultFail.Forbidden({ innerCode: "ForbiddenByRbac", caller, action, scope });
  }
  const collection = operation === "contacts" ? "certificates" : "secrets";
  if (policyAllows(vault, principal, { collection, permission })) return;
  const caller = `appid=${principal.appId ?? ""};oid=${principal.objectId};name=${clientName(principal)}`;
  throw vaultFail.Forbidden({
    innerCode: "AccessDenied",
    caller,
    action: `${collection} ${permission}`,
    scope: `${vault.name};location=${vault.location}`,
  });
}

function policyAllows(
  vault: ArmResource,
  principal: Principal,
  { collection, permission }: { collection: Collection; permission: string },
): boolean {
  const holders = new Set([principal.objectId, ...principal.groupIds]);
  const policies = (vault.properties.accessPolicies ?? []) as AccessPolicy[];
  return policies.some(
    ({ objectId, permissions }) =>
      holders.has(objectId.toLowerCase()) &&
      (permissions[collection] ?? []).some((granted) =>
        [permission, "all"].includes(granted.toLowerCase()),
      ),
  );
}
