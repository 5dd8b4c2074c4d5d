// A form from a definition's JSON Schema: one field a property, and the body that the fields make.
// Objects without named properties and lists of objects are left to the JSON view.

import type { SchemaRules } from "./definition.ts";
import type { Field, FormValues } from "./form.ts";
import { enumOf, fromText, isRequiredAt, nodeAt, type SchemaNode } from "./schema-rule.ts";

const depthMax = 4;

/** Fields of everything below `path`, named by their dotted paths, required ones first. */
export function schemaFields(
  schema: unknown,
  { path, rules }: { path: string; rules: SchemaRules },
): readonly Field<FormValues>[] {
  const root = path === "" ? (schema as SchemaNode) : nodeAt(schema, path);
  const fields = root ? fieldsBelow(root, { schema, path, rules, depth: 0 }) : [];
  return fields.toSorted((one, other) => Number(other.isRequired) - Number(one.isRequired));
}

interface Place {
  readonly schema: unknown;
  readonly path: string;
  readonly rules: SchemaRules;
  readonly depth: number;
}

function fieldsBelow(node: SchemaNode, place: Place): Field<FormValues>[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const path = place.path === "" ? name : `${place.path}.${name}`;
    if (property.properties && Object.keys(property.properties).length > 0) {
      return place.depth < depthMax
        ? fieldsBelow(property, { ...place, path, depth: place.depth + 1 })
        : [];
    }
    const kind = kindOf(property);
    return kind === undefined ? [] : [fieldOf(path, property, kind, place)];
  });
}

function fieldOf(
  path: string,
  node: SchemaNode,
  kind: Field<FormValues>["kind"],
  { schema, rules }: Place,
): Field<FormValues> {
  const choices = enumOf(node);
  return {
    name: path,
    label: labelOf(path),
    kind,
    isRequired: isRequiredAt(schema, path),
    ...(node.description && { hint: node.description }),
    ...(node.default !== undefined && { placeholder: String(node.default) }),
    ...(choices && { choices: choices.map((value) => ({ value, label: value || "–" })) }),
    check: rules.check(path),
  };
}

function kindOf(node: SchemaNode): Field<FormValues>["kind"] | undefined {
  if (node.writeOnly) return "secret";
  if (enumOf(node)) return "choice";
  switch (node.type) {
    case "boolean":
      return "toggle";
    case "integer":
    case "number":
      return "number";
    case "string":
      return "text";
    case "array":
      return node.items?.type === "string" ? "list" : undefined;
    default:
      return undefined;
  }
}

/** `properties.autoScale.minNodeCount` reads "Auto scale: min node count". */
export function labelOf(path: string): string {
  const names = path.replace(/^properties\./, "").split(".");
  const text = names.map(wordsOf).join(": ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(" ")
    .map((word) => (/^[A-Z]{2,}/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}

/** The body of the fields that have a value; toggles are sent when they are on. */
export function schemaBody(schema: unknown, values: FormValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [path, text] of Object.entries(values)) {
    const node = nodeAt(schema, path);
    if (node && text.trim() !== "") place(body, path.split("."), fromText(node, text));
  }
  return body;
}

function place(body: Record<string, unknown>, names: readonly string[], value: unknown): void {
  const [name = "", ...rest] = names;
  if (rest.length === 0) {
    body[name] = value;
    return;
  }
  body[name] ??= {};
  place(body[name] as Record<string, unknown>, rest, value);
}
