// A batch into statements, and a script into batches at its GO lines.
import type { Expression, Position, Query } from "../ast.ts";
import { fail, refuseStatement } from "../error.ts";
import type { Statement } from "../statement.ts";
import { primaryCall } from "./call.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectWord,
  here,
  identifier,
  isIdentifier,
  isOp,
  isWord,
  next,
  openCursor,
  peek,
  unexpected,
} from "./cursor.ts";
import { copyInto, deleteFrom, insert, merge, update } from "./dml.ts";
import { escapeValue } from "./escape.ts";
import { value } from "./expression.ts";
import { createExternal, createMasterKey, dropExternal, scopedCredential } from "./external.ts";
import { alterDatabase, databaseConsole, kill } from "./maintenance.ts";
import {
  alterIndex,
  alterMaterializedView,
  alterSchema,
  createFunction,
  createIndex,
  createMaterializedView,
  createProcedure,
  createSchema,
  createStatistics,
  createView,
  dropObject,
} from "./object.ts";
import {
  begin,
  commitOrRollback,
  declare,
  execute,
  executeProcedure,
  ifElse,
  loopEnd,
  raiserror,
  returnStatement,
  set,
  throwError,
  waitfor,
  whileLoop,
} from "./procedural.ts";
import { commonTables, query, queryAfterWith } from "./query.ts";
import {
  alterRole,
  alterUser,
  createLogin,
  createRole,
  createUser,
  dropPrincipal,
  permission,
} from "./security.ts";
import { alterTable, createTable, renameObject, truncateTable } from "./table.ts";

export interface ParseOptions {
  quotedIdentifier: boolean;
  firstLine?: number;
}

export const grammar = { query, call: primaryCall, escape: escapeValue, statement };

/** Batches of queries that came last, by what was parsed. Nobody changes what a parser has made. */
const parsed = new Map<string, readonly Statement[]>();
const parsedMax = 64;
const parsedLengthMax = 4_096;

/** Parses one batch, or knows it again. Raises SqlError 102, 156, 319 … at the first fault. */
export function parseBatch(
  text: string,
  { quotedIdentifier, firstLine = 1 }: ParseOptions = { quotedIdentifier: true },
): readonly Statement[] {
  const options = { quotedIdentifier, firstLine };
  if (text.length > parsedLengthMax) return parseAnew(text, options);
  const key = `${quotedIdentifier} ${firstLine} ${text}`;
  const statements = parsed.get(key) ?? parseAnew(text, options);
  // Other statements may hold a secret, which is not to be kept.
  if (!statements.every(({ kind }) => kind === "query")) return statements;
  parsed.delete(key);
  parsed.set(key, statements);
  const [oldest] = parsed.keys();
  if (parsed.size > parsedMax && oldest !== undefined) parsed.delete(oldest);
  return statements;
}

function parseAnew(text: string, options: ParseOptions): Statement[] {
  const cursor = openCursor(text, options, grammar);
  try {
    return batchStatements(cursor);
  } catch (error) {
    if (error instanceof RangeError) fail(191, here(cursor));
    throw error;
  }
}

function batchStatements(cursor: Cursor): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    while (acceptOp(cursor, ";"));
    if (peek(cursor).kind === "end") return statements;
    if (statements.length === 0) {
      cursor.batchStart = cursor.index;
      if (isProcedureCall(cursor)) {
        const call = executeProcedure(cursor, here(cursor));
        call.end = here(cursor).offset;
        statements.push(call);
        continue;
      }
    }
    statements.push(statement(cursor));
  }
}

/** Parses an expression alone, for defaults kept as text. */
export function parseExpression(text: string): Expression {
  const cursor = openCursor(text, { quotedIdentifier: true }, grammar);
  const parsed = value(cursor);
  if (peek(cursor).kind !== "end") unexpected(cursor);
  return parsed;
}

/**
 * Cuts a script at lines that hold only GO (optionally with a count), as sqlcmd and the studio do.
 * `firstLine` is the 1-based line of the script where the batch begins.
 */
export function splitScript(text: string): { text: string; firstLine: number; count: number }[] {
  const batches: { text: string; firstLine: number; count: number }[] = [];
  const lines = text.split("\n");
  let from = 0;
  const push = (to: number, count: number): void => {
    const body = lines.slice(from, to).join("\n");
    if (body.trim() !== "") batches.push({ text: body, firstLine: from + 1, count });
    from = to + 1;
  };
  lines.forEach((line, index) => {
    const go = /^\s*GO(?:\s+(\d+))?\s*;?\s*(?:--.*)?$/i.exec(line);
    if (go !== null) push(index, Number(go[1] ?? 1));
  });
  push(lines.length, 1);
  return batches;
}

