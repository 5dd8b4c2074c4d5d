// The Synapse workspace endpoint: artifacts, Synapse RBAC, managed private endpoints, test connection.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { accessControlRoutes } from "./access-control/route.ts";
import { renderSynapseError } from "./dialect.ts";
import { privateEndpointRoutes } from "./private-endpoint/route.ts";
import { artifactRoutes } from "./route.ts";

/** Composes the plane from its services. */
export function createSynapsePlane(services: PlaneServices): Plane {
  return {
    name: "synapse",
    audiences: ["https://dev.azuresynapse.net"],
    renderError: renderSynapseError,
    routes: routesOf(services),
  };
}

function routesOf(services: PlaneServices): Route[] {
  return [
    ...artifactRoutes(services),
    ...accessControlRoutes(services),
    ...privateEndpointRoutes(services),
  ];
}
