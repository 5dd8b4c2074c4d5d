// The lake as the rest of the house sees it: names that the resource manager and the storage
// endpoints share. The endpoints are in server/src/storage.

import type { Principal } from "./principal.ts";

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

/** Whose rights count when an engine reads or writes the lake. */
export type LakeAccess =
  | { readonly kind: "principal"; readonly principal: Principal }
  | { readonly kind: "key"; readonly accountKey: string }
  /** The query of a shared access signature, with or without the question mark. */
  | { readonly kind: "signature"; readonly query: string }
  /** The server itself, for what it keeps in the lake on its own account. */
  | { readonly kind: "server" };

export interface LakeEntry {
  /** `https://{account}.dfs.core.windows.net/{container}/{path}`. */
  readonly url: string;
  readonly container: string;
  /** Without a slash at either end. */
  readonly path: string;
  readonly isDirectory: boolean;
  readonly length: number;
  readonly etag: string;
  readonly modifiedMs: number;
}

/** A copy on the local disk, good until it is released. */
export interface StagedFile {
  readonly path: string;
  readonly url: string;
  release(): Promise<void>;
}

/**
 * The lake for engines. URLs are `https://{account}.blob|dfs.core.windows.net/{container}/{path}`,
 * `abfss://{container}@{account}.dfs.core.windows.net/{path}`, or the path form on our own origin.
 * Everything rejects with ServiceError as the endpoints would: 403 codes before 404 ones.
 */
export interface LakePort {
  stat(url: string, access: LakeAccess): Promise<LakeEntry | undefined>;
  /** What lies below a directory; all of it, or one level. */
  list(url: string, access: LakeAccess, options: { recursive: boolean }): AsyncIterable<LakeEntry>;
  /** The content, or a range of it; flow control is the consumer's. */
  read(
    url: string,
    access: LakeAccess,
    range?: { from: number; length: number },
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Makes the content readable as a file in `directory`: linked where it is one piece. */
  stage(url: string, access: LakeAccess, directory: string): Promise<StagedFile>;
  /**
   * Stages what a URL names: a file, all files of a directory, or those that a pattern with `*`
   * matches. Each is released when the next is asked for.
   */
  stageAll(url: string, access: LakeAccess, directory: string): AsyncIterable<StagedFile>;
  /** Replaces a file, or makes it with the directories above it. */
  write(
    url: string,
    access: LakeAccess,
    content: AsyncIterable<Uint8Array>,
    options?: { contentType?: string },
  ): Promise<LakeEntry>;
  /** Removes a file, or a directory with all in it; false when there is nothing. */
  remove(url: string, access: LakeAccess): Promise<boolean>;
}
