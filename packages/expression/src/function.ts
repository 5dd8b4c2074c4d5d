// A function of either language is a value made by defineFunction: its signature gives the argument
// types of `call` at compile time and the checks at run time, its examples are its tests.
// Tables of them are functions/pipeline/table.ts and functions/template/table.ts.
import type { Node } from "./ast.ts";
import { ExpressionError, type ExpressionErrorCode } from "./error.ts";
import type { Budget } from "./limit.ts";
import {
  type Integer,
  isNumberKind,
  type Json,
  type Kind,
  kindOf,
  type Lambda,
  type Numeric,
  type Value,
  type ValueObject,
} from "./value.ts";

/** What a pure package cannot read itself. */
export interface Environment {
  now(): Date;
  newGuid(): string;
  /** At least 0 and less than 1. */
  random(): number;
}

export interface CallContext {
  readonly environment: Environment;
  readonly budget: Budget;
  /** What lambdaVariables() sees: the parameters of the lambdas around the call. */
  readonly bindings: ReadonlyMap<string, Value>;
}

/** An argument that is evaluated when asked, each time in its own right. */
export interface Argument {
  readonly node: Node;
  evaluate(bindings?: ReadonlyMap<string, Value>): Value;
}

export interface Example {
  readonly text: string;
  /** The value as JSON, or the code of the error. */
  readonly result?: Json;
  readonly fails?: ExpressionErrorCode;
  /** The clock's reading, where it is not 2018-04-15T13:00:00Z. */
  readonly now?: string;
}

interface Description<S extends string> {
  readonly name: string;
  readonly chapter: string;
  /** What follows the name: `(text: string, start: integer, length?: integer): string`. */
  readonly signature: S;
  /** The document that states the rule. */
  readonly source: string;
  readonly examples: readonly Example[];
  /** Work units of a call beyond its inputs and output; 1 by default. */
  readonly cost?: number;
}

export interface FunctionDefinition extends Description<string> {
  readonly parameters: readonly Parameter[];
  readonly call: (args: readonly Value[], context: CallContext) => Value;
  readonly callLazily?: (args: readonly Argument[], context: CallContext) => Value;
}

export type FunctionTable = ReadonlyMap<string, FunctionDefinition>;

