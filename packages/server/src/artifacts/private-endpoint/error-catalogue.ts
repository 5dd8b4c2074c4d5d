// Errors of managed private endpoints.

import { defineErrors, ServiceError } from "@callosum/contract/error.ts";

export const failEndpoint = defineErrors({
  ManagedVirtualNetworkRequired: {
    status: "badRequest",
    source: "features.md C-05",
    text: (facts: { workspace: string }) =>
      `The workspace '${facts.workspace}' has no managed virtual network, so it has no managed private endpoints. The network is chosen when a workspace is created.`,
  },
  ManagedVirtualNetworkNotFound: {
    status: "notFound",
    source: "OpenAPI managedPrivateEndpoints.json: the only network is 'default'",
    text: (facts: { name: string }) => `There is no managed virtual network '${facts.name}'.`,
  },
  ManagedPrivateEndpointReserved: {
    status: "badRequest",
    source: "features.md C-08",
    text: (facts: { name: string }) =>
      `The managed private endpoint '${facts.name}' comes with the workspace and cannot be changed or deleted.`,
  },
  ManagedPrivateEndpointTargetImmutable: {
    status: "conflict",
    source: "terraform azurerm: changing target or group forces a new endpoint",
    text: (facts: { name: string; property: string }) =>
      `'${facts.property}' of the managed private endpoint '${facts.name}' cannot be changed. Delete the endpoint and create it anew.`,
  },
  PrivateLinkTargetNotFound: {
    status: "badRequest",
    source: "inferred",
    text: (facts: { id: string }) =>
      `The target '${facts.id}' of the managed private endpoint does not exist.`,
  },
  PrivateLinkTenantNotAllowed: {
    status: "forbidden",
    source: "features.md C-02; protocols.md 4.7",
    text: (facts: { id: string; workspace: string }) =>
      `The workspace '${facts.workspace}' has data exfiltration protection and the target '${facts.id}' is not in a tenant that it may link to (allowedAadTenantIdsForLinking).`,
  },
  PrivateLinkGroupNotSupported: {
    status: "badRequest",
    source: "protocols.md 4.7",
    text: (facts: { groupId: string; type: string; allowed: string }) =>
      `'${facts.groupId}' is not a sub-resource of '${facts.type}'. Its sub-resources are ${facts.allowed}.`,
  },
});

/** The recorded 404: the network service's own answer, as text inside ours (protocols.md 4.7). */
export function endpointNotFound(name: string): ServiceError {
  const inner = {
    code: "PrivateEndpointNotFound",
    message: `Private endpoint ${name} was not found.`,
  };
  return new ServiceError({
    code: "UnknownError",
    status: "notFound",
    message: JSON.stringify({ error: inner }),
  });
}
