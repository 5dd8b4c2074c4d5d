// Request headers of both endpoints, read into values; malformed ones are refused by name.

import type { IncomingHttpHeaders } from "node:http";
import { refuse } from "../error-catalogue.ts";

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value.join(",") : value;
  return text === "" ? undefined : text;
}

export function requireHeader(headers: IncomingHttpHeaders, name: string): string {
  const value = header(headers, name);
  if (value === undefined) throw refuse.MissingRequiredHeader({ name });
  return value;
}

/** A whole number of zero or more. */
export function numberHeader(headers: IncomingHttpHeaders, name: string): number | undefined {
  const value = header(headers, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw refuse.InvalidHeaderValue({ name, value });
  return Number(value);
}

export function flagHeader(headers: IncomingHttpHeaders, name: string): boolean {
  const value = header(headers, name);
  if (value === undefined) return false;
  if (!/^(?:true|false)$/i.test(value)) throw refuse.InvalidHeaderValue({ name, value });
  return value.toLowerCase() === "true";
}

/** Bytes in base64, of the length that is asked for. */
export function base64Header(
  headers: IncomingHttpHeaders,
  name: string,
  bytes: number,
): Buffer | undefined {
  const value = header(headers, name);
  if (value === undefined) return undefined;
  const decoded = Buffer.from(value, "base64");
  if (decoded.length === bytes) return decoded;
  throw name.endsWith("-crc64")
    ? refuse.InvalidHeaderValue({ name, value })
    : refuse.InvalidMd5({});
}

const metadataPrefix = "x-ms-meta-";
const metadataBytesMax = 8192;

/** `x-ms-meta-*`; names must be identifiers of C# (learn.microsoft.com: Setting metadata). */
export function metadataHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(metadataPrefix)) continue;
    metadata[name.slice(metadataPrefix.length)] = Array.isArray(value)
      ? value.join(",")
      : (value ?? "");
  }
  return checkMetadata(metadata);
}

export function checkMetadata(metadata: Record<string, string>): Record<string, string> {
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name)) throw refuse.InvalidMetadata({ why: name });
    bytes += name.length + value.length;
  }
  if (bytes > metadataBytesMax) throw refuse.MetadataTooLarge({});
  return metadata;
}

/** Metadata as response headers. */
export function metadataAnswer(
  metadata: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [metadataPrefix + name, value]),
  );
}

/** What a blob says of its content when it is read. */
export interface ContentHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
}

const contentNames = {
  contentType: "content-type",
  contentEncoding: "content-encoding",
  contentLanguage: "content-language",
  contentDisposition: "content-disposition",
  cacheControl: "cache-control",
} as const;

/** `{prefix}content-type` and its siblings; the blob endpoint says `x-ms-blob-`, the other `x-ms-`. */
export function contentHeaders(
  headers: IncomingHttpHeaders,
  prefix: "x-ms-blob-" | "x-ms-",
): ContentHeaders {
  const read = Object.entries(contentNames).map(
    ([property, name]) => [property, header(headers, prefix + name)] as const,
  );
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** The same as response headers. */
export function contentAnswer(content: ContentHeaders): Record<string, string> {
  const answer: Record<string, string> = {};
  for (const [property, name] of Object.entries(contentNames)) {
    const value = content[property as keyof ContentHeaders];
    if (value !== undefined) answer[name] = value;
  }
  return answer;
}

/** `bytes=0-99`, `bytes=100-`; undefined = all. `x-ms-range` wins over `Range`. */
export function rangeHeader(
  headers: IncomingHttpHeaders,
): { from: number; to: number | undefined } | undefined {
  const value = header(headers, "x-ms-range") ?? header(headers, "range");
  if (value === undefined) return undefined;
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(value);
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = match[2] === "" ? undefined : Number(match[2]);
  return to !== undefined && to < from ? undefined : { from, to };
}

/** `Tue, 01 Jan 2026 00:00:00 GMT`. */
export function httpDate(timeMs: number): string {
  return new Date(timeMs).toUTCString();
}
