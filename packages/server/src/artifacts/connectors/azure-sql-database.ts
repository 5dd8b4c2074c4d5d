// Azure SQL Database by connection string; its password may stand in the string or in a vault.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import {
  connectionText,
  credentialIfAny,
  servicePrincipalFields,
  textIfAny,
  vaultSecretIfAny,
} from "./value.ts";

export const azureSqlDatabase = defineConnector({
  type: "AzureSqlDatabase",
  source: "OpenAPI LinkedService.json",
  summary: "Azure SQL Database",
  typeProperties: Type.Object({
    connectionString: connectionText,
    password: vaultSecretIfAny,
    azureCloudType: textIfAny,
    credential: credentialIfAny,
    ...servicePrincipalFields,
  }),
  secrets: ["servicePrincipalKey"],
  target: ["connectionString", "servicePrincipalId", "tenant", "azureCloudType"],
  examples: [
    {
      connectionString:
        "Data Source=tcp:server.database.windows.net,1433;Initial Catalog=db;Integrated Security=False",
    },
  ],
});
