// What a component costs: the one plan there is, without a cap that telemetry could reach, for none is
// taken in. azurerm reads it with every component and writes it back.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Call, Route } from "../../../http/route.ts";
import { requireVersionOf } from "../../request.ts";
import type { ArmServices } from "../../services.ts";

const component = "Microsoft.Insights/components";
const path = `/subscriptions/:subscriptionId/resourceGroups/:group/providers/${component}/:name/currentbillingfeatures`;
const source = "public documentation of components; client: azurerm's componentfeaturesandpricing";
const capGigabytes = 100;

const features = {
  CurrentBillingFeatures: ["Basic"],
  DataVolumeCap: {
    Cap: capGigabytes,
    ResetTime: 0,
    WarningThreshold: 90,
    StopSendNotificationWhenHitThreshold: false,
    StopSendNotificationWhenHitCap: false,
    MaxHistoryCap: 1000,
  },
};

/** Routes of the resource manager plane; joined in arm/routes/index.ts. */
export function insightsRoutes(services: ArmServices): Route[] {
  const read = `${component}/currentbillingfeatures/read`;
  const write = `${component}/currentbillingfeatures/write`;
  return [
    {
      plane: "arm",
      method: "GET",
      path,
      source,
      summary: "Plan and cap of a component",
      access: { action: read },
      async handle(call) {
        await requireComponent(services, call, read);
        return { status: 200, body: features };
      },
    },
    {
      plane: "arm",
      method: "PUT",
      path,
      source,
      summary: "Plan and cap of a component, as they are; others are refused",
      access: { action: write },
      async handle(call) {
        await requireComponent(services, call, write);
        const sent = (call.body ?? {}) as Partial<typeof features>;
        if ((sent.DataVolumeCap?.Cap ?? capGigabytes) !== capGigabytes) {
          throw fail.NotSupportedHere({
            what: "A daily cap of a component",
            reason: "no telemetry is taken in",
            target: "DataVolumeCap.Cap",
          });
        }
        return { status: 200, body: features };
      },
    },
  ];
}

async function requireComponent(services: ArmServices, call: Call, action: string): Promise<void> {
  const principal = await call.principal();
  requireVersionOf(call, ["2015-05-01"]);
  const { subscriptionId, group = "", name = "" } = call.params;
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
  const scope = `${groupId}/providers/${component}/${name}`;
  await services.authorizer.require(principal, { action, scope });
  if (await services.store.read.document(scope.toLowerCase())) return;
  throw fail.ResourceNotFound({ type: component, name, resourceGroup: group });
}
