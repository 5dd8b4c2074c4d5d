// What operations read from requests and say in answers, the same at both endpoints.

import type { Readable } from "node:stream";
import type { Reader } from "@callosum/contract/ports.ts";
import { refuse } from "./error-catalogue.ts";
import { type Container, requireContainer } from "./lake/container.ts";
import { findNode, type StoredNode } from "./lake/find-node.ts";
import { leaseAnswer, requireLease } from "./lake/lease.ts";
import { metadataOf } from "./lake/node.ts";
import type { LakeRequest } from "./operation.ts";
import { header, httpDate, metadataAnswer } from "./wire/header.ts";

const smallBytesMax = 8 * 1024 * 1024;

/** A body that is read whole: lists, policies, tags. */
export async function readSmall(
  stream: Readable,
  bytesMax: number = smallBytesMax,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
    if (length > bytesMax) throw refuse.RequestBodyTooLarge({});
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function theContainer(request: LakeRequest, reader: Reader): Promise<Container> {
  return requireContainer(reader, {
    account: request.account,
    name: request.container,
    service: request.service,
  });
}

/** The blob or path of the request; rejects with the endpoint's word for what is missing. */
export async function theNode(
  request: LakeRequest,
  reader: Reader,
  container: Container,
): Promise<StoredNode> {
  const found = await findNode(reader, container, request.path);
  if (found) return found;
  throw request.service === "dfs" ? refuse.PathNotFound({}) : refuse.BlobNotFound({});
}

export function nowMs(request: LakeRequest): number {
  return request.host.clock.now().getTime();
}

/** Rejects when a lease of the blob stands against the request. */
export function requireBlobLease(
  request: LakeRequest,
  stored: StoredNode | undefined,
  isRead = false,
): void {
  requireLease({
    given: header(request.call.headers, "x-ms-lease-id"),
    lease: stored?.node.lease,
    nowMs: nowMs(request),
    of: "Blob",
    isRead,
  });
}

export function requireContainerLease(
  request: LakeRequest,
  container: Container,
  isRead = false,
): void {
  requireLease({
    given: header(request.call.headers, "x-ms-lease-id"),
    lease: container.state.lease,
    nowMs: nowMs(request),
    of: "Container",
    isRead,
  });
}

/** ETag and Last-Modified of what was just written. */
export function versionAnswer(etag: string, modifiedMs: number): Record<string, string> {
  return { etag: `"${etag}"`, "last-modified": httpDate(modifiedMs) };
}

export function stateAnswer(request: LakeRequest, stored: StoredNode): Record<string, string> {
  return {
    ...versionAnswer(stored.etag, stored.node.modifiedMs),
    ...metadataAnswer(metadataOf(stored.node)),
    ...leaseAnswer(stored.node.lease, nowMs(request)),
  };
}

/** `maxresults` and its kin. */
export function limitQuery(
  request: LakeRequest,
  name: string,
  limits: { most: number; refuseMore: boolean },
): number {
  const value = request.call.query.get(name);
  if (value === null || value === "") return limits.most;
  const number = Number(value);
  if (!/^\d{1,9}$/.test(value) || number < 1)
    throw refuse.OutOfRangeQueryParameterValue({ name, value });
  if (number > limits.most && limits.refuseMore)
    throw refuse.OutOfRangeQueryParameterValue({ name, value });
  return Math.min(number, limits.most);
}
