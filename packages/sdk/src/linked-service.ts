// The link from a machine learning workspace to a Synapse workspace (protocols.md 1.1-1.3). The other
// direction is synapse-workspace.ts.

import {
  deleteResource,
  getResource,
  listResources,
  putResource,
  type Resource,
} from "./resource.ts";
import type { Workspace } from "./workspace.ts";

const apiVersion = "2020-09-01-preview";

export interface SynapseWorkspaceLinkedServiceConfiguration {
  /** ARM id of the Synapse workspace. */
  readonly linkedServiceResourceId: string;
}

/** Names the Synapse workspace to link to; it may be in another group or subscription. */
export function SynapseWorkspaceLinkedServiceConfiguration(target: {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
}): SynapseWorkspaceLinkedServiceConfiguration {
  const { subscriptionId, resourceGroup, name } = target;
  return {
    linkedServiceResourceId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Synapse/workspaces/${name}`,
  };
}

export interface LinkedService {
  readonly workspace: Workspace;
  readonly id: string;
  readonly name: string;
  /** `Synapse` */
  readonly type: string;
  readonly linkedServiceResourceId: string;
  /** Needs Synapse Apache Spark Administrator on the Synapse workspace before it can submit work. */
  readonly systemAssignedIdentityPrincipalId: string | undefined;
}

interface LinkProperties {
  readonly linkedServiceResourceId: string;
  readonly linkType?: string;
}

export const LinkedService = {
  /**
   * Links the workspace. The caller must be Owner of the Synapse workspace. The same name again
   * gives the link that is there.
   *
   * @example
   * const configuration = SynapseWorkspaceLinkedServiceConfiguration({ subscriptionId, resourceGroup: "group1", name: "ws1" });
   * const link = await LinkedService.register(workspace, "link1", configuration);
   * assert.ok(link.systemAssignedIdentityPrincipalId);
   */
  async register(
    workspace: Workspace,
    name: string,
    configuration: SynapseWorkspaceLinkedServiceConfiguration,
  ): Promise<LinkedService> {
    const body = {
      name,
      location: workspace.location,
      identity: { type: "SystemAssigned" },
      properties: { linkedServiceResourceId: configuration.linkedServiceResourceId },
    };
    const id = linkId(workspace, name);
    return toLink(
      workspace,
      await putResource<LinkProperties>(workspace.connection, { id, apiVersion, body }),
    );
  },

  /**
   * Reads a link. RequestFailed with status 404 where there is none.
   *
   * @example
   * const link = await LinkedService.get(workspace, "link1");
   * assert.equal(link.type, "Synapse");
   */
  async get(workspace: Workspace, name: string): Promise<LinkedService> {
    const id = linkId(workspace, name);
    return toLink(
      workspace,
      await getResource<LinkProperties>(workspace.connection, { id, apiVersion }),
    );
  },

  /**
   * All links of the workspace.
   *
   * @example
   * const links = await LinkedService.list(workspace);
   * assert.deepEqual(links.map(({ name }) => name), ["link1"]);
   */
  async list(workspace: Workspace): Promise<LinkedService[]> {
    const found = await listResources<Resource<LinkProperties>>(workspace.connection, {
      id: `${workspace.id}/linkedServices`,
      apiVersion,
    });
    return found.map((resource) => toLink(workspace, resource));
  },

  /**
   * Removes a link and its identity; false where there was none.
   *
   * @example
   * assert.equal(await LinkedService.unregister(workspace, "link1"), true);
   * assert.equal(await LinkedService.unregister(workspace, "link1"), false);
   */
  async unregister(workspace: Workspace, name: string): Promise<boolean> {
    return deleteResource(workspace.connection, { id: linkId(workspace, name), apiVersion });
  },
};

function linkId(workspace: Workspace, name: string): string {
  return `${workspace.id}/linkedServices/${name}`;
}

function toLink(workspace: Workspace, resource: Resource<LinkProperties>): LinkedService {
  const { id, name, identity, properties } = resource;
  return {
    workspace,
    id,
    name,
    type: properties.linkType ?? "Synapse",
    linkedServiceResourceId: properties.linkedServiceResourceId,
    systemAssignedIdentityPrincipalId: identity?.principalId,
  };
}
