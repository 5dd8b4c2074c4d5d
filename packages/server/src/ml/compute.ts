// Computes on the regional endpoint: SDK v1 reads them here right after it attached one through the
// resource manager (protocols.md 2.1). The resource manager answers; nothing is kept twice.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { parseResourcePath } from "@callosum/contract/resource-id.ts";
import type { Route } from "../http/route.ts";

const computeType = "Microsoft.MachineLearningServices/workspaces/computes".toLowerCase();

export function computeRoute(resourceManager: Route["handle"]): Route {
  return {
    plane: "ml",
    method: ["GET", "PUT", "DELETE"],
    path: "/:region/rp/workspaces/*",
    source: "protocols.md 2.1",
    summary: "The computes of a workspace, as the resource manager answers them",
    access: "principal",
    async handle(call) {
      await call.principal();
      const path = call.path.replace(/^\/[^/]+\/rp\/workspaces/i, "");
      const parsed = parseResourcePath(path);
      const type = parsed?.collection ?? parsed?.id.type;
      if (type?.toLowerCase() !== computeType) {
        throw fail.NotSupportedHere({
          what: `The regional path '${path}'`,
          reason: "the region serves computes; everything else is at the resource manager",
        });
      }
      return resourceManager({ ...call, path });
    },
  };
}
