// Copies from a URL, within the account: Copy Blob, Put Blob From URL, Put Block From URL, Append Block
// From URL. Whole pieces are linked rather than copied.

import { Readable } from "node:stream";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer } from "../../http/route.ts";
import { type Caller, requireRight } from "../authorize/caller.ts";
import { actions, tagsNeed } from "../authorize/need.ts";
import { hasSignature, verifySas } from "../authorize/sas.ts";
import { refuse } from "../error-catalogue.ts";
import { replaceNode, requireReplaceable } from "../lake/commit.ts";
import { requireSourceConditions, versionOf } from "../lake/condition.ts";
import { type Container, findContainer } from "../lake/container.ts";
import {
  contentOf,
  keepInline,
  openContent,
  orForget,
  type Received,
  receiveBody,
} from "../lake/content.ts";
import { findNode, type StoredNode } from "../lake/find-node.ts";
import { change, fileIdOf, type LakeHost, piecesOf } from "../lake/host.ts";
import { bytesKey, isInline, type Piece } from "../lake/node.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, theContainer, versionAnswer } from "../request.ts";
import { base64Header, header, requireHeader } from "../wire/header.ts";
import { lowerCaseNames } from "../wire/query.ts";
import { appendBytesMax, appendNeed, appendReceived } from "./append.ts";
import { blockBytesMax, readBlockId, stageBlock } from "./block.ts";
import { crcAnswer, describe, requireSamePlace, writeAcl, writeNeed } from "./write.ts";

const copySource = "x-ms-copy-source";

export const copyOperations: readonly Operation[] = [
  {
    name: "Copy Blob",
    service: "blob",
    level: "path",
    method: "PUT",
    header: copySource,
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: copyBlob,
  },
  {
    name: "Put Block From URL",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "block" },
    header: copySource,
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: putBlockFromUrl,
  },
  {
    name: "Append Block From URL",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "appendblock" },
    header: copySource,
    source,
    needs: appendNeed,
    acl: writeAcl,
    run: appendBlockFromUrl,
  },
  {
    name: "Abort Copy Blob",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "copy" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: () => {
      // Copies are done when they are answered, so there is never one to stop.
      throw refuse.NoPendingCopyOperation({});
    },
  },
];

interface Source {
  readonly container: Container;
  readonly stored: StoredNode;
  readonly url: string;
}

/** The blob that a URL names, once the caller may read it. */
async function openSource(request: LakeRequest): Promise<Source> {
  const { host, account, call } = request;
  const text = requireHeader(call.headers, copySource);
  const { url, account: name, container: containerName, path } = readUrl(text, call.origin.own);
  if (name !== account.name) {
    throw fail.NotSupportedHere({
      what: `A copy from '${url.host}${url.pathname}'`,
      reason: "only blobs of the same account are copied.",
    });
  }
  const target = { service: "blob" as const, container: containerName, path };
  const caller = await sourceCaller(request, url, target);
  await requireRight(host, {
    account,
    caller,
    target,
    need: { action: actions.read, sas: "r" },
    acl: [{ path, right: "read" }],
  });
  if (call.headers["x-ms-source-if-tags"] !== undefined)
    await requireRight(host, { account, caller, target, need: tagsNeed });
  const container = await findContainer(host.store.read, account, containerName);
  const stored = container && (await findNode(host.store.read, container, path));
  if (!container || !stored) throw refuse.CannotVerifyCopySource({});
  requireSourceConditions(call.headers, versionOf(stored));
  url.search = "";
  return { container, stored, url: url.href };
}

/** The source's own signature, else the caller of the copy. */
async function sourceCaller(
  request: LakeRequest,
  url: URL,
  target: { service: "blob"; container: string; path: string },
): Promise<Caller> {
  const { host, account, call, caller } = request;
  const query = lowerCaseNames(url.searchParams);
  if (hasSignature(query)) {
    const claims = await verifySas(host, { account, call, query, target });
    return { kind: "sas", claims };
  }
  const bearer = header(call.headers, "x-ms-copy-source-authorization");
  if (bearer !== undefined && bearer !== call.headers.authorization) {
    throw fail.NotSupportedHere({
      what: "A token of its own for the source of a copy",
      reason: "the source is read as the caller of the copy, or with a signature in its URL.",
    });
  }
  const isNarrow =
    caller.kind === "sas" && caller.claims.kind !== "account" && caller.claims.fields.sr !== "c";
  if (
    isNarrow ||
    (caller.kind === "sas" &&
      target.container !== request.container &&
      caller.claims.kind !== "account")
  )
    throw refuse.AuthorizationPermissionMismatch({});
  return caller;
}

/** Host form `https://{account}.blob…/{container}/{path}`, or path form on our own origin. */
function readUrl(text: string, own: string) {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse.InvalidHeaderValue({ name: copySource, value: text });
  }
  const segments = url.pathname.split("/").slice(1).map(decodeURIComponent);
  const host = /^([a-z0-9]+)\.(?:blob|dfs)\.core\.windows\.net$/i.exec(url.hostname);
  const [account = "", ...rest] = host
    ? [host[1] ?? "", ...segments]
    : url.origin === own && segments[0]?.toLowerCase() === "storage"
      ? [segments[1] ?? "", ...segments.slice(3)]
      : [""];
  const [container = "", ...path] = rest;
  return { url, account: account.toLowerCase(), container, path: path.join("/") };
}

