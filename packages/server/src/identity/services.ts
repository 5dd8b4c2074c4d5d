// What the identity plane works with.

import type { Authorizer, Clock, Random, SecretBox, Store } from "@callosum/contract/ports.ts";
import type { DirectoryHost } from "./directory.ts";
import type { SigningKeys } from "./signing-key.ts";

export interface DirectoryServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  /** The tenant's verified domain, `callosum.example` and the like. */
  readonly domain: string;
}

/** What the endpoints of the token service and of Graph work with. */
export interface IdentityServices extends DirectoryServices {
  readonly secrets: SecretBox;
  readonly keys: SigningKeys;
  readonly directory: DirectoryHost;
  readonly authorizer: Authorizer;
}
