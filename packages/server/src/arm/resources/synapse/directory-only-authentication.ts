// Whether SQL logins with passwords are switched off. The workspace keeps the switch; this is its other
// door (OpenAPI synapse 2021-06-01, AzureADOnlyAuthentications).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { defineResource } from "@callosum/contract/resource.ts";
import { parentId, parseResourceId } from "@callosum/contract/resource-id.ts";
import { Type } from "typebox";
import { startedBoth } from "./answer.ts";
import { synapseVersions } from "./api-version.ts";

export const directoryOnlyAuthentication = defineResource({
  type: "Microsoft.Synapse/workspaces/azureADOnlyAuthentications",
  source: "OpenAPI synapse 2021-06-01, AzureADOnlyAuthentications",
  summary: "Whether only directory principals sign in to SQL",
  apiVersions: synapseVersions,
  name: { pattern: /^default$/i, rule: "There is one setting; its name is 'default'." },
  location: "none",
  tags: false,
  properties: Type.Object({ azureADOnlyAuthentication: Type.Boolean() }),
  preset: { names: ["default"], properties: settingOf },
  methods: ["get", "list", "put"],
  answers: { create: startedBoth, update: startedBoth, remove: startedBoth },
  async put({ ctx, sent }) {
    const workspace = await ctx.get(parentId(ctx.id).key);
    if (!workspace) throw fail.NotFound({ path: ctx.id.text });
    const { azureADOnlyAuthentication } = sent.properties;
    const properties = { ...workspace.properties, azureADOnlyAuthentication };
    await ctx.put({ ...workspace, properties });
    return { creationDate: ctx.clock.now().toISOString() };
  },
  async show({ resource, get }) {
    const id = parseResourceId(resource.id);
    const workspace = id && (await get(parentId(id).key));
    return { ...resource.properties, ...(workspace ? settingOf(workspace) : {}) };
  },
  examples: [
    {
      name: "setting",
      resourceName: "default",
      properties: { azureADOnlyAuthentication: true },
    },
  ],
});

function settingOf(workspace: ArmResource) {
  const { azureADOnlyAuthentication = false } = workspace.properties;
  return { azureADOnlyAuthentication, state: "Consistent" };
}
