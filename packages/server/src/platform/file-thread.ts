// The thread that sums and writes long bodies; file-aside.ts starts it and says what is sent. Its writes
// are synchronous: it has nothing else to do, and a trip to the thread pool costs more than the write.

import { createHash, type Hash } from "node:crypto";
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type Crc64, createCrc64 } from "./crc64.ts";
import type { FileMessage, FileReply } from "./file-aside.ts";

interface Body {
  readonly hash: Hash | undefined;
  readonly crc: Crc64 | undefined;
}

const memory = workerData as SharedArrayBuffer;
const underWay = new Map<number, Body>();

function write(message: FileMessage & { kind: "write" }): FileReply {
  const { id, handle, md5, crc64, bytes } = message;
  let body = underWay.get(id);
  if (!body) {
    body = {
      hash: md5 ? createHash("md5") : undefined,
      crc: crc64 ? createCrc64() : undefined,
    };
    underWay.set(id, body);
  }
  const content =
    bytes instanceof Uint8Array ? bytes : new Uint8Array(memory, bytes.at, bytes.length);
  body.hash?.update(content);
  body.crc?.update(content);
  for (let done = 0; done < content.length; )
    done += writeSync(handle, content, done, content.length - done, null);
  return {};
}

function end({ id }: FileMessage): FileReply {
  const body = underWay.get(id);
  underWay.delete(id);
  return { md5: body?.hash?.digest(), crc64: body?.crc?.digest() };
}

parentPort?.on("message", (message: FileMessage) => {
  let reply: FileReply;
  try {
    reply = message.kind === "write" ? write(message) : end(message);
  } catch (error) {
    // A clone of an error has no code.
    const { message: text, code } = error as NodeJS.ErrnoException;
    reply = { error: { message: text, code } };
  }
  parentPort?.postMessage(reply);
});
