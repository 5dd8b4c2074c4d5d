// Who is who and who may what: signing keys, directory, both kinds of RBAC, token verification.

import { type AzureAuthorizer, createAzureAuthorizer } from "../authz/azure.ts";
import { azureRoles } from "../authz/roles/azure/index.gen.ts";
import { synapseRoles } from "../authz/roles/synapse/index.gen.ts";
import { createSynapseAuthorizer, type SynapseAuthorizerHost } from "../authz/synapse.ts";
import { createTokenVerifier, type TokenVerifier } from "../http/token-verifier.ts";
import { issuersOf } from "../identity/access-token.ts";
import { createDirectory, type DirectoryHost } from "../identity/directory.ts";
import { createSigningKeys, type SigningKeys } from "../identity/signing-key.ts";
import type { Ground } from "./ground.ts";

export interface Authority {
  readonly keys: SigningKeys;
  readonly directory: DirectoryHost;
  readonly authorizer: AzureAuthorizer;
  readonly synapseRoles: SynapseAuthorizerHost;
  readonly verifier: TokenVerifier;
}

export async function openAuthority(
  ground: Ground,
  options: { propagationDelayMs: number },
): Promise<Authority> {
  const { store, clock, random, secrets, instance } = ground;
  const { tenantId, domain } = instance;
  const { propagationDelayMs } = options;
  const keys = createSigningKeys({ store, clock, random, secrets });
  const directory = createDirectory({ store, clock, random, tenantId, domain });
  const authorizer = createAzureAuthorizer({
    store,
    clock,
    builtInRoles: azureRoles,
    propagationDelayMs,
  });
  const synapse = createSynapseAuthorizer({
    store,
    clock,
    random,
    azure: authorizer,
    roles: synapseRoles,
    propagationDelayMs,
  });
  await Promise.all([keys.load(), directory.load(), authorizer.load(), synapse.load()]);
  const verifier = createTokenVerifier({
    keys,
    issuers: issuersOf(tenantId),
    clock,
    asPrincipal: directory.asPrincipal,
  });
  store.onCommit((changed) => {
    const concernsTokens = changed.some((id) => /^\/(?:directory|identity)\//.test(id));
    if (concernsTokens) verifier.forget();
  });
  return { keys, directory, authorizer, synapseRoles: synapse, verifier };
}
