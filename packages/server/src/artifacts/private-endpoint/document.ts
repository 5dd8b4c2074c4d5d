// Managed private endpoints in the store. An endpoint and its connection are two documents: ours says
// where it leads, the target's (`{target}/privateEndpointConnections/{guid}`) says whether the owner
// approved it, so both sides always tell the same (features.md C-06).

import type { ArmResource, Reader, StoredDocument } from "@callosum/contract/ports.ts";

export const endpointType = "Synapse/managedPrivateEndpoints";

export interface StoredEndpoint {
  readonly name: string;
  readonly privateLinkResourceId: string;
  readonly groupId: string;
  readonly fqdns: readonly string[];
  /** Id of the target's connection document. */
  readonly connectionId: string;
  /** From then on it counts as provisioned. */
  readonly readyMs: number;
}

export interface ConnectionState {
  readonly status: string;
  readonly description: string;
  readonly actionsRequired: string;
}

export interface EndpointView {
  readonly name: string;
  readonly privateLinkResourceId: string;
  readonly groupId: string;
  readonly fqdns: readonly string[];
  readonly connectionId: string | undefined;
  /** Undefined as long as it is being provisioned. */
  readonly state: ConnectionState | undefined;
  readonly isReserved: boolean;
}

/** The only network that a workspace can have. */
export const networkName = "default";

export function hasManagedNetwork(workspace: ArmResource): boolean {
  return String(workspace.properties.managedVirtualNetwork ?? "").toLowerCase() === networkName;
}

export function endpointKey(workspaceId: string, name: string): string {
  return `${workspaceId}/managedvirtualnetworks/${networkName}/managedprivateendpoints/${name}`.toLowerCase();
}

interface ConnectionBody {
  readonly properties: {
    readonly privateLinkServiceConnectionState?: Partial<ConnectionState>;
  };
}

/** An endpoint whose connection the owner removed stays, disconnected. */
async function viewOf(
  reader: Reader,
  document: StoredDocument<StoredEndpoint>,
  now: Date,
): Promise<EndpointView> {
  const { readyMs, ...endpoint } = document.body;
  const connection = await reader.document<ConnectionBody>(endpoint.connectionId.toLowerCase());
  const said = connection?.body.properties.privateLinkServiceConnectionState;
  const state: ConnectionState = {
    status: said?.status ?? (connection ? "Pending" : "Disconnected"),
    description: said?.description ?? "",
    actionsRequired: said?.actionsRequired ?? "None",
  };
  return { ...endpoint, isReserved: false, state: now.getTime() < readyMs ? undefined : state };
}

/** Reserved ones first, as recorded. */
export async function endpointsOf(
  reader: Reader,
  options: { workspace: ArmResource; now: Date },
): Promise<EndpointView[]> {
  const { workspace, now } = options;
  if (!hasManagedNetwork(workspace)) return [];
  const documents = await reader.documents<StoredEndpoint>({
    parent: workspace.id.toLowerCase(),
    type: endpointType,
  });
  const own = await Promise.all(documents.map((document) => viewOf(reader, document, now)));
  return [...reservedEndpoints(workspace), ...own];
}

/** The built-in endpoints of the workspace's own SQL (features.md C-08). */
export function reservedEndpoints(workspace: ArmResource): EndpointView[] {
  return ["sql", "sqlOnDemand"].map((groupId) => ({
    name: `synapse-ws-${groupId}--${workspace.name}`,
    privateLinkResourceId: workspace.id,
    groupId,
    fqdns: [],
    connectionId: undefined,
    state: {
      status: "Approved",
      description: "Approved by Microsoft.Synapse Resource Provider",
      actionsRequired: "None",
    },
    isReserved: true,
  }));
}
