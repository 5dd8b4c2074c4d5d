// Append blobs: blocks go behind what is there. All of them are in one file that grows; what lies
// behind the recorded length was never acknowledged and is overwritten.

import type { Answer } from "../../http/route.ts";
import { actions } from "../authorize/need.ts";
import { refuse } from "../error-catalogue.ts";
import { requireConditions, versionOf } from "../lake/condition.ts";
import type { Container } from "../lake/container.ts";
import { orForget, type Received, receiveBody } from "../lake/content.ts";
import type { StoredNode } from "../lake/find-node.ts";
import { change, fileIdOf, type LakeHost } from "../lake/host.ts";
import type { Piece } from "../lake/node.ts";
import { putNode } from "../lake/tree.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { nowMs, requireBlobLease, theContainer, theNode, versionAnswer } from "../request.ts";
import { header, numberHeader } from "../wire/header.ts";
import { crcAnswer, requireSamePlace, requireSums, writeAcl } from "./write.ts";

export const appendBytesMax = 100 * 1024 * 1024;
const appendCountMax = 50_000;

export const appendNeed = {
  action: actions.write,
  sas: "aw",
  whenNew: { action: actions.add, sas: "a" },
} as const;

export const appendOperations: readonly Operation[] = [
  {
    name: "Append Block",
    service: "blob",
    level: "path",
    method: "PUT",
    query: { comp: "appendblock" },
    source,
    needs: appendNeed,
    acl: writeAcl,
    run: appendBlock,
  },
];

/** Appends to one blob wait for each other: the place of each follows from the one before. */
const queues = new WeakMap<LakeHost, Map<string, Promise<unknown>>>();

async function inTurn<Result>(
  host: LakeHost,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  let queue = queues.get(host);
  if (!queue) {
    queue = new Map();
    queues.set(host, queue);
  }
  const before = queue.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  queue.set(key, mine);
  try {
    return await mine;
  } finally {
    if (queue.get(key) === mine) queue.delete(key);
  }
}

async function appendBlock(request: LakeRequest): Promise<Answer> {
  const { call, host } = request;
  const contentLength = numberHeader(call.headers, "content-length");
  const place = await theContainer(request, host.store.read);
  const received = await receiveBody(host, {
    place,
    body: call.stream,
    md5: header(call.headers, "content-md5") !== undefined,
    crc64: true,
    bytesMax: appendBytesMax,
    contentLength,
  });
  return appendReceived(request, place, received);
}

/** Puts what came behind the blob; its own file is not needed any more then. */
export async function appendReceived(
  request: LakeRequest,
  place: Container,
  received: Received,
): Promise<Answer> {
  const { host } = request;
  const answer = await orForget(host, place, [received.piece], async () => {
    requireSums(request, received);
    if (!received.piece) throw refuse.InvalidHeaderValue({ name: "content-length", value: "0" });
    return inTurn(host, `${place.key}/${request.path}`, () => append(request, place, received));
  });
  if (received.piece && !received.inline) host.discard(place, [{ pieces: [received.piece] }]);
  return answer;
}

async function append(request: LakeRequest, place: Container, received: Received): Promise<Answer> {
  const { host } = request;
  const seen = await theNode(request, host.store.read, place);
  requireAppendable(request, seen, received.length);
  const { length } = seen.node;
  const file = await fileOf(host, place, seen);
  const bytes = received.inline ?? {
    folder: place.storageId,
    fileId: fileIdOf(received.piece as Piece),
  };
  await host.files.extend({ folder: place.storageId, fileId: fileIdOf(file), at: length, bytes });
  const stored = await change(host, async (tx) => {
    const container = await theContainer(request, tx.writer);
    requireSamePlace(place, container);
    const now = await theNode(request, tx.writer, container);
    if (now.node.length !== length || now.node.createdMs !== seen.node.createdMs)
      throw refuse.AppendPositionConditionNotMet({});
    requireAppendable(request, now, received.length);
    const { md5: _md5, ...node } = now.node;
    return putNode(tx, request, {
      container,
      name: request.path,
      action: actions.write,
      node: {
        ...node,
        length: length + received.length,
        content: { piece: { id: file.id, length: length + received.length } },
        appended: (node.appended ?? 0) + 1,
        modifiedMs: nowMs(request),
      },
    });
  });
  return {
    status: 201,
    headers: {
      ...versionAnswer(stored.etag, stored.node.modifiedMs),
      "content-length": "0",
      "x-ms-blob-append-offset": String(length),
      "x-ms-blob-committed-block-count": String(stored.node.appended ?? 0),
      ...crcAnswer(received),
      ...(received.md5 ? { "content-md5": received.md5.toString("base64") } : {}),
    },
  };
}

/** The growing file; the first block makes it. */
async function fileOf(host: LakeHost, place: Container, { node }: StoredNode): Promise<Piece> {
  if (node.content && "piece" in node.content) return node.content.piece;
  const fileId = await host.files.put(place.storageId, new Uint8Array());
  return { id: `f${fileId}`, length: 0 };
}

function requireAppendable(request: LakeRequest, stored: StoredNode, length: number): void {
  const { headers } = request.call;
  const { node } = stored;
  if (node.kind !== "append") throw refuse.InvalidBlobType({});
  requireBlobLease(request, stored);
  requireConditions(headers, versionOf(stored));
  const position = numberHeader(headers, "x-ms-blob-condition-appendpos");
  if (position !== undefined && position !== node.length)
    throw refuse.AppendPositionConditionNotMet({});
  const lengthMax = numberHeader(headers, "x-ms-blob-condition-maxsize");
  if (lengthMax !== undefined && node.length + length > lengthMax)
    throw refuse.MaxBlobSizeConditionNotMet({});
  if ((node.appended ?? 0) >= appendCountMax) throw refuse.BlockCountExceedsLimit({});
}
