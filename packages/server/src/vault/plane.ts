// The Key Vault endpoint: secrets.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { renderVaultError } from "./dialect.ts";

/** Composes the plane from its services. */
export function createVaultPlane(services: PlaneServices): Plane {
  return {
    name: "vault",
    audiences: ["https://vault.azure.net"],
    renderError: renderVaultError,
    routes: routesOf(services),
  };
}

function routesOf(_services: PlaneServices): Route[] {
  return [];
}
