// The regional Azure Machine Learning endpoint: discovery, computes, models with their artifacts and
// datastores, and refusals by name of the services that are not run.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Plane, Route } from "../http/route.ts";
import { computeRoute } from "./compute.ts";
import { renderMachineLearningError } from "./dialect.ts";
import { discoveryRoute } from "./discovery.ts";
import { artifactRoutes } from "./model/artifact-route.ts";
import { datastoreRoutes } from "./model/datastore-route.ts";
import { modelManagementRoutes } from "./model/model-route.ts";
import type { RegistryServices } from "./model/workspace-call.ts";

/** Composes the plane; `resourceManager` answers what the region serves as its own. */
export function createMachineLearningPlane(services: RegistryServices): Plane {
  return {
    name: "ml",
    audiences: [
      "https://management.azure.com",
      "https://management.core.windows.net",
      "https://ml.azure.com",
    ],
    renderError: renderMachineLearningError,
    routes: [
      discoveryRoute,
      computeRoute(services.resourceManager),
      ...artifactRoutes(services),
      ...modelManagementRoutes(services),
      ...datastoreRoutes(services),
      unknownServiceRoute,
    ],
  };
}

const unknownServiceRoute: Route = {
  plane: "ml",
  method: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
  path: "/:region/:service/*",
  source: "protocols.md 7",
  summary: "Services that are not run, refused by name",
  access: "principal",
  async handle(call) {
    await call.principal();
    const { service } = call.params;
    throw fail.NotSupportedHere({
      what: `The Azure Machine Learning service '${service}'`,
      reason: "the region serves discovery, computes, models, artifacts and datastores",
    });
  },
};
