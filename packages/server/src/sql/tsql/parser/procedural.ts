// Control of flow, variables, EXECUTE, errors, transactions and SET.
import type { Expression } from "../ast.ts";
import { fail, refuseOption, refuseStatement } from "../error.ts";
import type { Argument, Block, Statement } from "../statement.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  declareVariable,
  expectOp,
  expectWord,
  here,
  isIdentifier,
  isOp,
  isWord,
  list,
  name,
  next,
  peek,
  stringLiteral,
  unexpected,
} from "./cursor.ts";
import { assignOp } from "./dml.ts";
import { expression, value } from "./expression.ts";
import { dataType } from "./type.ts";

export function declare(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const variables = list(cursor, (inner) => {
    const start = here(inner);
    if (peek(inner).kind !== "variable") {
      if (isIdentifier(inner) && isWord({ ...inner, index: inner.index + 1 }, "CURSOR"))
        refuseOption(start, "CURSOR");
      unexpected(inner);
    }
    const variable = next(inner).value;
    declareVariable(inner, variable, start);
    acceptWord(inner, "AS");
    const type = dataType(inner);
    const initial = acceptOp(inner, "=") ? value(inner) : undefined;
    return { at: start, name: variable, type, value: initial };
  });
  return { kind: "declare", at, variables };
}

const setNames = new Set([
  "ANSI_NULLS",
  "ANSI_NULL_DFLT_ON",
  "ANSI_NULL_DFLT_OFF",
  "ANSI_PADDING",
  "ANSI_WARNINGS",
  "ANSI_DEFAULTS",
  "ARITHABORT",
  "ARITHIGNORE",
  "CONCAT_NULL_YIELDS_NULL",
  "CONTEXT_INFO",
  "CURSOR_CLOSE_ON_COMMIT",
  "DATEFIRST",
  "DATEFORMAT",
  "DEADLOCK_PRIORITY",
  "FMTONLY",
  "IMPLICIT_TRANSACTIONS",
  "LANGUAGE",
  "LOCK_TIMEOUT",
  "NOCOUNT",
  "NOEXEC",
  "NO_BROWSETABLE",
  "NUMERIC_ROUNDABORT",
  "PARSEONLY",
  "QUERY_GOVERNOR_COST_LIMIT",
  "QUOTED_IDENTIFIER",
  "RESULT_SET_CACHING",
  "ROWCOUNT",
  "SHOWPLAN_ALL",
  "SHOWPLAN_TEXT",
  "SHOWPLAN_XML",
  "TEXTSIZE",
  "XACT_ABORT",
]);

export function set(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (peek(cursor).kind === "variable") {
    const variable = next(cursor).value;
    const op = assignOp(cursor);
    return { kind: "setVariable", at, name: variable, op, value: value(cursor) };
  }
  if (acceptWord(cursor, "IDENTITY_INSERT")) {
    const table = name(cursor);
    const state = acceptOneOf(cursor, ["ON", "OFF"]) ?? unexpected(cursor);
    return { kind: "setIdentityInsert", at, table, on: state === "ON" };
  }
  if (acceptWord(cursor, "TRANSACTION", "ISOLATION", "LEVEL")) return isolation(cursor, at);
  if (acceptWord(cursor, "STATISTICS")) {
    const what = acceptOneOf(cursor, ["IO", "TIME", "XML", "PROFILE"]) ?? unexpected(cursor);
    const state = acceptOneOf(cursor, ["ON", "OFF"]) ?? unexpected(cursor);
    return { kind: "setOption", at, names: [`STATISTICS ${what}`], value: state };
  }
  const names = list(cursor, (inner) => {
    const token = next(inner);
    if (!setNames.has(token.keyword)) fail(195, token.at, token.text, "SET option");
    return token.keyword;
  });
  return { kind: "setOption", at, names, value: optionText(cursor) };
}

function optionText(cursor: Cursor): string {
  const negative = acceptOp(cursor, "-");
  const token = peek(cursor);
  if (token.kind === "end" || token.kind === "op") unexpected(cursor);
  return (negative ? "-" : "") + next(cursor).value;
}

