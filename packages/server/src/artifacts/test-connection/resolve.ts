// A linked service with its parameters filled in: `@{linkedService().p}` becomes the given value or the
// default; one without either is named (features.md A-15).

import type { ArtifactProperties } from "@callosum/contract/artifact.ts";
import type { VerdictHop } from "@callosum/contract/verdict.ts";
import {
  type Environment,
  ExpressionError,
  evaluateValue,
  type Json,
  references,
} from "@callosum/expression/pipeline.ts";
import { failed } from "./hop.ts";

export type Resolution =
  | { readonly typeProperties: ArtifactProperties; readonly problem?: undefined }
  | { readonly problem: VerdictHop };

/** Declared parameters with the value that counts; undefined where there is none. */
function parameterValues(
  properties: ArtifactProperties,
  given: Readonly<Record<string, unknown>>,
): [name: string, value: unknown][] {
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const declared = Object.entries((properties.parameters ?? {}) as Record<string, unknown>);
  return declared.map(([name, declaration]) => [
    name,
    byName.get(name.toLowerCase()) ?? defaultOf(declaration),
  ]);
}

/** Callers of the test put plain values where declarations stand (protocols.md 4.4). */
function defaultOf(declaration: unknown): unknown {
  if (typeof declaration !== "object" || declaration === null) return declaration;
  const { type, defaultValue, value } = declaration as Record<string, unknown>;
  if (type === undefined && value === undefined && defaultValue === undefined) return declaration;
  return value ?? defaultValue;
}

/** The typeProperties with every expression evaluated. */
export function resolveLink(options: {
  properties: ArtifactProperties;
  given: Readonly<Record<string, unknown>>;
  environment: Environment;
}): Resolution {
  const { properties, given, environment } = options;
  const typeProperties = (properties.typeProperties ?? {}) as { [name: string]: Json };
  const values = parameterValues(properties, given);
  const byName = new Map(values.map(([name, value]) => [name.toLowerCase(), value]));
  try {
    const missing = references(typeProperties)
      .filter(({ root }) => root.toLowerCase() === "linkedservice")
      .map(({ members }) => String(members[0] ?? ""))
      .find((name) => byName.get(name.toLowerCase()) === undefined);
    if (missing !== undefined) {
      return { problem: missingParameter(missing, byName.has(missing.toLowerCase())) };
    }
    const scope = { linkedService: () => Object.fromEntries(values) as Json };
    return {
      typeProperties: evaluateValue(typeProperties, scope, environment) as ArtifactProperties,
    };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      problem: failed("definition", {
        code: "2105",
        reason: "expressionInvalid",
        message: `An expression of the linked service cannot be evaluated: ${error.message}`,
        fault: { party: "linkedService" },
      }),
    };
  }
}

function missingParameter(name: string, isDeclared: boolean): VerdictHop {
  return failed("definition", {
    code: "2103",
    reason: isDeclared ? "parameterMissing" : "parameterUndeclared",
    message: isDeclared
      ? `The parameter '${name}' of the linked service has no default and no value was given for it.`
      : `The linked service uses the parameter '${name}', which it does not declare.`,
    fault: { party: isDeclared ? "caller" : "linkedService" },
    ...(isDeclared
      ? { fix: { description: `Give a value for the parameter '${name}' with the test.` } }
      : {}),
  });
}
