// Private endpoints that lead to a workspace. A managed private endpoint of a Synapse workspace makes
// the pending connection; the owner of this workspace approves or rejects it (features.md C-06).

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { privateEndpointConnection } from "../../private-endpoint-connection.ts";
import { machineLearningVersions } from "./api-version.ts";

export const machineLearningPrivateLinkResource = defineResource({
  type: "Microsoft.MachineLearningServices/workspaces/privateLinkResources",
  source: "OpenAPI machinelearningservices 2022-10-01, PrivateLinkResources",
  summary: "What of a workspace a private endpoint may reach",
  apiVersions: machineLearningVersions,
  name: { pattern: /^amlworkspace$/i, rule: "There is one; its name is 'amlworkspace'." },
  location: "none",
  tags: false,
  properties: Type.Object({}),
  preset: {
    names: ["amlworkspace"],
    properties: () => ({
      groupId: "amlworkspace",
      requiredMembers: ["default"],
      requiredZoneNames: ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
    }),
  },
  methods: ["get", "list"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: () => ({}),
  examples: [],
});

export const machineLearningPrivateEndpointConnection = defineResource({
  ...privateEndpointConnection({
    type: "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections",
    target: "a workspace",
  }),
  source: "OpenAPI machinelearningservices 2022-10-01, PrivateEndpointConnections",
  apiVersions: machineLearningVersions,
  location: "optional",
  tags: true,
});
