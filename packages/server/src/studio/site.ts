// The studio's files as answers: the page with a fresh nonce, everything else with a tag and, where
// its name has a hash, for ever. What is compressed is compressed once.

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Answer, Call } from "../http/route.ts";
import { pageHeaders } from "./policy.ts";

/** Files by path below the app's root, `index.html`, `assets/…`. */
export type SiteFiles = ReadonlyMap<string, Uint8Array>;

/** Answers a file, or the page for a place of the app; undefined for a file that isn't there. */
export type Site = (call: Pick<Call, "path" | "headers">) => Promise<Answer | undefined>;

type Encoding = "br" | "gzip" | "identity";

interface Entry {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  /** By encoding; made when first asked for. */
  readonly encoded: Map<Encoding, Promise<Uint8Array>>;
}

const pageName = "index.html";
const noncePlaceholder = "__CSP_NONCE__";
const nonceBits = 128;

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};
const compressible = /^text\/|json|svg|wasm/;
/** Smaller ones fit into a packet as they are. */
const compressedBytesMin = 1024;
const brotliQuality = 6;
/** Vite puts what it names by content there. */
const hashedDirectory = "assets/";

const encoders = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes),
  identity: async (bytes: Uint8Array) => bytes,
};

/** `token` gives URL-safe text with as many bits of chance. */
export function createSite(files: SiteFiles, token: (bits: number) => string): Site {
  const page = Buffer.from(files.get(pageName) ?? "").toString("utf8");
  const entries = new Map([...files].map(([path, bytes]) => [path, entryOf(path, bytes)]));
  return async ({ path, headers }) => {
    const name = path.replace(/^\//, "");
    const entry = entries.get(name);
    if (entry && name !== pageName) return answerFile(entry, headers);
    return isPlace(name) ? answerPage(page, token(nonceBits)) : undefined;
  };
}

/** A place of the app is anything that doesn't name a file. Resource types have dots, too. */
function isPlace(name: string): boolean {
  if (name === pageName) return true;
  if (name.startsWith(hashedDirectory)) return false;
  return !Object.hasOwn(types, extensionOf(name));
}

function extensionOf(name: string): string {
  return (/\.([a-z0-9]+)$/i.exec(name)?.[1] ?? "").toLowerCase();
}

function entryOf(path: string, bytes: Uint8Array): Entry {
  const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  return {
    bytes,
    type: types[extensionOf(path)] ?? "application/octet-stream",
    // Weak: one tag for every encoding.
    etag: `W/"${digest}"`,
    cacheControl: path.startsWith(hashedDirectory)
      ? "public, max-age=31536000, immutable"
      : "no-cache",
    encoded: new Map(),
  };
}

function answerPage(page: string, nonce: string): Answer {
  return {
    status: 200,
    headers: {
      ...pageHeaders(nonce),
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    },
    body: page.replaceAll(noncePlaceholder, nonce),
  };
}

async function answerFile(entry: Entry, headers: Call["headers"]): Promise<Answer> {
  const { type, etag, cacheControl } = entry;
  const common = { "cache-control": cacheControl, etag, vary: "accept-encoding" };
  if (matches(headers["if-none-match"], etag)) return { status: 304, headers: common };
  const encoding = encodingOf(entry, String(headers["accept-encoding"] ?? ""));
  const body = entry.encoded.get(encoding) ?? encoders[encoding](entry.bytes);
  entry.encoded.set(encoding, body);
  return {
    status: 200,
    headers: {
      ...common,
      "content-type": type,
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    },
    body: await body,
  };
}

function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim());
  return tags.includes(etag) || tags.includes("*");
}

/** The best of what the client takes (RFC 9110 12.5.3). */
function encodingOf({ bytes, type }: Entry, accepted: string): Encoding {
  if (!compressible.test(type) || bytes.length < compressedBytesMin) return "identity";
  const taken = accepted
    .toLowerCase()
    .split(",")
    .filter((item) => !/;\s*q=0(?:\.0*)?\s*$/.test(item))
    .map((item) => item.split(";")[0]?.trim());
  if (taken.includes("br")) return "br";
  return taken.includes("gzip") ? "gzip" : "identity";
}