/** The first statement of a batch may leave EXEC out. */
function isProcedureCall(cursor: Cursor): boolean {
  if (!isIdentifier(cursor) || leading[peek(cursor).keyword] !== undefined) return false;
  const after = peek(cursor, 1);
  return !isOp(cursor, "(", 1) && (after.kind !== "op" || [".", ";", "-"].includes(after.text));
}

type Reader = (cursor: Cursor) => Statement;

const leading: Readonly<Record<string, Reader>> = {
  SELECT: (cursor) => ({ kind: "query", at: here(cursor), query: query(cursor) }),
  WITH: withStatement,
  INSERT: (cursor) => insert(cursor, []),
  UPDATE: (cursor) => update(cursor, []),
  DELETE: (cursor) => deleteFrom(cursor, []),
  MERGE: (cursor) => merge(cursor, []),
  COPY: copyInto,
  CREATE: create,
  ADD: add,
  ALTER: alter,
  DROP: drop,
  RENAME: renameObject,
  TRUNCATE: truncateTable,
  GRANT: (cursor) => permission(cursor, "grant"),
  DENY: (cursor) => permission(cursor, "deny"),
  REVOKE: (cursor) => permission(cursor, "revoke"),
  DECLARE: declare,
  SET: set,
  IF: ifElse,
  WHILE: whileLoop,
  BEGIN: begin,
  COMMIT: (cursor) => commitOrRollback(cursor, "commit"),
  ROLLBACK: (cursor) => commitOrRollback(cursor, "rollback"),
  BREAK: (cursor) => loopEnd(cursor, "break"),
  CONTINUE: (cursor) => loopEnd(cursor, "continue"),
  RETURN: returnStatement,
  THROW: throwError,
  RAISERROR: raiserror,
  PRINT: (cursor) => ({ kind: "print", at: next(cursor).at, value: value(cursor) }),
  EXEC: execute,
  EXECUTE: execute,
  REVERT: (cursor) => ({ kind: "revert", at: next(cursor).at }),
  USE: (cursor) => ({ kind: "use", at: next(cursor).at, database: identifier(cursor) }),
  WAITFOR: waitfor,
  KILL: kill,
  DBCC: databaseConsole,
  EXPLAIN: (cursor) => ({ kind: "explain", at: next(cursor).at, statement: statement(cursor) }),
};

/** Statements of T-SQL that a dedicated SQL pool, or this front, does not run. */
const refused = [
  "BACKUP",
  "BULK",
  "CHECKPOINT",
  "CLOSE",
  "DEALLOCATE",
  "FETCH",
  "GOTO",
  "OPEN",
  "READTEXT",
  "RECONFIGURE",
  "RESTORE",
  "SAVE",
  "SETUSER",
  "SHUTDOWN",
  "UPDATETEXT",
  "WRITETEXT",
];

export function statement(cursor: Cursor): Statement {
  const token = peek(cursor);
  const reader = Object.hasOwn(leading, token.keyword) ? leading[token.keyword] : undefined;
  if (reader !== undefined && token.kind === "word") {
    if (token.keyword === "WITH" && cursor.unterminatedAt === cursor.index) fail(319, token.at);
    const parsed = reader(cursor);
    parsed.end = here(cursor).offset;
    if (!acceptOp(cursor, ";")) {
      if (parsed.kind === "merge") fail(10713, here(cursor));
      cursor.unterminatedAt = cursor.index;
    }
    return parsed;
  }
  if (isOp(cursor, "(")) {
    const parsed: Statement = { kind: "query", at: token.at, query: query(cursor) };
    parsed.end = here(cursor).offset;
    acceptOp(cursor, ";");
    return parsed;
  }
  if (refused.includes(token.keyword)) refuseStatement(token.at, token.keyword);
  return unexpected(cursor);
}

function withStatement(cursor: Cursor): Statement {
  const at = here(cursor);
  const ctes = commonTables(cursor);
  if (isWord(cursor, "INSERT")) return insert(cursor, ctes);
  if (isWord(cursor, "UPDATE")) return update(cursor, ctes);
  if (isWord(cursor, "DELETE")) return deleteFrom(cursor, ctes);
  if (isWord(cursor, "MERGE")) return merge(cursor, ctes);
  const inner: Query = queryAfterWith(cursor, at, ctes);
  return { kind: "query", at, query: inner };
}

type Creator = (cursor: Cursor, at: Position) => Statement;

const creators: Readonly<Record<string, Creator>> = {
  SCHEMA: createSchema,
  TABLE: createTable,
  VIEW: (cursor, at) => createView(cursor, at, "create"),
  PROCEDURE: (cursor, at) => createProcedure(cursor, at, "create"),
  PROC: (cursor, at) => createProcedure(cursor, at, "create"),
  FUNCTION: (cursor, at) => createFunction(cursor, at, "create"),
  STATISTICS: createStatistics,
  USER: createUser,
  LOGIN: (cursor, at) => createLogin(cursor, at, false),
  ROLE: createRole,
  EXTERNAL: createExternal,
};