function isolation(cursor: Cursor, at: Statement["at"]): Statement {
  const levels = [
    "READ UNCOMMITTED",
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
    "SNAPSHOT",
  ];
  const level = levels.find((text) => acceptWord(cursor, ...text.split(" ")));
  if (level === undefined) unexpected(cursor);
  return { kind: "setOption", at, names: ["TRANSACTION ISOLATION LEVEL"], value: level };
}

export function ifElse(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const condition = expression(cursor);
  const body = cursor.grammar.statement(cursor);
  const start = cursor.index;
  while (acceptOp(cursor, ";"));
  if (acceptWord(cursor, "ELSE")) {
    return { kind: "if", at, condition, body, otherwise: cursor.grammar.statement(cursor) };
  }
  cursor.index = start;
  return { kind: "if", at, condition, body, otherwise: undefined };
}

export function whileLoop(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const condition = expression(cursor);
  cursor.loops += 1;
  const body = cursor.grammar.statement(cursor);
  cursor.loops -= 1;
  return { kind: "while", at, condition, body };
}

/** Raises 135 and 136 outside of a WHILE, before anything of the batch runs. */
export function loopEnd(cursor: Cursor, kind: "break" | "continue"): Statement {
  const { at } = next(cursor);
  if (cursor.loops === 0) fail(kind === "break" ? 135 : 136, at);
  return { kind, at };
}

export function begin(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (acceptWord(cursor, "TRY")) return tryCatch(cursor, at);
  if (isWord(cursor, "DISTRIBUTED")) refuseStatement(at, "BEGIN DISTRIBUTED TRANSACTION");
  if (acceptOneOf(cursor, ["TRAN", "TRANSACTION"])) return transaction(cursor, at, "begin");
  const statements = statementsUntilEnd(cursor);
  expectWord(cursor, "END");
  return { kind: "block", at, statements };
}

function statementsUntilEnd(cursor: Cursor): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    while (acceptOp(cursor, ";"));
    if (isWord(cursor, "END")) return statements;
    if (peek(cursor).kind === "end") unexpected(cursor);
    statements.push(cursor.grammar.statement(cursor));
  }
}

function tryCatch(cursor: Cursor, at: Statement["at"]): Statement {
  const body: Block = { statements: statementsUntilEnd(cursor) };
  expectWord(cursor, "END", "TRY");
  acceptOp(cursor, ";");
  expectWord(cursor, "BEGIN", "CATCH");
  const handler: Block = { statements: statementsUntilEnd(cursor) };
  expectWord(cursor, "END", "CATCH");
  return { kind: "tryCatch", at, body, handler };
}

export function transaction(
  cursor: Cursor,
  at: Statement["at"],
  action: "begin" | "commit" | "rollback",
): Statement {
  const token = peek(cursor);
  const named =
    token.kind === "variable" ||
    (isIdentifier(cursor) && token.at.line === cursor.tokens[cursor.index - 1]!.at.line);
  const transactionName = named && !isStatementWord(token.keyword) ? next(cursor).value : undefined;
  if (acceptWord(cursor, "WITH", "MARK")) refuseOption(at, "WITH MARK");
  return { kind: "transaction", at, action, name: transactionName };
}

/** Statements that begin with a word that is not reserved. */
function isStatementWord(keyword: string): boolean {
  return ["THROW", "COPY", "RENAME", "EXPLAIN"].includes(keyword);
}

export function commitOrRollback(cursor: Cursor, action: "commit" | "rollback"): Statement {
  const at = next(cursor).at;
  if (acceptOneOf(cursor, ["TRAN", "TRANSACTION", "WORK"])) return transaction(cursor, at, action);
  return { kind: "transaction", at, action, name: undefined };
}

export function throwError(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const token = peek(cursor);
  if (token.kind !== "number" && token.kind !== "variable")
    return { kind: "throw", at, args: undefined };
  const number = value(cursor);
  expectOp(cursor, ",");
  const message = value(cursor);
  expectOp(cursor, ",");
  return { kind: "throw", at, args: { number, message, state: value(cursor) } };
}

