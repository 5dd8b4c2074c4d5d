// Long bodies are summed and written on a thread of their own (file-thread.ts), so that they cost the one
// that serves the sockets little more than a copy.

import { Worker } from "node:worker_threads";
import { slotMemory } from "./byte-slots.ts";

export interface FileAside {
  /** Writes behind what was written; when it resolves, `bytes` may be changed. */
  write(bytes: Buffer): Promise<void>;
  /** The sums of all that was written; those that were asked for. */
  end(): Promise<{ md5: Buffer | undefined; crc64: Buffer | undefined }>;
}

interface Wanted {
  readonly md5: boolean;
  readonly crc64: boolean;
}

/** What the thread is told; each message is answered, in order. `end` is the last of an id. */
export type FileMessage =
  | (Wanted & {
      readonly kind: "write";
      readonly id: number;
      readonly handle: number;
      /** A place in the memory of slots, or bytes of their own. */
      readonly bytes: Uint8Array | { readonly at: number; readonly length: number };
    })
  | { readonly kind: "end"; readonly id: number };

export interface FileReply {
  readonly error?: { readonly message: string; readonly code: string | undefined };
  readonly md5?: Uint8Array | undefined;
  readonly crc64?: Uint8Array | undefined;
}

interface Thread {
  ask(message: FileMessage): Promise<FileReply>;
}

let thread: Thread | undefined;
let lastId = 0;

/** Writes to an open file from its current position on. It must be open until all is answered. */
export function writeAside(handle: number, wanted: Wanted): FileAside {
  thread ??= startThread();
  const { ask } = thread;
  lastId += 1;
  const id = lastId;
  return {
    async write(bytes) {
      const isSlot = bytes.buffer instanceof SharedArrayBuffer;
      const place = isSlot ? { at: bytes.byteOffset, length: bytes.length } : bytes;
      await ask({ kind: "write", id, handle, ...wanted, bytes: place });
    },
    async end() {
      const { md5, crc64 } = await ask({ kind: "end", id });
      return { md5: md5 && Buffer.from(md5), crc64: crc64 && Buffer.from(crc64) };
    },
  };
}

function startThread(): Thread {
  const worker = new Worker(new URL("./file-thread.ts", import.meta.url), {
    workerData: slotMemory(),
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
  });
  const waiting: { resolve: (reply: FileReply) => void; reject: (error: unknown) => void }[] = [];
  worker.unref();
  worker.on("message", (reply: FileReply) => {
    const asked = waiting.shift();
    if (waiting.length === 0) worker.unref();
    const { error } = reply;
    if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else asked?.resolve(reply);
  });
  // Bodies under way fail; the next one starts a new thread.
  const end = (cause?: unknown) => {
    if (thread === started) thread = undefined;
    const error = new Error("The thread that writes files ended.", { cause });
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on("error", end).on("exit", end);
  const started: Thread = {
    ask(message) {
      if (thread !== started)
        return Promise.reject(new Error("The thread that writes files ended."));
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) worker.ref();
        waiting.push({ resolve, reject });
        worker.postMessage(message);
      });
    },
  };
  return started;
}
