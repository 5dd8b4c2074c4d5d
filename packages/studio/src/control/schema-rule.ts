// A value against one piece of a definition's JSON Schema, as the server checks it (arm/envelope.ts):
// text from an input becomes what the schema wants, and what does not fit is said in a sentence.

import { type Schema, Validator } from "@cfworker/json-schema";

export interface SchemaNode extends Schema {
  readonly properties?: Record<string, SchemaNode>;
  readonly anyOf?: SchemaNode[];
  readonly items?: SchemaNode;
  readonly writeOnly?: boolean;
}

/** The piece at a dotted path, `properties.autoScale.enabled`; undefined where the schema has none. */
export function nodeAt(schema: unknown, path: string): SchemaNode | undefined {
  return path
    .split(".")
    .reduce<SchemaNode | undefined>(
      (node, name) => objectOf(node)?.properties?.[name],
      schema as SchemaNode,
    );
}

/** Whether the object that holds the path asks for its last name. */
export function isRequiredAt(schema: unknown, path: string): boolean {
  const cut = path.lastIndexOf(".");
  const parent = cut < 0 ? (schema as SchemaNode) : nodeAt(schema, path.slice(0, cut));
  return objectOf(parent)?.required?.includes(path.slice(cut + 1)) ?? false;
}

/** Of "this object or nothing", the object. */
function objectOf(node: SchemaNode | undefined): SchemaNode | undefined {
  return node?.anyOf?.find(({ type }) => type === "object") ?? node;
}

/** The texts that a value must be one of; undefined where any will do. */
export function enumOf(node: SchemaNode | undefined): readonly string[] | undefined {
  if (node?.enum?.every((item) => typeof item === "string")) return node.enum as string[];
  return node?.anyOf?.map(enumOf).find((found) => found !== undefined);
}

/** What the server makes of a text, or of the lines of a list (contract/schema.ts `canonicalise`). */
export function fromText(node: SchemaNode, text: string): unknown {
  switch (node.type) {
    case "boolean":
      return /^true$/i.test(text) ? true : /^(false)?$/i.test(text) ? false : text;
    case "integer":
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "array": {
      const lines = text.split("\n").map((line) => line.trim());
      return lines.filter((line) => line !== "").map((line) => fromText(node.items ?? {}, line));
    }
    default:
      return node.enum?.find((item) => sameText(item, text)) ?? text;
  }
}

function sameText(known: unknown, text: string): boolean {
  return typeof known === "string" && known.toLowerCase() === text.toLowerCase();
}

const validators = new WeakMap<object, Validator>();

/** Every place where a value does not fit, with a sentence; places are dotted paths, "" the value. */
export function problemsOf(
  node: SchemaNode,
  value: unknown,
): readonly { readonly path: string; readonly message: string }[] {
  const validator = validators.get(node) ?? new Validator(node, "2020-12", false);
  validators.set(node, validator);
  const { valid, errors } = validator.validate(value);
  if (valid) return [];
  const causes = errors.filter(({ keyword }) => !containers.has(keyword));
  return (causes.length > 0 ? causes : errors).map(({ keyword, instanceLocation, error }) => {
    const path = instanceLocation.replace(/^#\/?/, "").replaceAll("/", ".");
    const at = path === "" ? value : valueAt(value, path);
    const rule = ruleAt(node, path);
    return { path, message: sentenceOf({ keyword, rule, error, at }) };
  });
}

/** They only say that something inside is wrong. */
const containers = new Set(["properties", "items", "patternProperties", "anyOf", "allOf", "$ref"]);

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value);
}

function ruleAt(node: SchemaNode, path: string): SchemaNode {
  if (path === "") return node;
  const found = nodeAt(node, path);
  if (found) return found;
  const parent = path.replace(/\.?\d+$/, "");
  return (parent === "" ? node : nodeAt(node, parent))?.items ?? {};
}

function sentenceOf(fault: {
  keyword: string;
  rule: SchemaNode;
  error: string;
  at: unknown;
}): string {
  const { keyword, rule, error, at } = fault;
  switch (keyword) {
    case "required":
      return error.replace(
        /^Instance does not have required property "(.*)"\.$/,
        "$1 is required.",
      );
    case "minLength":
      return `It has at least ${rule.minLength} characters.`;
    case "maxLength":
      return `It has at most ${rule.maxLength} characters.`;
    case "minimum":
      return `It is ${rule.minimum} or more.`;
    case "maximum":
      return `It is ${rule.maximum} or less.`;
    case "maxItems":
      return `There are at most ${rule.maxItems}.`;
    case "enum":
      return `It is one of ${rule.enum?.join(", ")}.`;
    case "const":
      return `It is '${String(rule.const)}'.`;
    case "pattern":
      return patternSentence(rule, at);
    case "type":
      return rule.type === "integer" ? "It is a whole number." : `It is a ${String(rule.type)}.`;
    default:
      return rule.description === undefined ? error : `It is ${rule.description}.`;
  }
}

const guid = "[0-9a-fA-F]{8}";

function patternSentence({ pattern = "", description }: SchemaNode, at: unknown): string {
  if (description !== undefined) return `It is ${description}.`;
  if (pattern.startsWith(`^${guid}`)) {
    return "It is an id like 00000000-0000-0000-0000-000000000000.";
  }
  if (pattern.startsWith("^https://")) return "It is an address that starts with https://.";
  return `'${String(at)}' does not have the form that the server takes: ${pattern}`;
}
