// .NET composite formatting, "{0,5:N2} and {1}", for the template function format.
import { ExpressionError } from "./error.ts";
import type { CallContext } from "./function.ts";
import { toText } from "./text.ts";
import {
  type Integer,
  isFloat,
  isNumberKind,
  kindOf,
  type Numeric,
  toDouble,
  type Value,
} from "./value.ts";

const placeholder = /\{\{|\}\}|\{(\d{1,6})(?:,\s*(-?\d{1,6}))?(?::([^{}]*))?\}|[{}]/g;

/** Fails with ArgumentValue for a bad placeholder, NotSupported for an unknown number format. */
export function formatComposite(
  format: string,
  args: readonly Value[],
  { budget }: CallContext,
): string {
  let length = 0;
  return format.replace(placeholder, (mark, index?: string, width?: string, style?: string) => {
    if (mark === "{{" || mark === "}}") return mark[0]!;
    const value = index === undefined ? undefined : args[Number(index)];
    if (value === undefined) {
      throw new ExpressionError("ArgumentValue", `The placeholder ${mark} has no argument.`);
    }
    const text =
      style && isNumberKind(kindOf(value))
        ? formatNumberAs(value as Numeric, style)
        : toText(value, budget);
    const size = Number(width ?? 0);
    length += Math.max(text.length, Math.abs(size));
    budget.spendText(length);
    return size < 0 ? text.padEnd(-size) : text.padStart(size);
  });
}

function formatNumberAs(value: Numeric, style: string): string {
  const match = /^([DdFfNnPpXx])(\d{0,2})$/.exec(style);
  const zeros = /^(0+)(?:\.(0+))?$/.exec(style);
  if (zeros) {
    const [sign, digits] = splitSign(toFixed(value, zeros[2]?.length ?? 0));
    const [whole, fraction] = digits.split(".") as [string, string?];
    const padded = whole.padStart(zeros[1]!.length, "0");
    return sign + (fraction === undefined ? padded : `${padded}.${fraction}`);
  }
  const precision = match?.[2] ? Number(match[2]) : undefined;
  switch (match?.[1]?.toUpperCase()) {
    case "N":
      return group(toFixed(value, precision ?? 2));
    case "F":
      return toFixed(value, precision ?? 2);
    case "P":
      return `${group(toFixed(percent(value), precision ?? 2))}%`;
    case "D":
    case "X":
      if (!isFloat(value)) return formatInteger(value as Integer, match![1]!, precision ?? 1);
  }
  throw new ExpressionError("NotSupported", `The number format '${style}' is not supported.`);
}

function formatInteger(value: Integer, style: string, digitCount: number): string {
  const number = BigInt(value);
  if (style.toUpperCase() === "D") {
    const [sign, digits] = splitSign(number.toString());
    return sign + digits.padStart(digitCount, "0");
  }
  const hex = BigInt.asUintN(64, number).toString(16).padStart(digitCount, "0");
  return style === "X" ? hex.toUpperCase() : hex;
}

function percent(value: Numeric): Numeric {
  return isFloat(value) ? toDouble(value) * 100 : BigInt(value as Integer) * 100n;
}

/** Integers keep all their digits. */
function toFixed(value: Numeric, digits: number): string {
  if (isFloat(value)) return toDouble(value).toFixed(digits);
  const whole = BigInt(value as Integer).toString();
  return digits === 0 ? whole : `${whole}.${"0".repeat(digits)}`;
}

function group(text: string): string {
  const [whole, fraction] = text.split(".") as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function splitSign(text: string): [string, string] {
  return text.startsWith("-") ? ["-", text.slice(1)] : ["", text];
}
