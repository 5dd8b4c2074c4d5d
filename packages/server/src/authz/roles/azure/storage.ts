// Built-in Azure roles: Storage data. Actions as documented; where only the id is public, the role grants
// nothing until its actions are known.

import { defineRole } from "../../role.ts";

export const storageBlobDataContributor = defineRole({
  id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  name: "Storage Blob Data Contributor",
  description: "Allows for read, write and delete access to Azure Storage blob containers and data",
  actions: [
    "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
    "Microsoft.Storage/storageAccounts/blobServices/containers/read",
    "Microsoft.Storage/storageAccounts/blobServices/containers/write",
    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
  ],
  dataActions: [
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
  ],
  source: "rbac/azure-built-in-roles.json (general knowledge)",
});

export const storageBlobDataOwner = defineRole({
  id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  name: "Storage Blob Data Owner",
  description:
    "Allows for full access to Azure Storage blob containers and data, including assigning POSIX access control.",
  actions: [
    "Microsoft.Storage/storageAccounts/blobServices/containers/*",
    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
  ],
  dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
  source: "rbac/azure-built-in-roles.json (general knowledge)",
});

export const storageBlobDataReader = defineRole({
  id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  name: "Storage Blob Data Reader",
  description: "Allows for read access to Azure Storage blob containers and data",
  actions: [
    "Microsoft.Storage/storageAccounts/blobServices/containers/read",
    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
  ],
  dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
  source: "rbac/azure-built-in-roles.json (general knowledge)",
});
