// Where a managed private endpoint may lead: which sub-resources a type has, and whether the target is
// there and allowed.

import type { ArmResource, Reader } from "@callosum/contract/ports.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { failSynapse } from "../error-catalogue.ts";
import type { WorkspaceCall } from "../workspace.ts";
import { failEndpoint } from "./error-catalogue.ts";

interface TargetType {
  readonly groups: readonly string[];
  /** Suffix of the name that resolves to the endpoint, by sub-resource. */
  readonly fqdn?: (name: string, groupId: string) => string;
}

/** Types of this instance that take private endpoints, with the sub-resources of their documentation. */
const targetTypes: Readonly<Record<string, TargetType>> = {
  "microsoft.machinelearningservices/workspaces": { groups: ["amlworkspace"] },
  "microsoft.storage/storageaccounts": {
    groups: ["blob", "dfs", "file", "queue", "table", "web"],
    fqdn: (name, groupId) => `${name}.${groupId}.core.windows.net`,
  },
  "microsoft.keyvault/vaults": {
    groups: ["vault"],
    fqdn: (name) => `${name}.vault.azure.net`,
  },
  "microsoft.synapse/workspaces": { groups: ["sql", "sqlOnDemand", "dev"] },
  "microsoft.containerregistry/registries": { groups: ["registry"] },
};

export interface Target {
  readonly resource: ArmResource;
  readonly groupId: string;
  readonly fqdns: readonly string[];
}

interface NetworkSettings {
  readonly preventDataExfiltration?: boolean;
  readonly linkedAccessCheckOnTargetResource?: boolean;
}

/** Fails naming what is wrong with the target. */
export async function resolveTarget(
  reader: Reader,
  options: { opened: WorkspaceCall; privateLinkResourceId: string; groupId: string },
): Promise<Target> {
  const { opened, privateLinkResourceId } = options;
  const { services, workspace, principal } = opened;
  const id = parseResourceId(privateLinkResourceId);
  const at = "properties.privateLinkResourceId";
  if (id?.namespace === undefined) {
    throw failSynapse.BadRequest({
      reason: `'${privateLinkResourceId}' is not a resource id.`,
      target: at,
    });
  }
  const settings = (workspace.properties.managedVirtualNetworkSettings ?? {}) as NetworkSettings;
  const subscription = await reader.document(`/subscriptions/${id.subscriptionId}`.toLowerCase());
  // All subscriptions of an instance are in its one tenant; any other is somebody else's.
  if (!subscription && settings.preventDataExfiltration) {
    throw failEndpoint.PrivateLinkTenantNotAllowed({ id: id.text, workspace: workspace.name });
  }
  const type = targetTypes[id.type.toLowerCase()];
  const resource = type && (await services.resources.find(id.text, reader));
  if (!resource) throw failEndpoint.PrivateLinkTargetNotFound({ id: id.text, target: at });
  if (settings.linkedAccessCheckOnTargetResource) {
    const action = `${id.type}/privateEndpointConnectionsApproval/action`;
    await services.authorizer.require(principal, { action, scope: resource.id });
  }
  const groupId = type.groups.find(
    (group) => group.toLowerCase() === options.groupId.toLowerCase(),
  );
  if (groupId === undefined) {
    throw failEndpoint.PrivateLinkGroupNotSupported({
      groupId: options.groupId,
      type: resource.type,
      allowed: type.groups.join(", "),
      target: "properties.groupId",
    });
  }
  return { resource, groupId, fqdns: type.fqdn ? [type.fqdn(resource.name, groupId)] : [] };
}
