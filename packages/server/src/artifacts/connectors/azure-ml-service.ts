// The Synapse half of a link with Azure Machine Learning. The AML half is the resource type
// Microsoft.MachineLearningServices/workspaces/linkedServices.

import { defineConnector } from "@callosum/contract/connector.ts";
import { Type } from "typebox";
import { failSynapse } from "../error-catalogue.ts";
import { testMachineLearning } from "../test-connection/machine-learning.ts";
import { servicePrincipalFields, text, textIfAny } from "./value.ts";

const type = "AzureMLService";

interface Network {
  readonly preventDataExfiltration?: boolean;
}

export const azureMlService = defineConnector({
  type,
  source: "protocols.md 4.3; OpenAPI LinkedService.json",
  summary: "Azure Machine Learning",
  typeProperties: Type.Object({
    subscriptionId: text,
    resourceGroupName: text,
    mlWorkspaceName: text,
    authentication: textIfAny,
    ...servicePrincipalFields,
  }),
  secrets: ["servicePrincipalKey"],
  target: [
    "subscriptionId",
    "resourceGroupName",
    "mlWorkspaceName",
    "authentication",
    "servicePrincipalId",
    "tenant",
  ],
  check({ ctx, runtime }) {
    const network = ctx.workspace.properties.managedVirtualNetworkSettings as Network | undefined;
    if (network?.preventDataExfiltration === true) {
      throw failSynapse.DataExfiltrationProtectionNotSupported({
        workspace: ctx.workspace.name,
        type,
        target: "properties.type",
      });
    }
    if (runtime?.properties.type === "SelfHosted") {
      throw failSynapse.SelfHostedIntegrationRuntimeNotSupported({
        name: runtime.name,
        type,
        target: "properties.connectVia.referenceName",
      });
    }
  },
  test: testMachineLearning,
  examples: [
    {
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      resourceGroupName: "group",
      mlWorkspaceName: "ml1",
      authentication: "MSI",
    },
  ],
});
