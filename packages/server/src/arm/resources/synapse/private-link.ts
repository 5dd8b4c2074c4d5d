// Private endpoints that lead to a workspace: the sub-resources that they may reach, and connections
// that its owner approves or rejects.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

const groups: Readonly<Record<string, string>> = {
  Sql: "privatelink.sql.azuresynapse.net",
  SqlOnDemand: "privatelink.sql.azuresynapse.net",
  Dev: "privatelink.dev.azuresynapse.net",
};

export const synapsePrivateLinkResource = defineResource({
  type: "Microsoft.Synapse/workspaces/privateLinkResources",
  source: "OpenAPI synapse 2021-06-01, PrivateLinkResources",
  summary: "What of a workspace a private endpoint may reach",
  apiVersions: synapseVersions,
  name: { pattern: /^(?:Sql|SqlOnDemand|Dev)$/i, rule: "One of Sql, SqlOnDemand and Dev." },
  location: "none",
  tags: false,
  properties: Type.Object({}),
  preset: { names: Object.keys(groups), properties: () => ({}) },
  methods: ["get", "list"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: () => ({}),
  show: ({ resource: { name } }) => ({
    groupId: name,
    requiredMembers: [name],
    requiredZoneNames: [groups[name]],
  }),
  examples: [],
});

export const synapsePrivateEndpointConnection = defineResource({
  type: "Microsoft.Synapse/workspaces/privateEndpointConnections",
  source: "OpenAPI synapse 2021-06-01, PrivateEndpointConnections",
  summary: "A private endpoint's connection to a workspace",
  apiVersions: synapseVersions,
  name: {
    pattern: /^[A-Za-z0-9._-]{1,128}$/,
    rule: "A connection's name has up to 128 letters, digits, '.', '_' and '-'.",
  },
  location: "none",
  tags: false,
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
        type: "Microsoft.Synapse/workspaces/privateEndpointConnections",
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
