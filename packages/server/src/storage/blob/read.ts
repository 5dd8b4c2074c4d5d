// Reading blobs: content by range, properties, metadata, tags, block lists.

import { createHash } from "node:crypto";
import type { Answer } from "../../http/route.ts";
import { streamOf } from "../../platform/blob-files.ts";
import { createCrc64 } from "../../platform/crc64.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { isNotModified, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { openContent } from "../lake/content.ts";
import type { StoredNode } from "../lake/find-node.ts";
import { piecesOf } from "../lake/host.ts";
import { metadataOf, type Staged, stagedRoot } from "../lake/node.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { requireBlobLease, theContainer, theNode, versionAnswer } from "../request.ts";
import { flagHeader, metadataAnswer, rangeHeader } from "../wire/header.ts";
import { element, xmlHeader } from "../wire/xml.ts";
import { blobAnswer } from "./answer.ts";

const readNeed = { action: actions.read, sas: "r" };
const readAcl = ({ path }: LakeRequest) => [{ path, right: "read" as const }];

export const readOperations: readonly Operation[] = [
  {
    name: "Get Blob",
    service: "blob",
    level: "path",
    method: "GET",
    source,
    needs: readNeed,
    acl: readAcl,
    run: getBlob,
  },
  {
    name: "Get Blob Properties",
    service: "blob",
    level: "path",
    method: "HEAD",
    source,
    needs: readNeed,
    acl: readAcl,
    run: getBlobProperties,
  },
  {
    name: "Get Blob Metadata",
    service: "blob",
    level: "path",
    method: ["GET", "HEAD"],
    query: { comp: "metadata" },
    source,
    needs: readNeed,
    acl: readAcl,
    run: getBlobMetadata,
  },
  {
    name: "Get Blob Tags",
    service: "blob",
    level: "path",
    method: "GET",
    query: { comp: "tags" },
    source,
    needs: { action: actions.tagsRead, sas: "t" },
    run: getBlobTags,
  },
  {
    name: "Get Block List",
    service: "blob",
    level: "path",
    method: "GET",
    query: { comp: "blocklist" },
    source,
    needs: readNeed,
    acl: readAcl,
    run: getBlockList,
  },
];

/** Sums of ranges are worked out on request up to this length. */
const summedBytesMax = 4 * 1024 * 1024;
/** Shorter content is sent in one piece rather than as a stream. */
const wholeBytesMax = 64 * 1024;

export async function getBlob(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const container = await theContainer(request, host.store.read);
  const stored = await theNode(request, host.store.read, container);
  requireBlobLease(request, stored, true);
  const { node, etag } = stored;
  if (isNotModified(call.headers, versionOf(stored)))
    return { status: 304, headers: versionAnswer(etag, node.modifiedMs) };
  return contentAnswerOf(request, { container, stored, headers: blobAnswer(request, stored) });
}

/** The content, or the range of it that was asked for. */
export async function contentAnswerOf(
  request: LakeRequest,
  options: { container: Container; stored: StoredNode; headers: Record<string, string> },
): Promise<Answer> {
  const { container, stored, headers } = options;
  const { node } = stored;
  const range = rangeHeader(request.call.headers);
  if (range && range.from >= node.length) throw refuse.InvalidRange({});
  const from = range?.from ?? 0;
  const end = Math.min(node.length, (range?.to ?? Number.MAX_SAFE_INTEGER) + 1);
  const length = end - from;
  const chunks = await openContent(request.host, {
    place: container,
    content: node.content,
    from,
    length,
  });
  const md5Wanted = flagHeader(request.call.headers, "x-ms-range-get-content-md5");
  const crcWanted = flagHeader(request.call.headers, "x-ms-range-get-content-crc64");
  const isSummed = range !== undefined && (md5Wanted || crcWanted);
  if (isSummed && length > summedBytesMax)
    throw refuse.InvalidHeaderValue({ name: "x-ms-range-get-content-md5", value: "true" });
  const whole =
    length <= (isSummed ? summedBytesMax : wholeBytesMax) ? await gather(chunks) : undefined;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      "content-length": String(length),
      ...(range ? { "content-range": `bytes ${from}-${end - 1}/${node.length}` } : {}),
      ...(node.md5 === undefined
        ? {}
        : { [range ? "x-ms-blob-content-md5" : "content-md5"]: node.md5 }),
      ...(isSummed && whole ? sums(whole, { md5: md5Wanted, crc64: crcWanted }) : {}),
    },
    body: whole ?? streamOf(chunks),
  };
}

