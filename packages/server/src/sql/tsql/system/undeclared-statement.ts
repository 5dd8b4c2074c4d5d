// The statements of a batch bound for the types of its undeclared parameters (undeclared-parameter.ts): each
// kind says which expressions are assigned to which columns, variables or parameters. describe-parameter.ts asks.
import type { SqlType } from "../../session.ts";
import type { Expression, Name, Query, QueryBody, SelectItem } from "../ast.ts";
import { findColumn, type TableObject } from "../catalogue/model.ts";
import { insertSql } from "../emit/insert.ts";
import { mergeSql } from "../emit/merge.ts";
import { deleteSql, updateSql } from "../emit/modify.ts";
import { type Binder, emptyScope } from "../emit/scope.ts";
import { targetTable } from "../emit/stored.ts";
import { fail } from "../error.ts";
import { insertContext, shownName } from "../run/modify.ts";
import { procedureOf } from "../run/procedure.ts";
import { bind } from "../run/query.ts";
import { frameOf, type Session } from "../run/state.ts";
import type { Assignment, Statement } from "../statement.ts";
import { types } from "../type.ts";
import { shownParameters } from "./shown-parameter.ts";
import { type Deduction, deducingBinder, exactly } from "./undeclared-parameter.ts";

interface Work {
  session: Session;
  deduction: Deduction;
  signal: AbortSignal;
}

type Node<K extends Statement["kind"]> = Extract<Statement, { kind: K }>;

export async function deduceAll(work: Work, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await deduce(work, statement);
}

async function deduce(work: Work, node: Statement): Promise<void> {
  switch (node.kind) {
    case "query":
      return query(work, node.query);
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return modification(work, node);
    case "execute":
      return execution(work, node);
    case "declare":
      for (const { name, type, value } of node.variables) {
        frameOf(work.session).variables.set(name.toLowerCase(), { type, value: null });
        if (value !== undefined) await assignment(work, value, type);
      }
      return;
    case "setVariable":
      return variable(work, node);
    case "if":
      await condition(work, node.condition);
      return deduceAll(work, [node.body, ...(node.otherwise ? [node.otherwise] : [])]);
    case "while":
      await condition(work, node.condition);
      return deduce(work, node.body);
    case "block":
      return deduceAll(work, node.statements);
    case "tryCatch":
      return deduceAll(work, [...node.body.statements, ...node.handler.statements]);
    case "return":
      return node.value === undefined ? undefined : assignment(work, node.value, types.int);
  }
}

async function binding<T>(work: Work, build: (binder: Binder) => T): Promise<T> {
  const { session, deduction, signal } = work;
  return (await bind(session, signal, (_binder, env) => build(deducingBinder(deduction, env))))
    .result;
}

async function condition(work: Work, expression: Expression): Promise<void> {
  await binding(work, (binder) => binder.condition(expression, emptyScope()));
}

async function assignment(work: Work, expression: Expression, type: SqlType): Promise<void> {
  work.deduction.targets.set(expression, exactly(type));
  await binding(work, (binder) => binder.value(expression, { ...emptyScope(), clause: "select" }));
}

/** `SELECT @p = e`: what the variable is, is e; a declared one tells what e is. */
async function query(work: Work, node: Query): Promise<void> {
  const { session, deduction } = work;
  const { body } = node;
  if (body.kind !== "select" || !body.items.some((item) => item.kind === "assign")) {
    await binding(work, (binder) => binder.query(node, emptyScope(), { place: "top" }));
    return;
  }
  const items = body.items.map((item): SelectItem => {
    if (item.kind !== "assign") return fail(141, item.at);
    const type = frameOf(session).variables.get(item.variable.toLowerCase())?.type;
    if (type !== undefined) deduction.targets.set(item.expression, exactly(type));
    return { kind: "expression", at: item.at, expression: item.expression, alias: undefined };
  });
  const plain: Query = { ...node, body: { ...body, items } };
  const { columns } = await binding(work, (binder) =>
    binder.query(plain, emptyScope(), { place: "top" }),
  );
  body.items.forEach((item, index) => {
    if (item.kind === "assign") receives(deduction, item.variable, columns[index]!.type);
  });
}

/** What stands on the left of an assignment has the type of its right. */
function receives(deduction: Deduction, name: string, type: SqlType): void {
  const key = name.toLowerCase();
  if (deduction.undeclared.has(key)) deduction.found.set(key, { type });
}

