// The functions that depend on the deployment, as a scope for the expression language. `run` functions
// (reference, list*) come from outside: at planning time they are refused, at run time they answer.

import {
  type Environment,
  ExpressionError,
  type Scope,
  type ScopeFunction,
} from "@callosum/expression/template.ts";
import type { Template } from "./document.ts";
import type { Json } from "./json.ts";
import { idFunctions, type TargetScope } from "./resource-function.ts";
import { userFunctions } from "./user-function.ts";
import { type Copies, type Evaluation, noCopies } from "./value.ts";

/** What the deployment knows of its surroundings before it starts. */
export interface Facts {
  readonly deployment: Json;
  /** Who deploys: `objectId`, `tenantId`, `userPrincipalName`. */
  readonly deployer: Json;
  readonly environment: Json;
  readonly subscription: Json;
  readonly tenant: Json;
  /** Undefined at subscription scope. */
  readonly resourceGroup: Json | undefined;
  provider(namespace: string, type: string | undefined): Json | undefined;
}

/** What only a running deployment can answer. */
export interface Runtime {
  reference(args: readonly Json[]): Json;
  references(args: readonly Json[]): Json;
  list(name: string, args: readonly Json[]): Json;
}

export interface Context {
  readonly template: Template;
  readonly target: TargetScope;
  readonly facts: Facts;
  readonly environment: Environment;
  parameter(name: string): Json | undefined;
  variable(name: string): Json | undefined;
  /** `resourceInfo('symbol')`: known once the resources are. */
  resourceInfo(name: string): Json | undefined;
}

export interface Place {
  readonly runtime?: Runtime;
  readonly copies?: Copies;
  /** newGuid and utcNow are for default values only. */
  readonly isDefaultValue?: boolean;
}

/** How to evaluate anything that stands at a place. */
export function evaluationAt(context: Context, place: Place = {}): Evaluation {
  const { runtime, isDefaultValue = false, copies = noCopies } = place;
  const fixed = fixedFunctions(context, { runtime, isDefaultValue });
  return {
    copies,
    environment: context.environment,
    scopeOf: (loops) => ({ ...fixed, copyIndex: (args) => copyIndex(args, loops) }),
  };
}

function fixedFunctions(
  context: Context,
  { runtime, isDefaultValue }: { runtime: Runtime | undefined; isDefaultValue: boolean },
): Scope {
  const { target, facts } = context;
  const run = runtimeFunctions(runtime);
  return {
    parameters: ([name]) =>
      context.parameter(String(name)) ?? absent("parameter", context.parameter, String(name)),
    variables: ([name]) =>
      context.variable(String(name)) ?? absent("variable", context.variable, String(name)),
    ...idFunctions(target),
    ...run,
    ...(isDefaultValue ? {} : defaultValueOnly),
    deployer: () => facts.deployer,
    deployment: () => facts.deployment,
    environment: () => facts.environment,
    subscription: () => facts.subscription,
    tenant: () => facts.tenant,
    resourceGroup: () => {
      if (facts.resourceGroup !== undefined) return facts.resourceGroup;
      throw notExpected("resourceGroup");
    },
    resourceInfo: ([name]) => context.resourceInfo(String(name)),
    providers: ([namespace, type]) =>
      facts.provider(String(namespace), type === undefined ? undefined : String(type)),
    pickZones: refused("pickZones", "there are no availability zones"),
    managementGroup: refused("managementGroup", "there are no management groups"),
    managementGroupResourceId: refused(
      "managementGroupResourceId",
      "there are no management groups",
    ),
    ...userFunctions(context),
  };
}

/** A value may be null and yet be there; an absent one is an error by name. */
function absent(
  kind: "parameter" | "variable",
  find: (name: string) => Json | undefined,
  name: string,
): Json {
  const value = find(name);
  if (value !== undefined) return value;
  throw new ExpressionError(
    "PropertyNotFound",
    `The template ${kind} '${name}' is not found. Please see https://aka.ms/arm-syntax-${kind}s for usage details.`,
  );
}

function notExpected(name: string): ExpressionError {
  return new ExpressionError(
    "NotSupported",
    `The template function '${name}' is not expected at this location. Please see https://aka.ms/arm-functions for usage details.`,
  );
}

function refused(name: string, reason: string): ScopeFunction {
  return () => {
    throw new ExpressionError(
      "NotSupported",
      `The template function '${name}' is not supported by Callosum: ${reason}.`,
    );
  };
}

const defaultValueOnly: Scope = Object.fromEntries(
  ["newGuid", "utcNow"].map((name) => [
    name,
    () => {
      throw notExpected(name);
    },
  ]),
);

function runtimeFunctions(runtime: Runtime | undefined): Scope {
  const need = (name: string): Runtime => {
    if (runtime) return runtime;
    throw notExpected(name);
  };
  return {
    reference: (args) => need("reference").reference(args),
    references: (args) => need("references").references(args),
    "list*": (args, { name }) => need(name).list(name, args),
  };
}

function copyIndex(args: readonly Json[], copies: Copies): Json {
  const [first, second] = args;
  const name = typeof first === "string" ? first.toLowerCase() : copies.current;
  const offset = typeof first === "string" ? (second ?? 0) : (first ?? 0);
  const index = name === undefined ? undefined : copies.loops.get(name);
  if (index === undefined) {
    throw new ExpressionError(
      "NotSupported",
      "The template function 'copyIndex' is not expected at this location. The function can only be used in a resource with copy specified. Please see https://aka.ms/arm-copy for usage details.",
    );
  }
  if (typeof offset !== "number") {
    throw new ExpressionError("ArgumentType", "The offset of 'copyIndex' must be an integer.");
  }
  return index + offset;
}
