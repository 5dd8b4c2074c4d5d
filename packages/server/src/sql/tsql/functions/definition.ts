// A T-SQL function is a value: its name, how many arguments it takes, and the SQL that it becomes.
// Chapters sit beside this file; table.ts joins them.
import type { Call, Expression, Position } from "../ast.ts";
import type { Binder, Scope } from "../emit/scope.ts";
import type { Value } from "../emit/value.ts";

export interface FunctionUse {
  binder: Binder;
  scope: Scope;
  at: Position;
  call: Call;
}

export type FunctionDefinition = {
  name: string;
  /** Fewest and most arguments. */
  args: readonly [number, number];
} & (
  | { kind: "scalar"; emit(args: readonly Value[], use: FunctionUse): Value }
  /** Looks at its arguments' syntax itself: date parts, properties. */
  | { kind: "raw"; emit(args: readonly Expression[], use: FunctionUse): Value }
  /** `windowed`: may carry OVER. The SQL answered has no OVER yet. */
  | { kind: "aggregate"; windowed: boolean; emit(args: readonly Value[], use: FunctionUse): Value }
  | { kind: "window"; needsOrder: boolean; emit(args: readonly Value[], use: FunctionUse): Value }
  | { kind: "refused" }
);

export function scalar(
  name: string,
  args: number | readonly [number, number],
  emit: (args: readonly Value[], use: FunctionUse) => Value,
): FunctionDefinition {
  return { kind: "scalar", name, args: typeof args === "number" ? [args, args] : args, emit };
}

export function raw(
  name: string,
  args: number | readonly [number, number],
  emit: (args: readonly Expression[], use: FunctionUse) => Value,
): FunctionDefinition {
  return { kind: "raw", name, args: typeof args === "number" ? [args, args] : args, emit };
}

export function aggregate(
  name: string,
  args: number | readonly [number, number],
  emit: (args: readonly Value[], use: FunctionUse) => Value,
  windowed = true,
): FunctionDefinition {
  return {
    kind: "aggregate",
    name,
    args: typeof args === "number" ? [args, args] : args,
    windowed,
    emit,
  };
}

/** Functions of T-SQL that are known and not run; they are refused by name. */
export function refused(...names: readonly string[]): FunctionDefinition[] {
  return names.map((name) => ({ kind: "refused", name, args: [0, 99] }));
}

export function anyNull(args: readonly Value[]): boolean {
  return args.some((arg) => arg.nullable);
}
