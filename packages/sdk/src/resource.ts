// Resources of Resource Manager by id: read, write, remove, list.

import type { Connection } from "./connection.ts";
import { sendAndWait, type WaitOptions, waitFor } from "./operation.ts";

export interface ResourceIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly tenantId?: string;
  readonly userAssignedIdentities?: Readonly<
    Record<string, { readonly principalId?: string; readonly clientId?: string }>
  >;
}

export interface Resource<Properties = Readonly<Record<string, unknown>>> {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly identity?: ResourceIdentity;
  readonly properties: Properties;
}

export interface ResourceAddress {
  /** ARM id, or the id of a collection for lists. */
  readonly id: string;
  readonly apiVersion: string;
}

/** Reads a resource; undefined where there is none. */
export async function findResource<Properties = Readonly<Record<string, unknown>>>(
  connection: Connection,
  address: ResourceAddress,
): Promise<Resource<Properties> | undefined> {
  const { status, body } = await connection.send({ ...requestOf(address), accept: [404] });
  return status === 404 ? undefined : (body as Resource<Properties>);
}

/** Reads a resource; RequestFailed with status 404 where there is none. */
export async function getResource<Properties = Readonly<Record<string, unknown>>>(
  connection: Connection,
  address: ResourceAddress,
): Promise<Resource<Properties>> {
  return (await connection.send(requestOf(address))).body as Resource<Properties>;
}

/** Creates or replaces a resource and waits until it is there. */
export async function putResource<Properties = Readonly<Record<string, unknown>>>(
  connection: Connection,
  address: ResourceAddress & { readonly body: unknown },
  options?: WaitOptions,
): Promise<Resource<Properties>> {
  const request = { ...requestOf(address), method: "PUT" as const, body: address.body };
  return (await sendAndWait(connection, request, options)) as Resource<Properties>;
}

/** Removes a resource and waits until it is gone; false where there was none. */
export async function deleteResource(
  connection: Connection,
  address: ResourceAddress & { readonly query?: Readonly<Record<string, string>> },
  options?: WaitOptions,
): Promise<boolean> {
  const { query, ...rest } = requestOf(address);
  const request = {
    ...rest,
    method: "DELETE" as const,
    query: { ...query, ...address.query },
    accept: [404],
  };
  const started = await connection.send(request);
  if (started.status === 204 || started.status === 404) return false;
  await waitFor(connection, { request, started, options });
  return true;
}

/** All items of a collection, page after page. */
export async function listResources<Item = Resource>(
  connection: Connection,
  address: ResourceAddress & { readonly filter?: string },
): Promise<Item[]> {
  const { service, path, query } = requestOf(address);
  return listPages(connection, {
    service,
    path,
    query: { ...query, ...(address.filter === undefined ? {} : { $filter: address.filter }) },
  });
}

/** Follows `nextLink` (Resource Manager, Synapse) and `@odata.nextLink` (Graph). */
export async function listPages<Item>(
  connection: Connection,
  request: Parameters<Connection["send"]>[0],
): Promise<Item[]> {
  const items: Item[] = [];
  let next: Parameters<Connection["send"]>[0] | undefined = request;
  while (next) {
    const body = (await connection.send(next)).body as {
      readonly value?: readonly Item[];
      readonly nextLink?: string | null;
      readonly "@odata.nextLink"?: string;
    };
    items.push(...(body.value ?? []));
    const link = body.nextLink ?? body["@odata.nextLink"];
    const { service, subject } = request;
    next = link
      ? { service, path: link, ...(subject === undefined ? {} : { subject }) }
      : undefined;
  }
  return items;
}

function requestOf({ id, apiVersion }: ResourceAddress) {
  const service = "resourceManager" as const;
  return { service, path: encodeURI(id), query: { "api-version": apiVersion } };
}
