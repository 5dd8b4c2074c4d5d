// Parameters and variables with their values: parameters are settled once, variables when they are
// first asked for.

import type { Environment } from "@callosum/expression/template.ts";
import { invalid, type Template } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import type { TargetScope } from "./resource-function.ts";
import { type Context, evaluationAt, type Facts } from "./scope.ts";
import { readType, requireType } from "./type-check.ts";
import { evaluateValue, expandLoop } from "./value.ts";

export interface OpenContext extends Context {
  /** By name as declared. */
  readonly parameterValues: ReadonlyMap<string, Json>;
  resourceInfo: (name: string) => Json | undefined;
}

/**
 * Settles the parameters. `given` holds values by name. Fails with InvalidTemplate: unknown and
 * missing parameters, wrong types, broken constraints.
 */
export function openContext(options: {
  template: Template;
  target: TargetScope;
  facts: Facts;
  environment: Environment;
  given: ReadonlyMap<string, Json>;
}): OpenContext {
  const { template, target, facts, environment } = options;
  requireKnown(template, options.given);
  const given = new Map([...options.given].map(([name, value]) => [name.toLowerCase(), value]));
  const names = new Map([...template.parameters.keys()].map((name) => [name.toLowerCase(), name]));
  const parameterValues = new Map<string, Json>();
  const settling = new Set<string>();
  const context: OpenContext = {
    template,
    target,
    facts,
    environment,
    parameterValues,
    resourceInfo: () => undefined,
    parameter(wanted) {
      const name = names.get(wanted.toLowerCase());
      if (name === undefined) return undefined;
      const settled = parameterValues.get(name);
      if (settled !== undefined) return settled;
      const path = `parameters.${name}`;
      if (settling.has(name)) throw invalid(`The parameter '${name}' refers to itself`, path);
      settling.add(name);
      const value = settle({ context, name, given: given.get(name.toLowerCase()), path });
      settling.delete(name);
      parameterValues.set(name, value);
      return value;
    },
    variable: openVariables(template, (evaluate) => evaluate(context)),
  };
  for (const name of template.parameters.keys()) context.parameter(name);
  return context;
}

function requireKnown(template: Template, given: ReadonlyMap<string, Json>): void {
  const declared = new Set([...template.parameters.keys()].map((name) => name.toLowerCase()));
  const unknown = [...given.keys()].filter((name) => !declared.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  const known = [...template.parameters.keys()].join(", ");
  throw invalid(
    `The following parameters were supplied, but do not correspond to any parameters defined in the template: '${unknown.join(", ")}'. The parameters defined in the template are: '${known}'. Please see https://aka.ms/arm-pass-parameter-values for usage details`,
    "parameters",
  );
}

function settle(options: {
  context: Context;
  name: string;
  given: Json | undefined;
  path: string;
}): Json {
  const { context, name, given, path } = options;
  const { definitions, parameters } = context.template;
  const declared = parameters.get(name) as JsonObject;
  const type = readType(declared, definitions, path);
  const otherwise = member(declared, "defaultValue");
  const value =
    given ??
    (otherwise === undefined
      ? undefined
      : evaluateValue(
          otherwise,
          evaluationAt(context, { isDefaultValue: true }),
          `${path}.defaultValue`,
        ));
  if (value === undefined || (value === null && !type.isNullable)) {
    if (type.isNullable) return null;
    throw invalid(
      `The value for the template parameter '${name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details`,
      path,
    );
  }
  requireType(value, declared, { definitions, path, what: `the template parameter '${name}'` });
  return value;
}

/** Variables by name, `copy` included; each is evaluated once. */
function openVariables(
  template: Template,
  within: (evaluate: (context: Context) => Json) => Json,
): (name: string) => Json | undefined {
  const values = new Map<string, Json>();
  const evaluating = new Set<string>();
  const sources = variableSources(template);
  return (wanted) => {
    const key = wanted.toLowerCase();
    const known = values.get(key);
    const source = sources.get(key);
    if (known !== undefined || source === undefined) return known;
    if (evaluating.has(key)) {
      throw invalid(`The variable '${wanted}' refers to itself`, source.path);
    }
    evaluating.add(key);
    const value = within((context) => source.evaluate(context));
    evaluating.delete(key);
    values.set(key, value);
    return value;
  };
}

interface VariableSource {
  readonly path: string;
  evaluate(context: Context): Json;
}

function variableSources(template: Template): Map<string, VariableSource> {
  const sources = new Map<string, VariableSource>();
  for (const [name, value] of Object.entries(template.variables)) {
    const path = `variables.${name}`;
    if (name.toLowerCase() === "copy" && isArray(value)) {
      for (const [index, loop] of value.entries()) addLoop(sources, loop, `${path}[${index}]`);
      continue;
    }
    const evaluate = (context: Context) => evaluateValue(value, evaluationAt(context), path);
    sources.set(name.toLowerCase(), { path, evaluate });
  }
  return sources;
}

function addLoop(sources: Map<string, VariableSource>, loop: Json, path: string): void {
  const name = isObject(loop) ? member(loop, "name") : undefined;
  const input = isObject(loop) ? member(loop, "input") : undefined;
  if (!isObject(loop) || typeof name !== "string" || input === undefined) {
    throw invalid("A copy of a variable needs 'name', 'count' and 'input'", path);
  }
  const evaluate = (context: Context) =>
    expandLoop({ name, loop, input }, evaluationAt(context), path, true);
  sources.set(name.toLowerCase(), { path, evaluate });
}

/** The names of all variables, for the check that each can be evaluated. */
export function variableNames(template: Template): string[] {
  return [...variableSources(template).keys()];
}
