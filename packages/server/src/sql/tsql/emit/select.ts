// One SELECT: FROM, WHERE, GROUP BY, HAVING, select list, DISTINCT, TOP, ORDER BY.
// It is emitted in two levels where order or distinctness needs keys that are not shown.
import type { Expression, GroupItem, OrderItem, Query, SelectBody, Top } from "../ast.ts";
import { fail } from "../error.ts";
import { isInteger, types } from "../type.ts";
import { convert } from "./conversion.ts";
import { orderSql } from "./function-call.ts";
import {
  type Binder,
  childScope,
  matches,
  type QueryUse,
  type Relation,
  type RelationColumn,
  type Scope,
  type Source,
} from "./scope.ts";
import { bindFrom } from "./source.ts";
import { hasOwnKey, sortKey, type Value } from "./value.ts";
import { hasAggregate, hasWindow } from "./walk.ts";

interface Output extends RelationColumn {
  value: Value;
  /** What ORDER BY may call it. */
  alias: string | undefined;
}

export function bindSelect(
  binder: Binder,
  body: SelectBody,
  query: Query,
  outer: Scope,
  use: QueryUse,
): Relation {
  const isFiltered = filtersRows(body) || (use.place === "nested" && outer.isFiltered !== false);
  const from = bindFrom(binder, body.from, { ...outer, isFiltered });
  const rows = childScope(outer, from.sources, "where");
  const where = body.where === undefined ? "" : ` WHERE ${binder.condition(body.where, rows)}`;
  const grouping = bindGrouping(binder, body, query, rows);
  const scope: Scope =
    grouping === undefined
      ? { ...rows, clause: "select" }
      : { ...grouping.scope, clause: "select" };
  const outputs = bindOutputs(binder, body, scope, from.sources);
  const having =
    body.having === undefined
      ? ""
      : ` HAVING ${binder.condition(body.having, { ...scope, clause: "having" })}`;
  const order = bindOrder(binder, body, query.orderBy, outputs, scope);
  const tail = `${from.sql === "" ? "" : ` FROM ${from.sql}`}${where}${grouping?.sql ?? ""}${having}`;
  const sql = assemble(binder, { body, query, outputs, order, tail, scope, use });
  return { sql, columns: outputs.map(({ value: _value, alias: _alias, ...column }) => column) };
}

const filtersRows = ({ where, from }: SelectBody): boolean =>
  where !== undefined || from.length > 1 || from[0]?.kind === "join";

interface Draft {
  body: SelectBody;
  query: Query;
  outputs: readonly Output[];
  order: readonly Order[];
  tail: string;
  scope: Scope;
  use: QueryUse;
}

interface Order {
  key: string;
  descending: boolean;
}

export function selectList(
  values: readonly Value[],
  columns: readonly RelationColumn[],
  use: QueryUse,
): string {
  const shown = values.map((value, index) => {
    const sql = use.project === undefined ? value.sql : use.project(value.sql, columns[index]!);
    return `${sql} AS c${index + 1}`;
  });
  return shown.join(", ");
}

function assemble(binder: Binder, draft: Draft): string {
  const { body, query, outputs, order, tail, scope, use } = draft;
  const values = outputs.map((output) => output.value);
  const constants = childScope(scope, [], "other");
  const simple =
    order.length === 0 &&
    !body.distinct &&
    !(body.top?.withTies ?? false) &&
    !(body.top?.percent ?? false);
  if (simple) {
    return `SELECT ${selectList(values, outputs, use)}${tail}${limitOf(binder, query, constants)}`;
  }
  const keys = order.map((item, index) => `${item.key} AS o${index + 1}`);
  let core = `SELECT ${[selectList(values, outputs, { place: "nested" }), ...keys].join(", ")}${tail}`;
  const shown: Value[] = outputs.map(({ value: _value, alias: _alias, ...column }, index) => ({
    sql: `q.c${index + 1}`,
    ...column,
  }));
  if (body.distinct) core = distinct(core, shown, order.length);
  const by = order.map((item, index) => orderSql(`q.o${index + 1}`, item.descending)).join(", ");
  const final = selectList(shown, outputs, use);
  const sorted = by === "" ? "" : ` ORDER BY ${by}`;
  if (body.top?.percent || body.top?.withTies) {
    return `SELECT ${final} FROM (${core}) q QUALIFY ${topCondition(binder, body.top, by, constants)}${sorted}`;
  }
  return `SELECT ${final} FROM (${core}) q${sorted}${limitOf(binder, query, constants)}`;
}

