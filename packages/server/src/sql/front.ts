// The front door behind the TDS wire: logins become sessions over pools. The T-SQL is in tsql/, the
// engine in engine/; what the rest of the server lends is in ports.ts.
import { type Engine, EngineError, type EnginePool, engineLost } from "./engine/port.ts";
import { type PoolEnd, type SqlPool, type SqlPrincipal, serverlessSuffix } from "./ports.ts";
import {
  type SqlColumn,
  SqlError,
  type SqlEvent,
  type SqlFront,
  type SqlLogin,
  type SqlSession,
} from "./session.ts";
import type { Name } from "./tsql/ast.ts";
import { loadCatalogue } from "./tsql/catalogue/store.ts";
import { fail, sqlError } from "./tsql/error.ts";
import { nameParts } from "./tsql/name-text.ts";
import { parseBatch } from "./tsql/parser/script.ts";
import { createActivity } from "./tsql/run/activity.ts";
import { actorOf, refreshActors } from "./tsql/run/actor.ts";
import { runBatchStatements } from "./tsql/run/batch.ts";
import { type BulkRows, bulkLoad } from "./tsql/run/bulk-load.ts";
import { describeView } from "./tsql/run/describe.ts";
import { toSqlError } from "./tsql/run/error-mapping.ts";
import { invoke } from "./tsql/run/execute.ts";
import { wireArguments } from "./tsql/run/procedure.ts";
import {
  type Database,
  defaultOptions,
  type FrontPorts,
  frameOf,
  newFrame,
  type Session,
} from "./tsql/run/state.ts";
import { transactionRequest } from "./tsql/run/transaction.ts";
import { systemView } from "./tsql/system/view.ts";

/** A session that takes the rows after INSERT BULK; the wire looks for `bulkLoad`. */
export interface BulkLoadingSession extends SqlSession {
  bulkLoad(
    columns: readonly SqlColumn[],
    rows: AsyncIterable<BulkRows>,
    signal: AbortSignal,
  ): AsyncIterable<SqlEvent>;
}

export interface FrontOptions extends FrontPorts {
  engine: Engine;
}

export interface OpenFront extends SqlFront {
  /** Closes a pool's file; its sessions end, saying why. */
  closePool(workspace: string, database: string, end: PoolEnd): Promise<void>;
  close(): Promise<void>;
}

interface Front {
  options: FrontOptions;
  databases: Map<string, Promise<Database>>;
  nextSession: number;
}

export function createFront(options: FrontOptions): OpenFront {
  const front: Front = { options, databases: new Map(), nextSession: 51 };
  return {
    async login(login) {
      try {
        return await openSession(front, login);
      } catch (error) {
        throw toSqlError(error, undefined);
      }
    },
    closePool: (workspace, database, end) =>
      closeDatabase(front, poolKey(workspace, database), closedError(end)),
    async close() {
      const error = endOfSession("The server is stopping.");
      for (const key of [...front.databases.keys()]) await closeDatabase(front, key, error);
    },
  };
}

function poolKey(workspace: string, database: string): string {
  return `${workspace}/${database}`.toLowerCase();
}

/** The error that a pool's sessions end with; the connection ends with it. */
function closedError(end: PoolEnd): SqlError {
  if (end === "paused") return sqlError(42108, undefined);
  return endOfSession(`The SQL pool was ${end}; please connect again.`);
}

function endOfSession(reason: string): SqlError {
  return new SqlError({ ...sqlError(40197, undefined, reason).detail, severity: 20 });
}

async function closeDatabase(front: Front, key: string, error: SqlError): Promise<void> {
  const opening = front.databases.get(key);
  if (opening === undefined) return;
  front.databases.delete(key);
  const database = await opening.catch(() => undefined);
  // An opening that failed left nothing to close.
  if (database === undefined) return;
  for (const session of database.activity.sessions.values()) session.killed.abort(error);
  await database.engine.close().catch((failure: unknown) => {
    // An engine that ended meanwhile has closed its files.
    if (!(failure instanceof EngineError && failure.message === engineLost)) throw failure;
  });
}

/** Opens a pool on first use; a failed opening is not remembered, nor is one whose engine is gone. */
function databaseOf(front: Front, pool: SqlPool): Promise<Database> {
  const key = poolKey(pool.workspace + (pool.isServerless ? serverlessSuffix : ""), pool.name);
  const known = front.databases.get(key);
  if (known !== undefined) return known;
  const opening = openDatabase(front.options.engine, pool);
  front.databases.set(key, opening);
  const forget = (): void => {
    if (front.databases.get(key) === opening) front.databases.delete(key);
  };
  opening.then((database) => database.engine.lost.then(forget), forget);
  return opening;
}

async function openDatabase(engine: Engine, pool: SqlPool): Promise<Database> {
  const opened: EnginePool = await engine.open(pool.file, pool.limits);
  const connection = await opened.connect();
  const catalogue = await loadCatalogue(connection, pool.name);
  await connection.close();
  let tail: Promise<unknown> = Promise.resolve();
  let changeCount = 0;
  let version = 0;
  return {
    pool,
    engine: opened,
    catalogue,
    activity: createActivity(pool.serviceObjective),
    exclusive(change) {
      changeCount += 1;
      const changed = (): void => {
        version += 1;
        changeCount -= 1;
      };
      const turn = tail.then(change, change).finally(changed);
      tail = turn.catch(() => {});
      return turn;
    },
    catalogueVersion: () => (changeCount > 0 ? undefined : version),
  };
}

