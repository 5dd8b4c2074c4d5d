// The Synapse workspace endpoint: artifacts, Synapse RBAC, managed private endpoints, test connection.

import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane } from "../http/route.ts";
import { accessControlRoutes } from "./access-control/route.ts";
import { renderSynapseError } from "./dialect.ts";
import { explainRoute } from "./explain.ts";
import { mirrorRoutes } from "./mirror.ts";
import { privateEndpointRoutes } from "./private-endpoint/route.ts";
import { artifactRoutes } from "./route.ts";
import { noSecretReader, testConnectionRoutes } from "./test-connection/route.ts";

/** Composes the plane from its services; without a reader, secrets of vaults are refused by name. */
export function createSynapsePlane(
  services: PlaneServices,
  options: { secretReader?: SecretReader } = {},
): Plane {
  const { secretReader = noSecretReader } = options;
  return {
    name: "synapse",
    audiences: ["https://dev.azuresynapse.net"],
    renderError: renderSynapseError,
    routes: [
      ...artifactRoutes(services),
      ...accessControlRoutes(services),
      ...privateEndpointRoutes(services),
      ...testConnectionRoutes(services, secretReader),
      ...mirrorRoutes(services),
      explainRoute(services),
    ],
  };
}
