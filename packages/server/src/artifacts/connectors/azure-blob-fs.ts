// Azure Data Lake Storage Gen2.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { testStorage } from "../test-connection/storage.ts";
import {
  credentialIfAny,
  looseSecretIfAny,
  secretIfAny,
  servicePrincipalFields,
  textIfAny,
} from "./value.ts";

export const azureBlobFs = defineConnector({
  type: "AzureBlobFS",
  source: "OpenAPI LinkedService.json",
  summary: "Azure Data Lake Storage Gen2",
  typeProperties: Type.Object({
    url: textIfAny,
    accountKey: looseSecretIfAny,
    sasUri: looseSecretIfAny,
    sasToken: secretIfAny,
    azureCloudType: textIfAny,
    servicePrincipalCredentialType: textIfAny,
    servicePrincipalCredential: secretIfAny,
    credential: credentialIfAny,
    ...servicePrincipalFields,
  }),
  secrets: [
    "accountKey",
    "sasUri",
    "sasToken",
    "servicePrincipalKey",
    "servicePrincipalCredential",
  ],
  target: ["url", "servicePrincipalId", "tenant", "azureCloudType"],
  test: testStorage,
  examples: [{ url: "https://account.dfs.core.windows.net" }],
});
