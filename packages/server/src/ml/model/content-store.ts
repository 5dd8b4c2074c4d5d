// Bytes of models and artifacts on disk. Equal content is one file, found by its hash; a file lives as
// long as a stored document names it or someone holds it. Documents that name files are versions of
// models (properties.content) and artifacts (artifact.ts).

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type ModelContent, modelVersionType } from "@callosum/contract/model-registry.ts";
import type { Store, StoredDocument } from "@callosum/contract/ports.ts";
import type { BlobFiles } from "../../platform/blob-files.ts";

export const artifactType = "Callosum.MachineLearning/artifacts";

export interface KeptFile {
  readonly fileId: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly length: number;
}

export interface HeldFile {
  readonly file: KeptFile;
  /** Lets the file go unless a committed document names it by now. */
  release(): void;
}

export interface ContentStore {
  /** Rejects with TooManyBytes, leaving nothing behind. */
  receive(
    source: AsyncIterable<Uint8Array>,
    options: { bytesMax: number; expectedBytes?: number },
  ): Promise<HeldFile>;
  /** All bytes; rejects when they are no longer what was received. */
  bytes(file: KeptFile): Promise<Buffer>;
  /** Whether the file is still kept. */
  has(file: KeptFile): boolean;
  /** Holds the file until the stream ends. */
  stream(file: KeptFile): Readable;
  /** Waits for removals that are under way. */
  settle(): Promise<void>;
}

const folder = "content";

/** Who holds which file; one that nobody holds any more is removed. */
interface Holds {
  hold(file: KeptFile): void;
  drop(file: KeptFile): void;
  /** Gives what drops it once. */
  holdUntil(file: KeptFile): () => void;
  has(fileId: string): boolean;
  byHash(sha256: string): KeptFile | undefined;
  settle(): Promise<void>;
}

function createHolds(files: BlobFiles): Holds {
  const counts = new Map<string, number>();
  const byHash = new Map<string, KeptFile>();
  let removals: Promise<void> = Promise.resolve();
  const holds: Holds = {
    hold({ fileId, sha256, length }) {
      counts.set(fileId, (counts.get(fileId) ?? 0) + 1);
      byHash.set(sha256, { fileId, sha256, length });
    },
    drop({ fileId, sha256 }) {
      const count = (counts.get(fileId) ?? 1) - 1;
      if (count > 0) {
        counts.set(fileId, count);
        return;
      }
      counts.delete(fileId);
      // From here on equal content is a new file, so nobody can take up one that is going.
      if (byHash.get(sha256)?.fileId === fileId) byHash.delete(sha256);
      removals = removals.then(() => files.remove(folder, [fileId])).catch(() => undefined);
    },
    holdUntil(file) {
      holds.hold(file);
      let isHeld = true;
      return () => {
        if (isHeld) holds.drop(file);
        isHeld = false;
      };
    },
    has: (fileId) => counts.has(fileId),
    byHash: (sha256) => byHash.get(sha256),
    settle: () => removals,
  };
  return holds;
}

/** Keeps the holds of stored documents: read once, then followed commit by commit. */
function followDocuments(options: { store: Store; files: BlobFiles; holds: Holds }): Promise<void> {
  const { store, files, holds } = options;
  const namedBy = new Map<string, readonly KeptFile[]>();

  function setNames(id: string, document: StoredDocument | undefined): void {
    const before = namedBy.get(id) ?? [];
    const after = document ? filesOf(document) : [];
    for (const file of after) holds.hold(file);
    for (const file of before) holds.drop(file);
    if (after.length > 0) namedBy.set(id, after);
    else namedBy.delete(id);
  }

  async function load(): Promise<void> {
    const found = await files.files(folder);
    for (const type of [modelVersionType, artifactType]) {
      for (const document of await store.read.documents({ type })) setNames(document.id, document);
    }
    const orphans = found.filter((fileId) => !holds.has(fileId));
    if (orphans.length > 0) await files.remove(folder, orphans);
  }

  const loaded = load();
  store.onCommit(async (changed) => {
    const ids = changed.filter((id) => namedBy.has(id) || mayName.test(id));
    if (ids.length === 0) return;
    await loaded;
    for (const id of ids) setNames(id, await store.read.document(id));
  });
  return loaded;
}

export function createContentStore(options: { store: Store; files: BlobFiles }): ContentStore {
  const { files } = options;
  const holds = createHolds(files);
  const loaded = followDocuments({ ...options, holds });
  // Whoever uses the store meets the failure; nobody else has to.
  loaded.catch(() => undefined);
  return {
    async receive(source, { bytesMax, expectedBytes }) {
      await loaded;
      const hash = createHash("sha256");
      const received = await files.receive(
        Readable.from(hashed(source, hash), { objectMode: false }),
        { folder, md5: false, crc64: false, inlineBytesMax: -1, bytesMax, expectedBytes },
      );
      const { length, fileId = "" } = received;
      const sha256 = hash.digest("hex");
      const known = holds.byHash(sha256);
      const file = { fileId: known?.fileId ?? fileId, sha256, length };
      const release = holds.holdUntil(file);
      if (known) await files.remove(folder, [fileId]);
      return { file, release };
    },
    async bytes(file) {
      const release = holds.holdUntil(file);
      try {
        const bytes = await files.bytes(folder, file.fileId);
        if (createHash("sha256").update(bytes).digest("hex") === file.sha256) return bytes;
        throw new Error(`The file '${file.fileId}' is not what was received.`);
      } finally {
        release();
      }
    },
    has: ({ fileId }) => holds.has(fileId),
    stream(file) {
      const release = holds.holdUntil(file);
      const chunks = files.chunks(folder, file.fileId, { from: 0, length: file.length });
      const stream = Readable.from(chunks, { objectMode: false });
      stream.once("close", release);
      return stream;
    },
    settle: holds.settle,
  };
}

/** Keys of documents that may name files. */
const mayName = /\/models\/[^/]+\/versions\/[^/]+$|\/artifacts\/[^/]+\/[^/]+\/[^/]+$/;

function filesOf({ type, body }: StoredDocument): readonly KeptFile[] {
  if (type === artifactType) return [(body as { file: KeptFile }).file];
  if (type !== modelVersionType) return [];
  const { content } = (body as { properties: { content?: ModelContent } }).properties;
  return content?.files ?? [];
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  hash: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
