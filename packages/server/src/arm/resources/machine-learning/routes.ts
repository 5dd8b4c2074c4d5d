// Endpoints of the machine learning provider that belong to a subscription or to nobody. There are no
// machines to hire, so the lists of sizes, usages and quotas are empty.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Method, Route } from "../../../http/route.ts";
import { operationsOf } from "../../provider-operation.ts";
import { requireVersionOf } from "../../request.ts";
import type { ArmServices } from "../../services.ts";
import { machineLearningVersions } from "./api-version.ts";

const namespace = "Microsoft.MachineLearningServices";
const source = "OpenAPI machinelearningservices 2022-10-01";

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function machineLearningRoutes(services: ArmServices): Route[] {
  const route = (options: {
    method: Method;
    below: string;
    action: string;
    summary: string;
    answer(): Answer;
  }): Route => ({
    plane: "arm",
    method: options.method,
    path: `/subscriptions/:subscriptionId/providers/${namespace}/${options.below}`,
    source,
    summary: options.summary,
    access: { action: `${namespace}/${options.action}` },
    async handle(call) {
      await requireRight(services, call, `${namespace}/${options.action}`);
      return options.answer();
    },
  });
  const empty = (below: string, action: string, summary: string) =>
    route({
      method: "GET",
      below,
      action,
      summary,
      answer: () => ({ status: 200, body: { value: [] } }),
    });
  return [
    empty("locations/:location/usages", "locations/usages/read", "Machines in use: none"),
    empty("locations/:location/vmSizes", "locations/vmsizes/read", "Machines to hire: none"),
    empty("locations/:location/quotas", "locations/quotas/read", "Quotas of machines: none"),
    route({
      method: "POST",
      below: "locations/:location/updateQuotas",
      action: "locations/updateQuotas/action",
      summary: "Refused: quotas of machines",
      answer: () => {
        throw fail.NotSupportedHere({
          what: "Changing quotas",
          reason: "there are no machines to hire",
        });
      },
    }),
    empty("workspaces/skus", "workspaces/skus/read", "Machines by workspace: none"),
    {
      plane: "arm",
      method: "GET",
      path: `/providers/${namespace}/operations`,
      source,
      summary: "What the provider can do",
      access: "principal",
      async handle(call) {
        await call.principal();
        requireVersionOf(call, machineLearningVersions);
        return { status: 200, body: { value: operationsOf(services.registry, namespace) } };
      },
    },
  ];
}

async function requireRight(services: ArmServices, call: Call, action: string): Promise<void> {
  const principal = await call.principal();
  requireVersionOf(call, machineLearningVersions);
  const subscriptionId = call.params.subscriptionId ?? "";
  const scope = `/subscriptions/${subscriptionId}`;
  await services.authorizer.require(principal, { action, scope });
  if (await services.store.read.document(scope.toLowerCase())) return;
  throw fail.SubscriptionNotFound({ subscriptionId });
}
