// Regional routes of one workspace: who asks, may they, which workspace (protocols.md 7.3). The order is
// that of every plane: 401, then 403, then 404.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Answer, Call, Method, Route } from "../../http/route.ts";
import type { Models } from "./open.ts";

export interface RegistryServices extends PlaneServices, Models {
  /** The resource manager's own handler: writes of models go through it. */
  readonly resourceManager: Route["handle"];
}

export interface RegionalCall {
  readonly services: RegistryServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly workspace: ArmResource;
  /** The workspace's id in lower case. */
  readonly key: string;
  /** URL of the service for this workspace, for links in answers. */
  readonly base: string;
}

const workspacePath =
  "/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/providers/Microsoft.MachineLearningServices/workspaces/:workspace";

export function regionalRoute(
  services: RegistryServices,
  route: {
    method: Method;
    /** `artifact/v2.0`, `modelmanagement/v1.0`, … */
    service: string;
    path: string;
    source: string;
    summary: string;
    /** Below `Microsoft.MachineLearningServices/workspaces/`. */
    action: string;
    body?: Route["body"];
    handle(opened: RegionalCall): Promise<Answer>;
  },
): Route {
  const { method, service, path, source, summary, handle, body } = route;
  const action = `Microsoft.MachineLearningServices/workspaces/${route.action}`;
  return {
    plane: "ml",
    method,
    path: `/:region/${service}${workspacePath}${path}`,
    source,
    summary,
    access: { action },
    ...(body ? { body } : {}),
    async handle(call) {
      const principal = await call.principal();
      const { subscriptionId, resourceGroup, workspace: name, region = "" } = call.params;
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${name}`;
      await services.authorizer.require(principal, { action, scope: id });
      const workspace = await services.resources.find(id);
      if (!workspace) {
        const parsed = parseResourceId(id);
        throw fail.ResourceNotFound({
          type: "Microsoft.MachineLearningServices/workspaces",
          name: name ?? "",
          resourceGroup: parsed?.resourceGroup,
        });
      }
      const base = `${call.origin.base("ml", region)}/${service}${workspace.id}`;
      return handle({
        services,
        call,
        principal,
        workspace,
        key: workspace.id.toLowerCase(),
        base,
      });
    },
  };
}

/** A query parameter that must be there. */
export function requireQuery(call: Call, name: string): string {
  const value = call.query.get(name.toLowerCase());
  if (value !== null && value !== "") return value;
  throw fail.InvalidParameter({ parameter: name, reason: "it is required", target: name });
}

/** Names of parameters are matched in any casing, values must be what the schema says. */
export function recordOf(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw fail.InvalidRequestContent({ reason: "The body must be a JSON object." });
}
