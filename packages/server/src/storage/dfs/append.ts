// Path - Update: append and flush. Appended data waits under its position; a flush makes what is
// contiguous up to its position the file's content.

import type { StoredDocument } from "@callosum/contract/ports.ts";
import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { crcAnswer, requireSamePlace, requireSums } from "../blob/write.ts";
import { refuse } from "../error-catalogue.ts";
import { stagedOf } from "../lake/commit.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import {
  contentOf,
  inlineBytesMax,
  keepInline,
  lengthOf,
  orForget,
  receiveBody,
} from "../lake/content.ts";
import type { StoredNode } from "../lake/find-node.ts";
import { type Change, change, piecesOf } from "../lake/host.ts";
import {
  bytesKey,
  type Content,
  isInline,
  nodeKey,
  type Piece,
  type Staged,
  stagedRoot,
  stagedType,
} from "../lake/node.ts";
import { putNode } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, requireBlobLease, theContainer, theNode, versionAnswer } from "../request.ts";
import { contentHeaders, header, numberHeader } from "../wire/header.ts";

const appendBytesMax = 4000 * 1024 * 1024;
const attemptsMax = 20;
const positionDigits = 16;

const shape = {
  service: "dfs",
  level: "path",
  method: "PATCH",
  source,
  acl: ({ path }: LakeRequest) => [{ path, right: "write" as const }],
} as const;

export const appendOperations: readonly Operation[] = [
  {
    ...shape,
    name: "Path - Append Data",
    query: { action: "append" },
    needs: { action: actions.write, sas: "aw", whenNew: { action: actions.add, sas: "a" } },
    run: appendData,
  },
  {
    ...shape,
    name: "Path - Flush Data",
    query: { action: "flush" },
    needs: { action: actions.write, sas: "aw" },
    run: flushData,
  },
];

function readPosition({ call }: LakeRequest): number {
  const value = call.query.get("position");
  if (value === null) throw refuse.MissingRequiredQueryParameter({ name: "position" });
  if (!/^\d{1,15}$/.test(value))
    throw refuse.InvalidQueryParameterValue({ name: "position", value });
  return Number(value);
}

function requireFile(stored: StoredNode): void {
  if (stored.node.kind !== "block") throw refuse.PathConflict({});
}

async function appendData(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const position = readPosition(request);
  const place = await theContainer(request, host.store.read);
  requireFile(await theNode(request, host.store.read, place));
  const received = await receiveBody(host, {
    place,
    body: call.stream,
    md5: header(call.headers, "content-md5") !== undefined,
    crc64: true,
    bytesMax: appendBytesMax,
    contentLength: numberHeader(call.headers, "content-length"),
  });
  const { piece } = received;
  await orForget(host, place, [piece], async () => {
    requireSums(request, received);
    await change(host, async (tx) => {
      const container = await theContainer(request, tx.writer);
      requireSamePlace(place, container);
      const stored = await theNode(request, tx.writer, container);
      requireFile(stored);
      requireBlobLease(request, stored);
      if (!piece) return;
      const key = String(position).padStart(positionDigits, "0");
      const id = `${stagedRoot(container.key, request.path)}/${key}`;
      const before = await tx.writer.document<Staged>(id);
      if (before) await tx.drop(container, { piece: before.body.piece });
      await keepInline(tx.writer, container, received);
      await tx.writer.put({
        id,
        type: stagedType,
        parent: nodeKey(container.key, request.path),
        etag: "",
        body: { piece, position, stagedMs: nowMs(request) },
      });
    });
  });
  const sums = {
    ...crcAnswer(received),
    ...(received.md5 ? { "content-md5": received.md5.toString("base64") } : {}),
  };
  if (call.query.get("flush")?.toLowerCase() !== "true")
    return { status: 202, headers: { ...sums, "content-length": "0" } };
  const flushed = await flushTo(request, position + received.length);
  return { ...flushed, status: 202, headers: { ...flushed.headers, ...sums } };
}

async function flushData(request: LakeRequest): Promise<Answer> {
  return flushTo(request, readPosition(request));
}

/** Starts over when another flush came between; the long list's file is written beforehand. */
async function flushTo(request: LakeRequest, position: number): Promise<Answer> {
  const { host } = request;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const place = await theContainer(request, host.store.read);
    const seen = await theNode(request, host.store.read, place);
    requireFile(seen);
    const staged = await stagedOf(host.store.read, place, request.path);
    const committed = await piecesOf(host.files, place, seen.node.content).catch(() => undefined);
    if (!committed) continue;
    const added = contiguous(staged, seen.node.length, position);
    const stored = await commitFlush(request, { place, seen, staged, committed, added });
    if (!stored) continue;
    return {
      status: 200,
      headers: { ...versionAnswer(stored.etag, stored.node.modifiedMs), "content-length": "0" },
    };
  }
  throw refuse.ConditionNotMet({});
}

