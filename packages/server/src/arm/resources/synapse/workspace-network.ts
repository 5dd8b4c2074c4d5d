// The managed virtual network of a workspace and its data exfiltration protection: both are chosen at
// creation and never change; the list of tenants that may be linked does (features.md C-02).

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Static, Type } from "typebox";

export const ManagedVirtualNetwork = Type.Optional(Type.Enum(["", "default"]));

export const ManagedVirtualNetworkSettings = Type.Object({
  preventDataExfiltration: Type.Optional(Type.Boolean()),
  linkedAccessCheckOnTargetResource: Type.Optional(Type.Boolean()),
  allowedAadTenantIdsForLinking: Type.Optional(
    Type.Array(Type.String({ pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" }), {
      maxItems: 100,
    }),
  ),
});

export interface Network {
  readonly managedVirtualNetwork?: string;
  readonly managedVirtualNetworkSettings?: Static<typeof ManagedVirtualNetworkSettings>;
}

/** The network after a request; rejects with PropertyChangeNotAllowed or InvalidParameter. */
export function resolveNetwork(sent: Network, existing: Network | undefined): Network {
  const wanted = sent.managedVirtualNetwork || undefined;
  const network = existing ? existing.managedVirtualNetwork : wanted;
  const said = sent.managedVirtualNetwork !== undefined;
  if (existing && said && wanted !== existing.managedVirtualNetwork) {
    throw immutable("properties.managedVirtualNetwork");
  }
  const settings = {
    ...existing?.managedVirtualNetworkSettings,
    ...sent.managedVirtualNetworkSettings,
  };
  const had = existing?.managedVirtualNetworkSettings?.preventDataExfiltration ?? false;
  const prevents = settings.preventDataExfiltration ?? false;
  const target = "properties.managedVirtualNetworkSettings.preventDataExfiltration";
  if (existing && prevents !== had) throw immutable(target);
  if (prevents && network === undefined) {
    const reason = "data exfiltration protection needs managedVirtualNetwork 'default'";
    throw fail.InvalidParameter({ parameter: target, reason, target });
  }
  if (network === undefined) return {};
  return {
    managedVirtualNetwork: network,
    managedVirtualNetworkSettings: { ...settings, preventDataExfiltration: prevents },
  };
}

function immutable(target: string) {
  return fail.PropertyChangeNotAllowed({
    property: target,
    why: "the managed virtual network and data exfiltration protection are chosen when the workspace is created",
    target,
  });
}
