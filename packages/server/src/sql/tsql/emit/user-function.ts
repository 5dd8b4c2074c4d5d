// A call of a user's scalar function: what its body computes takes the call's place.
import type { Expression } from "../ast.ts";
import { fail } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import type { Statement } from "../statement.ts";
import { convert } from "./conversion.ts";
import { bindBody } from "./function-body.ts";
import type { Binder, Scope } from "./scope.ts";
import type { Value } from "./value.ts";

type FunctionStatement = Extract<Statement, { kind: "createFunction" }>;

export function parseFunction(text: string): FunctionStatement {
  const [statement] = parseBatch(text);
  if (statement?.kind !== "createFunction") throw new Error("a stored function is not a function");
  return statement;
}

export function bindUserFunction(
  binder: Binder,
  node: Extract<Expression, { kind: "call" }>,
  scope: Scope,
): Value {
  const { call, at } = node;
  const object = binder.env.find(call.name);
  if (object?.kind !== "function") {
    return fail(4121, at, call.name.parts[0]!, call.name.parts.join("."));
  }
  binder.env.authorize("EXECUTE", object, [], at);
  const definition = parseFunction(object.text);
  const { returns } = definition;
  if (returns.kind !== "scalar") return fail(4121, at, call.name.parts[0]!, object.name);
  const parameters = functionParameters(binder, definition, call.args, scope, at);
  const body = { statements: returns.body.statements, type: returns.type };
  return binder.env.chained(() => bindBody(binder, body, parameters));
}

/** Arguments by parameter name, converted to the parameters' types. */
export function functionParameters(
  binder: Binder,
  definition: FunctionStatement,
  args: readonly Expression[],
  scope: Scope,
  at: Expression["at"],
): Map<string, Value> {
  const name = definition.name.parts.at(-1)!;
  if (args.length > definition.parameters.length) fail(8144, at, name);
  const bound = new Map<string, Value>();
  definition.parameters.forEach((parameter, index) => {
    const arg = args[index];
    if (arg === undefined) fail(313, at, name);
    const given = arg.kind === "default" ? parameter.default : arg;
    if (given === undefined) fail(201, at, name, parameter.name);
    bound.set(
      parameter.name.toLowerCase(),
      convert(binder.value(given, scope), parameter.type, at),
    );
  });
  return bound;
}
