// Runs statements in order. One table from statement kind to what runs it; errors either end the
// statement, the batch, or are caught by an enclosing TRY.
import { SqlError, type SqlEvent, type SqlMessage } from "../../session.ts";
import { fail, refuseStatement } from "../error.ts";
import type { ExternalStatement, Statement } from "../statement.ts";
import { types } from "../type.ts";
import { traceStatement } from "./activity.ts";
import { alterTable, indexOrStatistics, renameObject } from "./alter-table.ts";
import { assignSelect, assigns } from "./assign-select.ts";
import { expectBulkLoad } from "./bulk-load.ts";
import {
  declare,
  executeAs,
  ifElse,
  print,
  raiserror,
  revert,
  setVariable,
  throwError,
  tryCatch,
  use,
  waitfor,
  whileLoop,
} from "./control.ts";
import { copyInto } from "./copy.ts";
import { defineExternal } from "./define-external.ts";
import {
  createModule,
  createSchema,
  dropObjects,
  dropSchema,
  rebuildView,
} from "./define-object.ts";
import { createTable, createTableAs, selectInto, truncate } from "./define-table.ts";
import { findObject } from "./environment.ts";
import { continuesBatch, toSqlError } from "./error-mapping.ts";
import { execute, executeTextStatement } from "./execute.ts";
import { createExternalTableAs } from "./export.ts";
import { formatted } from "./format-only.ts";
import { alterDatabase, databaseConsole, kill, spaceUsed } from "./maintenance.ts";
import { modify } from "./modify.ts";
import { giveBack } from "./open-files.ts";
import { evaluate, select } from "./query.ts";
import { security } from "./security.ts";
import { setOption } from "./set-option.ts";
import { type Completion, type Events, frameOf, type Session } from "./state.ts";
import {
  beginTransaction,
  commitTransaction,
  opensTransaction,
  rollbackTransaction,
} from "./transaction.ts";
import { transferObject } from "./transfer.ts";

export async function* runBatchStatements(
  session: Session,
  statements: readonly Statement[],
  signal: AbortSignal,
): Events {
  for (const statement of statements) {
    signal.throwIfAborted();
    if (session.options.formatOnly && formatted(statement)[0] !== statement) {
      yield* runBatchStatements(session, formatted(statement), signal);
      continue;
    }
    if (session.options.parseOnly || session.options.noExecute) {
      if (statement.kind !== "setOption") continue;
    }
    const trace = traceStatement(session, statement);
    let outcome: Parameters<typeof trace.ended>[0] = { cancelled: true };
    try {
      await trace.started(signal);
      if (opensTransaction(session, statement)) yield* beginTransaction(session);
      const completion: Completion = yield* runStatement(session, statement, signal);
      outcome = {};
      if (!keepsCounters.has(statement.kind)) session.error = 0;
      if (completion !== "normal") return completion;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const raised = located(session, toSqlError(error, statement.at));
      outcome = { error: raised.detail };
      session.error = raised.detail.number;
      const ends =
        batchEnds.has(error as object) ||
        !continuesBatch(raised.detail) ||
        statement.kind === "throw" ||
        session.options.xactAbort;
      if (ends) {
        batchEnds.add(raised);
        throw raised;
      }
      yield { kind: "message", error: true, message: raised.detail };
      yield { kind: "done", command: "other" };
    } finally {
      await giveBack(session);
      trace.ended(outcome);
    }
  }
  return "normal";
}

/** Errors that end the batch, whatever their numbers are, through all statements around theirs. */
const batchEnds = new WeakSet<object>();

/** Statements that leave @@ERROR to what they contain. */
const keepsCounters = new Set<Statement["kind"]>([
  "if",
  "while",
  "block",
  "tryCatch",
  "execute",
  "executeText",
  "return",
  "raiserror",
  "declare",
]);