function distinct(core: string, shown: readonly Value[], orderCount: number): string {
  const keys = shown.map(sortKey);
  const orders = Array.from({ length: orderCount }, (_, index) => `q.o${index + 1}`);
  const list = [...shown.map((value) => value.sql), ...orders].join(", ");
  return `SELECT DISTINCT ON (${keys.join(", ")}) ${list} FROM (${core}) q`;
}

function topCount(binder: Binder, top: Top, scope: Scope): Value {
  const value = binder.value(top.count, scope);
  const known = value.literal?.value;
  if (typeof known === "number" && known < 0) fail(127, top.at);
  if (!top.percent && !isInteger(value.type) && !value.bareNull) fail(1060, top.at);
  return top.percent ? convert(value, types.float, top.at) : convert(value, types.bigint, top.at);
}

function topCondition(binder: Binder, top: Top, by: string, scope: Scope): string {
  const count = topCount(binder, top, scope).sql;
  const over = by === "" ? "OVER ()" : `OVER (ORDER BY ${by})`;
  if (top.withTies && by === "") fail(1062, top.at);
  const position = top.withTies ? `rank() ${over}` : `row_number() ${over}`;
  const limit = top.percent ? `ceil(count(*) OVER () * ${count} / 100.0)` : count;
  return `${position} <= ${limit}`;
}

/** LIMIT and OFFSET of TOP (n) or OFFSET … FETCH. */
export function limitOf(binder: Binder, query: Query, scope: Scope): string {
  const top = query.body.kind === "select" ? query.body.top : undefined;
  if (top !== undefined) return ` LIMIT ${topCount(binder, top, scope).sql}`;
  if (query.offset === undefined) return "";
  const whole = (expression: Expression): Value =>
    convert(binder.value(expression, scope), types.bigint, expression.at);
  const offset = whole(query.offset);
  if (Number(offset.literal?.value ?? 0) < 0) fail(10742, query.offset.at);
  if (query.fetch === undefined) return ` OFFSET ${offset.sql}`;
  const fetch = whole(query.fetch);
  if (fetch.literal !== undefined && Number(fetch.literal.value) < 1) fail(10744, query.fetch.at);
  return ` LIMIT ${fetch.sql} OFFSET ${offset.sql}`;
}

function bindOutputs(
  binder: Binder,
  body: SelectBody,
  scope: Scope,
  sources: readonly Source[],
): Output[] {
  return body.items.flatMap((item): Output[] => {
    if (item.kind === "star") return expandStar(binder, item, scope, sources);
    const value = binder.value(item.expression, scope);
    const implied = item.expression.kind === "column" ? item.expression.parts.at(-1) : undefined;
    const name = item.kind === "assign" ? undefined : (item.alias ?? implied);
    return [{ ...facts(value), name, value, alias: name }];
  });
}

function facts(value: Value): Omit<RelationColumn, "name"> {
  const { type, nullable, collation, bareNull } = value;
  return {
    type,
    nullable,
    ...(collation === undefined ? {} : { collation }),
    ...(bareNull === undefined ? {} : { bareNull }),
  };
}

function expandStar(
  binder: Binder,
  item: { at: Query["at"]; qualifier: readonly string[] },
  scope: Scope,
  sources: readonly Source[],
): Output[] {
  const wanted =
    item.qualifier.length === 0
      ? sources
      : sources.filter((source) => matches(source, item.qualifier));
  if (wanted.length === 0) {
    if (item.qualifier.length === 0) fail(263, item.at);
    fail(107, item.at, item.qualifier.join("."));
  }
  return wanted.flatMap((source) =>
    source.columns
      .filter((column) => column.name !== undefined)
      .map((column) => {
        const name = column.name!;
        const value = binder.value(
          { kind: "column", at: item.at, parts: [...qualifierOf(source), name] },
          scope,
        );
        return { ...facts(value), name, value, alias: name };
      }),
  );
}

