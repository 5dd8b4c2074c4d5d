// The Synapse workspace endpoint: artifacts, Synapse RBAC, managed private endpoints, test connection.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { renderSynapseError } from "./dialect.ts";

/** Composes the plane from its services. */
export function createSynapsePlane(services: PlaneServices): Plane {
  return {
    name: "synapse",
    audiences: ["https://dev.azuresynapse.net"],
    renderError: renderSynapseError,
    routes: routesOf(services),
  };
}

function routesOf(_services: PlaneServices): Route[] {
  return [];
}
