// The regional Azure Machine Learning endpoint: discovery, computes, and what later work brings.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { renderMachineLearningError } from "./dialect.ts";

/** Composes the plane from its services. */
export function createMachineLearningPlane(services: PlaneServices): Plane {
  return {
    name: "ml",
    audiences: [
      "https://management.azure.com",
      "https://management.core.windows.net",
      "https://ml.azure.com",
    ],
    renderError: renderMachineLearningError,
    routes: routesOf(services),
  };
}

function routesOf(_services: PlaneServices): Route[] {
  return [];
}
