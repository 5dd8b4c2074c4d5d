// Actions on an integration runtime: its status and keys, and refusals by name of what only nodes or
// SSIS packages make meaningful.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { type ActionDefinition, defineAction, refuseAction } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { authKeyNames, makeAuthKey, openAuthKeys } from "./integration-runtime-key.ts";

const source = "OpenAPI synapse 2021-06-01, IntegrationRuntimes";
const noSsis = "SSIS packages are not run";
const noNodes = "no self-hosted nodes register here";

const getStatus = defineAction({
  source,
  summary: "The runtime's state and nodes",
  run: ({ ctx, resource }) => ({
    body: {
      name: resource.name,
      properties: {
        type: resource.properties.type,
        dataFactoryName: ctx.id.names[0],
        state: isSelfHosted(resource) ? "NeedRegistration" : "Online",
        typeProperties: isSelfHosted(resource)
          ? { createTime: resource.properties.createTime, nodes: [], links: [] }
          : { nodes: [], otherErrors: [] },
      },
    },
  }),
});

const listAuthKeys = defineAction({
  source,
  summary: "The keys that a node registers with",
  async run({ ctx, resource }) {
    requireSelfHosted(resource);
    return { body: await openAuthKeys(ctx) };
  },
});

const regenerateAuthKey = defineAction({
  source,
  summary: "Replaces one of the keys",
  body: Type.Object({ keyName: Type.Enum([...authKeyNames]) }),
  async run({ ctx, sent, resource }) {
    requireSelfHosted(resource);
    await makeAuthKey(ctx, sent.keyName);
    return { body: await openAuthKeys(ctx) };
  },
});

const monitoringData = defineAction({
  source,
  summary: "What the nodes report: there are none",
  run({ resource }) {
    requireSelfHosted(resource);
    return { body: { name: resource.name, nodes: [] } };
  },
});

function isSelfHosted(resource: ArmResource): boolean {
  return resource.properties.type === "SelfHosted";
}

function requireSelfHosted(resource: ArmResource): void {
  if (isSelfHosted(resource)) return;
  throw fail.InvalidParameter({
    parameter: "integrationRuntimeName",
    reason: `'${resource.name}' is a managed integration runtime; only self-hosted ones have keys and nodes`,
    target: "integrationRuntimeName",
  });
}

function refuse(what: string, reason: string, method?: ActionDefinition["method"]) {
  return refuseAction({ what, source, reason, ...(method ? { method } : {}) });
}

export const integrationRuntimeActions: Readonly<Record<string, ActionDefinition>> = {
  getStatus,
  listAuthKeys,
  regenerateAuthKey,
  monitoringData,
  start: refuse("Starting an integration runtime", noSsis),
  stop: refuse("Stopping an integration runtime", noSsis),
  getObjectMetadata: refuse("The metadata of SSIS objects", noSsis),
  refreshObjectMetadata: refuse("The metadata of SSIS objects", noSsis),
  getConnectionInfo: refuse("The connection information for nodes", noNodes),
  syncCredentials: refuse("Sharing credentials between nodes", noNodes),
  upgrade: refuse("Upgrading nodes", noNodes),
  enableInteractiveQuery: refuse("Interactive authoring", "it needs no switching on here"),
  disableInteractiveQuery: refuse("Interactive authoring", "it cannot be switched off here"),
  outboundNetworkDependenciesEndpoints: refuse(
    "The list of outbound dependencies",
    "the runtime depends on no outside endpoints",
    "GET",
  ),
};