function create(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (acceptWord(cursor, "OR")) {
    expectWord(cursor, "ALTER");
    return alterModule(cursor, at, "createOrAlter") ?? unexpected(cursor);
  }
  if (
    ["INDEX", "CLUSTERED", "NONCLUSTERED", "UNIQUE", "COLUMNSTORE"].includes(peek(cursor).keyword)
  ) {
    return createIndex(cursor, at);
  }
  const creator = Object.hasOwn(creators, peek(cursor).keyword)
    ? creators[peek(cursor).keyword]
    : undefined;
  if (creator !== undefined) {
    next(cursor);
    return creator(cursor, at);
  }
  if (acceptWord(cursor, "MATERIALIZED", "VIEW")) return createMaterializedView(cursor, at);
  if (acceptWord(cursor, "DATABASE", "SCOPED", "CREDENTIAL"))
    return scopedCredential(cursor, at, true);
  if (acceptWord(cursor, "MASTER", "KEY")) return createMasterKey(cursor, at);
  return refuseObject(cursor, at, "CREATE");
}

function alterModule(
  cursor: Cursor,
  at: Position,
  how: "alter" | "createOrAlter",
): Statement | undefined {
  if (acceptWord(cursor, "VIEW")) return createView(cursor, at, how);
  if (acceptOneOf(cursor, ["PROCEDURE", "PROC"])) return createProcedure(cursor, at, how);
  if (acceptWord(cursor, "FUNCTION")) return createFunction(cursor, at, how);
  return undefined;
}

function alter(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (acceptWord(cursor, "TABLE")) return alterTable(cursor, at);
  if (acceptWord(cursor, "INDEX")) return alterIndex(cursor, at);
  if (acceptWord(cursor, "ROLE")) return alterRole(cursor, at);
  if (acceptWord(cursor, "SCHEMA")) return alterSchema(cursor, at);
  if (acceptWord(cursor, "USER")) return alterUser(cursor, at);
  if (acceptWord(cursor, "LOGIN")) return createLogin(cursor, at, true);
  if (acceptWord(cursor, "MATERIALIZED", "VIEW")) return alterMaterializedView(cursor, at);
  if (acceptWord(cursor, "DATABASE", "SCOPED", "CREDENTIAL"))
    return scopedCredential(cursor, at, false);
  const isOwn = !["SCOPED", "ENCRYPTION"].includes(peek(cursor, 1).keyword);
  if (isOwn && acceptWord(cursor, "DATABASE")) return alterDatabase(cursor, at);
  return alterModule(cursor, at, "alter") ?? refuseObject(cursor, at, "ALTER");
}

/** ADD begins no statement but this one, which "ADD SENSITIVITY CLASSIFICATION" documents. */
function add(cursor: Cursor): Statement {
  if (!isWord(cursor, "ADD", "SENSITIVITY")) return unexpected(cursor);
  return refuseStatement(here(cursor), "ADD SENSITIVITY CLASSIFICATION");
}

function drop(cursor: Cursor): Statement {
  const at = next(cursor).at;
  if (acceptWord(cursor, "EXTERNAL")) return dropExternal(cursor, at);
  if (acceptWord(cursor, "DATABASE", "SCOPED", "CREDENTIAL"))
    return { kind: "dropExternalThing", at, thing: "credential", name: identifier(cursor) };
  if (acceptWord(cursor, "MASTER", "KEY")) return { kind: "dropMasterKey", at };
  return dropPrincipal(cursor, at) ?? dropObject(cursor, at);
}

const refusedKinds = [
  "EXTERNAL DATA SOURCE",
  "EXTERNAL FILE FORMAT",
  "EXTERNAL TABLE",
  "MATERIALIZED VIEW",
  "WORKLOAD GROUP",
  "WORKLOAD CLASSIFIER",
  "SECURITY POLICY",
  "MASTER KEY",
  "SYMMETRIC KEY",
  "ASYMMETRIC KEY",
  "COLUMN MASTER KEY",
  "COLUMN ENCRYPTION KEY",
  "DATABASE SCOPED CREDENTIAL",
  "DATABASE SCOPED CONFIGURATION",
  "DATABASE ENCRYPTION KEY",
];

/** Names the object kind of a CREATE or ALTER that is not run: EXTERNAL TABLE, TRIGGER, … */
function refuseObject(cursor: Cursor, at: Position, verb: string): never {
  const first = peek(cursor);
  if (first.kind !== "word") unexpected(cursor);
  const kind = refusedKinds.find((words) => isWord(cursor, ...words.split(" ")));
  return refuseStatement(at, `${verb} ${kind ?? first.text.toUpperCase()}`);
}
