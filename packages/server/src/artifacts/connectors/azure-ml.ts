// The classic Machine Learning Studio web service: another product than AzureMLService.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { secureString, servicePrincipalFields, text, textIfAny, vaultSecret } from "./value.ts";

export const azureMl = defineConnector({
  type: "AzureML",
  source: "OpenAPI LinkedService.json; features.md A-01",
  summary: "Azure Machine Learning Studio (classic) web service",
  typeProperties: Type.Object({
    mlEndpoint: text,
    apiKey: Type.Union([secureString, vaultSecret], {
      description: "a SecureString or an AzureKeyVaultSecret",
    }),
    updateResourceEndpoint: textIfAny,
    authentication: textIfAny,
    ...servicePrincipalFields,
  }),
  secrets: ["apiKey", "servicePrincipalKey"],
  target: ["mlEndpoint", "updateResourceEndpoint", "servicePrincipalId", "tenant"],
  examples: [
    {
      mlEndpoint: "https://example.org/services/1/jobs",
      apiKey: { type: "SecureString", value: "key" },
    },
  ],
});
