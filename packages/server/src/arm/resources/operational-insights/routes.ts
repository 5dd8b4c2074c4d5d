// Log Analytics workspaces that were deleted and could be recovered: none is kept here. azurerm asks
// before it makes one.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Route } from "../../../http/route.ts";
import { requireVersionOf } from "../../request.ts";
import type { ArmServices } from "../../services.ts";
import { workspaceVersions } from "./workspace.ts";

const namespace = "Microsoft.OperationalInsights";
const action = `${namespace}/deletedWorkspaces/read`;

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function operationalInsightsRoutes(services: ArmServices): Route[] {
  const subscription = "/subscriptions/:subscriptionId";
  return [subscription, `${subscription}/resourceGroups/:group`].map((at) => ({
    plane: "arm",
    method: "GET",
    path: `${at}/providers/${namespace}/deletedWorkspaces`,
    source: "public documentation of Log Analytics workspaces",
    summary: "Deleted workspaces: none",
    access: { action },
    async handle(call) {
      const principal = await call.principal();
      requireVersionOf(call, workspaceVersions);
      const { subscriptionId = "", group } = call.params;
      const root = `/subscriptions/${subscriptionId}`;
      const scope = group === undefined ? root : `${root}/resourceGroups/${group}`;
      await services.authorizer.require(principal, { action, scope });
      const { read } = services.store;
      if (!(await read.document(root.toLowerCase())))
        throw fail.SubscriptionNotFound({ subscriptionId });
      if (group !== undefined && !(await read.document(scope.toLowerCase())))
        throw fail.ResourceGroupNotFound({ name: group });
      return { status: 200, body: { value: [] } };
    },
  }));
}
