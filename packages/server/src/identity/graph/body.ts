// What clients send in bodies: an object whose properties are known and of their kind. Anything else
// is refused by name, as Graph does.

import { graphFail } from "./error-catalogue.ts";

export type Body = Readonly<Record<string, unknown>>;

/** What a property may hold; null is allowed where Graph clears a property with it. */
export type PropertyKind = "string" | "boolean" | "object" | "string[]" | "object[]" | "dateTime";

const textLengthMax = 1024;
const listLengthMax = 1000;

/** The body of a request; Request_BadRequest unless it is an object. */
export function readObject(body: unknown): Body {
  if (isObject(body)) return body;
  throw bad("The request body must be a JSON object.");
}

/**
 * The known properties of a body, checked; unknown ones are refused, annotations (`@odata.type`) are
 * left out. Names are canonical in the answer, whatever their casing was.
 */
export function readProperties(
  body: Body,
  known: Readonly<Record<string, PropertyKind>>,
): Record<string, unknown> {
  const names = new Map(Object.keys(known).map((name) => [name.toLowerCase(), name]));
  const result: Record<string, unknown> = {};
  for (const [sent, value] of Object.entries(body)) {
    if (sent.startsWith("@odata.")) continue;
    const name = names.get(sent.toLowerCase());
    if (name === undefined) throw bad(`Invalid property '${sent.slice(0, 128)}'.`);
    if (value !== null) requireKind(name, known[name] as PropertyKind, value);
    result[name] = value;
  }
  return result;
}

/** A text that must be there and not be blank. */
export function requiredText(body: Body, name: string, type: string): string {
  const value = body[name];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw bad(`A value is required for property '${name}' of resource '${type}'.`);
}

export function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function requireKind(name: string, kind: PropertyKind, value: unknown): void {
  if (fits(kind, value)) return;
  throw bad(`Invalid value specified for property '${name}' of type '${kind}'.`);
}

function fits(kind: PropertyKind, value: unknown): boolean {
  switch (kind) {
    case "string":
      return isText(value);
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    case "dateTime":
      return isText(value) && isDate(value);
    case "string[]":
      return Array.isArray(value) && value.length <= listLengthMax && value.every(isText);
    case "object[]":
      return Array.isArray(value) && value.length <= listLengthMax && value.every(isObject);
    default:
      return kind satisfies never;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= textLengthMax;
}

function isDate(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
}

export function bad(reason: string) {
  return graphFail.Request_BadRequest({ reason });
}
