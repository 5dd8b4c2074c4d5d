// Binding and running what yields rows or a value: SELECT, scalar expressions, conditions.
import type { EngineBlock, EngineModel, EngineStatement, EngineVector } from "../../engine/port.ts";
import { EngineError } from "../../engine/port.ts";
import type { SqlColumn, SqlType, SqlValue } from "../../session.ts";
import type { Expression, Position, Query } from "../ast.ts";
import { createBinder } from "../emit/binder.ts";
import { convert } from "../emit/conversion.ts";
import { ModelNeeded, type ModelPlace, RowsetNeeded } from "../emit/environment.ts";
import { type Binder, emptyScope, type Relation } from "../emit/scope.ts";
import { wireSql, wireVector } from "../emit/wire.ts";
import { fail, sqlError } from "../error.ts";
import { isBinary, storage } from "../type.ts";
import { whyUnusable } from "./broken-model.ts";
import {
  createEnvironment,
  modelKey,
  type Recalled,
  type StatementEnvironment,
} from "./environment.ts";
import { toSqlError } from "./error-mapping.ts";
import { bindAndKeep, knownBinding } from "./known-binding.ts";
import { dataVersion, knownModel, rememberModel, type Scalar } from "./known-model.ts";
import { openFiles } from "./open-files.ts";
import { doneWith } from "./row-count.ts";
import { type Events, frameOf, type Session } from "./state.ts";

/** Most models that one statement may name. */
const modelsMax = 16;

export interface Bound<T> {
  result: T;
  env: StatementEnvironment;
}

/** Binds, opening models as PREDICT asks for them and binding again. */
export async function bind<T>(
  session: Session,
  signal: AbortSignal,
  build: (binder: Binder, env: StatementEnvironment) => T,
  options: { isDescribed?: boolean; isChained?: boolean } = {},
): Promise<Bound<T>> {
  const env = createEnvironment(session, { recall, ...options });
  for (;;) {
    env.parameters.length = 0;
    try {
      return { result: build(createBinder(env), env), env };
    } catch (error) {
      if (error instanceof ModelNeeded) {
        if (env.models.size >= modelsMax)
          fail(39051, error.at, "The statement uses too many models.");
        env.models.set(modelKey(error.place), await openModel(session, error, signal));
      } else if (error instanceof RowsetNeeded) {
        const { wanted } = error;
        const ask = (sql: string) => rowsOf(session, { sql }, wanted.at, signal);
        await openFiles(session, env, wanted, { ask, signal });
      } else throw error;
    }
  }
}

/** The model of a MODEL expression, if it is known without asking the engine. */
function recall(session: Session, place: ModelPlace): Recalled | undefined {
  const { expression, parameters, isChained } = place;
  const env = createEnvironment(session, { recall, isChained });
  try {
    const scalar = scalarOf(session, expression, { binder: createBinder(env), env, parameters });
    const model = knownModel(session, scalar);
    const isRepeatable = scalar.statement !== undefined && env.asked().isRepeatable;
    return model && { model, isRepeatable };
  } catch (error) {
    if (error instanceof ModelNeeded || error instanceof RowsetNeeded) return undefined;
    throw error;
  }
}

/** The MODEL expression must answer one value; its bytes must be an ONNX model. */
async function openModel(
  session: Session,
  { place, at }: ModelNeeded,
  signal: AbortSignal,
): Promise<EngineModel> {
  const { expression, parameters, isChained } = place;
  const { result: scalar } = await bind(
    session,
    signal,
    (binder, env) => scalarOf(session, expression, { binder, env, parameters }),
    { isChained },
  );
  const { statement } = scalar;
  const version = statement && dataVersion(session, statement);
  const value = await readScalar(session, scalar, expression.at, signal);
  if (value === null) throw sqlError(39051, at, "The model of PREDICT is NULL.");
  if (!isBinary(scalar.type) || !(value instanceof Uint8Array))
    throw sqlError(39051, at, "The model of PREDICT must be of type varbinary(max).");
  try {
    const model = await session.database.engine.openModel(value);
    if (statement) rememberModel(session, statement, { version, model });
    return model;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const reason = whyUnusable(value, error.message);
    throw sqlError(39051, at, `The model of PREDICT cannot be used: ${reason}`);
  }
}

export function statementOf(env: StatementEnvironment, sql: string): EngineStatement {
  return { sql, parameters: env.parameters };
}

export function wireColumns(relation: Relation): SqlColumn[] {
  return relation.columns.map(({ name, type, nullable }) => ({ name: name ?? "", type, nullable }));
}

/**
 * An engine error ends the engine's transaction. It is rolled back at once, so that CATCH can read;
 * the session's stays, doomed, until it says ROLLBACK.
 */
async function doom(session: Session): Promise<void> {
  if (session.transactions === 0 || session.doomed) return;
  session.doomed = true;
  await session.connection.run([{ sql: "ROLLBACK" }], new AbortController().signal).catch(() => {});
}

/** Blocks of a bound query, engine errors as SQL Server's. */
export async function* rowsOf(
  session: Session,
  statement: EngineStatement,
  at: Position,
  signal: AbortSignal,
): AsyncGenerator<EngineBlock> {
  try {
    yield* session.connection.stream(statement, signal);
  } catch (error) {
    if (error instanceof EngineError) await doom(session);
    if (signal.aborted) throw signal.reason;
    throw toSqlError(error, at);
  }
}

export async function runStatements(
  session: Session,
  statements: readonly EngineStatement[],
  at: Position,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await session.connection.run(statements, signal);
  } catch (error) {
    if (error instanceof EngineError) await doom(session);
    if (signal.aborted) throw signal.reason;
    throw toSqlError(error, at);
  }
}