export interface Parameter {
  readonly name: string;
  readonly types: readonly TypeName[];
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

interface Types {
  string: string;
  integer: Integer;
  number: Numeric;
  boolean: boolean;
  array: readonly Value[];
  object: ValueObject;
  null: null;
  lambda: Lambda;
  any: Value;
}
type TypeName = keyof Types;

type TypeOf<T extends string> = T extends `${infer A}|${infer B}`
  ? TypeOf<A> | TypeOf<B>
  : T extends TypeName
    ? Types[T]
    : never;
type ArgumentOf<P extends string> = P extends `...${string}: ${infer T}`
  ? TypeOf<T>[]
  : P extends `${string}?: ${infer T}`
    ? [TypeOf<T>?]
    : P extends `${string}: ${infer T}`
      ? [TypeOf<T>]
      : never;
type ArgumentsIn<P extends string> = P extends ""
  ? []
  : P extends `${infer Head}, ${infer Rest}`
    ? [...ArgumentOf<Head>, ...ArgumentsIn<Rest>]
    : ArgumentOf<P>;
export type ArgumentsOf<S extends string> = S extends `(${infer P}): ${string}`
  ? ArgumentsIn<P>
  : never;

export function defineFunction<const S extends string>(
  definition: Description<S> & {
    call(args: ArgumentsOf<S>, context: CallContext): Value;
  },
): FunctionDefinition {
  const { call, ...description } = definition;
  return {
    ...description,
    parameters: parseSignature(definition.signature),
    // checkArguments has proved the types that the signature promises.
    call: (args, context) => call(args as unknown as ArgumentsOf<S>, context),
  };
}

/** A function that decides itself which arguments to evaluate; its parameters are all `any`. */
export function defineLazyFunction(
  definition: Description<string> & {
    call(args: readonly Argument[], context: CallContext): Value;
  },
): FunctionDefinition {
  const { call, ...description } = definition;
  return {
    ...description,
    parameters: parseSignature(definition.signature),
    call: () => {
      throw new Error(`${definition.name} is lazy`);
    },
    callLazily: call,
  };
}

/** What a language says of a function that it shares with the other one. */
type OwnDescription = Pick<Description<string>, "chapter" | "source" | "examples">;

/** A function of both languages: what it does, to be taken into a chapter of each. */
export function sharedFunction<const S extends string>(
  name: string,
  signature: S,
  call: (args: ArgumentsOf<S>, context: CallContext) => Value,
): (own: OwnDescription) => FunctionDefinition {
  return (own) => defineFunction({ ...own, name, signature, call });
}

/** The same of a function that decides itself which arguments to evaluate. */
export function sharedLazily(
  name: string,
  signature: string,
  call: (args: readonly Argument[], context: CallContext) => Value,
): (own: OwnDescription) => FunctionDefinition {
  return (own) => defineLazyFunction({ ...own, name, signature, call });
}

/** A documented function that is not implemented: refused by name, with the reason. */
export function refuseFunction(
  description: Description<string> & { reason: string },
): FunctionDefinition {
  const { reason, ...rest } = description;
  return defineLazyFunction({
    ...rest,
    call: () => {
      throw new ExpressionError("NotSupported", `'${rest.name}' is not supported: ${reason}.`);
    },
  });
}

/** Names are matched without regard to case. */
export function tableOf(definitions: readonly FunctionDefinition[]): FunctionTable {
  const table = new Map(definitions.map((each) => [each.name.toLowerCase(), each]));
  if (table.size !== definitions.length) throw new Error("Two functions have the same name.");
  return table;
}

function parseSignature(signature: string): readonly Parameter[] {
  const inside = signature.slice(1, signature.lastIndexOf(")"));
  if (inside === "") return [];
  return inside.split(", ").map((part) => {
    const [label, types] = part.split(": ") as [string, string];
    return {
      name: label.replace(/^\.\.\.|\?$/g, ""),
      types: types.split("|") as TypeName[],
      isOptional: label.endsWith("?"),
      isRest: label.startsWith("..."),
    };
  });
}

/** Fails with ArgumentCount. Known before any argument is evaluated, so it is checked first. */
export function checkArgumentCount(definition: FunctionDefinition, count: number): void {
  const { parameters, name, signature } = definition;
  const least = parameters.filter((each) => !each.isOptional && !each.isRest).length;
  const isOpen = parameters.at(-1)?.isRest ?? false;
  const most = isOpen ? Number.POSITIVE_INFINITY : parameters.length;
  if (count >= least && count <= most) return;
  const expected = isOpen ? `at least ${least}` : least === most ? least : `${least} to ${most}`;
  throw new ExpressionError(
    "ArgumentCount",
    `${name}${signature} takes ${expected} argument${expected === 1 ? "" : "s"}, not ${count}.`,
  );
}

/** Fails with ArgumentType, naming the argument, what it should be and what it is. */
export function checkArguments(definition: FunctionDefinition, args: readonly Value[]): void {
  const { parameters, name } = definition;
  args.forEach((arg, i) => {
    const parameter = parameters[Math.min(i, parameters.length - 1)]!;
    const kind = kindOf(arg);
    if (parameter.types.some((type) => accepts(type, kind))) return;
    throw new ExpressionError(
      "ArgumentType",
      `'${name}' expects ${parameter.types.join(" or ")} as argument ${i + 1} ` +
        `(${parameter.name}), but got ${kind}${kind === "string" ? ` '${abbreviate(arg as string)}'` : ""}.`,
    );
  });
}

function accepts(type: TypeName, kind: Kind): boolean {
  if (type === "any") return kind !== "lambda";
  return type === "number" ? isNumberKind(kind) : type === kind;
}

/** A string short enough for a message. */
export function abbreviate(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** For an argument that must be a string because another one is. Fails with ArgumentType. */
export function requireText(name: string, value: Value): string {
  if (typeof value === "string") return value;
  throw new ExpressionError(
    "ArgumentType",
    `'${name}' expects a string here, but got ${kindOf(value)}.`,
  );
}