/** Names the procedure that raised the error, once. */
function located(session: Session, error: SqlError): SqlError {
  const { procedure } = frameOf(session);
  if (procedure === undefined || error.detail.procedure !== undefined) return error;
  return new SqlError({ ...error.detail, procedure });
}

function once(event: SqlEvent): Events {
  return (async function* (): Events {
    yield event;
    return "normal";
  })();
}

async function* quiet(work: Promise<void>): Events {
  await work;
  yield* [];
  return "normal";
}

async function* silent(events: AsyncIterable<SqlEvent> | Iterable<SqlEvent>): Events {
  yield* events;
  return "normal";
}

function requireHealthy(session: Session, statement: Statement): void {
  const writes: readonly Statement["kind"][] = [
    "insert",
    "insertBulk",
    "update",
    "delete",
    "merge",
    "copy",
  ];
  if (session.doomed && writes.includes(statement.kind)) fail(3930, statement.at);
}

/** Serverless pools keep nothing: "the in-database tables are not supported". */
function requireKept(session: Session, node: Statement): void {
  if (session.database.pool.isServerless !== true) return;
  const into = node.kind === "query" && node.query.body.kind === "select" && node.query.body.into;
  if (into) refuseStatement(node.at, "SELECT INTO");
  if (node.kind === "query" || !isKept(node.kind)) return;
  const words = node.kind.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
  refuseStatement(node.at, `${words} in a serverless SQL pool`);
}

const kept =
  /^(?:create|alter|drop|insert|update|delete|merge|copy|truncate|rename|transfer|permission)/;

function isKept(kind: Statement["kind"]): boolean {
  return kept.test(kind);
}

function runStatement(session: Session, node: Statement, signal: AbortSignal): Events {
  requireHealthy(session, node);
  requireKept(session, node);
  switch (node.kind) {
    case "query":
      if (node.query.body.kind === "select" && node.query.body.into !== undefined)
        return selectInto(session, node.query, node.query.body.into, signal);
      return assigns(node.query)
        ? assignSelect(session, node.query, signal)
        : select(session, node.query, signal);
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return modify(session, node, signal);
    case "insertBulk":
      return expectBulkLoad(session, node, signal);
    case "copy":
      return copyInto(session, node, signal);
    case "createTable":
      return createTable(session, node, signal);
    case "createTableAs":
      return createTableAs(session, node, signal);
    case "alterTable":
      return alterTable(session, node, signal);
    case "truncate":
      return truncate(session, node, signal);
    case "renameObject":
      return renameObject(session, node, signal);
    case "transferObject":
      return transferObject(session, node, signal);
    case "drop":
      return dropObjects(session, node, signal);
    case "createSchema":
      return createSchema(session, node, signal);
    case "dropSchema":
      return dropSchema(session, node, signal);
    case "createView":
    case "createProcedure":
    case "createFunction":
      return createModule(session, node, signal);
    case "alterMaterializedView":
      return rebuildView(session, node);
    case "createIndex":
    case "alterIndex":
    case "dropIndex":
    case "createStatistics":
    case "updateStatistics":
    case "dropStatistics":
      return indexOrStatistics(session, node, signal);
    case "createUser":
    case "alterUser":
    case "dropUser":
    case "createLogin":
    case "alterLogin":
    case "dropLogin":
    case "createRole":
    case "dropRole":
    case "alterRole":
    case "permission":
      return security(session, node, signal);
    default:
      return isExternal(node)
        ? runExternal(session, node, signal)
        : runControl(session, node, signal);
  }
}

function isExternal(node: Control | ExternalStatement): node is ExternalStatement {
  return /External|Credential|MasterKey/.test(node.kind);
}

function runExternal(session: Session, node: ExternalStatement, signal: AbortSignal): Events {
  return node.kind === "createExternalTableAs"
    ? createExternalTableAs(session, node, signal)
    : defineExternal(session, node, signal);
}

