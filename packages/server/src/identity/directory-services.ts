// What the directory itself works with; services.ts adds what the endpoints need.

import type { Clock, Random, Store } from "@callosum/contract/ports.ts";

export interface DirectoryServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  /** The tenant's verified domain, `callosum.example` and the like. */
  readonly domain: string;
}
