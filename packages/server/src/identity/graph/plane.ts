// The Microsoft Graph subset over the directory.

import type { Plane, Route } from "../../http/route.ts";
import { statusNumber } from "../../http/status.ts";
import type { IdentityServices } from "../services.ts";

export function createGraphPlane(services: IdentityServices): Plane {
  return {
    name: "graph",
    audiences: ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"],
    renderError: (error) => ({
      status: statusNumber(error.status),
      body: { error: { code: error.code, message: error.message } },
    }),
    routes: routesOf(services),
  };
}

function routesOf(_services: IdentityServices): Route[] {
  return [];
}
