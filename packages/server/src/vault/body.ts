// What clients send to set or change a secret, checked.

import { vaultFail } from "./error-catalogue.ts";
import type { SecretVersion } from "./secret.ts";

type Attributes = Pick<SecretVersion, "enabled" | "notBefore" | "expires">;

const valueLengthMax = 25_600;

export function readSetBody(body: unknown): {
  value: string;
  contentType: string | undefined;
  tags: Record<string, string> | undefined;
  attributes: Attributes;
} {
  const { value } = asObject(body);
  if (typeof value !== "string") throw bad("value", "it is required and must be a string");
  if (Buffer.byteLength(value) > valueLengthMax)
    throw bad("value", `it may have ${valueLengthMax} bytes at most`);
  const { contentType, tags, ...attributes } = readAttributes(body);
  return {
    value,
    contentType,
    tags,
    attributes: { enabled: true, notBefore: undefined, expires: undefined, ...attributes },
  };
}

/** Only what is there: absent properties stay as they are. */
export function readAttributes(body: unknown): Partial<Attributes & Pick<SecretVersion, "tags">> & {
  contentType?: string;
  tags?: Record<string, string>;
} {
  const sent = asObject(body);
  const attributes = asObject(sent.attributes ?? {});
  return {
    ...pick(attributes.enabled, "boolean", "attributes.enabled", "enabled"),
    ...pick(attributes.nbf, "number", "attributes.nbf", "notBefore"),
    ...pick(attributes.exp, "number", "attributes.exp", "expires"),
    ...pick(sent.contentType, "string", "contentType", "contentType"),
    ...(sent.tags === undefined || sent.tags === null ? {} : { tags: readTags(sent.tags) }),
  };
}

function pick(value: unknown, type: string, path: string, name: string): Record<string, never> {
  if (value === undefined || value === null) return {};
  if (typeof value !== type) throw bad(path, `it must be a ${type}`);
  return { [name]: value as never };
}

function readTags(tags: unknown): Record<string, string> {
  const entries = Object.entries(asObject(tags));
  if (
    entries.length > 15 ||
    entries.some(([, value]) => typeof value !== "string" || value.length > 256)
  ) {
    throw bad("tags", "at most 15 texts of at most 256 characters");
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw bad("body", "it must be a JSON object");
}

function bad(property: string, reason: string) {
  return vaultFail.BadParameter({
    reason: `Property '${property}' is invalid: ${reason}.`,
    target: property,
  });
}
