// Azure Blob Storage.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import {
  credentialIfAny,
  looseSecretIfAny,
  servicePrincipalFields,
  textIfAny,
  vaultSecretIfAny,
} from "./value.ts";

export const azureBlobStorage = defineConnector({
  type: "AzureBlobStorage",
  source: "OpenAPI LinkedService.json",
  summary: "Azure Blob Storage",
  typeProperties: Type.Object({
    connectionString: looseSecretIfAny,
    accountKey: vaultSecretIfAny,
    sasUri: looseSecretIfAny,
    sasToken: vaultSecretIfAny,
    serviceEndpoint: textIfAny,
    containerUri: textIfAny,
    accountKind: textIfAny,
    azureCloudType: textIfAny,
    authenticationType: Type.Optional(
      Type.Enum(["Anonymous", "AccountKey", "SasUri", "ServicePrincipal", "Msi"]),
    ),
    credential: credentialIfAny,
    ...servicePrincipalFields,
  }),
  secrets: ["sasUri", "servicePrincipalKey"],
  target: ["serviceEndpoint", "containerUri", "connectionString", "servicePrincipalId", "tenant"],
  examples: [{ serviceEndpoint: "https://account.blob.core.windows.net/" }],
});
