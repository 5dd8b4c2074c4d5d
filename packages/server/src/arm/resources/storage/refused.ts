// What a storage account can have in Azure and does not have here.

import { refuseResource } from "@callosum/contract/resource.ts";

const source = "OpenAPI storage 2023-05-01";

export const fileShare = refuseResource({
  type: "Microsoft.Storage/storageAccounts/fileServices/shares",
  source,
  reason: "Azure Files is not served.",
});

export const queueService = refuseResource({
  type: "Microsoft.Storage/storageAccounts/queueServices",
  source,
  reason: "queues are not served.",
});

export const queue = refuseResource({
  type: "Microsoft.Storage/storageAccounts/queueServices/queues",
  source,
  reason: "queues are not served.",
});

export const tableService = refuseResource({
  type: "Microsoft.Storage/storageAccounts/tableServices",
  source,
  reason: "tables are not served.",
});

export const table = refuseResource({
  type: "Microsoft.Storage/storageAccounts/tableServices/tables",
  source,
  reason: "tables are not served.",
});

export const encryptionScope = refuseResource({
  type: "Microsoft.Storage/storageAccounts/encryptionScopes",
  source,
  reason: "an account has one encryption scope.",
});

export const localUser = refuseResource({
  type: "Microsoft.Storage/storageAccounts/localUsers",
  source,
  reason: "SFTP is not served.",
});

export const inventoryPolicy = refuseResource({
  type: "Microsoft.Storage/storageAccounts/inventoryPolicies",
  source,
  reason: "no inventory of blobs is written.",
});

export const objectReplicationPolicy = refuseResource({
  type: "Microsoft.Storage/storageAccounts/objectReplicationPolicies",
  source,
  reason: "blobs are not replicated.",
});

export const accountMigration = refuseResource({
  type: "Microsoft.Storage/storageAccounts/accountMigrations",
  source,
  reason: "an account has one redundancy.",
});

export const immutabilityPolicy = refuseResource({
  type: "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies",
  source,
  reason: "blobs are not immutable.",
});

export const networkSecurityPerimeterConfiguration = refuseResource({
  type: "Microsoft.Storage/storageAccounts/networkSecurityPerimeterConfigurations",
  source,
  reason: "there are no network security perimeters.",
});

export const storageTaskAssignment = refuseResource({
  type: "Microsoft.Storage/storageAccounts/storageTaskAssignments",
  source,
  reason: "there are no storage tasks.",
});
