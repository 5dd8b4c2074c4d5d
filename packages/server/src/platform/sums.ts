// Checksums of bytes as they come. Those of long bodies are worked out on a thread of their own
// (sums-thread.ts), so that they cost the one that serves the sockets nothing.

import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { createCrc64 } from "./crc64.ts";

export interface SumsWanted {
  readonly md5: boolean;
  readonly crc64: boolean;
}

/** Sums only when asked for. */
export interface SumsFound {
  readonly md5: Buffer | undefined;
  readonly crc64: Buffer | undefined;
}

export interface Sums {
  /** Resolves when `bytes` may be changed. */
  update(bytes: Uint8Array): Promise<void> | undefined;
  digest(): SumsFound | Promise<SumsFound>;
  /** Ends without a sum; harmless after `digest`. */
  drop(): void;
}

/** What the thread is told; the last message of an id is `digest` or `drop`. */
export type SumsMessage =
  | { readonly kind: "update"; readonly id: number; wanted: SumsWanted; bytes: Uint8Array }
  | { readonly kind: "digest"; readonly id: number; wanted: SumsWanted }
  | { readonly kind: "drop"; readonly id: number };

export interface SumsReply {
  readonly md5?: Uint8Array | undefined;
  readonly crc64?: Uint8Array | undefined;
}

/** On this thread: best for bytes that are few. */
export function createSums(wanted: SumsWanted): Sums {
  const hash = wanted.md5 ? createHash("md5") : undefined;
  const crc = wanted.crc64 ? createCrc64() : undefined;
  return {
    update(bytes) {
      hash?.update(bytes);
      crc?.update(bytes);
      return undefined;
    },
    digest: () => ({ md5: hash?.digest(), crc64: crc?.digest() }),
    drop() {},
  };
}

interface Thread {
  /** Replies come in the order of what was asked. */
  ask(message: SumsMessage): Promise<SumsReply>;
  tell(message: SumsMessage): void;
}

let thread: Thread | undefined;
let lastId = 0;

/** On the other thread. Bytes should be in shared memory, or they are copied on the way. */
export function createSumsAside(wanted: SumsWanted): Sums {
  if (!wanted.md5 && !wanted.crc64) return createSums(wanted);
  thread ??= startThread();
  const { ask, tell } = thread;
  lastId += 1;
  const id = lastId;
  return {
    async update(bytes) {
      await ask({ kind: "update", id, wanted, bytes });
    },
    async digest() {
      const { md5, crc64 } = await ask({ kind: "digest", id, wanted });
      return { md5: md5 && Buffer.from(md5), crc64: crc64 && Buffer.from(crc64) };
    },
    drop: () => tell({ kind: "drop", id }),
  };
}

function startThread(): Thread {
  const worker = new Worker(new URL("./sums-thread.ts", import.meta.url));
  const waiting: { resolve: (reply: SumsReply) => void; reject: (error: Error) => void }[] = [];
  worker.unref();
  worker.on("message", (reply: SumsReply) => {
    waiting.shift()?.resolve(reply);
    if (waiting.length === 0) worker.unref();
  });
  // Uploads under way fail; the next one starts a new thread.
  const end = (cause?: unknown) => {
    if (thread === started) thread = undefined;
    const error = new Error("The thread for checksums ended.", { cause });
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on("error", end).on("exit", end);
  const started: Thread = {
    ask(message) {
      if (thread !== started) return Promise.reject(new Error("The thread for checksums ended."));
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) worker.ref();
        waiting.push({ resolve, reject });
        worker.postMessage(message);
      });
    },
    tell: (message) => worker.postMessage(message),
  };
  return started;
}
