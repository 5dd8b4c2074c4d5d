// Reading request bodies, bounded. Each route says how; the wrong shape is a 400 of the plane's dialect.

import type { Readable } from "node:stream";
import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Route } from "./route.ts";

const bodyBytesMaxDefault = 4 * 1024 * 1024;
/** For all of a body that is held in memory. Streams have no such limit: the listener sees to them. */
const bodyTimeoutMs = 60_000;
/** So much of a body that is too long is read and thrown away, so that its sender hears why. */
const discardedBytesMax = 64 * 1024 * 1024;

const depthMax = 256;

/** Reads the body as the route, which does not stream, wants it; undefined when it is empty. */
export async function readBody(
  route: Pick<Route, "body" | "bodyBytesMax">,
  stream: Readable,
): Promise<unknown> {
  const bytes = await readBytes(stream, route.bodyBytesMax ?? bodyBytesMaxDefault);
  if (route.body === "bytes") return bytes;
  if (bytes.length === 0) return undefined;
  if (route.body === "form") return new URLSearchParams(bytes.toString("utf8"));
  return parseJson(bytes);
}

/** Rejects with a ServiceError for a body that is too long, too slow or breaks off. */
function readBytes(stream: Readable, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => finish(() => reject(tooSlow())), bodyTimeoutMs);
    const finish = (tell: () => void) => {
      clearTimeout(timer);
      stream.off("data", onData).off("end", onEnd).off("error", onBreak).off("close", onBreak);
      stream.pause();
      tell();
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) chunks.push(chunk);
      else chunks.length = 0;
      if (length > bytesMax + discardedBytesMax) finish(() => reject(tooLarge(bytesMax)));
    };
    const onEnd = () => {
      if (length > bytesMax) finish(() => reject(tooLarge(bytesMax)));
      else
        finish(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    };
    const onBreak = () => finish(() => reject(incomplete()));
    stream.on("data", onData).on("end", onEnd).on("error", onBreak).on("close", onBreak);
  });
}

function tooLarge(bytesMax: number) {
  return new ServiceError({
    code: "RequestContentTooLarge",
    status: "tooLarge",
    message: `The request content size exceeds the maximum size of ${bytesMax} bytes.`,
  });
}

function tooSlow() {
  return new ServiceError({
    code: "RequestTimeout",
    status: "requestTimeout",
    message: `The request content did not arrive within ${bodyTimeoutMs / 1000} seconds.`,
  });
}

function incomplete() {
  return new ServiceError({
    code: "IncompleteRequestContent",
    status: "badRequest",
    message: "The connection ended before the request content did.",
  });
}

/** A key that would reach an object's prototype is refused rather than copied, and so is depth. */
function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString("utf8");
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (nests(json))
    throw fail.InvalidRequestContent({ reason: `It nests deeper than ${depthMax}.` });
  try {
    return json.includes("__proto__") ? JSON.parse(json, refusePrototype) : JSON.parse(json);
  } catch (error) {
    throw fail.InvalidRequestContent({ reason: (error as Error).message });
  }
}

/** Whether JSON nests deeper than anything that walks it later could stand. */
function nests(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') inString = !inString;
    else if (inString) at += character === "\\" ? 1 : 0;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("The property name '__proto__' is not allowed.");
  return value;
}
