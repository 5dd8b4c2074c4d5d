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

const documented = "learn.microsoft.com: Azure built-in roles for Storage";

export const storageBlobDelegator = defineRole({
  id: "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
  name: "Storage Blob Delegator",
  description:
    "Allows for generation of a user delegation key which can be used to sign SAS tokens",
  actions: ["Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"],
  source: documented,
});

export const storageAccountContributor = defineRole({
  id: "17d1049b-9a84-46fb-8f53-869881c3d3ab",
  name: "Storage Account Contributor",
  description:
    "Lets you manage storage accounts, including accessing storage account keys which provide full access to storage account data.",
  actions: [
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Insights/diagnosticSettings/*",
    "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
    "Microsoft.ResourceHealth/availabilityStatuses/read",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Storage/storageAccounts/*",
    "Microsoft.Support/*",
  ],
  source: documented,
});

export const storageAccountKeyOperator = defineRole({
  id: "81a9662b-bebf-436f-a333-f67b29880f12",
  name: "Storage Account Key Operator Service Role",
  description:
    "Storage Account Key Operators are allowed to list and regenerate keys on Storage Accounts",
  actions: [
    "Microsoft.Storage/storageAccounts/listkeys/action",
    "Microsoft.Storage/storageAccounts/regeneratekey/action",
  ],
  source: documented,
});

export const readerAndDataAccess = defineRole({
  id: "c12c1c16-33a1-487b-954d-41c89c60f349",
  name: "Reader and Data Access",
  description:
    "Lets you view everything but will not let you delete or create a storage account or contained resource. It will also allow read/write access to all data contained in a storage account via access to storage account keys.",
  actions: [
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Storage/storageAccounts/ListAccountSas/action",
    "Microsoft.Storage/storageAccounts/read",
  ],
  source: documented,
});
