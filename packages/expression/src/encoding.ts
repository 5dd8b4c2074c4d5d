// Base64, percent-encoding and data URIs as .NET does them, without a runtime's own byte classes:
// the studio runs this in a browser.
import { ExpressionError } from "./error.ts";
import { abbreviate } from "./function.ts";
import type { Value, ValueObject } from "./value.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function toBase64(text: string): string {
  const bytes = utf8Bytes(text);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x2000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x2000)));
  }
  return btoa(parts.join(""));
}

/** The text whose UTF-8 the base64 holds. Fails with ArgumentValue. */
export function fromBase64(base64: string): string {
  const compact = base64.replace(/[ \t\r\n]/g, "");
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new ExpressionError("ArgumentValue", `'${abbreviate(base64)}' is not base64.`);
  }
  return decoder.decode(Uint8Array.from(atob(compact), (char) => char.charCodeAt(0)));
}

export function encodeUriComponentText(text: string): string {
  // .NET's EscapeDataString leaves only the unreserved characters of RFC 3986.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const continuation = "%[89ab][0-9a-f]";
/** One character of UTF-8: one to four escaped bytes. */
const escapedCharacter = new RegExp(
  [
    "%[0-7][0-9a-f]",
    `%[cd][0-9a-f]${continuation}`,
    `%e[0-9a-f](?:${continuation}){2}`,
    `%f[0-7](?:${continuation}){3}`,
  ].join("|"),
  "gi",
);

/** Escapes that are no UTF-8 stay as they are, as in .NET. */
export function decodeUriComponentText(text: string): string {
  return text.replace(escapedCharacter, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** What the pipeline engine passes for bytes. */
export function contentOf(type: string, base64: string): ValueObject {
  return { "$content-type": type, $content: base64 };
}

/** The base64 inside a content object, or undefined for any other value. */
export function contentBase64(value: Value): string | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "$content")) {
    return undefined;
  }
  const content = (value as ValueObject).$content;
  return typeof content === "string" ? content : undefined;
}

export function toDataUri(text: string): string {
  return `data:text/plain;charset=utf-8;base64,${toBase64(text)}`;
}

/** Fails with ArgumentValue. */
export function parseDataUri(uri: string): { type: string; text: string } {
  const match = /^data:([^,]*),(.*)$/is.exec(uri);
  if (!match) {
    throw new ExpressionError("ArgumentValue", `'${abbreviate(uri)}' is not a data URI.`);
  }
  const [, header, data] = match as unknown as [string, string, string];
  const isBase64 = /;base64$/i.test(header);
  return {
    type: header.replace(/;base64$/i, "") || "text/plain;charset=US-ASCII",
    text: isBase64 ? fromBase64(data) : decodeUriComponentText(data),
  };
}

export function fromDataUri(uri: string): string {
  return parseDataUri(uri).text;
}
