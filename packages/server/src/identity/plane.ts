// The token service: authorize, token, device code, metadata, keys. Graph is graph/plane.ts; the
// managed-identity endpoint on our own origin is managed-identity.ts.

import type { Plane, Route } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import type { IdentityServices } from "./services.ts";

export function createLoginPlane(services: IdentityServices): Plane {
  return {
    name: "login",
    audiences: [],
    renderError: (error) => ({
      status: statusNumber(error.status),
      body: { error: error.code, error_description: error.message },
    }),
    routes: routesOf(services),
  };
}

function routesOf(_services: IdentityServices): Route[] {
  return [];
}
