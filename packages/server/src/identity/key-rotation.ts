// A new signing key on demand, for `callosum keys rotate`. Tokens of the old one stay valid until
// they expire (signing-key.ts).

import { fail } from "@callosum/contract/error-catalogue.ts";
import { clientName } from "@callosum/contract/principal.ts";
import type { Route } from "../http/route.ts";
import { isRootOwner } from "./root-owner.ts";
import type { IdentityServices } from "./services.ts";
import { readTenant } from "./tenant.ts";

const action = "Callosum/signingKeys/rotate/action";

export function keyRotationRoutes(services: IdentityServices): Route[] {
  return [
    {
      plane: "login",
      method: "POST",
      path: "/:tenant/callosum/keys/rotate",
      source: "design.md §1: callosum keys",
      summary: "Makes a new signing key",
      access: { action },
      async handle(call) {
        const principal = await call.principal();
        readTenant(services, call.params.tenant ?? "");
        if (!(await isRootOwner(services.authorizer, principal))) {
          throw fail.AuthorizationFailed({
            client: clientName(principal),
            objectId: principal.objectId,
            action,
            scope: "/",
          });
        }
        return { status: 200, body: { keyId: await services.keys.rotate() } };
      },
    },
  ];
}
