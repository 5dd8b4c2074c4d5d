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

export interface ReadSecret {
  /** In clear. */
  readonly text: string;
  /** Unix seconds. A vault gives an expired secret out all the same: the date only informs. */
  readonly expires: number | undefined;
}

export interface SecretReader {
  /**
   * The secret, read as `principal` would. Rejects with ServiceError whose code is the vault's:
   * `VaultNotFound`, `SecretNotFound`, `Forbidden` (fact `innerCode`: `AccessDenied`,
   * `ForbiddenByRbac`, `SecretDisabled`).
   */
  read(principal: Principal, question: SecretQuestion): Promise<ReadSecret>;
}
