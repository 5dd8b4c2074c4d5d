// Actions on a workspace: the keys of what it is associated with, and what is refused by name.

import { storageKeyNames } from "@callosum/contract/lake.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import {
  type ActionDefinition,
  defineAction,
  type ResourceContext,
  refuseAction,
} from "@callosum/contract/resource.ts";
import { Type } from "typebox";

const source = "OpenAPI machinelearningservices 2022-10-01, Workspaces";
const noNotebooks = "no compute instances and no notebook servers are run";

const listKeys = defineAction({
  source,
  summary: "The keys of the associated resources",
  async run({ ctx, resource }) {
    const { storageAccount, applicationInsights } = resource.properties as Record<string, string>;
    const component = applicationInsights && (await ctx.get(applicationInsights));
    return {
      // What there is no key for is left out (OpenAPI machinelearningservices 2022-10-01).
      body: {
        ...(storageAccount ? { userStorageResourceId: storageAccount } : {}),
        ...(await userStorageKey(ctx, resource)),
        ...(component
          ? { appInsightsInstrumentationKey: component.properties.InstrumentationKey }
          : {}),
      },
    };
  },
});

const listStorageAccountKeys = defineAction({
  source,
  summary: "The key of the associated storage account",
  run: async ({ ctx, resource }) => ({ body: await userStorageKey(ctx, resource) }),
});

async function userStorageKey(
  ctx: ResourceContext,
  workspace: ArmResource,
): Promise<{ userStorageKey?: string }> {
  const account = workspace.properties.storageAccount as string | undefined;
  if (account === undefined) return {};
  const [name] = storageKeyNames;
  const owner = account.toLowerCase();
  const sealed = await ctx.writer.sealed(owner, name);
  return sealed ? { userStorageKey: ctx.secrets.open(owner, name, sealed) } : {};
}

const diagnose = defineAction({
  source,
  summary: "Checks of the workspace's surroundings",
  body: Type.Object({}),
  answer: { status: 200 },
  async run({ ctx, resource }) {
    const missing = async (property: string) => {
      const id = resource.properties[property] as string | undefined;
      if (id === undefined || (await ctx.get(id))) return [];
      return [{ code: "ResourceNotFound", level: "Error", message: `'${id}' does not exist.` }];
    };
    return {
      body: {
        value: {
          userDefinedRouteResults: [],
          networkSecurityRuleResults: [],
          resourceLockResults: [],
          dnsResolutionResults: [],
          storageAccountResults: await missing("storageAccount"),
          keyVaultResults: await missing("keyVault"),
          containerRegistryResults: await missing("containerRegistry"),
          applicationInsightsResults: await missing("applicationInsights"),
          otherResults: [],
        },
      },
    };
  },
});

export const workspaceActions: Readonly<Record<string, ActionDefinition>> = {
  listKeys,
  listStorageAccountKeys,
  diagnose,
  resyncKeys: defineAction({
    source,
    summary: "Nothing to do: keys are read where they lie, never copied",
    answer: { status: 200 },
    run: () => ({}),
  }),
  prepareNotebook: refuseAction({ what: "The notebook service", source, reason: noNotebooks }),
  listNotebookKeys: refuseAction({ what: "The notebook service", source, reason: noNotebooks }),
  listNotebookAccessToken: refuseAction({
    what: "The notebook service",
    source,
    reason: noNotebooks,
  }),
  provisionManagedNetwork: refuseAction({
    what: "A managed network of the workspace",
    source: "OpenAPI machinelearningservices 2023-06-01-preview",
    reason: "computes run on this machine, outside any virtual network",
  }),
  outboundNetworkDependenciesEndpoints: refuseAction({
    what: "The list of outbound dependencies",
    source,
    reason: "the workspace depends on no outside endpoints",
    method: "GET",
  }),
};
