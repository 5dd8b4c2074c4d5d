// Bytes that nothing refers to: after a crash files may be there that were never acknowledged, and after
// the resource manager removed a container or an account its folders.

import { type ContainerState, containerType } from "@callosum/contract/lake.ts";
import type { Reader, StoredDocument } from "@callosum/contract/ports.ts";
import { change, type LakeHost, type Place, piecesOf } from "./host.ts";
import {
  bytesType,
  type Node,
  nodesRoot,
  nodeType,
  type Piece,
  type Staged,
  stagedType,
} from "./node.ts";

interface ContainerBody {
  readonly properties: ContainerState;
}

const pageSize = 1000;
/** Staged blocks that nobody commits are kept so long (learn.microsoft.com: Put Block). */
const stagedMsMax = 7 * 24 * 3600 * 1000;

/**
 * Removes what a crash left behind. Runs before anything is served, so that what is found unreferred
 * stays so.
 */
export async function collectOrphans(host: LakeHost): Promise<{ files: number; folders: number }> {
  const { read } = host.store;
  const counts = { files: 0, folders: 0 };
  const containers = await read.documents<ContainerBody>({ type: containerType });
  const places = new Map(
    containers.map(({ id, body }) => [
      body.properties.storageId,
      { key: id, storageId: body.properties.storageId },
    ]),
  );
  for (const folder of await host.files.folders()) {
    if (places.has(folder)) continue;
    await host.files.removeFolder(folder);
    counts.folders += 1;
  }
  for (const place of places.values()) {
    const used = await usedIds(host, place);
    const names = await host.files.files(place.storageId);
    const orphans = names.filter((name) => !used.has(`f${name}`));
    await host.files.remove(place.storageId, orphans);
    counts.files += orphans.length;
    await removeUnusedBytes(host, place, used);
  }
  return counts;
}

/** Ids of all pieces that a container's blobs and staged data refer to. */
async function usedIds(host: LakeHost, place: Place): Promise<Set<string>> {
  const { read } = host.store;
  const used = new Set<string>();
  const note = (pieces: readonly Piece[]) => {
    for (const piece of pieces) used.add(piece.id);
  };
  for await (const { body } of pages<Node>(read, nodeType, nodesRoot(place.key))) {
    const { content } = body;
    if (!content) continue;
    note(await piecesOf(host.files, place, content));
    if ("list" in content) note([content.list]);
  }
  const stale: string[] = [];
  const staleMs = host.clock.now().getTime() - stagedMsMax;
  for await (const { id, body } of pages<Staged>(read, stagedType, `${place.key}/staged`)) {
    if (body.stagedMs < staleMs) stale.push(id);
    else note([body.piece]);
  }
  await removeDocuments(host, stale);
  return used;
}

async function removeUnusedBytes(
  host: LakeHost,
  place: Place,
  used: ReadonlySet<string>,
): Promise<void> {
  const unused: string[] = [];
  const root = `${place.key}/bytes`;
  for await (const { id } of pages(host.store.read, bytesType, root)) {
    if (!used.has(id.slice(root.length + 1))) unused.push(id);
  }
  await removeDocuments(host, unused);
}

async function removeDocuments(host: LakeHost, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await change(host, async ({ writer }) => {
    for (const id of ids) await writer.remove(id);
  });
}

async function* pages<Body>(
  reader: Reader,
  type: string,
  under: string,
): AsyncGenerator<StoredDocument<Body>, void, void> {
  let after: string | undefined;
  for (;;) {
    const page = await reader.documents<Body>({
      type,
      under,
      ...(after === undefined ? {} : { after }),
      limit: pageSize,
    });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < pageSize || after === undefined) return;
  }
}

/** Watches for containers that go, whoever removes them, and removes their folders. */
export async function watchContainers(host: LakeHost): Promise<void> {
  const known = new Map<string, string>();
  for (const { id, body } of await host.store.read.documents<ContainerBody>({
    type: containerType,
  }))
    known.set(id, body.properties.storageId);
  host.store.onCommit(async (changed) => {
    for (const id of changed) {
      if (!isContainerKey(id)) continue;
      const document = await host.store.read.document<ContainerBody>(id);
      const now = document?.body.properties.storageId;
      const before = known.get(id);
      if (now === undefined) known.delete(id);
      else known.set(id, now);
      if (before !== undefined && before !== now) host.removeFolder(before);
    }
  });
}

const containerMark = "/blobservices/default/containers/";

function isContainerKey(id: string): boolean {
  const at = id.indexOf(containerMark);
  return at !== -1 && id.indexOf("/", at + containerMark.length) === -1;
}
