// Key vaults: the stores that secret references of other linked services name (features.md A-07).

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { testKeyVault } from "../test-connection/key-vault.ts";
import { credentialIfAny, text } from "./value.ts";

export const azureKeyVault = defineConnector({
  type: "AzureKeyVault",
  source: "features.md A-07; OpenAPI LinkedService.json",
  summary: "Azure Key Vault",
  typeProperties: Type.Object({ baseUrl: text, credential: credentialIfAny }),
  secrets: [],
  target: ["baseUrl"],
  test: testKeyVault,
  examples: [{ baseUrl: "https://kv1.vault.azure.net/" }],
});
