// What the lake works with, and the two things that every change of it does: one transaction, then
// the removal of bytes that nothing refers to any more.

import type { Writer } from "@callosum/contract/ports.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { BlobFiles } from "../../platform/blob-files.ts";
import type { Content, Piece } from "./node.ts";
import { bytesKey, isInline } from "./node.ts";
import { createSecretOpener, type OpenSecret } from "./secret.ts";

export interface LakeHost extends PlaneServices {
  readonly files: BlobFiles;
  readonly openSecret: OpenSecret;
  /** Keeps pieces on disk while they are read; gives what lets them go. */
  pin(pieces: readonly Piece[]): () => void;
  /** Removes pieces of a container's folder as soon as nobody reads them. */
  discard(place: Place, contents: readonly Content[]): void;
  /** Removes a folder that no container refers to any more. */
  removeFolder(storageId: string): void;
  /** An etag that is later than every one before. */
  nextEtag(): string;
  /** Waits for removals that are under way. */
  settle(): Promise<void>;
}

/** Where the bytes of a container are. */
export interface Place {
  readonly key: string;
  readonly storageId: string;
}

export interface Change {
  readonly writer: Writer;
  /** Gives up content; its bytes go when the transaction is committed. */
  drop(place: Place, content: Content | undefined): Promise<void>;
}

export function createLakeHost(services: PlaneServices, files: BlobFiles): LakeHost {
  const pinned = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const running = new Set<Promise<void>>();
  let lastTicks = 0n;

  function background(work: Promise<void>): void {
    const guarded = work.catch(() => undefined).finally(() => running.delete(guarded));
    running.add(guarded);
  }

  async function removePieces(place: Place, pieces: readonly Piece[]): Promise<void> {
    const inline = pieces.filter(isInline);
    if (inline.length > 0) {
      await services.store.transaction(async (writer) => {
        for (const piece of inline) await writer.remove(bytesKey(place.key, piece.id));
      });
    }
    const onDisk = pieces.filter((piece) => !isInline(piece));
    for (const piece of onDisk) {
      const remove = () => background(files.remove(place.storageId, [fileIdOf(piece)]));
      if (pinned.has(piece.id)) waiting.set(piece.id, remove);
      else remove();
    }
  }

  return {
    ...services,
    files,
    openSecret: createSecretOpener(services),
    pin(pieces) {
      for (const { id } of pieces) pinned.set(id, (pinned.get(id) ?? 0) + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        for (const { id } of pieces) {
          const count = (pinned.get(id) ?? 1) - 1;
          if (count > 0) {
            pinned.set(id, count);
          } else {
            pinned.delete(id);
            waiting.get(id)?.();
            waiting.delete(id);
          }
        }
      };
    },
    discard(place, contents) {
      for (const content of contents) {
        background(
          (async () => {
            const pieces = await piecesOf(files, place, content);
            await removePieces(place, "list" in content ? [...pieces, content.list] : pieces);
          })(),
        );
      }
    },
    removeFolder: (storageId) => background(files.removeFolder(storageId)),
    nextEtag() {
      // The service's etags are .NET ticks in hexadecimal: 100 ns since the year 1.
      const ticks = BigInt(services.clock.now().getTime()) * 10_000n + 621_355_968_000_000_000n;
      lastTicks = ticks > lastTicks ? ticks : lastTicks + 1n;
      return `0x${lastTicks.toString(16).toUpperCase()}`;
    },
    async settle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** Runs a change alone; bytes that it gave up are removed after its commit. */
export async function change<Result>(
  host: LakeHost,
  work: (change: Change) => Promise<Result>,
): Promise<Result> {
  const dropped: { place: Place; content: Content }[] = [];
  const result = await host.store.transaction((writer) =>
    work({
      writer,
      async drop(place, content) {
        if (!content) return;
        if ("piece" in content && isInline(content.piece)) {
          await writer.remove(bytesKey(place.key, content.piece.id));
        } else {
          dropped.push({ place, content });
        }
      },
    }),
  );
  for (const { place, content } of dropped) host.discard(place, [content]);
  return result;
}

/** All pieces of a content; a long list is read from its file. */
export async function piecesOf(
  files: BlobFiles,
  place: Place,
  content: Content | undefined,
): Promise<readonly Piece[]> {
  if (!content) return [];
  if ("piece" in content) return [content.piece];
  if ("pieces" in content) return content.pieces;
  const bytes = await files.bytes(place.storageId, fileIdOf(content.list));
  return JSON.parse(bytes.toString("utf8")) as Piece[];
}

/** Piece ids say where the bytes are: `f{file}` on disk, `s{guid}` in the store. */
export function fileIdOf(piece: Piece): string {
  return piece.id.slice(1);
}
