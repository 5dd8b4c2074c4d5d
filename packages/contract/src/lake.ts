// The lake as the rest of the house sees it: names that the resource manager and the storage
// endpoints share. The endpoints are in server/src/storage.

export const storageAccountType = "Microsoft.Storage/storageAccounts";
export const blobServiceType = "Microsoft.Storage/storageAccounts/blobServices";
export const containerType = "Microsoft.Storage/storageAccounts/blobServices/containers";

/** Names of an account's keys; sealed, their owner is the account. */
export const storageKeyNames = ["key1", "key2"] as const;
export type StorageKeyName = (typeof storageKeyNames)[number];

/** Sealed beside the keys: what user delegation keys are derived from. */
export const delegationSecretName = "userDelegation";

/** Where blobs of a container lie: a folder of their own for each life of the container. */
export interface ContainerState {
  /** Folder of the bytes; another one when a container of that name is made again. */
  readonly storageId: string;
  readonly publicAccess: "None";
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly lastModifiedMs: number;
  readonly lease?: LeaseState;
  readonly accessPolicies?: readonly StoredAccessPolicy[];
}

/** A lease as stored; its state follows from it and the time (learn.microsoft.com: Lease Blob). */
export interface LeaseState {
  readonly id: string;
  /** Undefined = infinite. */
  readonly durationMs?: number;
  readonly startedMs: number;
  /** When breaking ends. */
  readonly breaksMs?: number;
  readonly released?: boolean;
}

/** A signed identifier of a container; times as sent. */
export interface StoredAccessPolicy {
  readonly id: string;
  readonly start?: string;
  readonly expiry?: string;
  readonly permission?: string;
}
