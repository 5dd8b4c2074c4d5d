// Content in and out: bytes of a request become a piece, pieces become the content of a blob, ranges of
// content become a stream.

import type { Readable } from "node:stream";
import type { Writer } from "@callosum/contract/ports.ts";
import { TooManyBytes } from "../../platform/blob-files.ts";
import { SourceBroken } from "../../platform/byte-chunks.ts";
import { refuse } from "../error-catalogue.ts";
import { fileIdOf, type LakeHost, type Place, piecesOf } from "./host.ts";
import { bytesKey, bytesType, type Content, isInline, type Piece } from "./node.ts";

/** Up to so many bytes are kept in the store: one commit instead of a file and a commit. */
export const inlineBytesMax = 16 * 1024;
/** Longer lists of pieces are kept in a file of their own. */
const pieceCountMax = 32;

export interface Received {
  readonly length: number;
  readonly crc64: Buffer | undefined;
  readonly md5: Buffer | undefined;
  /** Undefined when there are no bytes. */
  readonly piece: Piece | undefined;
  readonly inline: Buffer | undefined;
}

/** Takes in a body; rejects with the service's errors for what is too long or breaks off. */
export async function receiveBody(
  host: LakeHost,
  options: {
    place: Place;
    body: Readable;
    md5: boolean;
    crc64: boolean;
    bytesMax: number;
    contentLength: number | undefined;
  },
): Promise<Received> {
  const { place, body, md5, crc64: crcWanted, bytesMax, contentLength } = options;
  if (contentLength !== undefined && contentLength > bytesMax) throw refuse.RequestBodyTooLarge({});
  try {
    const received = await host.files.receive(body, {
      folder: place.storageId,
      md5,
      crc64: crcWanted,
      inlineBytesMax,
      bytesMax,
      expectedBytes: contentLength,
    });
    const { length, crc64, inline, fileId } = received;
    const id = fileId === undefined ? `s${host.random.guid()}` : `f${fileId}`;
    const sum = crc64 && !received.md5 ? { crc64: crc64.toString("base64") } : {};
    const piece = length === 0 ? undefined : { id, length, ...sum };
    return { length, crc64, md5: received.md5, piece, inline };
  } catch (error) {
    if (error instanceof TooManyBytes) throw refuse.RequestBodyTooLarge({});
    if (error instanceof SourceBroken) throw refuse.InvalidInput({ why: error.message });
    // The container, and with it the folder, went while the bytes came.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw refuse.ContainerNotFound({});
    throw error;
  }
}

/** Makes small bytes part of the transaction; files are on disk already. */
export async function keepInline(
  writer: Writer,
  place: Place,
  received: Pick<Received, "piece" | "inline">,
): Promise<void> {
  const { piece, inline } = received;
  if (!piece || !inline) return;
  await writer.put({
    id: bytesKey(place.key, piece.id),
    type: bytesType,
    parent: place.key,
    etag: "",
    body: inline.toString("base64"),
  });
}

/** Runs `work`; when it fails, what was received is not kept. */
export async function orForget<Result>(
  host: LakeHost,
  place: Place,
  pieces: readonly (Piece | undefined)[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const files = pieces.filter((piece) => piece !== undefined && !isInline(piece)) as Piece[];
    if (files.length > 0) host.discard(place, [{ pieces: files }]);
    throw error;
  }
}

/** Content of pieces in order; a long list is written to a file first. */
export async function contentOf(
  host: LakeHost,
  place: Place,
  pieces: readonly Piece[],
): Promise<Content | undefined> {
  const [first] = pieces;
  if (!first) return undefined;
  if (pieces.length === 1 && first.block === undefined) return { piece: first };
  if (pieces.length <= pieceCountMax) return { pieces };
  const bytes = Buffer.from(JSON.stringify(pieces));
  const fileId = await host.files.put(place.storageId, bytes);
  return { list: { id: `f${fileId}`, length: bytes.length }, count: pieces.length };
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

export class ContentGone extends Error {
  constructor() {
    super("The content was replaced while it was about to be read.");
    this.name = "ContentGone";
  }
}

/**
 * Opens a range of content for reading. The pieces stay until the stream ends or is destroyed, even
 * when the blob is replaced meanwhile. Rejects with ContentGone when that happened just before.
 */
export async function openContent(
  host: LakeHost,
  options: { place: Place; content: Content | undefined; from: number; length: number },
): Promise<AsyncGenerator<Buffer, void, void>> {
  const { place, content, from, length } = options;
  if (!content || length === 0) return nothing();
  const listPin = "list" in content ? host.pin([content.list]) : undefined;
  try {
    const pieces = await piecesOf(host.files, place, content);
    const parts = cut(pieces, from, length);
    const release = host.pin(parts.map(({ piece }) => piece));
    const inline = await openInline(host, place, parts).catch((error) => {
      release();
      throw error;
    });
    return readParts({ host, place, parts, inline, release });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new ContentGone();
    throw error;
  } finally {
    listPin?.();
  }
}

async function* nothing(): AsyncGenerator<Buffer, void, void> {}

interface Part {
  readonly piece: Piece;
  readonly from: number;
  readonly length: number;
}

function cut(pieces: readonly Piece[], from: number, length: number): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const piece of pieces) {
    const first = Math.max(from, start);
    const end = Math.min(from + length, start + piece.length);
    if (first < end) parts.push({ piece, from: first - start, length: end - first });
    start += piece.length;
  }
  return parts;
}

/** The first piece's bytes are fetched at once, so that a single small one can't vanish. */
async function openInline(
  host: LakeHost,
  place: Place,
  parts: readonly Part[],
): Promise<Map<string, Buffer>> {
  const inline = new Map<string, Buffer>();
  for (const { piece } of parts) {
    if (!isInline(piece)) continue;
    const document = await host.store.read.document<string>(bytesKey(place.key, piece.id));
    if (!document) throw new ContentGone();
    inline.set(piece.id, Buffer.from(document.body, "base64"));
  }
  return inline;
}

async function* readParts(options: {
  host: LakeHost;
  place: Place;
  parts: readonly Part[];
  inline: ReadonlyMap<string, Buffer>;
  release: () => void;
}): AsyncGenerator<Buffer, void, void> {
  const { host, place, parts, inline, release } = options;
  try {
    for (const { piece, from, length } of parts) {
      const bytes = inline.get(piece.id);
      if (bytes) yield bytes.subarray(from, from + length);
      else yield* host.files.chunks(place.storageId, fileIdOf(piece), { from, length });
    }
  } finally {
    release();
  }
}
