// The fixed routes of the resource manager: what is neither a resource type nor an extension.

import type { Route } from "../../http/route.ts";
import type { ExtensionDefinition } from "../extension.ts";
import { insightsRoutes } from "../resources/insights/routes.ts";
import { keyVaultRoutes } from "../resources/key-vault/routes.ts";
import { machineLearningRoutes } from "../resources/machine-learning/routes.ts";
import { operationalInsightsRoutes } from "../resources/operational-insights/routes.ts";
import { storageRoutes } from "../resources/storage/routes.ts";
import { synapseRoutes } from "../resources/synapse/routes.ts";
import type { ArmServices } from "../services.ts";
import { activityLogRoute } from "./activity-log.ts";
import { metadataRoute } from "./metadata.ts";
import { nameAvailabilityRoutes } from "./name-availability.ts";
import { providerRoutes } from "./provider.ts";
import { refusedRoutes } from "./refused.ts";
import { resourceListRoutes } from "./resource-list.ts";
import { subscriptionRoutes } from "./subscription.ts";

export function armRoutes(options: {
  services: ArmServices;
  extensions: readonly ExtensionDefinition[];
  /** The tenant's domain. */
  domain: string;
}): Route[] {
  const { services, extensions, domain } = options;
  return [
    metadataRoute,
    ...subscriptionRoutes(services, domain),
    ...providerRoutes(services, extensions),
    ...resourceListRoutes(services),
    ...refusedRoutes,
    activityLogRoute(services),
    ...nameAvailabilityRoutes(services),
    ...insightsRoutes(services),
    ...keyVaultRoutes(services),
    ...operationalInsightsRoutes(services),
    ...storageRoutes(services),
    ...synapseRoutes(services),
    ...machineLearningRoutes(services),
  ];
}
