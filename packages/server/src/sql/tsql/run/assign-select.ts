// SELECT @a = …: the last row's values end up in the variables.
import type { SqlEvent, SqlValue } from "../../session.ts";
import type { Expression, Query, SelectBody, SelectItem } from "../ast.ts";
import { convert } from "../emit/conversion.ts";
import { emptyScope, type Relation } from "../emit/scope.ts";
import { wireSql, wireVector } from "../emit/wire.ts";
import { fail } from "../error.ts";
import { bind, rowsOf, statementOf } from "./query.ts";
import { type Events, frameOf, type Session } from "./state.ts";

export function assigns(query: Query): boolean {
  return query.body.kind === "select" && query.body.items.some((item) => item.kind === "assign");
}

export async function* assignSelect(session: Session, query: Query, signal: AbortSignal): Events {
  const body = query.body as SelectBody;
  const items = body.items.map((item) => (item.kind === "assign" ? item : fail(141, item.at)));
  for (const item of items)
    if (!frameOf(session).variables.has(item.variable.toLowerCase()))
      fail(137, item.at, item.variable);
  const accumulates = items.some((item) => leftmost(item.expression, item.variable));
  const count =
    accumulates && body.from.length > 0
      ? await accumulate(session, query, items, signal)
      : await last(session, query, items, signal);
  session.rowCount = BigInt(count);
  const done: SqlEvent = {
    kind: "done",
    command: "select",
    ...(session.options.noCount ? {} : { rowCount: count }),
  };
  yield done;
  return "normal";
}

type Assign = Extract<SelectItem, { kind: "assign" }>;

function plain(query: Query, items: readonly Assign[], expressions: readonly Expression[]): Query {
  const body = query.body as SelectBody;
  return {
    ...query,
    body: {
      ...body,
      items: items.map((item, index) => ({
        kind: "expression",
        at: item.at,
        expression: expressions[index]!,
        alias: undefined,
      })),
    },
  };
}

async function last(
  session: Session,
  query: Query,
  items: readonly Assign[],
  signal: AbortSignal,
): Promise<number> {
  const { variables } = frameOf(session);
  const targets = items.map((item) => variables.get(item.variable.toLowerCase())!);
  const shown = plain(
    query,
    items,
    items.map((item) => item.expression),
  );
  const { result: relation, env } = await bind(session, signal, (binder): Relation => {
    const bound = binder.query(shown, emptyScope(), { place: "insert" });
    const list = bound.columns.map((column, index) => {
      const { type } = targets[index]!;
      return `${wireSql(convert({ sql: `q.c${index + 1}`, ...column }, type, query.at).sql, type)} AS c${index + 1}`;
    });
    return { ...bound, sql: `SELECT ${list.join(", ")} FROM (${bound.sql}) q` };
  });
  let count = 0;
  let values: SqlValue[] | undefined;
  for await (const block of rowsOf(session, statementOf(env, relation.sql), query.at, signal)) {
    if (block.rowCount === 0) continue;
    count += block.rowCount;
    values = block.vectors.map(
      (vector, index) => wireVector(vector, targets[index]!.type)[block.rowCount - 1] ?? null,
    );
  }
  values?.forEach((value, index) => {
    targets[index]!.value = value;
  });
  return count;
}

/** `@s = @s + …`, the old way to join strings, runs row by row with the variable's current value. */
function leftmost(expression: Expression, variable: string): boolean {
  if (expression.kind === "variable")
    return expression.name.toLowerCase() === variable.toLowerCase();
  return expression.kind === "binary" && leftmost(expression.left, variable);
}

async function accumulate(
  session: Session,
  query: Query,
  items: readonly Assign[],
  signal: AbortSignal,
): Promise<number> {
  if (items.length !== 1)
    fail(
      40517,
      query.at,
      "SELECT that accumulates into several variables",
      query.at.line,
      query.at.column,
    );
  const [item] = items as [Assign];
  const target = frameOf(session).variables.get(item.variable.toLowerCase())!;
  const rest = withoutLeft(item.expression);
  if (rest === undefined || target.value === null) return last(session, query, items, signal);
  const { result: relation, env } = await bind(session, signal, (binder) =>
    binder.query(plain(query, items, [rest]), emptyScope(), {
      place: "insert",
      project: (sql, column) =>
        wireSql(convert({ sql, ...column }, target.type, item.at).sql, target.type),
    }),
  );
  let count = 0;
  for await (const block of rowsOf(session, statementOf(env, relation.sql), query.at, signal)) {
    const vector = wireVector(block.vectors[0]!, target.type);
    for (let row = 0; row < block.rowCount; row += 1, count += 1)
      target.value = joined(target.value, vector[row] ?? null);
  }
  return count;
}

function joined(left: SqlValue, right: SqlValue): SqlValue {
  if (left === null || right === null) return null;
  if (typeof left === "string") return left + String(right);
  if (typeof left === "bigint") return left + (right as bigint);
  return Number(left) + Number(right);
}

/** The expression without its leading `@v +`; undefined when another operator stands there. */
function withoutLeft(expression: Expression): Expression | undefined {
  if (expression.kind !== "binary" || expression.op !== "+") return undefined;
  if (expression.left.kind === "variable") return expression.right;
  const left = withoutLeft(expression.left);
  return left === undefined ? undefined : { ...expression, left };
}
