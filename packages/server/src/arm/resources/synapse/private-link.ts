// Private endpoints that lead to a workspace: the sub-resources that they may reach, and connections
// that its owner approves or rejects.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { privateEndpointConnection } from "../../private-endpoint-connection.ts";
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
  ...privateEndpointConnection({
    type: "Microsoft.Synapse/workspaces/privateEndpointConnections",
    target: "a workspace",
  }),
  source: "OpenAPI synapse 2021-06-01, PrivateEndpointConnections",
  apiVersions: synapseVersions,
});
