// How another plane reads a secret of a key vault on behalf of an identity. The vault plane
// implements it; linked services with AzureKeyVaultSecret references use it.

import type { Principal } from "./principal.ts";

export interface SecretQuestion {
  /** `https://{name}.vault.azure.net`, with or without a slash at the end. */
  readonly vaultUrl: string;
  readonly name: string;
  /** Absent = the latest version. */
  readonly version?: string;
}

export interface SecretReader {
  /**
   * The secret's clear text, read as `principal` would. Rejects with ServiceError whose code is the
   * vault's: `VaultNotFound`, `Forbidden` (facts `innerCode`: `AccessDenied`, `ForbiddenByRbac`,
   * `SecretDisabled`, `SecretNotYetValid`, `SecretExpired`), `SecretNotFound`.
   */
  read(principal: Principal, question: SecretQuestion): Promise<string>;
}
