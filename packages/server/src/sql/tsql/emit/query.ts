// Query expressions: WITH, set operators, ORDER BY, paging. select.ts does a single SELECT.
import type { CommonTable, OrderItem, Query, QueryBody } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import { unify } from "../type.ts";
import { convert } from "./conversion.ts";
import { jsonOutput } from "./for-json.ts";
import { orderSql } from "./function-call.ts";
import { namedColumnsOf } from "./relation.ts";
import {
  type Binder,
  type CteBinding,
  childScope,
  type QueryUse,
  type Relation,
  type RelationColumn,
  type Scope,
} from "./scope.ts";
import { bindSelect, limitOf, selectList } from "./select.ts";
import { hasOwnKey, sortKey, type Value } from "./value.ts";

export function bindQuery(binder: Binder, query: Query, scope: Scope, use: QueryUse): Relation {
  const { ctes, prefix } = bindCommonTables(binder, query.ctes, scope);
  const inner: Scope = { ...scope, ctes };
  if (query.forJson !== undefined) return jsonOutput(binder, query, inner, prefix, bindBody);
  const relation = bindBody(binder, query, inner, use);
  return prefix === "" ? relation : { ...relation, sql: prefix + relation.sql };
}

function bindBody(binder: Binder, query: Query, scope: Scope, use: QueryUse): Relation {
  const { body } = query;
  if (body.kind === "select") {
    const unordered =
      query.orderBy.length > 0 && body.top === undefined && query.offset === undefined;
    if (unordered && use.place === "nested" && query.forJson === undefined)
      fail(1033, query.orderBy[0]!.at);
    if (body.top !== undefined && query.offset !== undefined) fail(10741, body.top.at);
    return bindSelect(binder, body, query, scope, use);
  }
  if (query.orderBy.length > 0 && use.place === "nested" && query.offset === undefined)
    fail(1033, query.orderBy[0]!.at);
  const relation = bindSet(binder, body, scope);
  return finishSet(binder, relation, query, scope, use);
}

/** Each table of WITH sees those before it. Recursion does not exist in a dedicated SQL pool. */
export function bindCommonTables(
  binder: Binder,
  tables: readonly CommonTable[],
  scope: Scope,
): { ctes: ReadonlyMap<string, CteBinding>; prefix: string } {
  const ctes = new Map(scope.ctes);
  const parts: string[] = [];
  for (const table of tables) {
    refuseRecursion(table);
    const relation = binder.query(
      table.query,
      { ...scope, ctes: new Map(ctes) },
      { place: "nested" },
    );
    const columns = namedColumnsOf(relation, table.columns, table.name, table.at);
    const sqlName = binder.env.alias("w");
    ctes.set(table.name.toLowerCase(), { sqlName, columns });
    parts.push(`${sqlName} AS (${relation.sql})`);
  }
  return { ctes, prefix: parts.length === 0 ? "" : `WITH ${parts.join(", ")} ` };
}

function refuseRecursion(table: CommonTable): void {
  const wanted = table.name.toLowerCase();
  const uses = (body: QueryBody): boolean => {
    if (body.kind === "set") return uses(body.left) || uses(body.right);
    if (body.kind === "nested") return uses(body.query.body);
    return JSON.stringify(body.from, (_key, value) =>
      typeof value === "bigint" ? String(value) : value,
    )
      .toLowerCase()
      .includes(`"parts":["${wanted}"]`);
  };
  if (
    table.query.body.kind === "set" &&
    uses(table.query.body.right) &&
    !uses(table.query.body.left)
  ) {
    refuseOption(table.at, "recursive common table expression");
  }
}

type SetBody = Exclude<QueryBody, { kind: "select" }>;

function bindOperand(binder: Binder, body: QueryBody, scope: Scope): Relation {
  if (body.kind === "set") return bindSet(binder, body, scope);
  if (body.kind === "nested") return binder.query(body.query, scope, { place: "nested" });
  const query: Query = {
    at: body.at,
    ctes: [],
    body,
    orderBy: [],
    offset: undefined,
    fetch: undefined,
    forJson: undefined,
    options: [],
  };
  return bindSelect(binder, body, query, scope, { place: "nested" });
}

