// The first result set of a batch, found without running it: all ways through IF, WHILE, TRY and the procedures
// that it calls are followed to the first statement that answers rows. describe-result.ts asks.
// Source: "sp_describe_first_result_set", Remarks.
import { SqlError, type SqlType } from "../../session.ts";
import type { Expression, Position } from "../ast.ts";
import { emptyScope, type RelationColumn } from "../emit/scope.ts";
import { fail } from "../error.ts";
import { parseBatch } from "../parser/script.ts";
import { assigns } from "../run/assign-select.ts";
import { parseParameters, procedureOf } from "../run/procedure.ts";
import { bind } from "../run/query.ts";
import { frameOf, newFrame, type Session } from "../run/state.ts";
import type { ParameterDefinition, Statement } from "../statement.ts";
import { undeclaredUses } from "./describe-parameter.ts";
import {
  createDeduction,
  type Deduction,
  deducingBinder,
  isAboutParameters,
} from "./undeclared-parameter.ts";

interface Found {
  columns: readonly RelationColumn[];
  /** The statement's own text, for messages. */
  statement: string;
  procedure: string | undefined;
}

interface Paths {
  found: readonly Found[];
  /** Some way through comes out at the end without a result set. */
  goesOn: boolean;
}

interface Search {
  session: Session;
  signal: AbortSignal;
  /** Parameters of the batch that @params does not declare: their types are found, as far as they matter. */
  deduction?: Deduction;
}

const nothing: Paths = { found: [], goesOn: true };
const ends: Paths = { found: [], goesOn: false };

/** Columns of the first result set, none if there is none. Raises 11509 to 11528, and what binding raises. */
export async function firstResult(
  search: Search,
  batch: string,
  definitions: readonly ParameterDefinition[],
): Promise<readonly RelationColumn[]> {
  const { chained } = frameOf(search.session);
  const statements = parseBatch(batch);
  const names = undeclaredUses(statements, definitions).map(({ name }) => name.toLowerCase());
  const deduction = createDeduction(new Set(names));
  const { found } = await inside(
    { ...search, deduction },
    { text: batch, definitions, chained, statements },
  );
  const [first, ...others] = found;
  return first === undefined ? [] : others.reduce(common, first).columns;
}

/** A text whose parameters are known by type only. */
async function inside(
  search: Search,
  module: {
    text: string;
    definitions: readonly ParameterDefinition[];
    chained: boolean;
    procedure?: string;
    statements?: readonly Statement[];
  },
): Promise<Paths> {
  const { session } = search;
  const frame = newFrame(module.procedure, module.chained, module.text);
  for (const { name, type } of module.definitions)
    frame.variables.set(name.toLowerCase(), { type, value: null });
  session.frames.push(frame);
  try {
    return await inOrder(search, module.statements ?? parseBatch(module.text));
  } finally {
    session.frames.pop();
  }
}

async function inOrder(search: Search, statements: readonly Statement[]): Promise<Paths> {
  const found: Found[] = [];
  for (const statement of statements) {
    const paths = await pathsOf(search, statement);
    found.push(...paths.found);
    if (!paths.goesOn) return { found, goesOn: false };
  }
  return { found, goesOn: true };
}

async function pathsOf(search: Search, node: Statement): Promise<Paths> {
  switch (node.kind) {
    case "query":
      return query(search, node);
    case "block":
      return inOrder(search, node.statements);
    case "if":
      return either(
        await pathsOf(search, node.body),
        node.otherwise === undefined ? nothing : await pathsOf(search, node.otherwise),
      );
    case "while":
      return either(await pathsOf(search, node.body), nothing);
    case "tryCatch":
      return either(
        await inOrder(search, node.body.statements),
        await inOrder(search, node.handler.statements),
      );
    case "declare":
      for (const { name, type } of node.variables)
        frameOf(search.session).variables.set(name.toLowerCase(), { type, value: null });
      return nothing;
    case "return":
    case "throw":
    case "break":
    case "continue":
      return ends;
    case "raiserror":
      return isError(node.severity) ? ends : nothing;
    case "execute":
      return call(search, node);
    case "executeText":
      return dynamic(search, node);
    default:
      return nothing;
  }
}

function either(left: Paths, right: Paths): Paths {
  return { found: [...left.found, ...right.found], goesOn: left.goesOn || right.goesOn };
}

function isError(severity: Expression): boolean {
  return severity.kind === "literal" && Number(severity.value) > 10;
}

