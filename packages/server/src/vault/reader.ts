// The vault as other planes use it: a secret read on behalf of an identity, by the same rules as on
// the wire.

import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { requireAccess } from "./access.ts";
import { vaultFail } from "./error-catalogue.ts";
import { openValue, requireSecret, requireVersion } from "./secret.ts";

const vaultHost = /^https:\/\/([a-z0-9-]+)\.vault\.azure\.net\/?$/i;

export function createSecretReader(services: PlaneServices): SecretReader {
  return {
    async read(principal, { vaultUrl, name, version }) {
      const vaultName = vaultHost.exec(vaultUrl.trim())?.[1] ?? vaultUrl;
      const vault = await services.resources.byEndpoint("vault", vaultName);
      if (!vault) throw vaultFail.VaultNotFound({ vault: vaultName });
      await requireAccess(services.authorizer, {
        principal,
        vault,
        operation: "get",
        secretName: name,
      });
      const reader = services.store.read;
      const secret = await requireSecret(reader, vault, name);
      const chosen = requireVersion(secret, version);
      const { secrets } = services;
      const text = await openValue({ reader, secrets }, { vault, secret, version: chosen });
      return { text, expires: chosen.expires };
    },
  };
}
