// Private endpoints that lead to a workspace. A managed private endpoint of a Synapse workspace makes
// the pending connection; the owner of this workspace approves or rejects it (features.md C-06).

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { machineLearningVersions } from "./api-version.ts";

const connectionType = "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections";

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
  type: connectionType,
  source: "OpenAPI machinelearningservices 2022-10-01, PrivateEndpointConnections",
  summary: "A private endpoint's connection to a workspace",
  apiVersions: machineLearningVersions,
  name: {
    pattern: /^[A-Za-z0-9._-]{1,128}$/,
    rule: "A connection's name has up to 128 letters, digits, '.', '_' and '-'.",
  },
  location: "optional",
  tags: true,
  properties: Type.Object({
    privateLinkServiceConnectionState: Type.Object({
      status: Type.Enum(["Pending", "Approved", "Rejected"]),
      description: Type.Optional(Type.String({ maxLength: 256 })),
    }),
  }),
  methods: ["get", "list", "put", "delete"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent, existing }) {
    if (!existing) {
      throw fail.ResourceNotFound({
        type: connectionType,
        name: ctx.id.names.join("/"),
        resourceGroup: ctx.id.resourceGroup,
      });
    }
    const { status, description = "" } = sent.properties.privateLinkServiceConnectionState;
    return {
      ...existing.properties,
      privateLinkServiceConnectionState: { status, description, actionsRequired: "None" },
      provisioningState: "Succeeded",
    };
  },
  examples: [],
});