type Control = Extract<
  Statement,
  {
    kind:
      | "declare"
      | "setVariable"
      | "setOption"
      | "setIdentityInsert"
      | "if"
      | "while"
      | "block"
      | "break"
      | "continue"
      | "return"
      | "tryCatch"
      | "throw"
      | "raiserror"
      | "print"
      | "execute"
      | "executeText"
      | "executeAs"
      | "revert"
      | "use"
      | "alterDatabase"
      | "waitfor"
      | "transaction"
      | "kill"
      | "spaceUsed"
      | "databaseConsole"
      | "explain";
  }
>;

function runControl(session: Session, node: Control, signal: AbortSignal): Events {
  switch (node.kind) {
    case "declare":
      return quiet(declare(session, node, signal));
    case "setVariable":
      return quiet(setVariable(session, node, signal));
    case "setOption":
      return silent(setOption(session, node));
    case "setIdentityInsert":
      return identityInsert(session, node);
    case "if":
      return ifElse(session, node, signal);
    case "while":
      return whileLoop(session, node, signal);
    case "block":
      return runBatchStatements(session, node.statements, signal);
    case "break":
    case "continue":
      return ended(node.kind);
    case "return":
      return returned(session, node, signal);
    case "tryCatch":
      return tryCatch(session, node, signal);
    case "throw":
      return quiet(throwError(session, node, signal));
    case "raiserror":
      return raise(session, node, signal);
    case "print":
      return silent(print(session, node, signal));
    case "execute":
      return execute(session, node, signal);
    case "executeText":
      return executeTextStatement(session, node, signal);
    case "executeAs":
      executeAs(session, node);
      return silent([]);
    case "revert":
      revert(session);
      return silent([]);
    case "alterDatabase":
      return once(alterDatabase(session, node));
    case "use":
      return once(use(session, node));
    case "waitfor":
      return quiet(waitfor(session, node, signal));
    case "transaction":
      return transaction(session, node);
    case "kill":
      kill(session, node);
      return silent([{ kind: "done", command: "other" }]);
    case "spaceUsed":
      return silent(spaceUsed(session, node, signal));
    case "databaseConsole":
      return silent(databaseConsole(node));
    case "explain":
      return refuseStatement(node.at, "EXPLAIN");
  }
}

async function* ended(completion: "break" | "continue"): Events {
  yield* [];
  return completion;
}

async function* returned(
  session: Session,
  node: Extract<Control, { kind: "return" }>,
  signal: AbortSignal,
): Events {
  yield* [];
  if (node.value === undefined) return { returned: 0 };
  if (session.frames.length === 1) fail(178, node.at);
  const { value } = await evaluate(session, node.value, signal, types.int);
  return { returned: Number(value ?? 0) };
}

async function* raise(
  session: Session,
  node: Extract<Control, { kind: "raiserror" }>,
  signal: AbortSignal,
): Events {
  const message: SqlMessage = await raiserror(session, node, signal);
  if (message.severity > 10) throw new SqlError(message);
  yield { kind: "message", error: false, message };
  return "normal";
}

async function* transaction(
  session: Session,
  node: Extract<Control, { kind: "transaction" }>,
): Events {
  if (node.action === "begin") yield* beginTransaction(session);
  else if (node.action === "commit") yield* commitTransaction(session, node.at);
  else yield* rollbackTransaction(session, node.at);
  return "normal";
}

async function* identityInsert(
  session: Session,
  node: Extract<Control, { kind: "setIdentityInsert" }>,
): Events {
  yield* [];
  const table = findObject(session, node.table);
  if (table?.kind !== "table") return fail(1088, node.at, node.table.parts.join("."));
  if (!table.columns.some((column) => column.identity)) fail(8106, node.at, table.name);
  const key = table.temporary
    ? table.name.toLowerCase()
    : `${table.schema}.${table.name}`.toLowerCase();
  if (node.on && session.identityInsert !== undefined && session.identityInsert !== key)
    fail(8107, node.at, session.identityInsert, table.name);
  session.identityInsert = node.on ? key : undefined;
  return "normal";
}
