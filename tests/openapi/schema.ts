// From Swagger 2.0 to checks that ajv runs. Each definition is compiled once, when an answer first
// needs it; definitions refer to each other through a keyword, so that a discriminator leads to one
// descendant and not to the whole family. Answers are judged strictly: a property that no document
// names, a secret, or one that can be written and not read, is a fault.

import { Ajv, type SchemaObject, type SchemaValidateFunction, type ValidateFunction } from "ajv";
import { definitionsOf, resolve } from "./document.ts";
import type { Node, Placed } from "./node.ts";

export interface Fault {
  /** Where in the body: `/value/0/properties/sku`. */
  readonly at: string;
  /** `is not documented`, `must be string`, … */
  readonly what: string;
  readonly rule: string;
}

interface ModelReference {
  readonly key: string;
  readonly nullable: boolean;
}

const formats: Record<string, RegExp> = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
  duration: /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  url: /^https?:\S+$/i,
  byte: /^[A-Za-z0-9+/]*={0,2}$/,
  "arm-id": /^\/\S+$/,
};
const integers = ["int32", "int64"];
const numbers = ["float", "double"];

const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, inlineRefs: false });
for (const [name, pattern] of Object.entries(formats)) ajv.addFormat(name, pattern);
for (const name of [...integers, ...numbers, "binary"]) ajv.addFormat(name, true);
const checkModel: SchemaValidateFunction = (reference: ModelReference, data, _node, context) => {
  if (reference.nullable && data === null) return true;
  const validate = modelFor(reference.key, data);
  if (validate(data)) return true;
  checkModel.errors = (validate.errors ?? []).map((error) => ({
    ...error,
    instancePath: (context?.instancePath ?? "") + error.instancePath,
  }));
  return false;
};
ajv.addKeyword({ keyword: "model", errors: "full", validate: checkModel });
ajv.addKeyword({ keyword: "neverSent", validate: () => false });

const compiled = new Map<string, ValidateFunction>();

function validatorOf(key: string): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  const { document, node } = targetOf(key);
  const validate = ajv.compile(convert({ document, node }));
  compiled.set(key, validate);
  return validate;
}

function targetOf(key: string) {
  const [document = "", pointer = ""] = key.split("#");
  return resolve(document, `#${pointer}`);
}

/** The definition itself, or its descendant that the value's discriminator names. */
function modelFor(key: string, value: unknown): ValidateFunction {
  const discriminator = discriminatorOf(targetOf(key));
  const tag =
    discriminator && typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)[discriminator]
      : undefined;
  const named = typeof tag === "string" ? descendantsOf(key).get(tag) : undefined;
  return validatorOf(named ?? key);
}

function discriminatorOf({ document, node }: Placed): string | undefined {
  if (node.discriminator) return node.discriminator;
  for (const parent of node.allOf ?? []) {
    const found = discriminatorOf(
      parent.$ref ? resolve(document, parent.$ref) : { document, node: parent },
    );
    if (found) return found;
  }
  return undefined;
}

const families = new Map<string, ReadonlyMap<string, string>>();

/** Discriminator values to keys of the definitions that inherit, directly or not. */
function descendantsOf(key: string): ReadonlyMap<string, string> {
  const known = families.get(key);
  if (known) return known;
  const { document } = targetOf(key);
  const family = new Map<string, string>();
  for (const [name, node] of Object.entries(definitionsOf(document))) {
    if (!inherits({ document, node }, key)) continue;
    family.set(node["x-ms-discriminator-value"] ?? name, `${document}#/definitions/${name}`);
  }
  families.set(key, family);
  return family;
}

function inherits({ document, node }: Placed, key: string): boolean {
  return (node.allOf ?? []).some(({ $ref }) => {
    if (!$ref) return false;
    const parent = resolve(document, $ref);
    return parent.key === key || inherits(parent, key);
  });
}