/** Runs statements as one transaction, joining the session's if there is one. */
export async function runAtomically(
  session: Session,
  statements: readonly EngineStatement[],
  at: Position,
  signal: AbortSignal,
): Promise<number> {
  if (session.transactions > 0 || statements.length === 1)
    return runStatements(session, statements, at, signal);
  try {
    const changed = await runStatements(
      session,
      [{ sql: "BEGIN TRANSACTION" }, ...statements],
      at,
      signal,
    );
    await session.connection.run([{ sql: "COMMIT" }], new AbortController().signal);
    return changed;
  } catch (error) {
    await session.connection
      .run([{ sql: "ROLLBACK" }], new AbortController().signal)
      .catch(() => {});
    throw toSqlError(error, at);
  }
}

/** SET ROWCOUNT, and the login's limit: one row more than it tells whether rows are left out. */
function limitRows(session: Session, sql: string): { sql: string; rowsMax: number } {
  const { rowCount } = session.options;
  const rowsMax = session.login.resultRowsMax ?? Infinity;
  const limit = Math.min(rowCount > 0 ? rowCount : Infinity, rowsMax + 1);
  return { sql: limit === Infinity ? sql : `SELECT * FROM (${sql}) LIMIT ${limit}`, rowsMax };
}

/** A query whose rows go to the client. */
async function bindResult(
  session: Session,
  query: Query,
  signal: AbortSignal,
): Promise<{ relation: Relation; parameters: StatementEnvironment["parameters"] }> {
  const known = knownBinding(session, query);
  if (known !== undefined) return { relation: known, parameters: [] };
  const { result, env } = await bindAndKeep(session, query, () =>
    bind(session, signal, (binder) =>
      binder.query(query, emptyScope(), {
        place: "top",
        project: (sql, column) => wireSql(sql, column.type),
      }),
    ),
  );
  return { relation: result, parameters: env.parameters };
}

export async function* select(session: Session, query: Query, signal: AbortSignal): Events {
  const { relation, parameters } = await bindResult(session, query, signal);
  yield { kind: "columns", columns: wireColumns(relation) };
  const { sql, rowsMax } = limitRows(session, relation.sql);
  let count = 0;
  let truncated = false;
  if (!session.options.formatOnly) {
    for await (const block of rowsOf(session, { sql, parameters }, query.at, signal)) {
      const room = rowsMax - count;
      truncated ||= block.rowCount > room;
      const taken = Math.min(block.rowCount, room);
      if (taken === 0) continue;
      count += taken;
      const vectors = block.vectors.map((vector, index) =>
        wireVector(vector, relation.columns[index]!.type),
      );
      yield { kind: "rows", count: taken, vectors };
    }
  }
  yield { ...doneWith(session, "select", count), ...(truncated ? { truncated } : {}) };
  return "normal";
}

/** The value of an expression; known values need no engine. */
export async function evaluate(
  session: Session,
  expression: Expression,
  signal: AbortSignal,
  to?: SqlType,
): Promise<{ type: SqlType; value: SqlValue }> {
  const { result: scalar } = await bind(session, signal, (binder, env) =>
    scalarOf(session, expression, { binder, env, to }),
  );
  return { type: scalar.type, value: await readScalar(session, scalar, expression.at, signal) };
}

interface ScalarBinding {
  binder: Binder;
  env: StatementEnvironment;
  to?: SqlType | undefined;
  /** Of functions around the expression. */
  parameters?: ModelPlace["parameters"];
}

function scalarOf(
  session: Session,
  expression: Expression,
  { binder, env, to, parameters }: ScalarBinding,
): Scalar {
  // Large values are parameters of a statement otherwise.
  if (expression.kind === "variable" && to === undefined) {
    const name = expression.name.toLowerCase();
    const variable = parameters?.has(name) ? undefined : frameOf(session).variables.get(name);
    if (variable !== undefined) return { type: variable.type, value: variable.value };
  }
  const bound = binder.value(expression, {
    ...emptyScope(),
    clause: "select",
    variables: parameters,
  });
  const value = to === undefined ? bound : convert(bound, to, expression.at);
  const { type } = value;
  if (value.literal !== undefined) return { type, value: value.literal.value };
  const sql = `SELECT ${wireSql(value.bareNull ? `CAST(NULL AS ${storage(type)})` : value.sql, type)} AS c1`;
  return { type, statement: statementOf(env, sql) };
}

async function readScalar(
  session: Session,
  scalar: Scalar,
  at: Position,
  signal: AbortSignal,
): Promise<SqlValue> {
  if (scalar.statement === undefined) return scalar.value;
  const vector = await onlyVector(session, scalar.statement, at, signal);
  return vector === undefined ? null : (wireVector(vector, scalar.type)[0] ?? null);
}

/** Of a statement that answers one value. Leaving it before its end would interrupt it. */
async function onlyVector(
  session: Session,
  statement: EngineStatement,
  at: Position,
  signal: AbortSignal,
): Promise<EngineVector | undefined> {
  let vector: EngineVector | undefined;
  for await (const block of rowsOf(session, statement, at, signal)) vector ??= block.vectors[0];
  return vector;
}

/** A condition of IF or WHILE; unknown counts as false. */
export async function holds(
  session: Session,
  expression: Expression,
  signal: AbortSignal,
): Promise<boolean> {
  const { result: sql, env } = await bind(session, signal, (binder) =>
    binder.condition(expression, { ...emptyScope(), clause: "other" }),
  );
  if (sql === "true" || sql === "false") return sql === "true";
  const statement = statementOf(env, `SELECT ${sql} AS c1`);
  const vector = await onlyVector(session, statement, expression.at, signal);
  return vector?.[0] === true;
}
