// Put Blob: a whole block blob, or an empty append blob.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { replaceNode, requireReplaceable } from "../lake/commit.ts";
import { keepInline, orForget, type Received, receiveBody } from "../lake/content.ts";
import { change } from "../lake/host.ts";
import { type Node, withoutFolderMark } from "../lake/node.ts";
import {
  type LakeRequest,
  type Operation,
  refuseOperation,
  restSource as source,
} from "../operation.ts";
import { theContainer, versionAnswer } from "../request.ts";
import {
  base64Header,
  contentHeaders,
  header,
  metadataHeaders,
  numberHeader,
  requireHeader,
} from "../wire/header.ts";
import { tagsHeader } from "./answer.ts";

const putBytesMax = 5000 * 1024 * 1024;

export const writeNeed = {
  action: actions.write,
  sas: "w",
  whenNew: { action: actions.add, sas: "c" },
} as const;
export const writeAcl = ({ path }: LakeRequest) => [{ path, right: "write" as const }];

const refusedNames = {
  page: "Put Page",
  undelete: "Undelete Blob",
  expiry: "Set Blob Expiry",
  immutabilitypolicies: "Set Blob Immutability Policy",
  legalhold: "Set Blob Legal Hold",
  snapshot: "Snapshot Blob",
  seal: "Append Blob Seal",
} as const;

export const writeOperations: readonly Operation[] = [
  {
    name: "Put Blob",
    service: "blob",
    level: "path",
    method: "PUT",
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: putBlob,
  },
  ...Object.entries(refusedNames).map(([comp, name]) =>
    refuseOperation({
      name,
      service: "blob",
      level: "path",
      method: comp === "immutabilitypolicies" ? ["PUT", "DELETE"] : "PUT",
      query: { comp },
      reason: "block and append blobs are kept, without versions, expiry and immutability.",
    }),
  ),
  refuseOperation({
    name: "Get Page Ranges",
    service: "blob",
    level: "path",
    method: "GET",
    query: { comp: "pagelist" },
    reason: "page blobs are not kept.",
  }),
  refuseOperation({
    name: "Query Blob Contents",
    service: "blob",
    level: "path",
    method: "POST",
    query: { comp: "query" },
    reason: "blobs are not searched in place.",
  }),
];

async function putBlob(request: LakeRequest): Promise<Answer> {
  const { call } = request;
  const type = requireHeader(call.headers, "x-ms-blob-type").toLowerCase();
  switch (type) {
    case "blockblob":
      return putBlockBlob(request);
    case "appendblob":
      return putAppendBlob(request);
    case "pageblob":
      throw fail.NotSupportedHere({ what: "A page blob", reason: "page blobs are not kept." });
    default:
      throw refuse.InvalidHeaderValue({ name: "x-ms-blob-type", value: type });
  }
}

export async function putBlockBlob(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const { headers } = call;
  const contentLength = numberHeader(headers, "content-length");
  if (contentLength === undefined && headers["transfer-encoding"] === undefined)
    throw refuse.MissingContentLengthHeader({});
  const described = describe(request);
  const place = await theContainer(request, host.store.read);
  const received = await receiveBody(host, {
    place,
    body: call.stream,
    // One sum is enough to know the bytes by, and it is the one that the service keeps.
    md5: true,
    crc64: headers["x-ms-content-crc64"] !== undefined,
    bytesMax: putBytesMax,
    contentLength,
  });
  return orForget(host, place, [received.piece], async () => {
    requireSums(request, received);
    const md5 = received.md5?.toString("base64");
    const stored = await change(host, async (tx) => {
      const container = await theContainer(request, tx.writer);
      requireSamePlace(place, container);
      const existing = await requireReplaceable(tx, request, container);
      await keepInline(tx.writer, container, received);
      return replaceNode(tx, request, {
        container,
        existing,
        node: {
          ...described.node,
          kind: described.isFolder ? "directory" : "block",
          length: received.length,
          ...(received.piece ? { content: { piece: received.piece } } : {}),
          ...(md5 === undefined ? {} : { md5 }),
        },
        action: actions.write,
      });
    });
    return {
      status: 201,
      headers: {
        ...versionAnswer(stored.etag, stored.node.modifiedMs),
        ...(md5 === undefined ? {} : { "content-md5": md5 }),
        ...crcAnswer(received),
      },
    };
  });
}

async function putAppendBlob(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  if ((numberHeader(call.headers, "content-length") ?? 0) > 0)
    throw refuse.InvalidHeaderValue({ name: "content-length", value: "not 0" });
  const { node } = describe(request);
  const stored = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    const existing = await requireReplaceable(tx, request, container);
    return replaceNode(tx, request, {
      container,
      existing,
      node: { ...node, kind: "append", length: 0, appended: 0 },
      action: actions.write,
    });
  });
  return { status: 201, headers: versionAnswer(stored.etag, stored.node.modifiedMs) };
}

/** The container was made anew while bytes were under way to its old folder. */
export function requireSamePlace(before: { storageId: string }, now: { storageId: string }): void {
  if (before.storageId !== now.storageId) throw refuse.ContainerNotFound({});
}

/** Content headers, metadata, tags and tier as sent with a new blob. */
export function describe(request: LakeRequest): {
  node: Pick<Node, "contentType" | "metadata" | "tags" | "tier">;
  isFolder: boolean;
} {
  const { headers } = request.call;
  const { isFolder, metadata } = withoutFolderMark(metadataHeaders(headers));
  const tags = tagsHeader(request);
  const tier = tierHeader(request);
  const plainType = header(headers, "content-type");
  return {
    isFolder,
    node: {
      ...(plainType === undefined ? {} : { contentType: plainType }),
      ...contentHeaders(headers, "x-ms-blob-"),
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
      ...(tags ? { tags } : {}),
      ...(tier === undefined ? {} : { tier }),
    },
  };
}

const tiers = ["Hot", "Cool", "Cold"] as const;

export function tierHeader({ call }: LakeRequest): string | undefined {
  const name = "x-ms-access-tier";
  const value = header(call.headers, name);
  if (value === undefined) return undefined;
  if (value.toLowerCase() === "archive") {
    throw fail.NotSupportedHere({
      what: "The access tier 'Archive'",
      reason: "blobs are always there to be read.",
    });
  }
  const tier = tiers.find((known) => known.toLowerCase() === value.toLowerCase());
  if (!tier) throw refuse.InvalidHeaderValue({ name, value });
  return tier;
}

/** Sums that the client sent must be those of what came. */
export function requireSums(
  { call }: LakeRequest,
  received: Pick<Received, "md5" | "crc64">,
): void {
  for (const name of ["content-md5", "x-ms-blob-content-md5"]) {
    const md5 = base64Header(call.headers, name, 16);
    if (md5 && received.md5 && !md5.equals(received.md5)) throw refuse.Md5Mismatch({});
  }
  const crc64 = base64Header(call.headers, "x-ms-content-crc64", 8);
  if (crc64 && received.crc64 && !crc64.equals(received.crc64)) throw refuse.Crc64Mismatch({});
}

/** The sum of what came, where it was worked out. */
export function crcAnswer({ crc64 }: Pick<Received, "crc64">): Record<string, string> {
  return crc64 ? { "x-ms-content-crc64": crc64.toString("base64") } : {};
}
