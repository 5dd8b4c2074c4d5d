// SELECT @a = …: the last row's values end up in the variables.
import type { EngineBlock } from "../../engine/port.ts";
import type { SqlValue } from "../../session.ts";
import type { Expression, Query, SelectBody, SelectItem } from "../ast.ts";
import { convert } from "../emit/conversion.ts";
import { emptyScope, type Relation } from "../emit/scope.ts";
import { hasAggregate, some } from "../emit/walk.ts";
import { wireSql, wireVector } from "../emit/wire.ts";
import { fail } from "../error.ts";
import { bind, evaluate, rowsOf, statementOf } from "./query.ts";
import { doneWith } from "./row-count.ts";
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
  const count = await assignerOf(body, items)(session, query, items, signal);
  yield doneWith(session, "select", count);
  return "normal";
}

type Assign = Extract<SelectItem, { kind: "assign" }>;
type Assigner = typeof last;

/** Rows count one by one where an expression reads a variable that the same SELECT assigns. */
function assignerOf(body: SelectBody, items: readonly Assign[]): Assigner {
  const assigned = new Set(items.map((item) => item.variable.toLowerCase()));
  const reads = (part: Expression) =>
    part.kind === "variable" && assigned.has(part.name.toLowerCase());
  const accumulates = items.some((item) => some(item.expression, reads));
  if (!accumulates || body.groupBy.length > 0) return last;
  if (body.from.length === 0) return isPlain(body) ? inOrder : last;
  const [only] = items;
  if (items.length === 1 && leftmost(only!.expression, only!.variable)) return accumulate;
  return items.some((item) => some(item.expression, spansRows)) ? last : rowByRow;
}

/** One row, which is there whatever the rest says. */
function isPlain(body: SelectBody): boolean {
  return body.where === undefined && body.having === undefined && body.top === undefined;
}

/** `SELECT @a = 1, @b = @a + 1`: each assignment sees those before it. */
async function inOrder(
  session: Session,
  _query: Query,
  items: readonly Assign[],
  signal: AbortSignal,
): Promise<number> {
  for (const item of items) {
    const target = frameOf(session).variables.get(item.variable.toLowerCase())!;
    target.value = (await evaluate(session, item.expression, signal, target.type)).value;
  }
  return 1;
}

/** What cannot be evaluated from a single row's columns. */
function spansRows(part: Expression): boolean {
  if (part.kind === "subquery" || part.kind === "exists") return true;
  return part.kind === "call" && (part.call.over !== undefined || hasAggregate(part));
}

/** The columns that the expressions read come first; then each row is evaluated by itself. */
async function rowByRow(
  session: Session,
  query: Query,
  items: readonly Assign[],
  signal: AbortSignal,
): Promise<number> {
  const { variables } = frameOf(session);
  const columns: Expression[] = [];
  const expressions = items.map((item) => withVariables(item.expression, columns));
  const { result: relation, env } = await bind(session, signal, (binder) =>
    binder.query(plain(query, columns), emptyScope(), {
      place: "insert",
      project: (sql, column) => wireSql(sql, column.type),
    }),
  );
  // All rows first: the connection runs one query at a time, and evaluating asks others of it.
  const blocks: EngineBlock[] = [];
  for await (const block of rowsOf(session, statementOf(env, relation.sql), query.at, signal))
    blocks.push(block);
  let count = 0;
  for (const block of blocks) {
    const vectors = block.vectors.map((vector, index) =>
      wireVector(vector, relation.columns[index]!.type),
    );
    for (let row = 0; row < block.rowCount; row += 1, count += 1) {
      relation.columns.forEach(({ type }, index) => {
        variables.set(columnVariable(index), { type, value: vectors[index]![row] ?? null });
      });
      for (const [index, item] of items.entries()) {
        const target = variables.get(item.variable.toLowerCase())!;
        const { value } = await evaluate(session, expressions[index]!, signal, target.type);
        target.value = value;
      }
    }
  }
  columns.forEach((_, index) => {
    variables.delete(columnVariable(index));
  });
  return count;
}

/** No name of T-SQL: nothing written can read it. */
function columnVariable(index: number): string {
  return `@ ${index}`;
}

/** A copy whose columns are variables; the columns are gathered. A row needs one at least. */
function withVariables(expression: Expression, columns: Expression[]): Expression {
  const copy = structuredClone(expression);
  replaceColumns({ copy }, columns);
  if (columns.length === 0)
    columns.push({ kind: "literal", at: expression.at, type: { name: "int" }, value: 1 });
  return copy;
}

function replaceColumns(node: object, columns: Expression[]): void {
  for (const part of Object.values(node)) {
    if (typeof part !== "object" || part === null) continue;
    if ((part as Expression).kind === "column") {
      columns.push(structuredClone(part as Expression));
      const { at } = part as Expression;
      for (const key of Object.keys(part)) delete (part as Record<string, unknown>)[key];
      Object.assign(part, { kind: "variable", at, name: columnVariable(columns.length - 1) });
    } else replaceColumns(part, columns);
  }
}

function plain(query: Query, expressions: readonly Expression[]): Query {
  const body = query.body as SelectBody;
  return {
    ...query,
    body: {
      ...body,
      items: expressions.map((expression) => ({
        kind: "expression",
        at: expression.at,
        expression,
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
  const [item] = items as [Assign];
  const target = frameOf(session).variables.get(item.variable.toLowerCase())!;
  const rest = withoutLeft(item.expression);
  if (rest === undefined || target.value === null) return last(session, query, items, signal);
  const { result: relation, env } = await bind(session, signal, (binder) =>
    binder.query(plain(query, [rest]), emptyScope(), {
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