async function principalOf(front: Front, login: SqlLogin): Promise<SqlPrincipal> {
  const { identity } = front.options;
  const { credential, workspace } = login;
  const found =
    credential.kind === "password"
      ? await identity.verifyPassword({
          workspace,
          user: credential.user,
          password: credential.password,
        })
      : await identity.verifyToken({ workspace, token: credential.token });
  if (found === undefined)
    fail(
      18456,
      undefined,
      credential.kind === "password" ? credential.user : "<token-identified principal>",
    );
  return found!;
}

const serverless = new RegExp(`${serverlessSuffix}$`, "i");

async function openSession(front: Front, sent: SqlLogin): Promise<SqlSession> {
  const login = { ...sent, workspace: sent.workspace.replace(serverless, "") };
  const principal = await principalOf(front, login);
  const { pools, engine: _engine, ...ports } = { ...front.options };
  const wanted = login.database === "" ? "master" : login.database;
  const pool = await (serverless.test(sent.workspace)
    ? wanted.toLowerCase() === "master" && pools.serverless(login.workspace)
    : pools.find(login.workspace, wanted));
  if (!pool) return fail(4060, undefined, wanted);
  if (pool.state === "Paused") fail(42108, undefined);
  const database = await databaseOf(front, pool);
  const actor = actorOf(database, principal);
  if (actor === undefined) fail(4060, undefined, wanted);
  const id = front.nextSession;
  front.nextSession += 1;
  const session: Session = {
    id,
    ports: { ...ports, pools },
    login,
    principal,
    database,
    connection: await database.engine.connect(),
    ...freshState(),
    actor: actor!,
    databases: await pools.list(login.workspace),
    logins: await ports.identity.logins.list(login.workspace),
    loginTime: ports.clock.now(),
    killed: new AbortController(),
    hasPlace: false,
    held: [],
    knot: { systemView, describeView, statements: runBatchStatements },
  };
  session.database.activity.sessions.set(id, session);
  return wireSession(session);
}

function freshState() {
  return {
    impersonated: [],
    options: { ...defaultOptions },
    transactions: 0,
    doomed: false,
    transactionId: 0n,
    rowCount: 0n,
    error: 0,
    bulk: undefined,
    identity: undefined,
    identityInsert: undefined,
    temporary: new Map(),
    models: new Map(),
    bindings: new WeakMap(),
    prepared: new Map(),
    nextHandle: 1,
    nextTemporaryId: 1,
    frames: [],
    nesting: 0,
  };
}

function wireSession(session: Session): BulkLoadingSession {
  return {
    batch: (text, signal, firstLine = 1) =>
      guarded(session, () => runText(session, { text, firstLine }, living(session, signal))),
    call: (call, signal) => guarded(session, () => runCall(session, call, living(session, signal))),
    bulkLoad: (columns, rows, signal) =>
      guarded(session, () => bulkLoad(session, columns, rows, living(session, signal))),
    transaction: (request) => guarded(session, () => transactionRequest(session, request)),
    reset: () =>
      reset(session).catch((error: unknown) => {
        throw toSqlError(error, undefined);
      }),
    async close() {
      session.database.activity.sessions.delete(session.id);
      // A pool that was paused, or an engine that ended, has closed the connection already.
      const never = new AbortController().signal;
      const open = session.transactions > 0 && !session.doomed;
      if (open) await session.connection.run([{ sql: "ROLLBACK" }], never).catch(() => {});
      await session.connection.close().catch(() => {});
    },
    get database() {
      return session.database.pool.name;
    },
  };
}

/** Until the client cancels, or somebody kills the session. */
function living(session: Session, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, session.killed.signal]);
}

/** A request's errors become its last message; a cancelled one ends as it was told to. */
async function* guarded(
  session: Session,
  run: () => AsyncGenerator<SqlEvent, unknown>,
): AsyncGenerator<SqlEvent> {
  session.frames = [newFrame(undefined, false)];
  session.nesting = 0;
  try {
    refreshActors(session);
    yield* run();
  } catch (error) {
    const raised = toSqlError(error, undefined);
    if (!(raised instanceof SqlError)) throw error;
    session.error = raised.detail.number;
    yield { kind: "message", error: true, message: raised.detail };
    yield { kind: "done", command: "other" };
  }
  if (session.doomed && session.transactions > 0 && session.options.xactAbort)
    yield* transactionRequest(session, "rollback");
}

async function* runText(
  session: Session,
  { text, firstLine }: { text: string; firstLine: number },
  signal: AbortSignal,
): AsyncGenerator<SqlEvent> {
  const { quotedIdentifier } = session.options;
  const statements = parseBatch(text, { quotedIdentifier, firstLine });
  frameOf(session).text = text;
  yield* runBatchStatements(session, statements, signal);
}

async function* runCall(
  session: Session,
  call: Parameters<SqlSession["call"]>[0],
  signal: AbortSignal,
): AsyncGenerator<SqlEvent> {
  const at = { line: 1, column: 1, offset: 0 };
  const name: Name = { at, parts: nameParts(call.procedure) };
  const result = yield* invoke(session, name, wireArguments(call.parameters), at, signal);
  yield { kind: "returnStatus", value: result.returned };
  for (const { name: parameter, ordinal, type, value } of result.outputs) {
    yield { kind: "returnValue", name: parameter, ordinal, type, value };
  }
}

async function reset(session: Session): Promise<void> {
  const never = new AbortController().signal;
  if (session.transactions > 0 && !session.doomed)
    await session.connection.run([{ sql: "ROLLBACK" }], never);
  for (const table of session.temporary.values()) {
    await session.connection.run(
      [{ sql: `DROP TABLE IF EXISTS temp.main."${table.name.replaceAll('"', '""')}"` }],
      never,
    );
  }
  const actor = session.impersonated[0] ?? session.actor;
  Object.assign(session, freshState(), { actor });
}
