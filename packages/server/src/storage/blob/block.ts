// Blocks: staged one by one, committed as a list. A block is a piece of its own, so committing moves no
// bytes.

import { createHash } from "node:crypto";
import type { Answer } from "../../http/route.ts";
import { createCrc64 } from "../../platform/crc64.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { dropStaged, replaceNode, requireReplaceable, stagedOf } from "../lake/commit.ts";
import type { Container } from "../lake/container.ts";
import { contentOf, keepInline, lengthOf, orForget, receiveBody } from "../lake/content.ts";
import { findNode, type StoredNode } from "../lake/find-node.ts";
import { change, type LakeHost, piecesOf } from "../lake/host.ts";
import { nodeKey, type Piece, type Staged, stagedRoot, stagedType } from "../lake/node.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, readSmall, requireBlobLease, theContainer, versionAnswer } from "../request.ts";
import { base64Header, header, numberHeader } from "../wire/header.ts";
import { parseXml } from "../wire/xml.ts";
import {
  crcAnswer,
  describe,
  requireSamePlace,
  requireSums,
  writeAcl,
  writeNeed,
} from "./write.ts";

export const blockBytesMax = 4000 * 1024 * 1024;
const blockCountMax = 50_000;
const blockIdBytesMax = 64;
/** Writers of one blob that commit lists at the same time start over; so often at most. */
const attemptsMax = 20;

export const blockOperations: readonly Operation[] = [
  {
    name: "Put Block",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "block" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: putBlock,
  },
  {
    name: "Put Block List",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "blocklist" },
    source,
    needs: writeNeed,
    acl: writeAcl,
    run: putBlockList,
  },
];

/** `blockid`, which must be base64 of up to 64 bytes. */
export function readBlockId({ call }: LakeRequest): string {
  const id = call.query.get("blockid");
  if (id === null) throw refuse.MissingRequiredQueryParameter({ name: "blockid" });
  const bytes = Buffer.from(id, "base64");
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(id) && id.length % 4 === 0;
  if (!isBase64 || bytes.length > blockIdBytesMax) throw refuse.InvalidBlockId({});
  return id;
}

async function putBlock(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const block = readBlockId(request);
  const contentLength = numberHeader(call.headers, "content-length");
  if (contentLength === 0) throw refuse.InvalidHeaderValue({ name: "content-length", value: "0" });
  const place = await theContainer(request, host.store.read);
  const received = await receiveBody(host, {
    place,
    body: call.stream,
    md5: header(call.headers, "content-md5") !== undefined,
    crc64: true,
    bytesMax: blockBytesMax,
    contentLength,
  });
  return orForget(host, place, [received.piece], async () => {
    requireSums(request, received);
    if (!received.piece) throw refuse.InvalidHeaderValue({ name: "content-length", value: "0" });
    await stageBlock(request, { place, block, piece: received.piece, inline: received.inline });
    return {
      status: 201,
      headers: {
        "content-length": "0",
        ...crcAnswer(received),
        ...(received.md5 ? { "content-md5": received.md5.toString("base64") } : {}),
      },
    };
  });
}

/** Keeps a block until it is committed or replaced. */
export async function stageBlock(
  request: LakeRequest,
  options: { place: Container; block: string; piece: Piece; inline: Buffer | undefined },
): Promise<void> {
  const { place, block, piece, inline } = options;
  await change(request.host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireSamePlace(place, container);
    const existing = await findNode(tx.writer, container, request.path);
    requireBlobLease(request, existing);
    if (existing && existing.node.kind !== "block") throw refuse.InvalidBlobType({});
    const root = stagedRoot(container.key, request.path);
    const id = `${root}/${Buffer.from(block, "base64").toString("hex")}`;
    const before = await tx.writer.document<Staged>(id);
    if (before) await tx.drop(container, { piece: before.body.piece });
    else await requireSameLength(tx.writer, root, block);
    await keepInline(tx.writer, container, { piece, inline });
    await tx.writer.put({
      id,
      type: stagedType,
      parent: nodeKey(container.key, request.path),
      etag: "",
      body: { piece: { ...piece, block }, block, stagedMs: nowMs(request) },
    });
  });
}

/** All ids of a blob's staged blocks have one length. */
async function requireSameLength(
  writer: Pick<LakeHost["store"]["read"], "documents">,
  root: string,
  block: string,
): Promise<void> {
  const [other] = await writer.documents<Staged>({ under: root, limit: 1 });
  if (other?.body.block !== undefined && other.body.block.length !== block.length)
    throw refuse.InvalidBlobOrBlock({});
}

interface Listed {
  readonly from: "Committed" | "Uncommitted" | "Latest";
  readonly block: string;
}