function qualifierOf(source: Source): string[] {
  return source.schema === undefined ? [source.name] : [source.schema, source.name];
}

/** ORDER BY knows positions and aliases first, then the columns of FROM. */
function bindOrder(
  binder: Binder,
  body: SelectBody,
  items: readonly OrderItem[],
  outputs: readonly Output[],
  scope: Scope,
): Order[] {
  return items.map((item, index) => {
    const value = orderValue(binder, item, index, outputs, scope);
    if (body.distinct && !outputs.some((output) => output.value.sql === value.sql))
      fail(145, item.at);
    return { key: sortKey(value), descending: item.descending };
  });
}

function orderValue(
  binder: Binder,
  item: OrderItem,
  index: number,
  outputs: readonly Output[],
  scope: Scope,
): Value {
  const { expression } = item;
  if (expression.kind === "literal") {
    if (typeof expression.value !== "number") fail(408, item.at, index + 1);
    return outputs[expression.value - 1]?.value ?? fail(108, item.at, expression.value);
  }
  if (expression.kind === "column" && expression.parts.length === 1) {
    const wanted = expression.parts[0]!.toLowerCase();
    const named = outputs.filter((output) => output.alias?.toLowerCase() === wanted);
    if (new Set(named.map((output) => output.value.sql)).size > 1)
      fail(209, item.at, expression.parts[0]!);
    if (named[0] !== undefined) return named[0].value;
  }
  return binder.value(expression, { ...scope, clause: "order" });
}

function isGrouped(body: SelectBody, query: Query): boolean {
  return (
    body.groupBy.length > 0 ||
    body.having !== undefined ||
    body.items.some((item) => item.kind !== "star" && hasAggregate(item.expression)) ||
    query.orderBy.some((item) => hasAggregate(item.expression))
  );
}

function bindGrouping(
  binder: Binder,
  body: SelectBody,
  query: Query,
  rows: Scope,
): { scope: Scope; sql: string } | undefined {
  if (!isGrouped(body, query)) return undefined;
  const inner: Scope = { ...rows, clause: "group" };
  const keys = new Map<string, string>();
  const rolled = body.groupBy.some((item) => item.kind !== "expression");
  const bindKey = (expression: Expression): string => {
    const value = binder.value(expression, inner);
    if (value.literal !== undefined || expression.kind === "variable") fail(164, expression.at);
    if (hasWindow(expression)) fail(4108, expression.at);
    const key = sortKey(value);
    keys.set(value.sql, shownKey(value, key, rolled));
    return key;
  };
  const parts = body.groupBy.map((item) => groupSql(item, bindKey));
  const scope: Scope = { ...rows, grouping: { keys, rolled, inner: rows } };
  return { scope, sql: parts.length === 0 ? "" : ` GROUP BY ${parts.join(", ")}` };
}

/** What the select list shows for a key: any of the equal values, NULL where rolled up. */
function shownKey(value: Value, key: string, rolled: boolean): string {
  if (!hasOwnKey(value.type)) return value.sql;
  const shown = `any_value(${value.sql})`;
  return rolled ? `CASE WHEN grouping(${key}) = 0 THEN ${shown} END` : shown;
}

function groupSql(item: GroupItem, bindKey: (expression: Expression) => string): string {
  if (item.kind === "expression") return bindKey(item.expression);
  const sets = item.sets.map((set) => {
    const keys = set.map(bindKey);
    return keys.length === 1 ? keys[0]! : `(${keys.join(", ")})`;
  });
  const words = { rollup: "ROLLUP", cube: "CUBE", sets: "GROUPING SETS" };
  return `${words[item.kind]} (${sets.join(", ")})`;
}
