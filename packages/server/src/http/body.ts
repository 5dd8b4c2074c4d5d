// Reading request bodies, bounded. Each route says how; the wrong shape is a 400 of the plane's dialect.

import type { Readable } from "node:stream";
import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Route } from "./route.ts";

export const bodyBytesMaxDefault = 4 * 1024 * 1024;

/** Reads the body as the route wants it; undefined when there is none or the route streams. */
export async function readBody(route: Route, stream: Readable): Promise<unknown> {
  if (route.body === "stream") return undefined;
  const bytes = await readBytes(stream, route.bodyBytesMax ?? bodyBytesMaxDefault);
  if (route.body === "bytes") return bytes;
  if (bytes.length === 0) return undefined;
  if (route.body === "form") return new URLSearchParams(bytes.toString("utf8"));
  return parseJson(bytes);
}

async function readBytes(stream: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
    if (length > bytesMax) {
      throw new ServiceError({
        code: "RequestContentTooLarge",
        status: "tooLarge",
        message: `The request content size exceeds the maximum size of ${bytesMax} bytes.`,
      });
    }
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** A key that would reach an object's prototype is refused rather than copied. */
function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  try {
    const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    return json.includes("__proto__") ? JSON.parse(json, refusePrototype) : JSON.parse(json);
  } catch (error) {
    throw fail.InvalidRequestContent({ reason: (error as Error).message });
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("The property name '__proto__' is not allowed.");
  return value;
}