async function query(
  { session, signal, deduction }: Search,
  node: Extract<Statement, { kind: "query" }>,
): Promise<Paths> {
  const { body } = node.query;
  if (assigns(node.query) || (body.kind === "select" && body.into !== undefined)) return nothing;
  try {
    const { result } = await bind(session, signal, (plain, env) => {
      const binder = deduction === undefined ? plain : deducingBinder(deduction, env);
      return binder.query(node.query, emptyScope(), { place: "top" });
    });
    const { procedure } = frameOf(session);
    const found = { columns: result.columns, statement: textOf(session, node), procedure };
    return { found: [found], goesOn: false };
  } catch (error) {
    // A temporary table that the batch itself makes is not there before it runs.
    if (error instanceof SqlError && /^Invalid object name '#/.test(error.message))
      undetermined(session, node, { batch: 11525, procedure: 11526 });
    if (error instanceof SqlError && isAboutParameters(error))
      undetermined(session, node, { batch: 11521, procedure: 11522 });
    throw error;
  }
}

/** What a module or a text of its own uses, it declares. */
function withoutDeduction({ session, signal }: Search): Search {
  return { session, signal };
}

function textOf(session: Session, node: Statement): string {
  return frameOf(session).text.slice(node.at.offset, node.end).trim();
}

/** What the search says itself; other errors are the batch's own. */
export function isUndetermined(error: SqlError): boolean {
  return error.detail.number >= 11509 && error.detail.number <= 11530;
}

function undetermined(
  session: Session,
  node: Statement,
  numbers: { batch: number; procedure: number },
): never {
  const { procedure } = frameOf(session);
  const statement = textOf(session, node);
  if (procedure === undefined) return fail(numbers.batch, node.at, statement);
  return fail(numbers.procedure, node.at, statement, procedure);
}

async function call(search: Search, node: Extract<Statement, { kind: "execute" }>): Promise<Paths> {
  const { session, signal } = search;
  const procedure = procedureOf(session, node.procedure);
  if (procedure === undefined) return systemCall(search, node);
  await bind(session, signal, (binder) => binder.env.authorize("EXECUTE", procedure, [], node.at));
  const [definition] = parseBatch(procedure.text);
  if (definition?.kind !== "createProcedure")
    throw new Error("a stored procedure is not a procedure");
  if (session.frames.some((frame) => frame.procedure === procedure.name))
    undetermined(session, node, { batch: 11523, procedure: 11524 });
  return inside(withoutDeduction(search), {
    text: procedure.text,
    definitions: definition.parameters,
    chained: true,
    procedure: procedure.name,
    statements: definition.body.statements,
  });
}

/** sp_executesql of a constant text; what other system procedures answer is not known before. */
async function systemCall(
  search: Search,
  node: Extract<Statement, { kind: "execute" }>,
): Promise<Paths> {
  const own = node.procedure.parts.at(-1)!.toLowerCase();
  if (!/^(sp|xp)_/.test(own)) return fail(2812, node.at, node.procedure.parts.join("."));
  if (own !== "sp_executesql")
    return undetermined(search.session, node, { batch: 11527, procedure: 11528 });
  const [statement, parameters] = node.args.map((arg) => constant(arg.value));
  if (statement === undefined) return isDynamic(search.session, node);
  const definitions = parseParameters(parameters ?? "");
  return inside(withoutDeduction(search), { text: statement, definitions, chained: false });
}

async function dynamic(
  search: Search,
  node: Extract<Statement, { kind: "executeText" }>,
): Promise<Paths> {
  const text = constant(node.text);
  if (text === undefined) return isDynamic(search.session, node);
  return inside(withoutDeduction(search), { text, definitions: [], chained: false });
}

function isDynamic(session: Session, node: Statement): never {
  return undetermined(session, node, { batch: 11513, procedure: 11514 });
}

function constant(expression: Expression): string | undefined {
  return expression.kind === "literal" && typeof expression.value === "string"
    ? expression.value
    : undefined;
}

/** What two ways have in common: a name that differs is not known, a length is the longer one. */
function common(first: Found, other: Found): Found {
  if (first.columns.length !== other.columns.length) incompatible(first, other);
  const columns = first.columns.map((column, index): RelationColumn => {
    const mate = other.columns[index]!;
    const type = commonType(column.type, mate.type) ?? incompatible(first, other);
    const name = column.name === mate.name ? column.name : undefined;
    return { ...column, name, type, nullable: column.nullable || mate.nullable };
  });
  return { ...first, columns };
}

function commonType(left: SqlType, right: SqlType): SqlType | undefined {
  if (JSON.stringify(left) === JSON.stringify(right)) return left;
  const isVariable = left.name === right.name && /^n?var/.test(left.name);
  if (!isVariable || !("length" in left) || !("length" in right)) return undefined;
  if (left.length === "max" || right.length === "max") return { ...left, length: "max" };
  return { ...left, length: Math.max(left.length, right.length) };
}

const start: Position = { line: 1, column: 1, offset: 0 };

function incompatible(first: Found, other: Found): never {
  if (first.procedure === undefined && other.procedure === undefined)
    return fail(11509, start, first.statement, other.statement);
  if (first.procedure === undefined)
    return fail(11510, start, first.statement, other.statement, other.procedure!);
  if (other.procedure === undefined)
    return fail(11511, start, first.statement, first.procedure, other.statement);
  return fail(11512, start, first.statement, first.procedure, other.statement, other.procedure);
}
