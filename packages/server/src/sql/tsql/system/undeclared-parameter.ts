// What type a parameter must have that a batch uses and nobody declared: the binder is watched while it binds,
// and each expression that holds such a parameter is tried with every candidate type. describe-parameter.ts asks.
// Source: "sp_describe_undeclared_parameters", "Parameter Selection Algorithm".
import { SqlError, type SqlType } from "../../session.ts";
import type { Call, Expression, Predicate, Query, QueryBody, TableSource } from "../ast.ts";
import { convert } from "../emit/conversion.ts";
import type { Environment } from "../emit/environment.ts";
import { bindValue } from "../emit/expression.ts";
import { bindCondition } from "../emit/predicate.ts";
import { bindQuery } from "../emit/query.ts";
import type { Binder, Scope } from "../emit/scope.ts";
import { parseFunction } from "../emit/user-function.ts";
import type { Value } from "../emit/value.ts";
import { isPredicate, partsOf } from "../emit/walk.ts";
import { fail } from "../error.ts";
import {
  isBinary,
  isLegacyDate,
  isString,
  isUnicode,
  nvarchar,
  storage,
  types,
  varchar,
} from "../type.ts";

/** What an expression is compared with, assigned to or passed as. */
export interface Target {
  type(): SqlType;
  /** A parameter that is the whole expression takes the type as it is; otherwise a candidate type. */
  exact: boolean;
  /** The parameter of a procedure or function that takes the expression. */
  formal?: string;
}

export interface Deduced {
  type: SqlType;
  formal?: string | undefined;
  /** An OUTPUT argument of a procedure. */
  isOutput?: boolean;
}

type Variable = Extract<Expression, { kind: "variable" }>;

export interface Deduction {
  readonly undeclared: ReadonlySet<string>;
  /** By lower-case name. */
  readonly found: Map<string, Deduced>;
  readonly targets: Map<Expression, Target>;
  /** The type that a parameter is tried with. */
  trial: Trial | undefined;
}

interface Trial {
  hole: string;
  type: SqlType;
  cost: number;
  seen: Map<Expression, SqlType>;
}

const decimal: SqlType = { name: "decimal", precision: 38, scale: 19 };

/** Highest precedence first; of types that differ in length only, the smaller one. */
const candidates: readonly SqlType[] = [
  types.datetimeoffset,
  types.datetime2,
  types.datetime,
  { name: "smalldatetime" },
  types.date,
  types.time,
  types.float,
  types.real,
  decimal,
  { name: "money" },
  { name: "smallmoney" },
  types.bigint,
  types.int,
  types.smallint,
  types.tinyint,
  types.bit,
  nvarchar(4000),
  nvarchar("max"),
  varchar(8000),
  varchar("max"),
  { name: "varbinary", length: 8000 },
  { name: "varbinary", length: "max" },
];

const otherConversion = 1000;

/** Conversions from best to worst: of length, between fixed and variable length, any other. */
function weight(from: SqlType, to: SqlType): number {
  if (JSON.stringify(from) === JSON.stringify(to)) return 0;
  if (from.name === to.name) return 1;
  const isSameKind =
    (isString(from) && isString(to) && isUnicode(from) === isUnicode(to)) ||
    (isBinary(from) && isBinary(to));
  return isSameKind ? 10 : otherConversion;
}

export function exactly(type: SqlType, formal?: string): Target {
  return { type: () => type, exact: true, ...(formal === undefined ? {} : { formal }) };
}

/** `undeclared`: lower-case names. */
export function createDeduction(undeclared: ReadonlySet<string>): Deduction {
  return { undeclared, found: new Map(), targets: new Map(), trial: undefined };
}

