// Azure Databricks workspaces.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { credentialIfAny, secretIfAny, text, textIfAny } from "./value.ts";

export const azureDatabricks = defineConnector({
  type: "AzureDatabricks",
  source: "OpenAPI LinkedService.json",
  summary: "Azure Databricks",
  typeProperties: Type.Object({
    domain: text,
    accessToken: secretIfAny,
    authentication: textIfAny,
    workspaceResourceId: textIfAny,
    existingClusterId: textIfAny,
    instancePoolId: textIfAny,
    encryptedCredential: textIfAny,
    credential: credentialIfAny,
  }),
  secrets: ["accessToken"],
  target: ["domain", "workspaceResourceId", "authentication"],
  examples: [{ domain: "https://adb-1.azuredatabricks.net", authentication: "MSI" }],
});
