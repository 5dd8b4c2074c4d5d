// The form of every other kind of linked service, drawn from the server's schema of its
// typeProperties.

import { schemaRules } from "../../control/definition.ts";
import type { Field, FormValues } from "../../control/form.ts";
import {
  isTargetChanged,
  type LinkContext,
  type LinkKind,
  type TypeProperties,
  withoutEmpty,
} from "./link-kind.ts";
import { isStoredSecret, secretFields, secretValue, secretValues } from "./secret-field.ts";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Property {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly kind: "secret" | "text" | "choice" | "flag" | "number" | "credential" | "json";
}

export const schemaKind: LinkKind = { read, fields, build };

function read(typeProperties: TypeProperties, context: LinkContext): FormValues | undefined {
  const properties = propertiesOf(context);
  if (!properties) return undefined;
  const known = new Set([...properties.map(({ name }) => name), "encryptedCredential"]);
  if (!Object.keys(typeProperties).every((name) => known.has(name))) return undefined;
  const entries = properties.map((property) => readProperty(property, typeProperties));
  return entries.includes(undefined) ? undefined : Object.assign({}, ...entries);
}

/** Undefined where a value is of a kind that the field can't show, such as an expression object. */
function readProperty(property: Property, stored: TypeProperties): FormValues | undefined {
  const { name, kind, isRequired } = property;
  const value = stored[name];
  if (kind === "secret") return secretValues(name, value, isRequired);
  if (value === undefined || value === null) return { [name]: "" };
  if (kind === "json") return { [name]: JSON.stringify(value, null, 2) };
  if (kind === "credential") return { [name]: String((value as Reference).referenceName ?? "") };
  return typeof value === "object" ? undefined : { [name]: String(value) };
}

interface Reference {
  readonly referenceName?: string;
}

function build(values: FormValues, context: LinkContext): TypeProperties {
  const { saved } = context;
  const properties = propertiesOf(context) ?? [];
  const built = Object.fromEntries(
    properties.map((property) => [property.name, buildProperty(property, values, saved)]),
  );
  const keepsSecret = properties.some(
    ({ name, kind }) =>
      kind === "secret" && built[name] !== undefined && built[name] === saved?.[name],
  );
  return withoutEmpty({
    ...built,
    ...(keepsSecret && { encryptedCredential: saved?.encryptedCredential }),
  });
}

function buildProperty(
  { name, kind }: Property,
  values: FormValues,
  saved: TypeProperties | undefined,
): unknown {
  if (kind === "secret") return secretValue(name, values, saved?.[name]);
  const text = values[name] ?? "";
  if (text === "") return undefined;
  switch (kind) {
    case "flag":
      return text === "true";
    case "number":
      return Number(text);
    case "json":
      return parse(text);
    case "credential":
      return { referenceName: text, type: "CredentialReference" };
    default:
      return text;
  }
}

function fields(values: FormValues, context: LinkContext): readonly Field<FormValues>[] {
  const changed = isTargetChanged(build(values, context), context);
  return (propertiesOf(context) ?? []).flatMap((property): readonly Field<FormValues>[] => {
    const { name, isRequired, kind } = property;
    const label = labelOf(name);
    if (kind !== "secret") return [fieldOf(property, { label, context })];
    const stored = context.saved?.[name];
    const isStored = isStoredSecret(stored);
    const { vaults } = context;
    return secretFields(
      {
        name,
        label,
        isRequired,
        isStored,
        isTargetChanged: changed,
        isVaultOnly: isVaultOnly(property.schema),
        vaults,
      },
      values,
    );
  });
}

function fieldOf(
  { name, schema, kind, isRequired }: Property,
  { label, context }: { label: string; context: LinkContext },
): Field<FormValues> {
  const { check } = schemaRules(context.connector.typeProperties);
  const base = { name, label, isRequired };
  const none = isRequired ? [] : [{ value: "", label: "Not set" }];
  switch (kind) {
    case "choice":
      return {
        ...base,
        kind: "choice",
        choices: [...none, ...enumOf(schema).map((value) => ({ value, label: value }))],
      };
    case "flag":
      return {
        ...base,
        kind: "choice",
        choices: [...none, { value: "true", label: "Yes" }, { value: "false", label: "No" }],
      };
    case "credential":
      return {
        ...base,
        kind: "choice",
        choices: [...none, ...context.credentials.map((value) => ({ value, label: value }))],
      };
    case "number":
      return { ...base, kind: "number", check: check(name) };
    case "json":
      return {
        ...base,
        kind: "multiline",
        hint: "JSON",
        check: (value) => (parse(value) === undefined ? "This is not JSON." : undefined),
      };
    default:
      return { ...base, kind: "text", check: check(name) };
  }
}

/** Undefined where the server keeps typeProperties as they are sent: they are written as JSON. */
function propertiesOf({ connector }: LinkContext): readonly Property[] | undefined {
  const schema = connector.typeProperties as Schema | undefined;
  if (!schema?.properties) return undefined;
  return Object.entries(schema.properties)
    .filter(([name]) => name !== "encryptedCredential")
    .map(([name, property]) => ({
      name,
      schema: property,
      isRequired: schema.required?.includes(name) ?? false,
      kind: kindOf(name, { schema: property, secrets: connector.secrets }),
    }));
}

function kindOf(
  name: string,
  { schema, secrets }: { schema: Schema; secrets: readonly string[] },
): Property["kind"] {
  const options = optionsOf(schema);
  const has = (type: string) => options.some((option) => option.type === type);
  if (secrets.includes(name)) return "secret";
  if (options.some(({ properties }) => properties?.secretName) && !has("string")) return "secret";
  if (options.some(({ properties }) => properties?.type?.const === "CredentialReference")) {
    return "credential";
  }
  if (enumOf(schema).length > 0) return "choice";
  if (has("boolean")) return "flag";
  if (has("integer") || has("number")) return "number";
  return has("string") ? "text" : "json";
}

function isVaultOnly(schema: Schema): boolean {
  return optionsOf(schema).every(
    ({ type, properties }) => type === "null" || properties?.secretName !== undefined,
  );
}

function optionsOf(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(optionsOf) ?? [schema];
}

function enumOf(schema: Schema): string[] {
  return optionsOf(schema).flatMap((option) => (option.enum ?? []).map(String));
}

/** `servicePrincipalId` is "Service principal ID". */
function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return text
    .replaceAll(/\bid\b/gi, "ID")
    .replaceAll(/\burl\b/gi, "URL")
    .replaceAll(/\b(sas|sql) /gi, (word) => word.toUpperCase())
    .replaceAll(/\buri\b/gi, "URI");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