async function variable(work: Work, node: Node<"setVariable">): Promise<void> {
  const known = frameOf(work.session).variables.get(node.name.toLowerCase());
  if (known !== undefined) return assignment(work, node.value, known.type);
  const scope = { ...emptyScope(), clause: "select" as const };
  const { type } = await binding(work, (binder) => binder.value(node.value, scope));
  receives(work.deduction, node.name, type);
}

async function modification(
  work: Work,
  node: Node<"insert" | "update" | "delete" | "merge">,
): Promise<void> {
  const { session, deduction } = work;
  if (node.kind === "insert" && node.source.kind === "execute")
    return deduce(work, node.source.statement);
  if ("top" in node && node.top !== undefined)
    deduction.targets.set(node.top.count, exactly(types.bigint));
  await binding(work, (binder) => {
    switch (node.kind) {
      case "insert": {
        const target = targetTable(binder, node.target);
        noteInsert(deduction, target, node);
        return insertSql(binder, node, insertContext(session, target));
      }
      case "update":
        return updateSql(binder, node, (target) => {
          noteAssignments(deduction, target, node.set);
          return shownName(session, target);
        });
      case "delete":
        return deleteSql(binder, node);
      case "merge":
        return mergeSql(binder, node, (target) => {
          for (const { action } of node.clauses) {
            if (action.kind === "update") noteAssignments(deduction, target, action.set);
            if (action.kind === "insert")
              noteCells(deduction, columnTypes(target, action.columns), action.values ?? []);
          }
          return shownName(session, target);
        });
    }
  });
}

function noteAssignments(
  { targets }: Deduction,
  target: TableObject,
  set: readonly Assignment[],
): void {
  for (const { column, op, value } of set) {
    const type = findColumn(target, column ?? "")?.type;
    if (type !== undefined) targets.set(value, { type: () => type, exact: op === "=" });
  }
}

/** Types of the columns that an INSERT names, or of all but the identity. */
function columnTypes(
  target: TableObject,
  names: readonly { name: string }[] | undefined,
): (SqlType | undefined)[] {
  if (names !== undefined) return names.map(({ name }) => findColumn(target, name)?.type);
  return target.columns.filter(({ identity }) => !identity).map(({ type }) => type);
}

function noteCells(
  { targets }: Deduction,
  columns: readonly (SqlType | undefined)[],
  cells: readonly Expression[],
): void {
  cells.forEach((cell, index) => {
    const type = columns[index];
    if (type !== undefined) targets.set(cell, exactly(type));
  });
}

function noteInsert(deduction: Deduction, target: TableObject, node: Node<"insert">): void {
  const columns = columnTypes(target, node.columns);
  const { source } = node;
  if (source.kind === "values") for (const row of source.rows) noteCells(deduction, columns, row);
  if (source.kind !== "query") return;
  for (const items of selectLists(source.query.body)) {
    // A star stands for columns whose number is not known before they are bound.
    if (items.some((item) => item.kind === "star")) continue;
    const cells = items.flatMap((item) => (item.kind === "expression" ? [item.expression] : []));
    noteCells(deduction, columns, cells);
  }
}

function selectLists(body: QueryBody): (readonly SelectItem[])[] {
  if (body.kind === "set") return [...selectLists(body.left), ...selectLists(body.right)];
  return body.kind === "nested" ? selectLists(body.query.body) : [body.items];
}

/** Arguments have the types of the parameters; the status that a procedure returns is an int. */
async function execution(work: Work, node: Node<"execute">): Promise<void> {
  const { session, deduction } = work;
  if (node.status !== undefined) receives(deduction, node.status, types.int);
  const parameters = parametersOf(session, node.procedure);
  node.args.forEach((arg, index) => {
    const name = arg.name?.toLowerCase();
    const formal =
      name === undefined
        ? parameters[index]
        : parameters.find((parameter) => parameter.name.toLowerCase() === name);
    if (formal === undefined || arg.value.kind !== "variable") return;
    const key = arg.value.name.toLowerCase();
    if (!deduction.undeclared.has(key)) return;
    deduction.found.set(key, { type: formal.type, formal: formal.name, isOutput: arg.output });
  });
}

function parametersOf(session: Session, name: Name): ReturnType<typeof shownParameters> {
  const procedure = procedureOf(session, name);
  if (procedure !== undefined) return shownParameters(procedure);
  if (/^(sp|xp)_/i.test(name.parts.at(-1)!)) return [];
  return fail(2812, name.at, name.parts.join("."));
}
