// What may be said about a workspace, and what of it is refused by name.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Static, Type } from "typebox";
import { ManagedVirtualNetwork, ManagedVirtualNetworkSettings } from "./workspace-network.ts";

const Text = Type.String({ maxLength: 1024 });
const Guid = Type.String({
  pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
});

export const WorkspaceProperties = Type.Object({
  defaultDataLakeStorage: Type.Optional(
    Type.Object({
      accountUrl: Type.Optional(Type.String({ pattern: "^https://[^/]+/?$", maxLength: 256 })),
      filesystem: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
      resourceId: Type.Optional(Text),
      createManagedPrivateEndpoint: Type.Optional(Type.Boolean()),
    }),
  ),
  sqlAdministratorLogin: Type.Optional(Type.String({ maxLength: 128 })),
  sqlAdministratorLoginPassword: Type.Optional(Type.String({ maxLength: 1024, writeOnly: true })),
  managedResourceGroupName: Type.Optional(
    Type.String({ pattern: "^$|^[\\p{L}\\p{N}_().-]{0,89}[\\p{L}\\p{N}_()-]$" }),
  ),
  managedVirtualNetwork: ManagedVirtualNetwork,
  managedVirtualNetworkSettings: Type.Optional(ManagedVirtualNetworkSettings),
  publicNetworkAccess: Type.Optional(Type.Enum(["Enabled", "Disabled"])),
  cspWorkspaceAdminProperties: Type.Optional(
    Type.Object({ initialWorkspaceAdminObjectId: Type.Optional(Guid) }),
  ),
  azureADOnlyAuthentication: Type.Optional(Type.Boolean()),
  trustedServiceBypassEnabled: Type.Optional(Type.Boolean()),
  encryption: Type.Optional(
    Type.Object({ cmk: Type.Optional(Type.Object({}, { additionalProperties: true })) }),
  ),
  workspaceRepositoryConfiguration: Type.Optional(Type.Object({}, { additionalProperties: true })),
  purviewConfiguration: Type.Optional(Type.Object({ purviewResourceId: Type.Optional(Text) })),
});

export type WorkspaceSent = Static<typeof WorkspaceProperties>;

/** Rejects with NotSupportedHere for what a workspace documents and we don't run. */
export function refuseUnrun(sent: WorkspaceSent): void {
  if (sent.encryption?.cmk && Object.keys(sent.encryption.cmk).length > 0) {
    throw fail.NotSupportedHere({
      what: "Encryption with a customer-managed key",
      reason: "the store is encrypted with the instance's own key",
      target: "properties.encryption.cmk",
    });
  }
  const repository = sent.workspaceRepositoryConfiguration as { type?: unknown } | undefined;
  if (repository?.type) {
    throw fail.NotSupportedHere({
      what: "Git mode",
      reason: "artifacts are published straight to the workspace (features.md A-12, A-13)",
      target: "properties.workspaceRepositoryConfiguration",
    });
  }
  if (sent.purviewConfiguration?.purviewResourceId) {
    throw fail.NotSupportedHere({
      what: "The connection to Microsoft Purview",
      reason: "there is no catalogue to report lineage to",
      target: "properties.purviewConfiguration.purviewResourceId",
    });
  }
}
