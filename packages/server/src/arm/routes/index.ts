// The fixed routes of the resource manager: what is neither a resource type nor an extension.

import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Instance } from "../../first-start.ts";
import type { Route } from "../../http/route.ts";

export function armRoutes(_services: PlaneServices, _instance: Instance): Route[] {
  return [];
}
