// Requests of the lake's bench: nothing is signed or made while it is timed.

import { randomBytes } from "node:crypto";
import { type Agent, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

export interface Reply {
  readonly status: number;
  readonly bytes: number;
  readonly text: string;
}

export function send(options: {
  url: string;
  agent: Agent;
  method: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Sends this many bytes, a buffer over and over. */
  length?: number;
}): Promise<Reply> {
  const { url, agent, method, headers = {}, body, length } = options;
  const size = length ?? (body === undefined ? 0 : Buffer.byteLength(body));
  const start = url.startsWith("https") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(
      url,
      { method, agent, headers: { ...headers, "content-length": String(size) } },
      (response) => {
        let bytes = 0;
        let text = "";
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes < 100_000) text += chunk.toString("latin1");
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes, text }));
      },
    );
    request.on("error", reject);
    if (length === undefined) request.end(body);
    else void pour(request, length).catch(reject);
  });
}

/** What is sent, over and over. */
export const filler = randomBytes(1024 * 1024);

async function pour(request: NodeJS.WritableStream, length: number): Promise<void> {
  for (let sent = 0; sent < length; sent += filler.length) {
    const part = filler.subarray(0, Math.min(filler.length, length - sent));
    if (!request.write(part)) await new Promise((resolve) => request.once("drain", resolve));
  }
  request.end();
}

export async function inParallel(
  count: number,
  connections: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: connections }, run));
}
