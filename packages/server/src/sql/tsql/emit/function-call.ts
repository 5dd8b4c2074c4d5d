// A function call: finds its definition, counts its arguments, adds OVER where it belongs.
import type { Call, Expression, FrameBound, OrderItem } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import type { FunctionDefinition, FunctionUse } from "../functions/definition.ts";
import { functionTable } from "../functions/table.ts";
import type { Binder, Scope } from "./scope.ts";
import { bindUserFunction } from "./user-function.ts";
import { sortKey, type Value } from "./value.ts";
import { hasAggregate } from "./walk.ts";

type CallNode = Extract<Expression, { kind: "call" }>;

export function bindCall(binder: Binder, node: CallNode, scope: Scope): Value {
  const { call, at } = node;
  if (call.name.parts.length > 1) return bindUserFunction(binder, node, scope);
  const name = call.name.parts[0]!.toUpperCase();
  const definition = functionTable.get(name);
  if (definition === undefined) return fail(195, at, call.name.parts[0]!, "built-in function name");
  if (definition.kind === "refused") return refuseOption(at, name);
  checkArguments(definition, call, at);
  const use: FunctionUse = { binder, scope, at, call };
  switch (definition.kind) {
    case "raw":
      return definition.emit(call.args, use);
    case "scalar":
      if (call.over !== undefined) fail(4113, at, name);
      return definition.emit(
        call.args.map((arg) => binder.value(arg, scope)),
        use,
      );
    case "aggregate":
      return call.over === undefined
        ? grouped(definition, use, name)
        : windowed(definition, use, name);
    case "window":
      if (call.over === undefined) fail(10753, at, name);
      return windowed(definition, use, name);
  }
}

function checkArguments(definition: FunctionDefinition, call: Call, at: CallNode["at"]): void {
  const count = call.star ? 1 : call.args.length;
  const [fewest, most] = definition.args;
  if (count >= fewest && count <= most) return;
  const name = definition.name.toLowerCase();
  if (fewest === most) fail(174, at, name, fewest);
  fail(189, at, name, fewest, most);
}

function grouped(
  definition: Extract<FunctionDefinition, { kind: "aggregate" }>,
  use: FunctionUse,
  name: string,
): Value {
  const { scope, at, call, binder } = use;
  if (scope.grouping === undefined) {
    if (scope.clause === "where" || scope.clause === "on") fail(147, at);
    if (scope.clause === "group") fail(144, at);
    fail(130, at);
  }
  if (call.args.some(hasAggregate)) fail(130, at);
  const { inner, keys } = scope.grouping;
  const values = call.args.map((arg) => binder.value(arg, inner));
  if (name.startsWith("GROUPING")) {
    const other = values.findIndex((value) => !keys.has(value.sql));
    if (other >= 0) fail(8161, at, other + 1, name);
    return withoutOver(definition.emit(values, use));
  }
  return withoutOver(definition.emit(values, { ...use, scope: inner }));
}

function windowed(
  definition: Extract<FunctionDefinition, { kind: "aggregate" | "window" }>,
  use: FunctionUse,
  name: string,
): Value {
  const { scope, at, call, binder } = use;
  const over = call.over!;
  if (scope.clause !== "select" && scope.clause !== "order") fail(4108, at);
  if (definition.kind === "aggregate" && !definition.windowed) fail(4113, at, name);
  if (definition.kind === "window" && definition.needsOrder && over.orderBy.length === 0)
    fail(4112, at, name);
  if (call.distinct) fail(10759, at);
  const value = definition.emit(
    call.args.map((arg) => binder.value(arg, scope)),
    use,
  );
  const partition = over.partitionBy.map((item) => sortKey(binder.value(item, scope)));
  const order = windowOrder(binder, over.orderBy, scope);
  const frame = over.frame === undefined ? "" : frameSql(binder, over.frame, scope);
  const inside = [
    partition.length === 0 ? "" : `PARTITION BY ${partition.join(", ")}`,
    order.length === 0 ? "" : `ORDER BY ${order.join(", ")}`,
    frame,
  ].filter((part) => part !== "");
  const sql = placeOver(value.sql, `OVER (${inside.join(" ")})`);
  return { ...value, sql };
}

/** Definitions mark where OVER goes by `⟨over⟩`, because casts wrap the aggregate itself. */
function placeOver(sql: string, over: string): string {
  return sql.replaceAll("⟨over⟩", ` ${over}`);
}

/** Without OVER the mark vanishes, before a window function around it puts its own OVER in its place. */
export function withoutOver(value: Value): Value {
  return { ...value, sql: value.sql.replaceAll("⟨over⟩", "") };
}

/** ORDER BY (SELECT NULL) is the idiom for no order; NULLs are the lowest values. */
function windowOrder(binder: Binder, items: readonly OrderItem[], scope: Scope): string[] {
  for (const { expression } of items) {
    if (expression.kind !== "literal") continue;
    fail(expression.type.name === "int" ? 5308 : 5309, expression.at);
  }
  return items
    .filter((item) => item.expression.kind !== "subquery")
    .map((item) => orderSql(sortKey(binder.value(item.expression, scope)), item.descending));
}

export function orderSql(key: string, descending: boolean): string {
  return `${key} ${descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`;
}

function frameSql(
  binder: Binder,
  frame: NonNullable<Call["over"]>["frame"] & object,
  scope: Scope,
): string {
  const unit = frame.unit.toUpperCase();
  const ends = [frame.start, frame.end].filter((end) => end !== undefined);
  const offset = unit === "RANGE" ? ends.find((end) => end.offset !== undefined) : undefined;
  if (offset !== undefined) fail(4194, offset.offset!.at);
  const start = boundSql(binder, frame.start, scope);
  if (frame.end === undefined) return `${unit} ${start}`;
  return `${unit} BETWEEN ${start} AND ${boundSql(binder, frame.end, scope)}`;
}

function boundSql(binder: Binder, bound: FrameBound, scope: Scope): string {
  const offset = bound.offset === undefined ? "" : `${binder.value(bound.offset, scope).sql} `;
  const words = {
    unboundedPreceding: "UNBOUNDED PRECEDING",
    preceding: `${offset}PRECEDING`,
    currentRow: "CURRENT ROW",
    following: `${offset}FOLLOWING`,
    unboundedFollowing: "UNBOUNDED FOLLOWING",
  };
  return words[bound.kind];
}
