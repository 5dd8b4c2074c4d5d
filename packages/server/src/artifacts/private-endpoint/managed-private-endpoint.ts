// `/managedVirtualNetworks/default/managedPrivateEndpoints`: the Synapse side of a private link
// (protocols.md 4.7, recorded). The target's owner approves it on the target.

import type { Writer } from "@callosum/contract/ports.ts";
import { parseResourceId } from "@callosum/contract/resource-id.ts";
import { Type } from "typebox";
import type { Answer } from "../../http/route.ts";
import { recordActivity } from "../activity.ts";
import { failSynapse } from "../error-catalogue.ts";
import { checkShape, requireObject } from "../validation.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import {
  type EndpointView,
  endpointKey,
  endpointsOf,
  endpointType,
  hasManagedNetwork,
  networkName,
  reservedEndpoints,
  type StoredEndpoint,
} from "./document.ts";
import { endpointNotFound, failEndpoint } from "./error-catalogue.ts";
import { resolveTarget, type Target } from "./target.ts";

const shape = Type.Object({
  privateLinkResourceId: Type.String({ minLength: 1, maxLength: 2048 }),
  groupId: Type.String({ minLength: 1, maxLength: 64 }),
  fqdns: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 20 })),
});
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?$/;
const collection = "managedPrivateEndpoints";

function requireNetwork(opened: WorkspaceCall): void {
  const name = opened.call.params.network ?? "";
  if (name.toLowerCase() === networkName) return;
  throw failEndpoint.ManagedVirtualNetworkNotFound({ name });
}

function present(opened: WorkspaceCall, view: EndpointView): Record<string, unknown> {
  const { name, privateLinkResourceId, groupId, fqdns, state, isReserved } = view;
  const { workspace } = opened;
  const base = `${workspace.id}/managedVirtualNetworks/${networkName}/${collection}`;
  return {
    id: `${base}/${name}`,
    name,
    type: `Microsoft.Synapse/workspaces/managedVirtualNetworks/${collection}`,
    properties: {
      name,
      privateLinkResourceId,
      groupId,
      provisioningState: state ? "Succeeded" : "Provisioning",
      connectionState: state ?? {},
      isReserved,
      fqdns,
      isCompliant: isReserved,
    },
  };
}

export async function listEndpoints(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  requireNetwork(opened);
  const { services, workspace } = opened;
  const now = services.clock.now();
  const views = await endpointsOf(services.store.read, { workspace, now });
  return { status: 200, body: { value: views.map((view) => present(opened, view)) } };
}

export async function getEndpoint(opened: WorkspaceCall): Promise<Answer> {
  await requireAction(opened, "read");
  requireNetwork(opened);
  const { services, workspace, call } = opened;
  const name = call.params.name ?? "";
  const now = services.clock.now();
  const views = await endpointsOf(services.store.read, { workspace, now });
  const found = views.find((view) => view.name.toLowerCase() === name.toLowerCase());
  if (!found) throw endpointNotFound(name);
  return { status: 200, body: present(opened, found) };
}

/** 200 with the resource still provisioning, and its own URL as Location. */
export async function putEndpoint(opened: WorkspaceCall): Promise<Answer> {
  const action = `${collection}/write`;
  await requireAction(opened, action);
  requireNetwork(opened);
  const { services, workspace, call, apiVersion } = opened;
  const name = requireOwnName(opened);
  const sent = requireObject(requireObject(call.body, "body").properties, "properties");
  const { privateLinkResourceId, groupId, fqdns } = checkShape<{
    privateLinkResourceId: string;
    groupId: string;
    fqdns?: string[];
  }>(shape, { value: sent, at: "properties" });
  if (!hasManagedNetwork(workspace)) {
    throw failEndpoint.ManagedVirtualNetworkRequired({ workspace: workspace.name });
  }
  const view = await services.store.transaction(async (writer) => {
    const target = await resolveTarget(writer, { opened, privateLinkResourceId, groupId });
    const key = endpointKey(workspace.id, name);
    const existing = (await writer.document<StoredEndpoint>(key))?.body;
    if (existing) requireSameTarget(existing, target);
    const stored: StoredEndpoint = {
      name: existing?.name ?? name,
      privateLinkResourceId: target.resource.id,
      groupId: target.groupId,
      fqdns: fqdns ?? target.fqdns,
      connectionId: await connect(writer, { opened, name, target, existing }),
      readyMs: existing?.readyMs ?? services.clock.now().getTime() + services.operationDelayMs,
    };
    await writer.put({ id: key, type: endpointType, parent: opened.key, body: stored });
    await recordActivity(writer, {
      opened,
      action,
      item: `managedVirtualNetworks/${networkName}/${collection}/${name}`,
      httpStatus: 200,
    });
    return { ...stored, state: undefined, isReserved: false };
  });
  const base = call.origin.base("synapse", call.params.workspace ?? "");
  const path = `/managedVirtualNetworks/${networkName}/${collection}/${name}`;
  return {
    status: 200,
    headers: { Location: `${base}${path}?api-version=${apiVersion}` },
    body: present(opened, view),
  };
}

