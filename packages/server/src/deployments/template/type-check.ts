// Whether a value is of a template type: the plain types with their constraints, and those that a
// template defines itself (definitions, $ref, as Bicep emits them).

import { invalid } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member, typeNameOf } from "./json.ts";

const plainTypes = new Map([
  ["string", "String"],
  ["securestring", "SecureString"],
  ["int", "Int"],
  ["bool", "Bool"],
  ["array", "Array"],
  ["object", "Object"],
  ["secureobject", "SecureObject"],
]);

const depthMax = 64;

export interface CheckedType {
  /** As answers write it: `SecureString`. */
  readonly name: string;
  readonly isSecure: boolean;
  readonly isNullable: boolean;
}

/** The type that a parameter, output or definition declares, references followed. */
export function resolveType(type: JsonObject, definitions: JsonObject, path: string): JsonObject {
  let resolved: JsonObject = type;
  for (let depth = 0; ; depth += 1) {
    const reference = member(resolved, "$ref");
    if (reference === undefined) return resolved;
    const name = typeof reference === "string" && /^#\/definitions\/([^/]+)$/.exec(reference)?.[1];
    const target = name ? member(definitions, decodeURIComponent(name)) : undefined;
    if (!isObject(target)) {
      throw invalid(`The type reference '${String(reference)}' is not defined`, path);
    }
    if (depth > depthMax) throw invalid(`The type '${String(reference)}' refers to itself`, path);
    const { $ref: _reference, ...own } = resolved;
    resolved = { ...target, ...own };
  }
}

/** Checks the declaration itself. Fails with InvalidTemplate. */
export function readType(type: JsonObject, definitions: JsonObject, path: string): CheckedType {
  const resolved = resolveType(type, definitions, path);
  const given = member(resolved, "type");
  const name = typeof given === "string" ? plainTypes.get(given.toLowerCase()) : undefined;
  if (name === undefined) {
    const known = [...plainTypes.values()].join(", ");
    throw invalid(`The type '${String(given)}' is not valid. Types are: ${known}`, path);
  }
  return {
    name,
    isSecure: name.startsWith("Secure"),
    isNullable: member(resolved, "nullable") === true,
  };
}

export interface TypeCheck {
  readonly definitions: JsonObject;
  /** Where the declaration stands, for errors. */
  readonly path: string;
  /** `the template parameter 'x'`. */
  readonly what: string;
}

/** Fails with InvalidTemplate when the value is not of the type. */
export function requireType(value: Json, type: JsonObject, check: TypeCheck, depth = 0): void {
  if (depth > depthMax)
    throw invalid(`The value of ${check.what} is nested too deeply`, check.path);
  const resolved = resolveType(type, check.definitions, check.path);
  const { name, isNullable, isSecure } = readType(resolved, check.definitions, check.path);
  if (value === null && isNullable) return;
  requirePlainType(value, name, check);
  requireAllowed(value, member(resolved, "allowedValues"), { check, isSecure });
  requireBounds(value, resolved, check);
  if (isObject(value)) requireMembers(value, resolved, check, depth);
  if (isArray(value)) requireItems(value, resolved, check, depth);
}

function requirePlainType(value: Json, name: string, { what, path }: TypeCheck): void {
  const wanted = name.replace(/^Secure/, "").toLowerCase();
  const actual = typeNameOf(value);
  if (actual === wanted) return;
  throw invalid(
    `The provided value for ${what} is not valid. Expected a value of type '${name}', but received a value of type '${actual}'. Please see https://aka.ms/arm-create-parameter-file for usage details`,
    path,
  );
}

