// Integration runtimes: Azure's own (`AutoResolveIntegrationRuntime` and other managed ones) and
// self-hosted ones, which get keys but whose nodes never register here.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineResource, type Properties, type PutRequest } from "@callosum/contract/resource.ts";
import { type Static, Type } from "typebox";
import { synapseVersions } from "./api-version.ts";
import { integrationRuntimeActions } from "./integration-runtime-action.ts";
import { makeAuthKeys } from "./integration-runtime-key.ts";

/** The runtime of links that name none (features.md C-04). */
export const autoResolveRuntime = "AutoResolveIntegrationRuntime";

const IntegrationRuntimeProperties = Type.Object({
  type: Type.Enum(["Managed", "SelfHosted"]),
  description: Type.Optional(Type.String({ maxLength: 4096 })),
  typeProperties: Type.Optional(Type.Object({}, { additionalProperties: true })),
  managedVirtualNetwork: Type.Optional(
    Type.Object({
      type: Type.Optional(Type.String({ maxLength: 128 })),
      referenceName: Type.Optional(Type.String({ maxLength: 128 })),
    }),
  ),
  autoUpdate: Type.Optional(Type.Enum(["On", "Off"])),
  updateDelayOffset: Type.Optional(Type.String({ maxLength: 64 })),
});

type Sent = Static<typeof IntegrationRuntimeProperties>;

export const integrationRuntime = defineResource({
  type: "Microsoft.Synapse/workspaces/integrationRuntimes",
  source: "OpenAPI synapse 2021-06-01, IntegrationRuntimes",
  summary: "An integration runtime",
  apiVersions: synapseVersions,
  name: {
    pattern: /^(?=.{3,63}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/,
    rule: "An integration runtime's name has 3 to 63 letters, digits and single hyphens between them.",
  },
  location: "none",
  tags: false,
  properties: IntegrationRuntimeProperties,
  preset: {
    names: [autoResolveRuntime],
    properties: () => ({
      type: "Managed",
      typeProperties: { computeProperties: { location: "AutoResolve" } },
      state: "Online",
    }),
  },
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: putRuntime,
  async remove({ resource }) {
    if (isAutoResolve(resource.name)) throw fixed();
  },
  actions: integrationRuntimeActions,
  examples: [
    { name: "self-hosted", resourceName: "selfhosted1", properties: { type: "SelfHosted" } },
  ],
});

async function putRuntime({ ctx, sent, existing }: PutRequest<Sent>): Promise<Properties> {
  const { properties } = sent;
  if (isAutoResolve(ctx.id.name)) throw fixed();
  const stored = existing?.properties as (Sent & Properties) | undefined;
  if (stored && stored.type !== properties.type) {
    throw fail.PropertyChangeNotAllowed({ property: "properties.type", target: "properties.type" });
  }
  refuseUnrun(properties);
  if (properties.type === "Managed") {
    const { autoUpdate: _auto, updateDelayOffset: _delay, ...managed } = properties;
    const typeProperties = managed.typeProperties ?? {
      computeProperties: { location: "AutoResolve" },
    };
    return { ...managed, typeProperties, state: "Online", provisioningState: "Succeeded" };
  }
  if (!existing) await makeAuthKeys(ctx);
  return {
    ...properties,
    createTime: stored?.createTime ?? ctx.clock.now().toISOString(),
  };
}

function refuseUnrun({ typeProperties }: Sent): void {
  const { ssisProperties, linkedInfo } = (typeProperties ?? {}) as Record<string, unknown>;
  if (ssisProperties !== undefined) {
    throw fail.NotSupportedHere({
      what: "An integration runtime for SSIS packages",
      reason: "SSIS packages are not run",
      target: "properties.typeProperties.ssisProperties",
    });
  }
  if (linkedInfo !== undefined) {
    throw fail.NotSupportedHere({
      what: "A self-hosted integration runtime shared from elsewhere",
      reason: "no self-hosted nodes register here",
      target: "properties.typeProperties.linkedInfo",
    });
  }
}

function isAutoResolve(name: string): boolean {
  return name.toLowerCase() === autoResolveRuntime.toLowerCase();
}

function fixed() {
  return fail.Conflict({
    reason: `The integration runtime '${autoResolveRuntime}' comes with the workspace and cannot be changed or deleted.`,
  });
}
