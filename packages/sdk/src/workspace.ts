// A machine learning workspace, found as SDK v1 finds it: by name, or from config.json
// (protocols.md 1.4).

import { type Connection, type ConnectionOptions, connect, isConnection } from "./connection.ts";
import { getResource, type ResourceIdentity } from "./resource.ts";
import type { WorkspaceName } from "./workspace-name.ts";

const apiVersion = "2022-10-01";

export interface Workspace {
  readonly connection: Connection;
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
  readonly identity: ResourceIdentity | undefined;
  /** Where the workspace's own services are found. */
  readonly discoveryUrl: string | undefined;
}

export const Workspace = {
  /**
   * Reads a workspace. RequestFailed with status 404 where there is none.
   *
   * @example
   * const workspace = await Workspace.get({ subscriptionId, resourceGroup: "group1", name: "ml1" }, options);
   * assert.equal(workspace.name, "ml1");
   */
  async get(name: WorkspaceName, options: Connection | ConnectionOptions): Promise<Workspace> {
    const connection = isConnection(options) ? options : connect(options);
    const { subscriptionId, resourceGroup } = name;
    const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    const id = `${group}/providers/Microsoft.MachineLearningServices/workspaces/${name.name}`;
    const found = await getResource<{ discoveryUrl?: string }>(connection, { id, apiVersion });
    return {
      connection,
      id: found.id,
      subscriptionId,
      resourceGroup,
      name: found.name,
      location: found.location ?? "",
      identity: found.identity,
      discoveryUrl: found.properties.discoveryUrl,
    };
  },

  /**
   * Reads the workspace that a `config.json` names. Without `path` it is looked for in `.azureml`,
   * `aml_config` and the folder itself, from the current folder upwards. Node.js only.
   *
   * @example
   * const workspace = await Workspace.fromConfig(options);
   * assert.equal(workspace.resourceGroup, "group1");
   */
  async fromConfig(
    options: (Connection | ConnectionOptions) & { readonly path?: string },
  ): Promise<Workspace> {
    // Not needed in browsers, and not there.
    const { readWorkspaceConfig } = await import("./workspace-config.ts");
    return Workspace.get(await readWorkspaceConfig(options.path), options);
  },
};
