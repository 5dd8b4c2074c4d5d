// Schemas as the definitions write them, and the walk that makes what a client sent canonical:
// casing of property names and enum values never matters, numbers and booleans may come as text
// (templates send them so), unknown properties are dropped or kept as the plane says.

import type { TSchema } from "typebox";

type Json = unknown;

/** JSON Schema as TypeBox builds it; only what the walk looks at. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, SchemaNode>;
  readonly items?: SchemaNode;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly patternProperties?: Record<string, SchemaNode>;
  readonly default?: Json;
}

export interface CanonicalOptions {
  /** What happens to properties that the schema does not name. */
  readonly unknown: "drop" | "keep";
  /** Whether absent properties get the schema's defaults. */
  readonly defaults: boolean;
}

const depthMax = 64;

/** Gives a canonical copy of `value`. Never fails: what does not fit is left for validation. */
export function canonicalise(schema: TSchema, value: Json, options: CanonicalOptions): Json {
  return walk(schema as SchemaNode, value, options, 0);
}

function walk(schema: SchemaNode, value: Json, options: CanonicalOptions, depth: number): Json {
  if (depth > depthMax) return value;
  if (schema.anyOf) return walkUnion(schema, schema.anyOf, value, options, depth);
  if (schema.const !== undefined) return sameText(value, schema.const) ? schema.const : value;
  if (schema.enum) return schema.enum.find((item) => sameText(value, item)) ?? value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => walk(items, item, options, depth + 1)) : value;
  }
  if (typeof value === "object" && value !== null) {
    if (!schema.properties && schema.type !== "object") return value;
    return walkObject(schema, value as Record<string, Json>, options, depth);
  }
  return typeof value === "string" ? coerce(schema, value) : value;
}

function walkUnion(
  schema: SchemaNode,
  branches: readonly SchemaNode[],
  value: Json,
  options: CanonicalOptions,
  depth: number,
): Json {
  if (value === undefined) return schema.default;
  for (const branch of branches) {
    if (branch.const !== undefined && sameText(value, branch.const)) return branch.const;
    if (branch.enum?.some((item) => sameText(value, item)))
      return walk(branch, value, options, depth);
  }
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const branch = branches.find(
    (candidate) => candidate.type === kind && fitsDiscriminator(candidate, value),
  );
  return branch ? walk(branch, value, options, depth) : value;
}

/** In a union of objects, the one whose constant properties (`type`) are the value's. */
function fitsDiscriminator(branch: SchemaNode, value: Json): boolean {
  if (typeof value !== "object" || value === null || !branch.properties) return true;
  const sent = new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item]));
  return Object.entries(branch.properties).every(
    ([name, property]) =>
      property.const === undefined || sameText(sent.get(name.toLowerCase()), property.const),
  );
}

function walkObject(
  schema: SchemaNode,
  value: Record<string, Json>,
  options: CanonicalOptions,
  depth: number,
): Json {
  const properties = schema.properties ?? {};
  const known = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  const rest = restSchema(schema);
  const result: Record<string, Json> = {};
  for (const [sentName, item] of Object.entries(value)) {
    const name = known.get(sentName.toLowerCase());
    if (name !== undefined) {
      result[name] = walk(properties[name] as SchemaNode, item, options, depth + 1);
    } else if (rest) {
      result[sentName] = walk(rest, item, options, depth + 1);
    } else if (options.unknown === "keep" || schema.additionalProperties === true) {
      result[sentName] = item;
    }
  }
  if (!options.defaults) return result;
  for (const [name, property] of Object.entries(properties)) {
    if (result[name] === undefined && property.default !== undefined) {
      result[name] = structuredClone(property.default);
    }
  }
  return result;
}

function restSchema(schema: SchemaNode): SchemaNode | undefined {
  const [pattern] = Object.values(schema.patternProperties ?? {});
  if (pattern) return pattern;
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

function coerce(schema: SchemaNode, text: string): Json {
  switch (schema.type) {
    case "boolean":
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    default:
      return text;
  }
}

function sameText(sent: Json, known: Json): boolean {
  if (typeof sent === "string" && typeof known === "string") {
    return sent.toLowerCase() === known.toLowerCase();
  }
  return sent === known;
}
