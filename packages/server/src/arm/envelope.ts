// The resource envelope of a PUT or PATCH: name, location, tags, identity, sku, kind, properties.
// One compiled schema a type; errors name the property that is wrong.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ResourceIdentity } from "@callosum/contract/ports.ts";
import type { ResourceDefinition, SentResource } from "@callosum/contract/resource.ts";
import { canonicalise } from "@callosum/contract/schema.ts";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { type TSchema, Type } from "typebox";

export interface Envelope {
  /** What `read` checks; for those who want to check before they send. */
  readonly schema: TSchema;
  /** Canonical and valid, or a ServiceError naming the property. */
  read(body: unknown, location: "required" | "optional"): SentResource<Record<string, unknown>>;
}

const tagCountMax = 50;
const tags = Type.Record(Type.String({ maxLength: 512 }), Type.String({ maxLength: 256 }), {
  maxProperties: tagCountMax,
});

const identity = Type.Object({
  type: Type.Enum([
    "None",
    "SystemAssigned",
    "UserAssigned",
    "SystemAssigned, UserAssigned",
    "SystemAssigned,UserAssigned",
  ]),
  userAssignedIdentities: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Record(Type.String(), Type.Union([Type.Null(), Type.Object({})])),
    ]),
  ),
});

const ajv = new Ajv({
  strict: false,
  allErrors: false,
  validateFormats: false,
  allowUnionTypes: true,
});

/** Compiles on first use: most types are never written in one run, and start must be quick. */
export function compileEnvelope(definition: ResourceDefinition): Envelope {
  const schema = envelopeSchema(definition);
  let validate: ValidateFunction | undefined;
  return {
    schema,
    read(body, location) {
      if (typeof body !== "object" || body === null || Array.isArray(body)) {
        throw fail.InvalidRequestContent({ reason: "The body must be a JSON object." });
      }
      const withProperties = { properties: {}, ...said(body as Record<string, unknown>) };
      const canonical = canonicalise(schema, withProperties, { unknown: "drop", defaults: true });
      const sent = withoutUnsaid(schema, canonical);
      validate ??= ajv.compile(schema);
      if (!validate(sent)) throw invalidProperty(validate.errors?.[0], sent);
      const envelope = sent as Record<string, unknown>;
      if (definition.location === "required" && location === "required" && !envelope.location) {
        throw fail.LocationRequired({ target: "location" });
      }
      return {
        properties: envelope.properties as Record<string, unknown>,
        location: normaliseLocation(envelope.location as string | undefined),
        tags: (envelope.tags ?? {}) as Record<string, string>,
        identity: envelope.identity as ResourceIdentity | undefined,
        sku: envelope.sku as Record<string, unknown> | undefined,
        kind: envelope.kind as string | undefined,
      };
    },
  };
}

/** Clients send null for "nothing said", in the envelope and at any depth of the properties. */
function said(body: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      name.toLowerCase() === "properties" ? withoutNulls(value, 0) : value,
    ]),
  );
}

const depthMax = 64;

function withoutNulls(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (depth > depthMax) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, withoutNulls(item, depth + 1)]),
  );
}

interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/** An empty text where a number or a boolean belongs says nothing: templates have no other null. */
function withoutUnsaid(schema: SchemaNode, value: unknown): unknown {
  const { properties } = schema;
  if (!properties || typeof value !== "object" || value === null) return value;
  const isUnsaid = (name: string, item: unknown) =>
    item === "" && /^(?:boolean|integer|number)$/.test(properties[name]?.type ?? "");
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => !isUnsaid(name, item))
      .map(([name, item]) => [name, withoutUnsaid(properties[name] ?? {}, item)]),
  );
}

function envelopeSchema(definition: ResourceDefinition): TSchema {
  const shape: Record<string, TSchema> = { properties: definition.properties };
  if (definition.location !== "none") {
    shape.location = Type.Optional(Type.String({ maxLength: 64, pattern: "^[A-Za-z0-9 ]*$" }));
  }
  if (definition.tags) shape.tags = Type.Optional(tags);
  if (definition.identity) shape.identity = Type.Optional(identity);
  if (definition.sku) shape.sku = Type.Optional(definition.sku);
  if (definition.kind) shape.kind = Type.Optional(Type.String({ maxLength: 64 }));
  return Type.Object(shape);
}

/** "West US" and "westus" are one place; answers use the short form. */
export function normaliseLocation(location: string | undefined): string | undefined {
  if (location === undefined || location === "") return undefined;
  return location.replaceAll(" ", "").toLowerCase();
}

/** Turns the validator's first complaint into the plane's error with the property as target. */
export function invalidProperty(error: ErrorObject | undefined, value: unknown) {
  const path = (error?.instancePath ?? "").split("/").filter(Boolean);
  const missing = (error?.params as { missingProperty?: string } | undefined)?.missingProperty;
  const target = [...path, ...(missing ? [missing] : [])].join(".") || "body";
  const reason = missing ? "it is required" : describe(error, at(value, path));
  return fail.InvalidParameter({ parameter: target, reason, target });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (inner as Record<string, unknown> | undefined)?.[name],
    value,
  );
}

function describe(error: ErrorObject | undefined, value: unknown): string {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  const allowed = (error?.params as { allowedValues?: unknown[]; allowedValue?: unknown }) ?? {};
  if (allowed.allowedValues) return `it must be one of ${allowed.allowedValues.join(", ")}`;
  if (allowed.allowedValue !== undefined) return `it must be '${allowed.allowedValue}'`;
  return `${shown} ${error?.message ?? "is not valid"}`;
}
