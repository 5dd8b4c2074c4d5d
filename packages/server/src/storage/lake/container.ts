// Accounts and containers as the endpoints find them. A container is the resource manager's document
// (arm/resources/storage/container.ts), so both see the same one.

import { type ContainerState, containerType } from "@callosum/contract/lake.ts";
import type { ArmResource, Reader, StoredDocument, Writer } from "@callosum/contract/ports.ts";
import { refuse } from "../error-catalogue.ts";
import type { LakeHost, Place } from "./host.ts";

export type Service = "blob" | "dfs";

export interface Account {
  /** Resource id as written, and lower case. */
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly isHierarchical: boolean;
  readonly properties: AccountProperties;
  readonly skuName: string;
  readonly kind: string;
}

/** What the endpoints look at (arm/resources/storage/account-property.ts). */
export interface AccountProperties {
  readonly isHnsEnabled?: boolean;
  readonly allowSharedKeyAccess?: boolean;
  readonly publicNetworkAccess?: string;
  readonly networkAcls?: {
    readonly defaultAction?: string;
    readonly ipRules?: readonly { readonly value: string }[];
  };
  readonly accessTier?: string;
  readonly userDelegationKeysFrom?: string;
}

interface ContainerBody {
  readonly id: string;
  readonly name: string;
  readonly properties: ContainerState;
}

export interface Container extends Place {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly state: ContainerState;
  readonly account: Account;
}

/** The account behind an endpoint's name. */
export async function findAccount(host: LakeHost, name: string): Promise<Account> {
  const resource = await host.resources.byEndpoint("storage", name);
  if (!resource) throw refuse.ResourceNotFound({});
  return accountOf(resource);
}

export function accountOf(resource: ArmResource): Account {
  const properties = resource.properties as AccountProperties;
  return {
    id: resource.id,
    key: resource.id.toLowerCase(),
    name: resource.name,
    isHierarchical: properties.isHnsEnabled === true,
    properties,
    skuName: String(resource.sku?.name ?? ""),
    kind: resource.kind ?? "StorageV2",
  };
}

export function containerId(account: Account, name: string): string {
  return `${account.id}/blobServices/default/containers/${name}`;
}

function toContainer(account: Account, document: StoredDocument<ContainerBody>): Container {
  const { body, id: key, etag } = document;
  return {
    key,
    id: body.id,
    name: body.name,
    etag,
    storageId: body.properties.storageId,
    state: body.properties,
    account,
  };
}

export async function findContainer(
  reader: Reader,
  account: Account,
  name: string,
): Promise<Container | undefined> {
  const key = containerId(account, name).toLowerCase();
  const document = await reader.document<ContainerBody>(key);
  return document && document.type === containerType ? toContainer(account, document) : undefined;
}

/** Rejects with the endpoint's own word for what is missing. */
export async function requireContainer(
  reader: Reader,
  options: { account: Account; name: string; service: Service },
): Promise<Container> {
  const found = await findContainer(reader, options.account, options.name);
  if (found) return found;
  throw options.service === "dfs" ? refuse.FilesystemNotFound({}) : refuse.ContainerNotFound({});
}

/** Containers in the order of their names, after one of them. */
export async function listContainers(
  reader: Reader,
  options: { account: Account; after: string; limit: number },
): Promise<Container[]> {
  const { account, after, limit } = options;
  const parent = `${account.key}/blobservices/default`;
  const documents = await reader.documents<ContainerBody>({
    parent,
    type: containerType,
    after: after === "" ? "" : `${parent}/containers/${after}`,
    limit,
  });
  return documents.map((document) => toContainer(account, document));
}

const namePattern = /^(?:\$root|\$logs|\$web|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62})$/;

export function checkContainerName(name: string): void {
  if (!namePattern.test(name)) throw refuse.InvalidResourceName({});
}

/** Writes a container as the resource manager would. */
export async function putContainer(
  writer: Writer,
  options: {
    account: Account;
    name: string;
    state: ContainerState;
    etag: string;
    before?: Container;
    by: { id: string; kind: string };
    nowIso: string;
  },
): Promise<Container> {
  const { account, name, state, etag, by, nowIso } = options;
  const id = containerId(account, name);
  const existing = await writer.document<{ systemData?: object }>(id.toLowerCase());
  const stamp = {
    lastModifiedBy: by.id,
    lastModifiedByType: by.kind,
    lastModifiedAt: nowIso,
  };
  const systemData = {
    createdBy: by.id,
    createdByType: by.kind,
    createdAt: nowIso,
    ...existing?.body.systemData,
    ...stamp,
  };
  const document = await writer.put({
    id: id.toLowerCase(),
    type: containerType,
    parent: `${account.key}/blobservices/default`,
    etag,
    body: { id, name, properties: state, systemData },
  });
  return toContainer(account, document as StoredDocument<ContainerBody>);
}