function requireOwnName(opened: WorkspaceCall): string {
  const name = opened.call.params.name ?? "";
  const reserved = reservedEndpoints(opened.workspace);
  if (reserved.some((view) => view.name.toLowerCase() === name.toLowerCase())) {
    throw failEndpoint.ManagedPrivateEndpointReserved({ name });
  }
  if (namePattern.test(name)) return name;
  throw failSynapse.BadRequest({
    reason: `The name '${name.slice(0, 80)}' of a managed private endpoint is not valid: it has 1 to 64 letters, digits, '.', '_' and '-' and starts with a letter or digit.`,
    target: "name",
  });
}

function requireSameTarget(existing: StoredEndpoint, target: Target): void {
  const pairs = [
    ["privateLinkResourceId", existing.privateLinkResourceId, target.resource.id],
    ["groupId", existing.groupId, target.groupId],
  ] as const;
  for (const [property, known, sent] of pairs) {
    if (known.toLowerCase() === sent.toLowerCase()) continue;
    throw failEndpoint.ManagedPrivateEndpointTargetImmutable({ name: existing.name, property });
  }
}

/** The target's side; an endpoint whose connection was removed there asks again. */
async function connect(
  writer: Writer,
  options: {
    opened: WorkspaceCall;
    name: string;
    target: Target;
    existing: StoredEndpoint | undefined;
  },
): Promise<string> {
  const { opened, name, target, existing } = options;
  const { services, workspace } = opened;
  if (existing && (await writer.document(existing.connectionId.toLowerCase()))) {
    return existing.connectionId;
  }
  const guid = services.random.guid();
  const { resource, groupId } = target;
  const id = `${resource.id}/privateEndpointConnections/${guid}`;
  const group =
    workspace.properties.managedResourceGroupName ?? parseResourceId(workspace.id)?.resourceGroup;
  const subscription = `/subscriptions/${parseResourceId(workspace.id)?.subscriptionId}`;
  await writer.put({
    id: id.toLowerCase(),
    type: `${resource.type}/privateEndpointConnections`,
    parent: resource.id.toLowerCase(),
    body: {
      id,
      name: guid,
      properties: {
        privateEndpoint: {
          id: `${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${workspace.name}.${name}`,
        },
        privateLinkServiceConnectionState: {
          status: "Pending",
          description: "",
          actionsRequired: "None",
        },
        provisioningState: "Succeeded",
        groupIds: [groupId],
      },
    },
  });
  return id;
}

/** 202 with an empty body, the connection on the target gone with it; 204 when there is none. */
export async function deleteEndpoint(opened: WorkspaceCall): Promise<Answer> {
  const action = `${collection}/delete`;
  await requireAction(opened, action);
  requireNetwork(opened);
  const name = requireOwnName(opened);
  const key = endpointKey(opened.workspace.id, name);
  return opened.services.store.transaction(async (writer) => {
    const found = await writer.document<StoredEndpoint>(key);
    if (!found) return { status: 204 };
    await writer.remove(found.body.connectionId.toLowerCase());
    await writer.remove(key);
    const item = `managedVirtualNetworks/${networkName}/${collection}/${name}`;
    await recordActivity(writer, { opened, action, item, httpStatus: 202 });
    return { status: 202 };
  });
}
