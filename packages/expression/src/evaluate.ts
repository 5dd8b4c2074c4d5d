// Evaluates a tree. What a language or a caller adds comes in as values: the function table, and a
// scope of functions whose results depend on where the expression stands.
import { type CallNode, type MemberNode, type Node, walk } from "./ast.ts";
import { ExpressionError, placeError } from "./error.ts";
import {
  type Argument,
  abbreviate,
  type CallContext,
  checkArgumentCount,
  checkArguments,
  type Environment,
  type FunctionDefinition,
  type FunctionTable,
} from "./function.ts";
import { Budget } from "./limit.ts";
import {
  definedKeys,
  findKey,
  type Integer,
  type Json,
  kindOf,
  toJson,
  type Value,
  type ValueObject,
} from "./value.ts";

/** How a scope function was called. */
export interface ScopeCall {
  readonly name: string;
  readonly node: CallNode;
}

/** An argument of a lazy scope function: look at its tree, or evaluate it. */
export interface ScopeArgument {
  readonly node: Node;
  evaluate(): Json;
}

/** Gets evaluated arguments. `undefined` means that there is no such thing, and is an error. */
export type ScopeFunction = (args: readonly Json[], call: ScopeCall) => Json | undefined;

/** Gets its arguments unevaluated. */
export interface LazyScopeFunction {
  lazy(args: readonly ScopeArgument[], call: ScopeCall): Json | undefined;
}

/**
 * The functions that only the caller knows: `pipeline`, `item`, `parameters`, `reference`… Names
 * are matched without regard to case; one that ends in `*` serves every function that begins so
 * (`list*`). A scope comes before the language's own functions, so it can also forbid one. Errors
 * it throws pass through unchanged unless they are ExpressionErrors, which get the position. Its
 * names are read once: a scope object is not changed after its first use.
 */
export type Scope = Readonly<Record<string, ScopeFunction | LazyScopeFunction>>;

export interface Frame {
  readonly table: FunctionTable;
  readonly scope: Scope;
  readonly environment: Environment;
  readonly budget: Budget;
  readonly bindings: ReadonlyMap<string, Value>;
}

/** The value of a whole expression, as it leaves this package. */
export function evaluateToJson(node: Node, frame: Frame): Json {
  const value = evaluateNode(node, frame);
  try {
    return toJson(value, frame.budget);
  } catch (error) {
    throw error instanceof ExpressionError ? placeError(error, { position: node.start }) : error;
  }
}

const noBindings: ReadonlyMap<string, Value> = new Map();

export function makeFrame(table: FunctionTable, scope: Scope, environment: Environment): Frame {
  return { table, scope, environment, budget: new Budget(), bindings: noBindings };
}

/** A wrong number of arguments is known without evaluating, so it fails even in a dead branch. */
export function checkCalls(root: Node, table: FunctionTable): Node {
  walk(root, (node) => {
    const definition = node.type === "call" ? table.get(node.key) : undefined;
    if (definition === undefined || node.type !== "call") return;
    try {
      checkArgumentCount(definition, node.args.length);
    } catch (error) {
      throw error instanceof ExpressionError ? placeError(error, { position: node.start }) : error;
    }
  });
  return root;
}

export function evaluateNode(node: Node, frame: Frame): Value {
  frame.budget.spend(1);
  if (node.type === "literal") return node.value;
  try {
    return node.type === "call" ? evaluateCall(node, frame) : evaluateMember(node, frame);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const position = node.type === "call" ? node.start : node.property.start;
    throw placeError(error, { position });
  }
}

function evaluateCall(node: CallNode, frame: Frame): Value {
  const scoped = findInScope(frame.scope, node.key);
  if (scoped !== undefined) return callScope(scoped, node, frame);
  const definition = frame.table.get(node.key);
  if (definition === undefined) {
    throw new ExpressionError(
      "UnknownFunction",
      `'${node.name}' is not a function that is available here.`,
    );
  }
  frame.budget.spend(definition.cost ?? 1);
  const result = callDefinition(definition, node, frame);
  chargeFor(result, frame.budget);
  return result;
}

function callDefinition(definition: FunctionDefinition, node: CallNode, frame: Frame): Value {
  const context: CallContext = frame;
  if (definition.callLazily) {
    const lazyArgs = node.args.map(
      (arg): Argument => ({
        node: arg,
        evaluate: (bindings) =>
          evaluateNode(arg, bindings === undefined ? frame : { ...frame, bindings }),
      }),
    );
    return definition.callLazily(lazyArgs, context);
  }
  const args = node.args.map((arg) => evaluateNode(arg, frame));
  checkArguments(definition, args);
  for (const arg of args) if (typeof arg === "string") frame.budget.spend(arg.length / 64);
  return definition.call(args, context);
}