/** Binds as usual, and finds the type of each undeclared parameter on the way. */
export function deducingBinder(deduction: Deduction, env: Environment): Binder {
  const binder: Binder = {
    env,
    value(expression, scope) {
      noteParts(binder, expression, deduction.targets);
      const [hole, other] = holesOf(deduction, expression, scope);
      if (hole !== undefined && other !== undefined) fail(11503, hole.at, hole.name, other.name);
      if (hole !== undefined) deduce({ deduction, binder, scope }, expression, hole);
      const site = { deduction, binder, scope };
      return deduction.trial === undefined
        ? known(site, expression)
        : tried(deduction.trial, site, expression);
    },
    condition(expression, scope) {
      if (isPredicate(expression)) noteSides({ deduction, binder, scope }, expression as Predicate);
      return bindCondition(binder, expression, scope);
    },
    query(query, scope, use) {
      noteLimits(query, deduction.targets);
      for (const call of tableCallsOf(query.body)) noteArguments(binder, call, deduction.targets);
      return bindQuery(binder, query, scope, use);
    },
  };
  return binder;
}

/** Where an expression is bound. */
interface Site {
  deduction: Deduction;
  binder: Binder;
  scope: Scope;
}

/** Parameters of unknown type that the type of an expression depends on. */
function holesOf({ undeclared, found, trial }: Deduction, expression: Expression, scope: Scope) {
  return partsThatCount(expression).filter((part) => {
    const name = part.name.toLowerCase();
    if (!undeclared.has(name) || scope.variables?.has(name)) return false;
    return !found.has(name) && trial?.hole !== name;
  });
}

function known({ deduction, binder, scope }: Site, expression: Expression): Value {
  const name = expression.kind === "variable" ? expression.name.toLowerCase() : "";
  const { trial, found } = deduction;
  const type = trial?.hole === name ? trial.type : found.get(name)?.type;
  if (type === undefined || scope.variables?.has(name)) return bindValue(binder, expression, scope);
  return unknown(type);
}

/** Counts the conversions of every part of the expression that is tried. */
function tried(trial: Trial, site: Site, expression: Expression): Value {
  const value = expression.kind === "null" ? unknown(types.int) : known(site, expression);
  trial.seen.set(expression, value.type);
  // Text is joined and days are added without a conversion of ours, but not of SQL Server's.
  if (expression.kind === "binary" && (isString(value.type) || isLegacyDate(value.type))) {
    for (const side of [expression.left, expression.right]) {
      const own = trial.seen.get(side) ?? value.type;
      if (weight(own, value.type) === otherConversion) trial.cost += otherConversion;
    }
  }
  return {
    ...value,
    asked(to) {
      trial.cost += weight(value.type, to);
    },
  };
}

/** Finds the type of the one parameter of unknown type that the expression holds. */
function deduce(site: Site, expression: Expression, hole: Variable): void {
  const { deduction } = site;
  const target = deduction.targets.get(expression);
  const name = hole.name.toLowerCase();
  const settle = (type: SqlType): void => {
    deduction.found.set(name, { type, formal: target?.formal });
  };
  if (expression === hole && target?.exact) {
    settle(target.type());
    return;
  }
  // Any type at all would do, of which these two do not convert into each other.
  if (expression === hole && target === undefined)
    fail(11506, hole.at, hole.name, "sql_variant", "xml");
  const wanted = target?.type();
  let best: { type: SqlType; cost: number } | undefined;
  for (const type of candidates) {
    const trial: Trial = { hole: name, type, cost: 0, seen: new Map() };
    const cost = costOf(site, expression, trial, wanted);
    if (cost < (best?.cost ?? Infinity)) best = { type, cost };
  }
  if (best === undefined) fail(11507, hole.at, hole.name);
  settle(best!.type);
}

/** Infinite for a type that would make the query invalid. */
function costOf(
  { deduction, binder, scope }: Site,
  expression: Expression,
  trial: Trial,
  wanted: SqlType | undefined,
): number {
  const outer = deduction.trial;
  deduction.trial = trial;
  try {
    const { type } = binder.value(expression, scope);
    if (wanted === undefined) return trial.cost;
    convert(unknown(type), wanted, expression.at);
    return trial.cost + weight(type, wanted);
  } catch (error) {
    if (error instanceof SqlError && !isAboutParameters(error)) return Infinity;
    throw error;
  } finally {
    deduction.trial = outer;
  }
}

