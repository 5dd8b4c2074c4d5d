// Dedicated SQL pools by connection string; its password may stand in the string or in a vault.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import {
  connectionText,
  credentialIfAny,
  servicePrincipalFields,
  textIfAny,
  vaultSecretIfAny,
} from "./value.ts";

export const azureSqlDw = defineConnector({
  type: "AzureSqlDW",
  source: "OpenAPI LinkedService.json",
  summary: "Dedicated SQL pools",
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
