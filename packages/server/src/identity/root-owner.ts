// Owner of everything: who administers the instance and its directory.

import type { Authorizer } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";

/** Only Owner holds both at the root. */
const ownerActions = [
  "Microsoft.Authorization/roleAssignments/write",
  "Microsoft.Resources/subscriptions/write",
];

export async function isRootOwner(authorizer: Authorizer, principal: Principal): Promise<boolean> {
  for (const action of ownerActions) {
    if (!(await authorizer.allows(principal, { action, scope: "/" }))) return false;
  }
  return true;
}
