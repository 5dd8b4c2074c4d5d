// The storage endpoints: Blob and ADLS Gen2 over one store.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Plane, Route } from "../http/route.ts";
import { renderStorageError } from "./dialect.ts";

/** Composes the plane from its services. */
export function createStoragePlane(services: PlaneServices): Plane {
  return {
    name: "storage",
    audiences: ["https://storage.azure.com"],
    renderError: renderStorageError,
    routes: routesOf(services),
  };
}

function routesOf(_services: PlaneServices): Route[] {
  return [];
}
