// .NET's checked arithmetic: two integers give an exact 64-bit integer or Overflow, a float on
// either side gives a float.
import { ExpressionError } from "./error.ts";
import type { CallContext } from "./function.ts";
import {
  compareNumbers,
  float,
  type Integer,
  integer,
  isFloat,
  isNumberKind,
  kindOf,
  type Numeric,
  toDouble,
  type Value,
} from "./value.ts";

type Operation = "add" | "sub" | "mul" | "div" | "mod";

/** Integer division truncates; the remainder has the dividend's sign. Fails with DivisionByZero. */
export function calculate(operation: Operation, left: Numeric, right: Numeric): Numeric {
  if ((operation === "div" || operation === "mod") && toDouble(right) === 0) {
    throw new ExpressionError("DivisionByZero", `'${operation}' cannot divide by zero.`);
  }
  if (isFloat(left) || isFloat(right)) {
    return float(calculateFloat(operation, toDouble(left), toDouble(right)));
  }
  return integer(calculateInteger(operation, BigInt(left as Integer), BigInt(right as Integer)));
}

function calculateFloat(operation: Operation, left: number, right: number): number {
  switch (operation) {
    case "add":
      return left + right;
    case "sub":
      return left - right;
    case "mul":
      return left * right;
    case "div":
      return left / right;
    case "mod":
      return left % right;
  }
}

function calculateInteger(operation: Operation, left: bigint, right: bigint): bigint {
  switch (operation) {
    case "add":
      return left + right;
    case "sub":
      return left - right;
    case "mul":
      return left * right;
    case "div":
      return left / right;
    case "mod":
      return left % right;
  }
}

/** The largest (or smallest) of the arguments, or of the one array that is the only argument. */
export function extreme(
  which: "max" | "min",
  args: readonly (Numeric | readonly Value[])[],
  { budget }: CallContext,
): Numeric {
  const items = args.length === 1 && Array.isArray(args[0]) ? (args[0] as readonly Value[]) : args;
  budget.spend(items.length);
  const sign = which === "max" ? 1 : -1;
  let best: Numeric | undefined;
  for (const item of items) {
    if (!isNumberKind(kindOf(item))) {
      throw new ExpressionError(
        "ArgumentType",
        `'${which}' compares numbers only, not ${kindOf(item)}.`,
      );
    }
    const candidate = item as Numeric;
    if (best === undefined || sign * compareNumbers(candidate, best) > 0) best = candidate;
  }
  if (best === undefined) {
    throw new ExpressionError("ArgumentValue", `'${which}' needs at least one number.`);
  }
  return best;
}

/** `count` consecutive integers. Fails with ArgumentValue for a count outside 0 to `countMax`. */
export function consecutive(
  { start, count, countMax }: { start: Integer; count: Integer; countMax: number },
  { budget }: CallContext,
): Value[] {
  if (count < 0 || count > countMax) {
    throw new ExpressionError("ArgumentValue", `The count must be 0 to ${countMax}, not ${count}.`);
  }
  budget.spend(Number(count));
  integer(BigInt(start) + BigInt(count));
  return Array.from({ length: Number(count) }, (_, i) => integer(BigInt(start) + BigInt(i)));
}

const integerText = /^\s*[+-]?\d{1,40}\s*$/;
const floatText = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,5})?\s*$/i;

/** Fails with ArgumentValue for what is no integer, with Overflow beyond 64 bits. */
export function toInteger(value: string | Numeric): Integer {
  if (typeof value === "string") {
    if (integerText.test(value)) return integer(BigInt(value.trim().replace(/^\+/, "")));
  } else if (!isFloat(value)) {
    return value as Integer;
  } else if (Number.isInteger(toDouble(value))) {
    return integer(BigInt(toDouble(value)));
  }
  throw new ExpressionError(
    "ArgumentValue",
    `${describe(value)} cannot be converted to an integer.`,
  );
}

/** Fails with ArgumentValue. */
export function toFloat(value: string | Numeric): Numeric {
  if (typeof value !== "string") return float(toDouble(value));
  if (floatText.test(value)) return float(Number(value));
  throw new ExpressionError("ArgumentValue", `${describe(value)} cannot be converted to a float.`);
}

function describe(value: string | Numeric): string {
  return typeof value === "string" ? `'${value.slice(0, 40)}'` : String(toDouble(value));
}
