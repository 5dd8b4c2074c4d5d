// `/metadata/endpoints` in its three shapes: the old object, the array of clouds, the single cloud
// (metadata/*.json of the reference; protocols.md 1.5, 8). No token: clients read it to sign in.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Route } from "../../http/route.ts";

const oldVersions = new Set(["2014-11-01", "2015-01-01", "2015-11-01"]);
const arrayVersions = new Set([
  "2018-05-01",
  "2018-11-01",
  "2019-05-01",
  "2019-10-01",
  "2020-06-01",
]);
const singleVersions = new Set(["2022-09-01", "2023-01-01"]);

export const metadataRoute: Route = {
  plane: "arm",
  method: "GET",
  path: "/metadata/endpoints",
  source: "protocols.md 1.5, 8.1, 8.2",
  summary: "The cloud's endpoints",
  access: "public",
  handle: async (call) => answer(call),
};

function answer(call: Call): Answer {
  const version = call.query.get("api-version");
  if (version === null) throw fail.MissingApiVersionParameter({});
  if (oldVersions.has(version)) return { status: 200, body: oldShape(call) };
  if (arrayVersions.has(version)) return { status: 200, body: [cloud(call)] };
  if (singleVersions.has(version)) return { status: 200, body: cloud(call) };
  throw fail.InvalidApiVersionParameter({
    given: version,
    supported: [...oldVersions, ...arrayVersions, ...singleVersions].join(","),
  });
}

function audiencesOf(call: Call): string[] {
  const azure = ["https://management.core.windows.net/", "https://management.azure.com/"];
  return call.origin.form === "host" ? azure : [call.origin.base("arm"), ...azure];
}

function oldShape(call: Call) {
  return {
    galleryEndpoint: "https://gallery.azure.com/",
    graphEndpoint: "https://graph.windows.net/",
    portalEndpoint: call.origin.base("studio"),
    authentication: { loginEndpoint: call.origin.base("login"), audiences: audiencesOf(call) },
  };
}

/** Endpoints that are ours follow the request's form; the rest are Azure's names, never contacted. */
function cloud(call: Call) {
  const { origin } = call;
  const isAzureForm = origin.form === "host";
  const resourceManager = `${origin.base("arm")}/`;
  return {
    name: isAzureForm ? "AzureCloud" : "Callosum",
    portal: origin.base("studio"),
    authentication: {
      loginEndpoint: isAzureForm ? `${origin.base("login")}/` : origin.base("login"),
      audiences: audiencesOf(call),
      tenant: "common",
      identityProvider: "AAD",
    },
    resourceManager,
    sqlManagement: "https://management.core.windows.net:8443/",
    media: "https://rest.media.azure.net",
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: isAzureForm
      ? "https://graph.microsoft.com/"
      : `${origin.base("graph")}/`,
    batch: "https://batch.core.windows.net/",
    gallery: "https://gallery.azure.com/",
    vmImageAliasDoc:
      "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json",
    activeDirectoryDataLake: "https://datalake.azure.net/",
    appInsightsResourceId: "https://api.applicationinsights.io",
    logAnalyticsResourceId: "https://api.loganalytics.io",
    synapseAnalyticsResourceId: "https://dev.azuresynapse.net",
    attestationResourceId: "https://attest.azure.net",
    ossrDbmsResourceId: "https://ossrdbms-aad.database.windows.net",
    suffixes: {
      acrLoginServer: "azurecr.io",
      sqlServerHostname: "database.windows.net",
      keyVaultDns: "vault.azure.net",
      storage: "core.windows.net",
      storageSyncEndpointSuffix: "afs.azure.net",
      synapseAnalytics: "dev.azuresynapse.net",
      mhsmDns: "managedhsm.azure.net",
      azureFrontDoorEndpointSuffix: "azurefd.net",
      attestationEndpoint: "attest.azure.net",
    },
  };
}
