// `x-ms-properties`, the Data Lake endpoint's metadata: `name=base64,…`.

import { refuse } from "../error-catalogue.ts";
import { metadataOf, type Node } from "../lake/node.ts";
import type { LakeRequest } from "../operation.ts";
import { checkMetadata, header } from "../wire/header.ts";

const name = "x-ms-properties";

/** Undefined when the header is not there; empty when it says nothing. */
export function propertiesHeader({ call }: LakeRequest): Record<string, string> | undefined {
  if (call.headers[name] === undefined) return undefined;
  const value = header(call.headers, name) ?? "";
  const metadata: Record<string, string> = {};
  for (const part of value.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    if (at < 1) throw refuse.InvalidHeaderValue({ name, value });
    const text = Buffer.from(part.slice(at + 1).trim(), "base64").toString("latin1");
    metadata[part.slice(0, at).trim().toLowerCase()] = text;
  }
  return checkMetadata(metadata);
}

export function propertiesAnswer(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key}=${Buffer.from(value, "latin1").toString("base64")}`)
    .join(",");
}

export function nodePropertiesAnswer(node: Node): Record<string, string> {
  return { [name]: propertiesAnswer(metadataOf(node)) };
}
