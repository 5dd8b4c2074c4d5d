// Functions that a template defines: `namespace.name(…)`, their parameters and their output. They see
// their own parameters and each other, no variables and nothing of the deployment.

import {
  type Environment,
  ExpressionError,
  evaluateTemplate,
  type Scope,
  type ScopeFunction,
} from "@callosum/expression/template.ts";
import { invalid, type Template } from "./document.ts";
import { isArray, isObject, type Json, type JsonObject, member } from "./json.ts";
import { requireType } from "./type-check.ts";

const depthMax = 32;

interface Known {
  readonly template: Template;
  readonly environment: Environment;
}

const known = new WeakMap<Known, Scope>();

/** By `namespace.name`. Fails with InvalidTemplate where the declarations are wrong. */
export function userFunctions(context: Known): Scope {
  const found = known.get(context);
  if (found) return found;
  const functions: Record<string, ScopeFunction> = {};
  const state = { depth: 0 };
  for (const [index, group] of context.template.functions.entries()) {
    const path = `functions[${index}]`;
    const namespace = member(group, "namespace");
    const members = member(group, "members");
    if (typeof namespace !== "string" || !isObject(members)) {
      throw invalid("User functions need a 'namespace' and 'members'", path);
    }
    for (const [name, declared] of Object.entries(members)) {
      const place = `${path}.members.${name}`;
      if (!isObject(declared)) throw invalid(`The function '${name}' must be an object`, place);
      const full = `${namespace}.${name}`;
      functions[full] = (args) =>
        call({ full, declared, args, path: place }, { context, functions, state });
    }
  }
  known.set(context, functions);
  return functions;
}

function call(
  invoked: { full: string; declared: JsonObject; args: readonly Json[]; path: string },
  host: { context: Known; functions: Scope; state: { depth: number } },
): Json {
  const { full, declared, args, path } = invoked;
  const { context, functions, state } = host;
  const { definitions } = context.template;
  const parameters = readParameters(declared, path);
  const required = parameters.filter((each) => member(each, "defaultValue") === undefined).length;
  if (args.length < required || args.length > parameters.length) {
    throw new ExpressionError(
      "ArgumentCount",
      `The user function '${full}' takes ${parameters.length} argument(s), not ${args.length}.`,
    );
  }
  if (state.depth >= depthMax) {
    throw new ExpressionError("LimitExceeded", `User functions call each other too deeply.`);
  }
  const values = new Map<string, Json>();
  for (const [index, parameter] of parameters.entries()) {
    const value = args[index] ?? member(parameter, "defaultValue") ?? null;
    const name = String(member(parameter, "name"));
    requireType(value, parameter, { definitions, path, what: `parameter '${name}' of '${full}'` });
    values.set(name.toLowerCase(), value);
  }
  const output = member(declared, "output");
  const body = isObject(output) ? member(output, "value") : undefined;
  if (body === undefined) throw invalid(`The function '${full}' needs an output value`, path);
  state.depth += 1;
  try {
    const scope: Scope = {
      ...functions,
      parameters: ([name]) => values.get(String(name).toLowerCase()),
      variables: () => {
        throw new ExpressionError("NotSupported", "A user function cannot use variables.");
      },
    };
    return evaluateTemplate(body, scope, context.environment);
  } finally {
    state.depth -= 1;
  }
}

function readParameters(declared: JsonObject, path: string): JsonObject[] {
  const parameters = member(declared, "parameters") ?? [];
  if (!isArray(parameters)) throw invalid("A function's 'parameters' must be an array", path);
  return parameters.map((parameter) => {
    if (isObject(parameter)) return parameter;
    throw invalid("A function's parameter must be an object", path);
  });
}
