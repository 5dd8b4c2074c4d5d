// The body of a scalar function as one expression: DECLARE, SET, IF … ELSE and RETURN are followed with values that
// are SQL, and where IF goes two ways the values of both meet in a CASE. Loops have no such form and are refused.
// Source: "CREATE FUNCTION (Azure Synapse Analytics)".
import type { SqlType } from "../../session.ts";
import type { Expression, Position } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import type { Statement } from "../statement.ts";
import { storage } from "../type.ts";
import { convert } from "./conversion.ts";
import { type Binder, emptyScope, type Scope } from "./scope.ts";
import type { Value } from "./value.ts";

type Variables = ReadonlyMap<string, Value>;

/** Values repeat in each other's texts; longer ones are not worth a plan. */
const textLengthMax = 100_000;

/** Raises 455 or 40517 for a body that has no form as an expression. */
export function checkBody(statements: readonly Statement[], at: Position): void {
  if (statements.at(-1)?.kind !== "return") fail(455, at);
  statements.forEach(checkStatement);
}

function checkStatement(statement: Statement): void {
  switch (statement.kind) {
    case "declare":
    case "setVariable":
      return;
    case "return":
      if (statement.value === undefined) fail(178, statement.at);
      return;
    case "block":
      statement.statements.forEach(checkStatement);
      return;
    case "if":
      checkStatement(statement.body);
      if (statement.otherwise) checkStatement(statement.otherwise);
      return;
    case "query":
      if (assignments(statement) === undefined)
        refuseOption(statement.at, "SELECT of rows in a scalar function");
      return;
    default: {
      const words = statement.kind.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
      refuseOption(statement.at, `${words} in a scalar function`);
    }
  }
}

/** `SELECT @a = 1, @b = @a + 1` is so many SETs. */
function assignments(statement: Extract<Statement, { kind: "query" }>) {
  const { body, ctes } = statement.query;
  if (body.kind !== "select" || body.from.length > 0 || body.where || ctes.length > 0)
    return undefined;
  const items = body.items.flatMap((item) => (item.kind === "assign" ? [item] : []));
  return items.length === body.items.length ? items : undefined;
}

export function bindBody(
  binder: Binder,
  body: { statements: readonly Statement[]; type: SqlType },
  parameters: Variables,
): Value {
  const result = returned(binder, body.statements, parameters, body.type);
  return result ?? typedNull(body.type);
}

/** What RETURN answers, or undefined when the statements end without one. */
function returned(
  binder: Binder,
  statements: readonly Statement[],
  variables: Variables,
  type: SqlType,
): Value | undefined {
  const [first, ...rest] = statements;
  if (first === undefined) return undefined;
  if (first.kind === "return")
    return limited(
      convert(binder.value(first.value!, scopeOf(variables)), type, first.at),
      first.at,
    );
  if (first.kind === "block")
    return returned(binder, [...first.statements, ...rest], variables, type);
  if (first.kind !== "if" || !mayReturn(first))
    return returned(binder, rest, assigned(binder, first, variables), type);
  const condition = binder.condition(first.condition, scopeOf(variables));
  const otherwise = first.otherwise === undefined ? [] : [first.otherwise];
  const left = returned(binder, [first.body, ...rest], variables, type) ?? typedNull(type);
  const right = returned(binder, [...otherwise, ...rest], variables, type) ?? typedNull(type);
  return limited(either(condition, left, right), first.at);
}

function mayReturn(statement: Statement): boolean {
  if (statement.kind === "return") return true;
  if (statement.kind === "block") return statement.statements.some(mayReturn);
  if (statement.kind !== "if") return false;
  return (
    mayReturn(statement.body) ||
    (statement.otherwise !== undefined && mayReturn(statement.otherwise))
  );
}

/** The variables after a statement that returns nothing. */
function assigned(binder: Binder, statement: Statement, variables: Variables): Variables {
  switch (statement.kind) {
    case "declare":
      return statement.variables.reduce((known, { name, type, value, at }) => {
        const initial =
          value === undefined
            ? typedNull(type)
            : convert(binder.value(value, scopeOf(known)), type, at);
        return new Map(known).set(name.toLowerCase(), limited(initial, at));
      }, variables);
    case "setVariable": {
      const current: Expression = { kind: "variable", at: statement.at, name: statement.name };
      const { at, op, value } = statement;
      const whole: Expression =
        op === "=" ? value : { kind: "binary", at, op: op[0] as "+", left: current, right: value };
      return withValue(binder, variables, { name: statement.name, value: whole, at });
    }
    case "query":
      return (assignments(statement) ?? []).reduce(
        (known, { variable, expression, at }) =>
          withValue(binder, known, { name: variable, value: expression, at }),
        variables,
      );
    case "block":
      return statement.statements.reduce((known, each) => assigned(binder, each, known), variables);
    case "if": {
      const condition = binder.condition(statement.condition, scopeOf(variables));
      const left = assigned(binder, statement.body, variables);
      const right =
        statement.otherwise === undefined
          ? variables
          : assigned(binder, statement.otherwise, variables);
      return met(condition, left, right, statement.at);
    }
    default:
      throw new Error(`a function's body holds ${statement.kind}`);
  }
}

function withValue(
  binder: Binder,
  variables: Variables,
  { name, value, at }: { name: string; value: Expression; at: Position },
): Variables {
  const key = name.toLowerCase();
  const variable = variables.get(key) ?? fail(137, at, name);
  const given = convert(binder.value(value, scopeOf(variables)), variable.type, at);
  return new Map(variables).set(key, limited(given, at));
}

/** Each variable with its value of the way that was gone; one that is declared there is NULL on the other. */
function met(condition: string, left: Variables, right: Variables, at: Position): Variables {
  const result = new Map<string, Value>();
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name), right.get(name)];
    const { type } = (a ?? b)!;
    const value = either(condition, a ?? typedNull(type), b ?? typedNull(type));
    result.set(name, limited(value, at));
  }
  return result;
}

function either(condition: string, left: Value, right: Value): Value {
  if (condition === "true" || left.sql === right.sql) return left;
  if (condition === "false") return right;
  const sql = `CASE WHEN ${condition} THEN ${left.sql} ELSE ${right.sql} END`;
  return { sql, type: left.type, nullable: left.nullable || right.nullable };
}

function limited(value: Value, at: Position): Value {
  return value.sql.length <= textLengthMax
    ? value
    : refuseOption(at, "a scalar function of this length");
}

function typedNull(type: SqlType): Value {
  return { sql: `CAST(NULL AS ${storage(type)})`, type, nullable: true };
}

function scopeOf(variables: Variables): Scope {
  return { ...emptyScope(), clause: "select", variables };
}
