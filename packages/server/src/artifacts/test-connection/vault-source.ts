// Which secret of which vault a linked service refers to: by another linked service, with parameters of its
// own. Reading it is vault-secret.ts's, and the scoring wizard's (wizard/link.ts).

import type { SecretSource } from "@callosum/contract/connector.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { findArtifact } from "../artifact-document.ts";
import { linkedService } from "../kinds/linked-service.ts";
import { resolveLink } from "./resolve.ts";
import type { VaultSource } from "./vault-secret.ts";

type UnusableSource = Extract<SecretSource, { kind: "unusable" }>;

/** `AzureKeyVaultSecret` of a definition. */
export interface VaultSecret {
  readonly store?: { referenceName?: string; parameters?: Record<string, unknown> };
  readonly secretName?: string;
  readonly secretVersion?: string;
}

/** The vault link that a reference names, its own parameters resolved. */
export async function vaultSource(
  { services, workspace }: { services: PlaneServices; workspace: ArmResource },
  secret: VaultSecret,
): Promise<VaultSource | UnusableSource> {
  const store = secret.store?.referenceName ?? "";
  const { read } = services.store;
  const found = await findArtifact(read, { workspace, definition: linkedService, name: store });
  const properties = found?.artifact.properties;
  if (properties?.type !== "AzureKeyVault") {
    const message = `The workspace has no Azure Key Vault linked service '${store}'.`;
    return { kind: "unusable", reason: "vaultLinkMissing", message };
  }
  const environment = {
    now: () => services.clock.now(),
    newGuid: () => services.random.guid(),
    random: () => 0,
  };
  const given = secret.store?.parameters ?? {};
  const resolved = resolveLink({ properties, given, environment });
  if (resolved.problem) {
    const { reason, message } = resolved.problem;
    return { kind: "unusable", reason, message };
  }
  return {
    kind: "vault",
    store,
    vaultUrl: String(resolved.typeProperties.baseUrl),
    secretName: String(secret.secretName ?? ""),
    secretVersion: secret.secretVersion ? String(secret.secretVersion) : undefined,
  };
}