function chargeFor(result: Value, budget: Budget): void {
  if (typeof result === "string") budget.spendText(result.length);
  else if (Array.isArray(result)) budget.spend(result.length);
}

function callScope(scoped: ScopeFunction | LazyScopeFunction, node: CallNode, frame: Frame): Value {
  const call: ScopeCall = { name: node.name, node };
  const evaluate = (arg: Node) => toJson(evaluateNode(arg, frame), frame.budget);
  const result =
    typeof scoped === "function"
      ? scoped(node.args.map(evaluate), call)
      : scoped.lazy(
          node.args.map((arg) => ({ node: arg, evaluate: () => evaluate(arg) })),
          call,
        );
  if (result === undefined) {
    const args = node.args.map((arg) =>
      arg.type === "literal" ? `'${abbreviate(String(arg.value))}'` : "…",
    );
    throw new ExpressionError(
      "PropertyNotFound",
      `There is no ${node.name}(${args.join(", ")}) here.`,
    );
  }
  return result;
}

interface ResolvedScope {
  readonly exact: ReadonlyMap<string, ScopeFunction | LazyScopeFunction>;
  readonly prefixes: readonly (readonly [string, ScopeFunction | LazyScopeFunction])[];
}

const resolvedScopes = new WeakMap<Scope, ResolvedScope>();

function findInScope(scope: Scope, key: string) {
  let resolved = resolvedScopes.get(scope);
  if (resolved === undefined) {
    const entries = Object.entries(scope).map(
      ([name, call]) => [name.toLowerCase(), call] as const,
    );
    resolved = {
      exact: new Map(entries),
      prefixes: entries
        .filter(([name]) => name.endsWith("*"))
        .map(([name, call]) => [name.slice(0, -1), call] as const),
    };
    resolvedScopes.set(scope, resolved);
  }
  return (
    resolved.exact.get(key) ?? resolved.prefixes.find(([prefix]) => key.startsWith(prefix))?.[1]
  );
}

function evaluateMember(node: MemberNode, frame: Frame): Value {
  const object = evaluateNode(node.object, frame);
  const property = evaluateNode(node.property, frame);
  const found = selectMember(object, property, frame.budget);
  if (found !== undefined) return found;
  if (node.isSafe) return null;
  throw memberMissing(object, property);
}

/**
 * The member, or undefined when there is none. Property names are matched exactly first, then
 * without regard to case (prereq-constructs.md: `templatelink`). Fails with ArgumentType when the
 * property cannot belong to such a value.
 */
export function selectMember(object: Value, property: Value, budget: Budget): Value | undefined {
  const kind = kindOf(object);
  if (kind === "null") return undefined;
  if (kind === "array" && kindOf(property) === "integer") {
    return (object as readonly Value[])[Number(property as Integer)];
  }
  if (kind === "object" && typeof property === "string") {
    const key = findKey(object as ValueObject, property, budget);
    return key === undefined ? undefined : (object as ValueObject)[key];
  }
  const wanted = kind === "array" ? "an integer" : "a string";
  throw new ExpressionError(
    "ArgumentType",
    kind === "array" || kind === "object"
      ? `An ${kind} is indexed by ${wanted}, not by ${kindOf(property)}.`
      : `A ${kind} has no members, so ${describeProperty(property)} cannot be selected.`,
  );
}

function memberMissing(object: Value, property: Value): ExpressionError {
  const name = describeProperty(property);
  if (object === null) {
    return new ExpressionError("NullValue", `${name} cannot be selected, for its owner is null.`);
  }
  if (Array.isArray(object)) {
    const size = object.length === 1 ? "1 item" : `${object.length} items`;
    return new ExpressionError("IndexOutOfRange", `There is no item ${name}; there are ${size}.`);
  }
  const keys = definedKeys(object as ValueObject);
  const shown = keys.slice(0, 20).map(abbreviate).join(", ");
  return new ExpressionError(
    "PropertyNotFound",
    keys.length === 0
      ? `The property ${name} does not exist; the object is empty.`
      : `The property ${name} does not exist; there are: ${shown}${keys.length > 20 ? ", …" : ""}.`,
  );
}

function describeProperty(property: Value): string {
  return typeof property === "string" ? `'${abbreviate(property)}'` : String(property);
}
