// What the endpoints of the token service and of Graph work with.

import type { Authorizer, SecretBox } from "@callosum/contract/ports.ts";
import type { DirectoryHost } from "./directory.ts";
import type { DirectoryServices } from "./directory-services.ts";
import type { SigningKeys } from "./signing-key.ts";

export interface IdentityServices extends DirectoryServices {
  readonly secrets: SecretBox;
  readonly keys: SigningKeys;
  readonly directory: DirectoryHost;
  readonly authorizer: Authorizer;
}
