// Whether the workspace's managed identity has control over the SQL pools.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

export const managedIdentitySqlControl = defineResource({
  type: "Microsoft.Synapse/workspaces/managedIdentitySqlControlSettings",
  source: "protocols.md 5.1",
  summary: "Whether the workspace's identity controls its SQL pools",
  apiVersions: synapseVersions,
  name: { pattern: /^default$/i, rule: "There is one setting; its name is 'default'." },
  location: "none",
  tags: false,
  properties: Type.Object({
    grantSqlControlToManagedIdentity: Type.Object({
      desiredState: Type.Enum(["Enabled", "Disabled"]),
    }),
  }),
  preset: { names: ["default"], properties: () => setting("Disabled") },
  methods: ["get", "put"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: ({ sent }) => setting(sent.properties.grantSqlControlToManagedIdentity.desiredState),
  examples: [
    {
      name: "setting",
      resourceName: "default",
      properties: { grantSqlControlToManagedIdentity: { desiredState: "Enabled" } },
    },
  ],
});

function setting(desiredState: string) {
  return { grantSqlControlToManagedIdentity: { desiredState, actualState: desiredState } };
}
