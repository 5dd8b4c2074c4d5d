// The Key Vault endpoint: secrets, because linked services read them. Keys and certificates are
// refused by name. Host form only: clients check the challenge's domain.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { renderVaultError } from "./dialect.ts";
import { contactsRoute, secretRoutes } from "./route.ts";

/** Composes the plane from its services. */
export function createVaultPlane(services: PlaneServices): Plane {
  return {
    name: "vault",
    audiences: ["https://vault.azure.net"],
    renderError: (error, { origin }) =>
      renderVaultError(error, { origin, tenantId: services.tenantId }),
    headers: { "x-ms-keyvault-region": services.location, "cache-control": "no-cache" },
    routes: [
      ...secretRoutes(services),
      contactsRoute(services),
      refused("keys", "cryptographic keys are not kept"),
      refused("certificates", "certificates are not kept"),
      refused("storage", "managed storage accounts are not kept"),
    ],
  };
}

function refused(collection: string, reason: string): Route {
  return {
    plane: "vault",
    method: ["GET", "PUT", "PATCH", "POST", "DELETE"],
    path: `/:vault/${collection}/*`,
    source: "design.md §3: refused by name",
    summary: `${collection} are refused`,
    access: "principal",
    async handle(call) {
      await call.principal();
      throw fail.NotSupportedHere({ what: `'/${collection}' of a key vault`, reason });
    },
  };
}
