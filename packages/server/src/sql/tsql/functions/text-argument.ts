// How string functions take their arguments and type their results.
import type { SqlType } from "../../session.ts";
import { convert } from "../emit/conversion.ts";
import type { Value } from "../emit/value.ts";
import { isString, isUnicode, textLength, types } from "../type.ts";
import { anyNull, type FunctionUse } from "./definition.ts";

/** The argument as text: numbers and dates are converted, NULL is text too. */
export function text(value: Value, use: FunctionUse): Value {
  if (isString(value.type) && !value.bareNull) return value;
  if (value.bareNull) return convert(value, { name: "varchar", length: 1 }, use.at);
  return convert(
    value,
    { name: "varchar", length: Math.min(8000, Number(textLength(value.type)) || 8000) },
    use.at,
  );
}

export function int(value: Value, use: FunctionUse): Value {
  return convert(value, types.int, use.at);
}

/** Cut to its type where it may be longer: text of no LOB type ends at 8000 bytes. */
export function cut(sql: string, type: SqlType, longest: number): string {
  const length = textLength(type);
  return length === "max" || longest <= length ? sql : `left(${sql}, ${length})`;
}

/** The variable-length type of the same kind and length. */
export function loose(type: SqlType, length?: number | "max"): SqlType {
  const own = "length" in type ? type.length : 8000;
  const longest = isUnicode(type) ? 4000 : 8000;
  const wanted = length ?? own;
  return {
    name: isUnicode(type) ? "nvarchar" : "varchar",
    length: wanted === "max" ? "max" : Math.max(1, Math.min(wanted, longest)),
  };
}

export function result(sql: string, type: SqlType, args: readonly Value[]): Value {
  const collation = args.find((arg) => arg.collation !== undefined)?.collation;
  return { sql, type, nullable: anyNull(args), ...(collation === undefined ? {} : { collation }) };
}

export function known(value: Value): number | undefined {
  const literal = value.literal?.value;
  return literal === undefined || literal === null ? undefined : Number(literal);
}