/** JSON Schema for one node; references stay references. */
function convert({ document, node }: Placed): SchemaObject {
  if (node.$ref) return referenceTo(document, node);
  if (node.allOf || node.properties) return nullableIf(node, convertObject({ document, node }));
  if (node.type === "object") return nullableIf(node, convertMap({ document, node }));
  if (node.type === "array") {
    const { minItems, maxItems, uniqueItems } = node;
    const items = node.items ? convert({ document, node: node.items }) : {};
    return nullableIf(node, {
      type: "array",
      items,
      ...defined({ minItems, maxItems, uniqueItems }),
    });
  }
  if (node.type === undefined || node.type === "file") return node.enum ? convertScalar(node) : {};
  return nullableIf(node, convertScalar(node));
}

function referenceTo(document: string, node: Node): SchemaObject {
  const target = resolve(document, node.$ref ?? "");
  const nullable = isNullable(node) || isNullable(target.node);
  return { model: { key: target.key, nullable } satisfies ModelReference };
}

function convertScalar(node: Node): SchemaObject {
  const { type, enum: values, pattern, format, minLength, maxLength, minimum, maximum } = node;
  if (values) return { enum: values };
  const known = format && (format in formats || integers.includes(format));
  return defined({
    type: type === "number" && integers.includes(format ?? "") ? "integer" : type,
    format: known ? format : undefined,
    ...{ pattern, minLength, maxLength, minimum, maximum },
  });
}

/** An object without named properties: anything, unless the values have a schema. */
function convertMap({ document, node }: Placed): SchemaObject {
  const { additionalProperties } = node;
  if (typeof additionalProperties !== "object") return {};
  const values = convert({ document, node: additionalProperties });
  return { type: "object", additionalProperties: values };
}

function convertObject(placed: Placed): SchemaObject {
  const parts = partsOf(placed);
  const properties: Record<string, SchemaObject> = {};
  const unreadable = new Set<string>();
  for (const { document, node } of parts) {
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      const isSent = isReadable(property);
      if (!isSent) unreadable.add(name);
      properties[name] = isSent ? convert({ document, node: property }) : { neverSent: true };
    }
  }
  const required = parts
    .flatMap(({ node }) => node.required ?? [])
    .filter((name) => !unreadable.has(name));
  const open = parts.find(({ node }) => node.additionalProperties !== undefined);
  return {
    type: "object",
    properties,
    required: [...new Set(required)],
    additionalProperties: open ? additional(open) : false,
  };
}

function additional({ document, node }: Placed): boolean | SchemaObject {
  const { additionalProperties = false } = node;
  if (typeof additionalProperties === "boolean") return additionalProperties;
  return convert({ document, node: additionalProperties });
}

/** The node with everything that it inherits, ancestors first. */
function partsOf({ document, node }: Placed): Placed[] {
  const parents = (node.allOf ?? []).flatMap((parent) =>
    partsOf(parent.$ref ? resolve(document, parent.$ref) : { document, node: parent }),
  );
  return [...parents, { document, node }];
}

function isReadable(node: Node): boolean {
  const mutability = node["x-ms-mutability"];
  return !node["x-ms-secret"] && (!mutability || mutability.includes("read"));
}

function isNullable(node: Node): boolean {
  return node["x-nullable"] === true;
}

function nullableIf(node: Node, schema: SchemaObject): SchemaObject {
  if (!isNullable(node) || Object.keys(schema).length === 0) return schema;
  if (schema.enum) return { ...schema, enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type, "null"] };
}

function defined(schema: Record<string, unknown>): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}

const inline = new WeakMap<Node, ValidateFunction>();

/** What is wrong with a value, by a schema of a document; empty when nothing is. */
export function faultsOf({ document, node }: Placed, value: unknown): Fault[] {
  const validate = inline.get(node) ?? ajv.compile(convert({ document, node }));
  inline.set(node, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword, params, message }) => {
    if (keyword === "additionalProperties") {
      const at = `${instancePath}/${params.additionalProperty}`;
      return { at, what: "is not documented", rule: "unknown" };
    }
    if (keyword === "required") {
      return {
        at: `${instancePath}/${params.missingProperty}`,
        what: "is missing",
        rule: "required",
      };
    }
    if (keyword === "neverSent") {
      return { at: instancePath, what: "must never be sent", rule: "neverSent" };
    }
    const values = keyword === "enum" ? ` (${params.allowedValues.join(", ")})` : "";
    return { at: instancePath, what: `${message}${values}`, rule: keyword };
  });
}