export function raiserror(cursor: Cursor): Statement {
  const at = next(cursor).at;
  expectOp(cursor, "(");
  const [message, severity, state, ...args] = list(cursor, value);
  expectOp(cursor, ")");
  if (message === undefined || severity === undefined || state === undefined) unexpected(cursor);
  if (acceptWord(cursor, "WITH")) {
    list(cursor, (inner) => acceptOneOf(inner, ["NOWAIT", "LOG", "SETERROR"]) ?? unexpected(inner));
  }
  return { kind: "raiserror", at, message, severity, state, args };
}

export function execute(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (acceptWord(cursor, "AS")) return executeAs(cursor, at);
  if (acceptOp(cursor, "(")) {
    const text = value(cursor);
    expectOp(cursor, ")");
    if (isWord(cursor, "AT")) refuseOption(here(cursor), "EXECUTE AT");
    return { kind: "executeText", at, text };
  }
  return executeProcedure(cursor, at);
}

function executeAs(cursor: Cursor, at: Statement["at"]): Statement {
  if (!acceptWord(cursor, "USER")) refuseOption(here(cursor), `EXECUTE AS ${peek(cursor).text}`);
  expectOp(cursor, "=");
  return { kind: "executeAs", at, user: stringLiteral(cursor) };
}

/** `EXEC [@status =] p [args]`; also a bare `p` at the start of a batch. */
export function executeProcedure(cursor: Cursor, at: Statement["at"]): Statement {
  const hasStatus = peek(cursor).kind === "variable" && isOp(cursor, "=", 1);
  const status = hasStatus ? next(cursor).value : undefined;
  if (hasStatus) next(cursor);
  if (peek(cursor).kind === "variable") refuseOption(here(cursor), "EXECUTE @procedure");
  const procedure = name(cursor);
  const args = startsArgument(cursor) ? list(cursor, argument) : [];
  if (acceptWord(cursor, "WITH")) {
    if (!acceptWord(cursor, "RECOMPILE")) refuseOption(here(cursor), "WITH RESULT SETS");
  }
  return { kind: "execute", at, status, procedure, args };
}

function startsArgument(cursor: Cursor): boolean {
  const { kind, keyword } = peek(cursor);
  if (
    ["string", "nstring", "number", "money", "binary", "variable", "global", "quoted"].includes(
      kind,
    )
  )
    return true;
  if (isOp(cursor, "-") || isOp(cursor, "+")) return true;
  return (
    keyword === "NULL" ||
    keyword === "DEFAULT" ||
    (isIdentifier(cursor) && !isStatementWord(keyword))
  );
}

function argument(cursor: Cursor): Argument {
  const at = here(cursor);
  const isNamed = peek(cursor).kind === "variable" && isOp(cursor, "=", 1);
  const argumentName = isNamed ? next(cursor).value : undefined;
  if (isNamed) next(cursor);
  const actual = bareWord(cursor) ?? value(cursor);
  const output = acceptOneOf(cursor, ["OUTPUT", "OUT"]) !== undefined;
  return { at, name: argumentName, value: actual, output };
}

/** EXEC p abc passes the text 'abc'. */
function bareWord(cursor: Cursor): Expression | undefined {
  const token = peek(cursor);
  if (!isIdentifier(cursor) || isOp(cursor, "(", 1)) return undefined;
  next(cursor);
  return {
    kind: "literal",
    at: token.at,
    type: { name: "nvarchar", length: Math.max(token.value.length, 1) },
    value: token.value,
  };
}

export function waitfor(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (!acceptWord(cursor, "DELAY")) refuseStatement(at, "WAITFOR TIME");
  return { kind: "waitfor", at, delay: value(cursor) };
}

export function returnStatement(cursor: Cursor): Statement {
  const at = next(cursor).at;
  const { kind, keyword } = peek(cursor);
  const isValue =
    ["number", "string", "nstring", "variable", "global", "binary", "money"].includes(kind) ||
    (kind === "op" && /^[-+~(]$/.test(peek(cursor).text)) ||
    ["CASE", "NULL", "CAST", "CONVERT", "COALESCE", "NULLIF", "LEFT", "RIGHT"].includes(keyword) ||
    (isIdentifier(cursor) && isOp(cursor, "(", 1)) ||
    (isIdentifier(cursor) && isOp(cursor, ".", 1) && isOp(cursor, "(", 3));
  return { kind: "return", at, value: isValue ? value(cursor) : undefined };
}
