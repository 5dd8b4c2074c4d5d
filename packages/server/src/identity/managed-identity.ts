// The managed-identity endpoint in App Service's shape, on our own origin, for processes that Callosum
// launched or `exec --as <identity>` started: a per-launch secret is bound to one principal.

import type { Route } from "../http/route.ts";
import type { IdentityServices } from "./services.ts";

export function managedIdentityRoutes(_services: IdentityServices): Route[] {
  return [];
}
