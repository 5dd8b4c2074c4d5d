// What a template may ask of its surroundings: resourceGroup(), subscription(), tenant(),
// environment(), deployment().

import type { Principal } from "@callosum/contract/principal.ts";
import type { Origin, PlaneName } from "../http/plane.ts";
import type { LinkedFrom } from "./content-link.ts";
import type { DeploymentPorts } from "./ports.ts";
import type { Json, JsonObject } from "./template/json.ts";
import type { TargetScope } from "./template/resource-function.ts";
import type { Facts } from "./template/scope.ts";

export async function readFacts(
  ports: Pick<DeploymentPorts, "resources" | "store" | "tenantId" | "provider">,
  about: {
    target: TargetScope;
    origin: Origin;
    name: string;
    location: string | undefined;
    template: Json;
    linkedFrom: LinkedFrom | undefined;
    principal: Principal;
    parameters: JsonObject;
  },
): Promise<Facts> {
  const { target, origin } = about;
  const { subscriptionId, resourceGroup } = target;
  const scope = `/subscriptions/${subscriptionId}`;
  const stored = await ports.store.read.document<{ displayName?: string }>(scope.toLowerCase());
  const group =
    resourceGroup === undefined
      ? undefined
      : await ports.resources.show(target.id, (plane, subject) =>
          origin.base(plane as PlaneName, subject),
        );
  return {
    subscription: {
      id: scope,
      subscriptionId,
      tenantId: ports.tenantId,
      displayName: stored?.body.displayName ?? "Callosum",
    },
    tenant: {
      id: `/tenants/${ports.tenantId}`,
      tenantId: ports.tenantId,
      countryCode: "NL",
      displayName: "Callosum",
    },
    deployer: {
      objectId: about.principal.objectId,
      tenantId: about.principal.tenantId,
      userPrincipalName: about.principal.userPrincipalName ?? "",
    },
    environment: environmentOf(origin),
    resourceGroup: group as Json | undefined,
    deployment: {
      name: about.name,
      ...(about.location === undefined ? {} : { location: about.location }),
      properties: {
        template: about.template,
        ...(about.linkedFrom ? { templateLink: { ...about.linkedFrom } } : {}),
        parameters: about.parameters,
        mode: "Incremental",
        provisioningState: "Accepted",
      },
    },
    provider: ports.provider,
  };
}

/** Azure's names in either form; the endpoints that are ours follow the request's. */
function environmentOf(origin: Origin): Json {
  const resourceManager = `${origin.base("arm")}/`;
  return {
    name: origin.form === "host" ? "AzureCloud" : "Callosum",
    gallery: "https://gallery.azure.com/",
    graph: "https://graph.windows.net/",
    portal: "https://portal.azure.com",
    graphAudience: "https://graph.windows.net/",
    activeDirectoryDataLake: "https://datalake.azure.net/",
    batch: "https://batch.core.windows.net/",
    media: "https://rest.media.azure.net",
    sqlManagement: "https://management.core.windows.net:8443/",
    vmImageAliasDoc:
      "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
    resourceManager,
    authentication: {
      loginEndpoint: `${origin.base("login")}/`,
      audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
      tenant: "common",
      identityProvider: "AAD",
    },
    suffixes: {
      acrLoginServer: ".azurecr.io",
      azureDatalakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
      azureDatalakeStoreFileSystem: "azuredatalakestore.net",
      azureFrontDoorEndpointSuffix: "azurefd.net",
      keyvaultDns: ".vault.azure.net",
      sqlServerHostname: ".database.windows.net",
      storage: "core.windows.net",
    },
  };
}