async function putBlockList(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const bytes = await readSmall(call.stream);
  requireListSums(request, bytes);
  const listed = readList(bytes.toString("utf8"));
  const described = describe(request);
  const place = await theContainer(request, host.store.read);
  // The long list's file must be on disk before the transaction: it is made from what is there now,
  // and the transaction starts over when that has changed meanwhile.
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const seen = await findNode(host.store.read, place, request.path);
    const committed = await piecesOf(host.files, place, seen?.node.content).catch(() => undefined);
    if (!committed) continue;
    const stored = await commitList(request, { place, seen, committed, listed, described });
    if (!stored) continue;
    return {
      status: 201,
      headers: { ...versionAnswer(stored.etag, stored.node.modifiedMs), "content-length": "0" },
    };
  }
  throw refuse.ConditionNotMet({});
}

async function commitList(
  request: LakeRequest,
  options: {
    place: Container;
    seen: StoredNode | undefined;
    committed: readonly Piece[];
    listed: readonly Listed[];
    described: ReturnType<typeof describe>;
  },
): Promise<StoredNode | undefined> {
  const { place, seen, committed, listed, described } = options;
  const { host } = request;
  const stagedBefore = await stagedOf(host.store.read, place, request.path);
  const pieces = choose(listed, { committed, staged: stagedBefore.map(({ body }) => body) });
  const content = await contentOf(host, place, pieces);
  const ownList = content && "list" in content ? [content.list] : [];
  return orForget(host, place, ownList, () =>
    change(host, async (tx) => {
      const container = await theContainer(request, tx.writer);
      requireSamePlace(place, container);
      const existing = await requireReplaceable(tx, request, container);
      if (existing?.node.kind === "append") throw refuse.InvalidBlobType({});
      const staged = await stagedOf(tx.writer, container, request.path);
      const isSame =
        existing?.etag === seen?.etag &&
        staged.length === stagedBefore.length &&
        staged.every(({ body }, index) => body.piece.id === stagedBefore[index]?.body.piece.id);
      if (!isSame) {
        if (ownList.length > 0) host.discard(container, [{ pieces: ownList }]);
        return undefined;
      }
      const kept = new Set(pieces.map((piece) => piece.id));
      await dropStaged(tx, container, request.path, kept);
      const gone = committed.filter((piece) => !kept.has(piece.id));
      await tx.drop(container, { pieces: gone });
      const oldList = existing?.node.content;
      if (oldList && "list" in oldList) await tx.drop(container, { pieces: [oldList.list] });
      const md5 = header(request.call.headers, "x-ms-blob-content-md5");
      return replaceNode(tx, request, {
        container,
        existing: existing && withoutContent(existing),
        node: {
          ...described.node,
          kind: "block",
          length: lengthOf(pieces),
          ...(content ? { content } : {}),
          ...(md5 === undefined ? {} : { md5 }),
        },
        action: actions.write,
      });
    }),
  );
}

/** Its content was seen to already: pieces are in use again or dropped. */
function withoutContent(stored: StoredNode): StoredNode {
  const { content: _content, ...node } = stored.node;
  return { ...stored, node };
}

/** Sums of the list itself; those of the blob's content are only kept. */
function requireListSums({ call }: LakeRequest, bytes: Buffer): void {
  const md5 = base64Header(call.headers, "content-md5", 16);
  if (md5 && !md5.equals(createHash("md5").update(bytes).digest())) throw refuse.Md5Mismatch({});
  const crc64 = base64Header(call.headers, "x-ms-content-crc64", 8);
  if (!crc64) return;
  const crc = createCrc64();
  crc.update(bytes);
  if (!crc64.equals(crc.digest())) throw refuse.Crc64Mismatch({});
}

function readList(text: string): Listed[] {
  const document = parseXml(text);
  if (document.name !== "BlockList") throw refuse.InvalidXmlDocument({});
  if (document.children.length > blockCountMax) throw refuse.BlockCountExceedsLimit({});
  return document.children.map(({ name, text: block }) => {
    if (name !== "Committed" && name !== "Uncommitted" && name !== "Latest")
      throw refuse.InvalidXmlDocument({});
    return { from: name, block: block.trim() };
  });
}

/** The pieces that a list names; `Latest` prefers the staged block. */
function choose(
  listed: readonly Listed[],
  from: { committed: readonly Piece[]; staged: readonly Staged[] },
): Piece[] {
  const committed = new Map(from.committed.map((piece) => [piece.block, piece]));
  const staged = new Map(from.staged.map(({ block, piece }) => [block, piece]));
  return listed.map(({ from: where, block }) => {
    const piece =
      where === "Committed"
        ? committed.get(block)
        : where === "Uncommitted"
          ? staged.get(block)
          : (staged.get(block) ?? committed.get(block));
    if (!piece) throw refuse.InvalidBlockList({});
    return piece;
  });
}
