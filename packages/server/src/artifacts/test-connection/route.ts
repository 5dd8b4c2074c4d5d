// Test Connection on the workspace's endpoint, and under the resource manager in the form that Data
// Factory's clients send (protocols.md 4.4).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Route } from "../../http/route.ts";
import { workspaceRoute } from "../route.ts";
import { artifactApiVersions, openWorkspaceById } from "../workspace.ts";
import { testConnectivity } from "./test-connectivity.ts";

const source = "protocols.md 4.4";
const summary = "Test Connection";

/** What stands in for the vault plane where none is joined. */
export const noSecretReader: SecretReader = {
  async read() {
    throw fail.NotSupportedHere({
      what: "Reading a secret from a key vault",
      reason: "this instance is composed without a vault plane.",
    });
  },
};

export function testConnectionRoutes(services: PlaneServices, secretReader: SecretReader): Route[] {
  return [
    workspaceRoute(services, {
      method: "POST",
      path: "/testConnectivity",
      source,
      summary,
      action: "read",
      apiVersions: [...artifactApiVersions, ...factoryApiVersions],
      handle: (opened) => testConnectivity(opened, secretReader),
    }),
  ];
}

const factoryApiVersions = ["2017-09-01-preview", "2018-06-01"];
const prefix = "/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/providers";

/**
 * For the composition root to mount on the resource manager: a factory's name is the workspace's. The
 * caller's token is the resource manager's, what it may do is still Synapse RBAC's.
 */
export function testConnectionAliases(
  services: PlaneServices,
  secretReader: SecretReader,
): Route[] {
  const rows = [
    {
      path: `${prefix}/Microsoft.DataFactory/factories/:name/testConnectivity`,
      apiVersions: factoryApiVersions,
    },
    {
      path: `${prefix}/Microsoft.Synapse/workspaces/:name/testConnectivity`,
      apiVersions: [...factoryApiVersions, "2021-06-01", "2021-06-01-preview"],
    },
  ];
  return rows.map(({ path, apiVersions }) => ({
    plane: "arm",
    method: "POST",
    path,
    source,
    summary,
    access: { action: "Microsoft.Synapse/workspaces/read" },
    async handle(call) {
      const { subscriptionId, resourceGroup, name } = call.params;
      const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const id = `${group}/providers/Microsoft.Synapse/workspaces/${name}`;
      const opened = await openWorkspaceById(services, { call, id, apiVersions });
      return testConnectivity(opened, secretReader);
    },
  }));
}