async function gather(chunks: AsyncGenerator<Buffer, void, void>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of chunks) parts.push(part);
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

function sums(bytes: Buffer, wanted: { md5: boolean; crc64: boolean }): Record<string, string> {
  const crc = createCrc64();
  crc.update(bytes);
  return {
    ...(wanted.md5 ? { "content-md5": createHash("md5").update(bytes).digest("base64") } : {}),
    ...(wanted.crc64 ? { "x-ms-content-crc64": crc.digest().toString("base64") } : {}),
  };
}

async function getBlobProperties(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const container = await theContainer(request, host.store.read);
  const stored = await theNode(request, host.store.read, container);
  requireBlobLease(request, stored, true);
  const { node, etag } = stored;
  if (isNotModified(call.headers, versionOf(stored)))
    return { status: 304, headers: versionAnswer(etag, node.modifiedMs) };
  return {
    status: 200,
    headers: {
      ...blobAnswer(request, stored),
      "content-length": String(node.length),
      ...(node.md5 === undefined ? {} : { "content-md5": node.md5 }),
    },
  };
}

async function getBlobMetadata(request: LakeRequest): Promise<Answer> {
  const container = await theContainer(request, request.host.store.read);
  const stored = await theNode(request, request.host.store.read, container);
  requireBlobLease(request, stored, true);
  const { node, etag } = stored;
  const headers = { ...versionAnswer(etag, node.modifiedMs), ...metadataAnswer(metadataOf(node)) };
  if (isNotModified(request.call.headers, versionOf(stored))) return { status: 304, headers };
  return { status: 200, headers };
}

async function getBlobTags(request: LakeRequest): Promise<Answer> {
  const container = await theContainer(request, request.host.store.read);
  const { node } = await theNode(request, request.host.store.read, container);
  const tags = Object.entries(node.tags ?? {}).map(
    ([key, value]) => `<Tag>${element("Key", key)}${element("Value", value)}</Tag>`,
  );
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `${xmlHeader}<Tags><TagSet>${tags.join("")}</TagSet></Tags>`,
  };
}

async function getBlockList(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const container = await theContainer(request, host.store.read);
  const wanted = (call.query.get("blocklisttype") ?? "committed").toLowerCase();
  if (!["committed", "uncommitted", "all"].includes(wanted))
    throw refuse.InvalidQueryParameterValue({ name: "blocklisttype", value: wanted });
  const staged = await host.store.read.documents<Staged>({
    under: stagedRoot(container.key, request.path),
  });
  const uncommitted = staged.filter(({ body }) => body.block !== undefined);
  const stored =
    uncommitted.length === 0
      ? await theNode(request, host.store.read, container)
      : await theNode(request, host.store.read, container).catch(() => undefined);
  if (stored && stored.node.kind !== "block") throw refuse.InvalidBlobType({});
  requireBlobLease(request, stored, true);
  const pieces = await piecesOf(host.files, container, stored?.node.content);
  const block = (name: string | undefined, size: number) =>
    `<Block>${element("Name", name)}${element("Size", size)}</Block>`;
  const committedXml = pieces
    .filter((piece) => piece.block !== undefined)
    .map((piece) => block(piece.block, piece.length));
  const uncommittedXml = uncommitted.map(({ body }) => block(body.block, body.piece.length));
  const body = `${xmlHeader}<BlockList>${
    wanted === "uncommitted" ? "" : `<CommittedBlocks>${committedXml.join("")}</CommittedBlocks>`
  }${
    wanted === "committed"
      ? ""
      : `<UncommittedBlocks>${uncommittedXml.join("")}</UncommittedBlocks>`
  }</BlockList>`;
  return {
    status: 200,
    headers: {
      ...(stored ? versionAnswer(stored.etag, stored.node.modifiedMs) : {}),
      "content-type": "application/xml",
      "x-ms-blob-content-length": String(stored?.node.length ?? 0),
    },
    body,
  };
}