/** A second set of pieces with the same bytes, and what must be put into the store for them. */
async function duplicatePieces(
  host: LakeHost,
  from: Container,
  to: Container,
  options: { stored: StoredNode; independent: boolean },
): Promise<{ pieces: Piece[]; inline: { piece: Piece; inline: Buffer }[] }> {
  const originals = await piecesOf(host.files, from, options.stored.node.content);
  const release = host.pin(originals);
  const pieces: Piece[] = [];
  const inline: { piece: Piece; inline: Buffer }[] = [];
  try {
    for (const original of originals) {
      if (isInline(original)) {
        const document = await host.store.read.document<string>(bytesKey(from.key, original.id));
        if (!document) throw refuse.CannotVerifyCopySource({});
        const piece = { ...original, id: `s${host.random.guid()}` };
        inline.push({ piece, inline: Buffer.from(document.body, "base64") });
        pieces.push(piece);
      } else {
        const fileId = await host.files.duplicate({
          folder: from.storageId,
          fileId: fileIdOf(original),
          into: to.storageId,
          independent: options.independent,
        });
        pieces.push({ ...original, id: `f${fileId}` });
      }
    }
  } finally {
    release();
  }
  return { pieces, inline };
}

async function copyBlob(request: LakeRequest): Promise<Answer> {
  const { host, call } = request;
  const from = await openSource(request);
  requireSourceSum(request, from.stored);
  const place = await theContainer(request, host.store.read);
  const { node } = from.stored;
  const copied = await duplicatePieces(host, from.container, place, {
    stored: from.stored,
    independent: node.kind === "append",
  });
  const content = await contentOf(host, place, copied.pieces);
  const list = content && "list" in content ? [content.list] : [];
  const described = describe(request);
  const isPut = header(call.headers, "x-ms-blob-type") !== undefined;
  const copyId = host.random.guid();
  const stored = await orForget(host, place, [...copied.pieces, ...list], () =>
    change(host, async (tx) => {
      const container = await theContainer(request, tx.writer);
      requireSamePlace(place, container);
      const existing = await requireReplaceable(tx, request, container);
      for (const item of copied.inline) await keepInline(tx.writer, container, item);
      const {
        content: _c,
        createdMs: _m,
        lease: _l,
        owner: _o,
        group: _g,
        acl: _a,
        ...kept
      } = node;
      return replaceNode(tx, request, {
        container,
        existing,
        node: {
          ...kept,
          ...overlay(request, described),
          ...(content ? { content } : {}),
          copy: { id: copyId, source: from.url, completedMs: nowMs(request) },
        },
        action: actions.write,
      });
    }),
  );
  return {
    status: isPut ? 201 : 202,
    headers: {
      ...versionAnswer(stored.etag, stored.node.modifiedMs),
      "x-ms-copy-id": copyId,
      "x-ms-copy-status": "success",
      "content-length": "0",
    },
  };
}

/** A copy moves no bytes that could be summed: the sum that is kept must be the one that is sent. */
function requireSourceSum({ call }: LakeRequest, { node }: StoredNode): void {
  const md5 = base64Header(call.headers, "x-ms-source-content-md5", 16);
  if (!md5) return;
  if (node.md5 === undefined) {
    throw fail.NotSupportedHere({
      what: "The header 'x-ms-source-content-md5' for a blob without an MD5",
      reason: "a copy does not read its source.",
    });
  }
  if (node.md5 !== md5.toString("base64")) throw refuse.Md5Mismatch({});
}

/** What a copy says of itself replaces what the source says, metadata as a whole. */
function overlay(request: LakeRequest, described: ReturnType<typeof describe>) {
  const { contentType, ...rest } = described.node;
  const type = header(request.call.headers, "x-ms-blob-content-type");
  return type === undefined || contentType === undefined ? rest : { ...rest, contentType };
}

async function putBlockFromUrl(request: LakeRequest): Promise<Answer> {
  const { host } = request;
  const block = readBlockId(request);
  const { place, received } = await receiveSource(request, blockBytesMax);
  return orForget(host, place, [received.piece], async () => {
    if (!received.piece) throw refuse.InvalidRange({});
    await stageBlock(request, { place, block, piece: received.piece, inline: received.inline });
    return {
      status: 201,
      headers: { "content-length": "0", ...crcAnswer(received) },
    };
  });
}

async function appendBlockFromUrl(request: LakeRequest): Promise<Answer> {
  const { place, received } = await receiveSource(request, appendBytesMax);
  return appendReceived(request, place, received);
}

/** The range of the source, taken in as if it had been sent. */
async function receiveSource(
  request: LakeRequest,
  bytesMax: number,
): Promise<{ place: Container; received: Received }> {
  const { host, call } = request;
  const from = await openSource(request);
  const place = await theContainer(request, host.store.read);
  const { start, length } = sourceRange(request, from.stored.node.length);
  const chunks = await openContent(host, {
    place: from.container,
    content: from.stored.node.content,
    from: start,
    length,
  });
  const md5 = base64Header(call.headers, "x-ms-source-content-md5", 16);
  const crc64 = base64Header(call.headers, "x-ms-source-content-crc64", 8);
  const received = await receiveBody(host, {
    place,
    body: Readable.from(chunks, { objectMode: false }),
    md5: md5 !== undefined,
    crc64: true,
    bytesMax,
    contentLength: length,
  });
  await orForget(host, place, [received.piece], async () => {
    if (md5 && !received.md5?.equals(md5)) throw refuse.Md5Mismatch({});
    if (crc64 && !received.crc64?.equals(crc64)) throw refuse.Crc64Mismatch({});
  });
  return { place, received };
}

function sourceRange(request: LakeRequest, total: number): { start: number; length: number } {
  const value = header(request.call.headers, "x-ms-source-range");
  if (value === undefined) return { start: 0, length: total };
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(value);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || start > end || start >= total) throw refuse.InvalidRange({});
  return { start, length: Math.min(end + 1, total) - start };
}