function bindSet(binder: Binder, body: SetBody, scope: Scope): Relation {
  if (body.kind === "nested") return binder.query(body.query, scope, { place: "nested" });
  const left = bindOperand(binder, body.left, scope);
  const right = bindOperand(binder, body.right, scope);
  if (left.columns.length !== right.columns.length) fail(205, body.at);
  const columns = left.columns.map((column, index): RelationColumn => {
    const other = right.columns[index]!;
    const type = bareNull(column)
      ? other.type
      : bareNull(other)
        ? column.type
        : unify(column.type, other.type);
    const { bareNull: _mark, ...plain } = column;
    const both = bareNull(column) && bareNull(other) ? { bareNull: true } : {};
    return { ...plain, ...both, type, nullable: column.nullable || other.nullable };
  });
  const leftSql = aligned(left, columns, body.at);
  const rightSql = aligned(right, columns, body.at);
  if (body.op === "union" && body.all)
    return { sql: `(${leftSql}) UNION ALL (${rightSql})`, columns };
  return { sql: distinctSet(body.op, leftSql, rightSql, columns), columns };
}

function bareNull(column: RelationColumn): boolean {
  return column.bareNull === true;
}

function aligned(relation: Relation, columns: readonly RelationColumn[], at: Query["at"]): string {
  const same = relation.columns.every(
    (column, index) => JSON.stringify(column.type) === JSON.stringify(columns[index]!.type),
  );
  if (same) return relation.sql;
  const list = relation.columns.map((column, index) => {
    const value: Value = { sql: `q.c${index + 1}`, ...column };
    return `${convert(value, columns[index]!.type, at).sql} AS c${index + 1}`;
  });
  return `SELECT ${list.join(", ")} FROM (${relation.sql}) q`;
}

/** UNION, INTERSECT and EXCEPT compare by the collation's keys, then show the values. */
function distinctSet(
  op: string,
  left: string,
  right: string,
  columns: readonly RelationColumn[],
): string {
  const keys = columns.map((column, index) => sortKey({ sql: `q.c${index + 1}`, ...column }));
  const plain = columns.every((column) => !hasOwnKey(column.type));
  if (plain) return `(${left}) ${op.toUpperCase()} (${right})`;
  const all = columns.map((_, index) => `c${index + 1}`).join(", ");
  const unique = (from: string, where: string): string =>
    `SELECT DISTINCT ON (${keys.join(", ")}) ${all} FROM (${from}) q${where}`;
  if (op === "union") return unique(`(${left}) UNION ALL (${right})`, "");
  const others = columns.map((column, index) => sortKey({ sql: `r.c${index + 1}`, ...column }));
  const same = keys
    .map((key, index) => `${key} IS NOT DISTINCT FROM ${others[index]}`)
    .join(" AND ");
  const not = op === "except" ? "NOT " : "";
  return unique(left, ` WHERE ${not}EXISTS (SELECT 1 FROM (${right}) r WHERE ${same})`);
}

/** ORDER BY of a set operation may name only its columns. */
function finishSet(
  binder: Binder,
  relation: Relation,
  query: Query,
  scope: Scope,
  use: QueryUse,
): Relation {
  const { columns } = relation;
  const plain =
    query.orderBy.length === 0 && use.project === undefined && query.offset === undefined;
  if (plain) return relation;
  const outputs: Value[] = columns.map((column, index) => ({ sql: `q.c${index + 1}`, ...column }));
  const order = query.orderBy.map((item) =>
    orderSql(sortKey(setOrderValue(item, columns, outputs)), item.descending),
  );
  const list = selectList(outputs, columns, use);
  const limit = limitOf(binder, query, childScope(scope, [], "other"));
  const ordered = order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`;
  return { sql: `SELECT ${list} FROM (${relation.sql}) q${ordered}${limit}`, columns };
}

function setOrderValue(
  item: OrderItem,
  columns: readonly RelationColumn[],
  outputs: readonly Value[],
): Value {
  const { expression } = item;
  if (expression.kind === "literal" && typeof expression.value === "number") {
    return outputs[expression.value - 1] ?? fail(108, item.at, expression.value);
  }
  if (expression.kind !== "column") fail(104, item.at);
  const wanted = expression.parts.at(-1)!.toLowerCase();
  const index = columns.findIndex((column) => column.name?.toLowerCase() === wanted);
  return outputs[index] ?? fail(207, item.at, expression.parts.at(-1)!);
}