function requireAllowed(
  value: Json,
  allowed: Json | undefined,
  { check, isSecure }: { check: TypeCheck; isSecure: boolean },
): void {
  if (!isArray(allowed)) return;
  const known = new Set(allowed.map((item) => JSON.stringify(item)));
  const isKnown = (item: Json) => known.has(JSON.stringify(item));
  if (isKnown(value) || (isArray(value) && value.every(isKnown))) return;
  const shown = isSecure
    ? ""
    : `The value '${textOf(value)}' is not part of the allowed value(s): '${allowed.map(textOf).join(",")}'`;
  throw invalid(`The provided value for ${check.what} is not valid. ${shown}`, check.path);
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function requireBounds(value: Json, type: JsonObject, { what, path }: TypeCheck): void {
  const bound = (name: string) => {
    const limit = member(type, name);
    return typeof limit === "number" ? limit : undefined;
  };
  const fail = (text: string) =>
    invalid(`The provided value for ${what} is not valid. ${text}`, path);
  if (typeof value === "number") {
    const [min, max] = [bound("minValue"), bound("maxValue")];
    if (min !== undefined && value < min) throw fail(`It is less than the minimum value '${min}'`);
    if (max !== undefined && value > max) throw fail(`It exceeds the maximum value '${max}'`);
  }
  if (typeof value === "string" || isArray(value)) {
    const [min, max] = [bound("minLength"), bound("maxLength")];
    const { length } = value;
    if (min !== undefined && length < min) {
      throw fail(
        `Length of the value should be greater than or equal to '${min}', not '${length}'`,
      );
    }
    if (max !== undefined && length > max) {
      throw fail(`Length of the value should be less than or equal to '${max}', not '${length}'`);
    }
  }
}

function requireMembers(
  value: JsonObject,
  type: JsonObject,
  check: TypeCheck,
  depth: number,
): void {
  const chosen = chooseByDiscriminator(value, type, check);
  const properties = member(chosen, "properties");
  const known = isObject(properties) ? properties : {};
  for (const [name, declared] of Object.entries(known)) {
    if (!isObject(declared)) continue;
    const what = `${check.what}, property '${name}'`;
    const sent = member(value, name);
    if (sent === undefined) {
      const resolved = resolveType(declared, check.definitions, check.path);
      if (member(resolved, "nullable") === true) continue;
      throw invalid(
        `The provided value for ${check.what} lacks the property '${name}'`,
        check.path,
      );
    }
    requireType(sent, declared, { ...check, what }, depth + 1);
  }
  const additional = member(chosen, "additionalProperties");
  const names = new Set(Object.keys(known).map((name) => name.toLowerCase()));
  for (const [name, item] of Object.entries(value)) {
    if (names.has(name.toLowerCase())) continue;
    if (additional === false) {
      throw invalid(`The property '${name}' is not allowed in ${check.what}`, check.path);
    }
    if (isObject(additional)) {
      requireType(
        item,
        additional,
        { ...check, what: `${check.what}, property '${name}'` },
        depth + 1,
      );
    }
  }
}

function chooseByDiscriminator(value: JsonObject, type: JsonObject, check: TypeCheck): JsonObject {
  const discriminator = member(type, "discriminator");
  if (!isObject(discriminator)) return type;
  const propertyName = String(member(discriminator, "propertyName"));
  const mapping = member(discriminator, "mapping");
  const tag = member(value, propertyName);
  const chosen = isObject(mapping) && typeof tag === "string" ? member(mapping, tag) : undefined;
  if (isObject(chosen)) return resolveType(chosen, check.definitions, check.path);
  throw invalid(
    `The provided value for ${check.what} is not valid. Its '${propertyName}' names none of the known variants`,
    check.path,
  );
}

function requireItems(
  value: readonly Json[],
  type: JsonObject,
  check: TypeCheck,
  depth: number,
): void {
  const prefix = member(type, "prefixItems");
  const items = member(type, "items");
  for (const [index, item] of value.entries()) {
    const declared = (isArray(prefix) ? prefix[index] : undefined) ?? items;
    const what = `${check.what}, item ${index}`;
    if (declared === false) throw invalid(`There are too many items in ${check.what}`, check.path);
    if (isObject(declared)) requireType(item, declared, { ...check, what }, depth + 1);
  }
}