/** What was appended from the file's end up to the position, without gaps. */
function contiguous(
  staged: readonly StoredDocument<Staged>[],
  length: number,
  position: number,
): StoredDocument<Staged>[] {
  const added: StoredDocument<Staged>[] = [];
  let at = length;
  for (const document of staged) {
    if (at === position) break;
    if (document.body.position !== at) continue;
    added.push(document);
    at += document.body.piece.length;
  }
  if (at !== position) throw refuse.InvalidFlushPosition({});
  return added;
}

interface Flush {
  readonly place: Container;
  readonly seen: StoredNode;
  readonly staged: readonly StoredDocument<Staged>[];
  readonly committed: readonly Piece[];
  readonly added: readonly StoredDocument<Staged>[];
}

async function commitFlush(request: LakeRequest, flush: Flush): Promise<StoredNode | undefined> {
  const { host, call } = request;
  const { place, seen, staged, committed, added } = flush;
  const pieces = [...committed, ...added.map(({ body }) => body.piece)];
  const isMerged =
    added.length > 0 &&
    pieces.length > 1 &&
    pieces.every(isInline) &&
    lengthOf(pieces) <= inlineBytesMax;
  const isSame = added.length === 0;
  const made = isSame
    ? seen.node.content
    : isMerged
      ? undefined
      : await contentOf(host, place, pieces);
  const list = !isSame && made && "list" in made ? [made.list] : [];
  return orForget(host, place, list, () =>
    change(host, async (tx) => {
      const container = await theContainer(request, tx.writer);
      requireSamePlace(place, container);
      const stored = await theNode(request, tx.writer, container);
      const now = await stagedOf(tx.writer, container, request.path);
      const ids = (documents: readonly StoredDocument<Staged>[]) =>
        documents.map(({ body }) => body.piece.id).join();
      if (stored.etag !== seen.etag || ids(now) !== ids(staged)) {
        if (list.length > 0) host.discard(container, [{ pieces: list }]);
        return undefined;
      }
      requireBlobLease(request, stored);
      requireConditions(call.headers, versionOf(stored));
      const content = isMerged
        ? await mergeInline(tx, container, pieces, host.random.guid())
        : made;
      await dropRest(tx, request, { container, flush });
      return putFlushed(tx, request, {
        container,
        stored,
        content,
        length: lengthOf(pieces),
        isLonger: added.length > 0,
      });
    }),
  );
}

/** Small pieces become one, so that many small appends stay one read. */
async function mergeInline(
  tx: Change,
  container: Container,
  pieces: readonly Piece[],
  guid: string,
): Promise<Content> {
  const parts: Buffer[] = [];
  for (const piece of pieces) {
    const key = bytesKey(container.key, piece.id);
    const document = await tx.writer.document<string>(key);
    parts.push(Buffer.from(document?.body ?? "", "base64"));
    await tx.writer.remove(key);
  }
  const inline = Buffer.concat(parts);
  const piece = { id: `s${guid}`, length: inline.length };
  await keepInline(tx.writer, container, { piece, inline });
  return { piece };
}

/** What is behind the position goes, unless it is to be kept; the old list's file goes. */
async function dropRest(
  tx: Change,
  request: LakeRequest,
  options: { container: Container; flush: Flush },
): Promise<void> {
  const { container, flush } = options;
  const used = new Set(flush.added.map(({ id }) => id));
  const isKept = request.call.query.get("retainuncommitteddata")?.toLowerCase() === "true";
  for (const { id, body } of flush.staged) {
    if (used.has(id)) {
      await tx.writer.remove(id);
    } else if (!isKept) {
      await tx.writer.remove(id);
      await tx.drop(container, { piece: body.piece });
    }
  }
  const before = flush.seen.node.content;
  if (before && "list" in before && flush.added.length > 0)
    await tx.drop(container, { pieces: [before.list] });
}

function putFlushed(
  tx: Change,
  request: LakeRequest,
  options: {
    container: Container;
    stored: StoredNode;
    content: Content | undefined;
    length: number;
    isLonger: boolean;
  },
): Promise<StoredNode> {
  const { container, stored, content, length, isLonger } = options;
  const { headers } = request.call;
  const { md5, content: _content, ...node } = stored.node;
  const givenMd5 = header(headers, "x-ms-content-md5");
  return putNode(tx, request, {
    container,
    name: request.path,
    action: actions.write,
    node: {
      ...node,
      // The sum is of the whole content: it falls when that grows.
      ...(isLonger || md5 === undefined ? {} : { md5 }),
      ...contentHeaders(headers, "x-ms-"),
      ...(givenMd5 === undefined ? {} : { md5: givenMd5 }),
      ...(content ? { content } : {}),
      length,
      modifiedMs: nowMs(request),
    },
  });
}
