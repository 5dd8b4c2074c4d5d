// Checks what a client sent against a schema: canonical casing first, then the validator; the error
// names the property (design.md §5: unknown properties stay, wrong values are refused).

import { canonicalise } from "@callosum/contract/schema.ts";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { TSchema } from "typebox";
import { failSynapse } from "./error-catalogue.ts";

const ajv = new Ajv({
  strict: false,
  allErrors: false,
  validateFormats: false,
  allowUnionTypes: true,
  verbose: true,
});
const compiled = new WeakMap<TSchema, ValidateFunction>();

/** Deeper JSON than this is refused: no artifact needs it and walks recurse. */
const depthMax = 100;

/** Gives the canonical value; fails with BadRequest whose target starts with `at`. */
export function checkShape<Shape = Record<string, unknown>>(
  schema: TSchema,
  options: { value: unknown; at: string },
): Shape {
  const { value, at } = options;
  const canonical = canonicalise(schema, value, { unknown: "keep", defaults: false });
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(canonical)) return canonical as Shape;
  throw invalid(validate.errors ?? [], { canonical, at });
}

function invalid(
  errors: readonly ErrorObject[],
  options: { canonical: unknown; at: string },
): Error {
  // Of a union's complaints the last one is the union's own; it carries the description.
  const error = errors.at(-1);
  const path = (error?.instancePath ?? "").split("/").filter(Boolean);
  const { missingProperty, additionalProperty } = (error?.params ?? {}) as {
    missingProperty?: string;
    additionalProperty?: string;
  };
  const target = [options.at, ...path, missingProperty ?? additionalProperty ?? ""]
    .filter((part) => part !== "")
    .join(".");
  const reason = missingProperty
    ? `Invalid payload: the required property '${target}' is missing.`
    : `Invalid payload: the property '${target}' ${describe(error)}.`;
  return failSynapse.BadRequest({ reason, target });
}

function describe(error: ErrorObject | undefined): string {
  if (error?.keyword === "additionalProperties") return "is not known";
  const { allowedValues, allowedValue } = (error?.params ?? {}) as {
    allowedValues?: unknown[];
    allowedValue?: unknown;
  };
  if (allowedValues) return `must be one of ${allowedValues.join(", ")}`;
  if (allowedValue !== undefined) return `must be '${String(allowedValue)}'`;
  const description = (error?.parentSchema as { description?: string } | undefined)?.description;
  return description === undefined
    ? (error?.message ?? "is not valid")
    : `must be ${description.replace(/^\w/, (first) => first.toLowerCase())}`;
}

/** A JSON object, not deeper than we walk. Fails with BadRequest. */
export function requireObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw failSynapse.BadRequest({ reason: `'${name}' must be a JSON object.`, target: name });
  }
  if (isDeep(value)) {
    throw failSynapse.BadRequest({
      reason: `'${name}' is nested deeper than ${depthMax} levels.`,
      target: name,
    });
  }
  return value as Record<string, unknown>;
}

function isDeep(value: object): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= depthMax; depth += 1) {
    const next: unknown[] = [];
    for (const item of level) {
      for (const child of Object.values(item as object)) {
        if (typeof child === "object" && child !== null) next.push(child);
      }
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
