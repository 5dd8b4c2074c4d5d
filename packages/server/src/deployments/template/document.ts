// Reads a template's frame: schema, version, and that every part has the shape it must have. What its
// expressions mean is the business of the other files.

import { refuse } from "../error-catalogue.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";

export type ScopeKind = "resourceGroup" | "subscription";

export interface Template {
  readonly json: JsonObject;
  readonly scopeKind: ScopeKind;
  /** Resources have symbolic names (languageVersion 2.0). */
  readonly isSymbolic: boolean;
  readonly contentVersion: string;
  readonly parameters: ReadonlyMap<string, JsonObject>;
  readonly definitions: JsonObject;
  readonly variables: JsonObject;
  readonly functions: readonly JsonObject[];
  /** With the place of each: `resources[0]` or `resources.name`. */
  readonly resources: readonly TemplateResource[];
  readonly outputs: ReadonlyMap<string, JsonObject>;
}

export interface TemplateResource {
  readonly symbolicName: string | undefined;
  readonly json: JsonObject;
  readonly path: string;
}

/** Template limits of Azure Resource Manager. */
export const limits = {
  parameters: 256,
  variables: 512,
  resources: 800,
  outputs: 64,
  copies: 800,
  templateBytes: 4 * 1024 * 1024,
} as const;

const schemas: readonly [RegExp, ScopeKind | string][] = [
  [/\/deploymenttemplate\.json#?$/i, "resourceGroup"],
  [/\/subscriptiondeploymenttemplate\.json#?$/i, "subscription"],
  [/\/managementgroupdeploymenttemplate\.json#?$/i, "management group"],
  [/\/tenantdeploymenttemplate\.json#?$/i, "tenant"],
];

const parts = new Set([
  "$schema",
  "contentversion",
  "languageversion",
  "apiprofile",
  "metadata",
  "parameters",
  "variables",
  "functions",
  "definitions",
  "resources",
  "outputs",
]);

export function invalid(reason: string, path?: string) {
  return refuse.InvalidTemplate({ reason, path });
}

/** Reads and checks the frame. Fails with InvalidTemplate. */
export function readTemplate(value: Json | undefined, path = ""): Template {
  if (!isObject(value)) throw invalid("The template must be a JSON object.", path);
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  for (const name of Object.keys(value)) {
    if (parts.has(name.toLowerCase())) continue;
    const known = "The template's members are parameters, variables, functions, resources, outputs";
    throw invalid(`The template property '${name}' is not supported. ${known}`, at(name));
  }
  const isSymbolic = readLanguageVersion(member(value, "languageVersion"), at("languageVersion"));
  const apiProfile = member(value, "apiProfile");
  if (apiProfile !== undefined && apiProfile !== "") {
    throw invalid("The template property 'apiProfile' is not supported", at("apiProfile"));
  }
  const template = {
    json: value,
    scopeKind: readSchema(member(value, "$schema"), at("$schema")),
    isSymbolic,
    contentVersion: readContentVersion(member(value, "contentVersion"), at("contentVersion")),
    parameters: readNamed(value, "parameters", at),
    definitions: readObject(value, "definitions", at),
    variables: readObject(value, "variables", at),
    functions: readFunctions(member(value, "functions"), at("functions")),
    resources: readResources(member(value, "resources"), { isSymbolic, path: at("resources") }),
    outputs: readNamed(value, "outputs", at),
  };
  requireLimits(template, at);
  return template;
}

function readSchema(value: Json | undefined, path: string): ScopeKind {
  if (typeof value !== "string") {
    throw invalid("The template must name its schema in '$schema'", path);
  }
  const kind = schemas.find(([pattern]) => pattern.test(value))?.[1];
  if (kind === "resourceGroup" || kind === "subscription") return kind;
  if (kind === undefined) throw invalid(`The template schema '${value}' is not supported`, path);
  throw invalid(`Deployments at the scope of a ${kind} are not supported by Callosum`, path);
}

function readContentVersion(value: Json | undefined, path: string): string {
  if (typeof value === "string" && /^\d+\.\d+\.\d+\.\d+$/.test(value)) return value;
  throw invalid("The template's 'contentVersion' must have the form '1.0.0.0'", path);
}

function readLanguageVersion(value: Json | undefined, path: string): boolean {
  if (value === undefined || value === "1.0") return false;
  if (value === "2.0") return true;
  throw invalid(`The template language version '${String(value)}' is not supported`, path);
}

type At = (name: string) => string;

function readObject(template: JsonObject, name: string, at: At): JsonObject {
  const value = member(template, name);
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalid(`The template's '${name}' must be an object`, at(name));
  return value;
}

function readNamed(template: JsonObject, name: string, at: At): Map<string, JsonObject> {
  const read = new Map<string, JsonObject>();
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(readObject(template, name, at))) {
    const path = `${at(name)}.${key}`;
    if (!isObject(value)) throw invalid(`'${key}' in '${name}' must be an object`, path);
    if (seen.has(key.toLowerCase())) throw invalid(`'${key}' stands twice in '${name}'`, path);
    seen.add(key.toLowerCase());
    read.set(key, value);
  }
  return read;
}

function readFunctions(value: Json | undefined, path: string): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!isArray(value)) throw invalid("The template's 'functions' must be an array", path);
  return value.map((item, index) => {
    if (isObject(item)) return item;
    throw invalid("A namespace of functions must be an object", `${path}[${index}]`);
  });
}

function readResources(
  value: Json | undefined,
  { isSymbolic, path }: { isSymbolic: boolean; path: string },
): TemplateResource[] {
  if (value === undefined) throw invalid("The template must have 'resources'", path);
  const entries: [string | undefined, Json, string][] = isSymbolic
    ? Object.entries(requireObject(value, path)).map(([name, item]) => [
        name,
        item,
        `${path}.${name}`,
      ])
    : requireArray(value, path).map((item, index) => [undefined, item, `${path}[${index}]`]);
  return entries.map(([symbolicName, json, place]) => {
    if (!isObject(json)) throw invalid("A resource must be an object", place);
    return { symbolicName, json, path: place };
  });
}

function requireObject(value: Json, path: string): JsonObject {
  if (isObject(value)) return value;
  throw invalid("With languageVersion 2.0 'resources' is an object of symbolic names", path);
}

function requireArray(value: Json, path: string): readonly Json[] {
  if (isArray(value)) return value;
  throw invalid("The template's 'resources' must be an array", path);
}

function requireLimits(template: Template, at: At): void {
  const counts = {
    parameters: template.parameters.size,
    variables: Object.keys(template.variables).length,
    resources: template.resources.length,
    outputs: template.outputs.size,
  };
  for (const [name, count] of Object.entries(counts)) {
    const max = limits[name as keyof typeof counts];
    if (count <= max) continue;
    throw invalid(
      `The number of template ${name} limit exceeded. Limit: '${max}' and actual: '${count}'`,
      at(name),
    );
  }
}