/** Both sides of a comparison are the other's target; `<` and its like ask for a candidate type. */
function noteSides(site: Site, node: Predicate): void {
  const { deduction, binder, scope } = site;
  const { targets } = deduction;
  const column = (query: Query) => () =>
    binder.query(query, scope, { place: "nested" }).columns[0]!.type;
  switch (node.kind) {
    case "compare":
      notePair(site, node.left, node.right, node.op === "=" || node.op === "<>");
      break;
    case "quantified":
      targets.set(node.left, { exact: node.op === "=", type: column(node.query) });
      break;
    case "between":
      notePair(site, node.operand, node.low, false);
      notePair(site, node.operand, node.high, false);
      break;
    case "like":
      notePair(site, node.operand, node.pattern, false);
      break;
    case "in":
      if ("body" in node.values)
        targets.set(node.operand, { exact: true, type: column(node.values) });
      else for (const item of node.values) notePair(site, node.operand, item, true);
      break;
  }
}

function notePair(
  { deduction, binder, scope }: Site,
  left: Expression,
  right: Expression,
  exact: boolean,
): void {
  const [a] = holesOf(deduction, left, scope);
  const [b] = holesOf(deduction, right, scope);
  if (a !== undefined && b !== undefined) fail(11503, a.at, a.name, b.name);
  const typed = (expression: Expression) => () => binder.value(expression, scope).type;
  deduction.targets.set(left, { exact, type: typed(right) });
  deduction.targets.set(right, { exact, type: typed(left) });
}

/** Not about the type that was tried: the whole batch is at fault. */
export function isAboutParameters(error: SqlError): boolean {
  return [11503, 11506, 11507].includes(error.detail.number);
}

function unknown(type: SqlType): Value {
  return { sql: `CAST(NULL AS ${storage(type)})`, type, nullable: true };
}

/** The variables that the type of an expression depends on. */
function partsThatCount(expression: Expression): Variable[] {
  if (expression.kind === "variable") return [expression];
  if (expression.kind === "cast" || expression.kind === "convert") return [];
  if (isPredicate(expression) || isUserFunction(expression)) return [];
  return partsOf(expression).flatMap((part) => (part === undefined ? [] : partsThatCount(part)));
}

function isUserFunction(
  expression: Expression,
): expression is Extract<Expression, { kind: "call" }> {
  return expression.kind === "call" && expression.call.name.parts.length > 1;
}

/** The target of what is cast, and of the arguments of a user's function. */
function noteParts(binder: Binder, expression: Expression, targets: Map<Expression, Target>): void {
  if (expression.kind === "cast" || expression.kind === "convert")
    targets.set(expression.operand, exactly(expression.type));
  if (isUserFunction(expression)) noteArguments(binder, expression.call, targets);
}

function noteArguments(binder: Binder, call: Call, targets: Map<Expression, Target>): void {
  const object = binder.env.find(call.name);
  if (object?.kind !== "function") return;
  const { parameters } = parseFunction(object.text);
  call.args.forEach((arg, index) => {
    const parameter = parameters[index];
    if (parameter !== undefined) targets.set(arg, exactly(parameter.type, parameter.name));
  });
}

/** Calls of table functions among the sources of a query itself. */
function tableCallsOf(body: QueryBody): Call[] {
  if (body.kind === "set") return [...tableCallsOf(body.left), ...tableCallsOf(body.right)];
  return body.kind === "nested" ? [] : body.from.flatMap(callsIn);
}

function callsIn(source: TableSource): Call[] {
  if (source.kind === "join") return [...callsIn(source.left), ...callsIn(source.right)];
  return source.kind === "function" ? [source.call] : [];
}

/** TOP, OFFSET and FETCH count rows. */
function noteLimits(query: Query, targets: Map<Expression, Target>): void {
  const counts = [query.offset, query.fetch, ...topsOf(query.body)];
  for (const count of counts) if (count !== undefined) targets.set(count, exactly(types.bigint));
}

function topsOf(body: QueryBody): Expression[] {
  if (body.kind === "set") return [...topsOf(body.left), ...topsOf(body.right)];
  if (body.kind === "nested" || body.top === undefined) return [];
  return [body.top.count];
}
