// The values expressions compute with. JSON flows through untouched; two extra forms keep .NET's
// number types exact where a JavaScript number cannot:
//   number  an integral number is an integer (Int64), any other is a float (Double)
//   bigint  an integer outside ±(2^53 - 1)
//   Float   a float whose value happens to be integral: float('10'), or 10.0 in a text
// They never leave: toJson turns them into numbers at the border, so an integer beyond 2^53 - 1
// becomes the nearest double there; string(...) or interpolation keeps all its digits.
import { ExpressionError } from "./error.ts";
import { type Budget, checkDepth } from "./limit.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type Integer = number | bigint;
export type Numeric = Integer | Float;
export type ValueObject = { readonly [key: string]: Value };
export type Value = null | boolean | Numeric | string | readonly Value[] | ValueObject | Lambda;

export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A template lambda. Only the functions that take one may see it. */
export class Lambda {
  readonly parameters: readonly string[];
  readonly invoke: (...args: Value[]) => Value;
  constructor(parameters: readonly string[], invoke: (...args: Value[]) => Value) {
    this.parameters = parameters;
    this.invoke = invoke;
  }
}

export type Kind =
  | "null"
  | "boolean"
  | "integer"
  | "float"
  | "string"
  | "array"
  | "object"
  | "lambda";

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "bigint":
      return "integer";
    case "number":
      return isIntegral(value) ? "integer" : "float";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "array";
      if (value instanceof Float) return "float";
      return value instanceof Lambda ? "lambda" : "object";
    default:
      throw new ExpressionError("ResultType", `A scope gave a ${typeof value}, which is not JSON.`);
  }
}

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);

function isIntegral(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

/** An integer value; fails outside 64 bits, as .NET's checked arithmetic does. */
export function integer(value: bigint): Integer {
  if (value > int64Max || value < int64Min) {
    throw new ExpressionError("Overflow", `${value} does not fit a 64-bit integer.`);
  }
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

export function float(value: number): Numeric {
  if (!Number.isFinite(value)) {
    throw new ExpressionError("Overflow", "The result is not a finite number.");
  }
  return Number.isInteger(value) ? new Float(value) : value;
}

export function isFloat(value: Numeric): boolean {
  return value instanceof Float || (typeof value === "number" && !isIntegral(value));
}

/** As a JavaScript number, perhaps rounded. */
export function toDouble(value: Numeric): number {
  return value instanceof Float ? value.value : Number(value);
}

/** Negative, zero or positive. Exact between two integers. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  if (isFloat(left) || isFloat(right)) return Math.sign(toDouble(left) - toDouble(right));
  const [a, b] = [left as Integer, right as Integer];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function equalValues(left: Value, right: Value, budget: Budget, depth = 0): boolean {
  checkDepth(depth);
  budget.spend(1);
  if (left === right) return true;
  const [a, b] = [kindOf(left), kindOf(right)];
  if (isNumberKind(a) && isNumberKind(b)) {
    return compareNumbers(left as Numeric, right as Numeric) === 0;
  }
  if (a !== b) return false;
  if (a === "array") {
    const [xs, ys] = [left as readonly Value[], right as readonly Value[]];
    return xs.length === ys.length && xs.every((x, i) => equalValues(x, ys[i]!, budget, depth + 1));
  }
  if (a === "object") {
    const [xs, ys] = [left as ValueObject, right as ValueObject];
    const keys = definedKeys(xs);
    return (
      keys.length === definedKeys(ys).length &&
      keys.every((k) => Object.hasOwn(ys, k) && equalValues(xs[k]!, ys[k]!, budget, depth + 1))
    );
  }
  return false;
}

export function isNumberKind(kind: Kind): boolean {
  return kind === "integer" || kind === "float";
}

/** Own keys that JSON would keep: a scope may hand over objects with undefined members. */
export function definedKeys(value: ValueObject): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** The key as the object spells it: exact first, else without regard to case. */
export function findKey(value: ValueObject, name: string, budget: Budget): string | undefined {
  if (Object.hasOwn(value, name) && value[name] !== undefined) return name;
  const keys = definedKeys(value);
  budget.spend(keys.length / 8);
  const wanted = name.toLowerCase();
  return keys.find((key) => key.toLowerCase() === wanted);
}

/** The value as plain JSON. Parts that are plain already are shared with the input, not copied. */
export function toJson(value: Value, budget: Budget, depth = 0): Json {
  checkDepth(depth);
  budget.spend(1);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) {
    kindOf(value);
    return value;
  }
  if (value instanceof Float) return value.value;
  if (value instanceof Lambda) throw lambdaEscaped();
  if (Array.isArray(value)) {
    return shareArray(value, (item) => toJson(item ?? null, budget, depth + 1)) as Json;
  }
  return shareObject(value as ValueObject, (item) => toJson(item, budget, depth + 1)) as Json;
}

export function lambdaEscaped(): ExpressionError {
  return new ExpressionError(
    "ResultType",
    "A lambda may stand only as an argument of map, filter, reduce, sort and their kin.",
  );
}

/** Maps an array, returning the very same one when nothing changed. */
export function shareArray<T>(items: readonly T[], map: (item: T, index: number) => unknown) {
  let changed: unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const mapped = map(items[i]!, i);
    if (changed) changed.push(mapped);
    else if (mapped !== items[i]) changed = [...items.slice(0, i), mapped];
  }
  return changed ?? items;
}

/** Maps an object's values, returning the very same object when nothing changed. */
export function shareObject<T>(
  object: { readonly [key: string]: T },
  map: (item: T, key: string) => unknown,
) {
  let changed: [string, unknown][] | undefined;
  const keys = Object.keys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const item = object[key];
    // JSON has no undefined member, but a caller's object may.
    const mapped = item === undefined ? undefined : map(item, key);
    if (changed === undefined && mapped !== item) {
      changed = keys.slice(0, i).map((earlier) => [earlier, object[earlier]]);
    }
    if (mapped !== undefined) changed?.push([key, mapped]);
  }
  // fromEntries defines own members, so a key such as __proto__ stays a plain key.
  return changed === undefined ? object : Object.fromEntries(changed);
}
