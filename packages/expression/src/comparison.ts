// Order and equality as both languages define them.
import { ExpressionError } from "./error.ts";
import type { Budget } from "./limit.ts";
import {
  compareNumbers,
  equalValues,
  isNumberKind,
  kindOf,
  type Numeric,
  type Value,
} from "./value.ts";

/**
 * Negative, zero or positive: numbers by value, strings by code unit. Fails with ArgumentType for
 * any other pair.
 */
export function compareValues(name: string, left: Value, right: Value): number {
  const [a, b] = [kindOf(left), kindOf(right)];
  if (isNumberKind(a) && isNumberKind(b)) return compareNumbers(left as Numeric, right as Numeric);
  if (a === "string" && b === "string") {
    return left! < right! ? -1 : left! > right! ? 1 : 0;
  }
  throw new ExpressionError(
    "ArgumentType",
    `'${name}' compares two numbers or two strings, not ${a} with ${b}.`,
  );
}

/** Equality of pipelines, where a boolean equals its number: equals(true, 1) is true. */
export function equalLoosely(left: Value, right: Value, budget: Budget): boolean {
  const isMixed =
    (typeof left === "boolean" && isNumberKind(kindOf(right))) ||
    (typeof right === "boolean" && isNumberKind(kindOf(left)));
  return isMixed
    ? equalValues(numberOf(left), numberOf(right), budget)
    : equalValues(left, right, budget);
}

function numberOf(value: Value): Value {
  return typeof value === "boolean" ? Number(value) : value;
}
