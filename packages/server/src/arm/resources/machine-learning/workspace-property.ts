// What may be said about a workspace over all api-versions, and what of it is refused by name.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { type Static, Type } from "typebox";

const Text = Type.Optional(Type.String({ maxLength: 1024 }));
const Id = Type.Optional(Type.String({ maxLength: 2048 }));

export const WorkspaceProperties = Type.Object({
  friendlyName: Text,
  description: Text,
  storageAccount: Id,
  keyVault: Id,
  applicationInsights: Id,
  containerRegistry: Id,
  primaryUserAssignedIdentity: Id,
  imageBuildCompute: Text,
  hbiWorkspace: Type.Optional(Type.Boolean()),
  v1LegacyMode: Type.Optional(Type.Boolean()),
  allowPublicAccessWhenBehindVnet: Type.Optional(Type.Boolean()),
  publicNetworkAccess: Type.Optional(Type.Enum(["Enabled", "Disabled"])),
  systemDatastoresAuthMode: Type.Optional(
    Type.Enum(["AccessKey", "Identity", "UserDelegationSAS"]),
  ),
  encryption: Type.Optional(
    Type.Object({
      status: Type.Optional(Type.Enum(["Enabled", "Disabled"])),
      keyVaultProperties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  managedNetwork: Type.Optional(Type.Object({ isolationMode: Text })),
  sharedPrivateLinkResources: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 100 })),
  serviceManagedResourcesSettings: Type.Optional(Type.Object({}, { additionalProperties: true })),
});

export type WorkspaceSent = Static<typeof WorkspaceProperties>;

/** Rejects with NotSupportedHere. Empty strings in `encryption` mean nothing: templates send them. */
export function refuseUnrun(sent: WorkspaceSent, kind: string | undefined): void {
  if (kind !== undefined && kind.toLowerCase() !== "default") {
    throw refused(
      "kind",
      `A workspace of kind '${kind}'`,
      "only workspaces of kind Default are run",
    );
  }
  const key = Object.values(sent.encryption?.keyVaultProperties ?? {}).some(
    (value) => value !== "",
  );
  if (sent.encryption?.status === "Enabled" && key) {
    const reason = "the store is encrypted with the instance's own key";
    throw refused("properties.encryption", "Encryption with a customer-managed key", reason);
  }
  const isolation = sent.managedNetwork?.isolationMode;
  if (isolation && isolation.toLowerCase() !== "disabled") {
    const reason = "computes run on this machine, outside any virtual network";
    throw refused("properties.managedNetwork", "A managed network of the workspace", reason);
  }
  if ((sent.sharedPrivateLinkResources ?? []).length > 0) {
    const reason = "the workspace makes no private connections of its own";
    throw refused("properties.sharedPrivateLinkResources", "A shared private link", reason);
  }
}

function refused(target: string, what: string, reason: string) {
  return fail.NotSupportedHere({ what, reason, target });
}
