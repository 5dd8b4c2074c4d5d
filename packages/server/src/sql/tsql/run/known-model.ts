// Models that a session has come upon, by the engine's SQL that read them: a statement that finds its model here does
// not read it again.
import type { EngineModel, EngineStatement } from "../../engine/port.ts";
import type { SqlType, SqlValue } from "../../session.ts";
import type { Session } from "./state.ts";

/** What an expression is: a value that is known, or what a statement answers. */
export type Scalar =
  | { type: SqlType; value: SqlValue; statement?: undefined }
  | { type: SqlType; statement: EngineStatement };

/** Models that a session keeps, those it came upon last. */
const modelsMax = 16;

/** Answer something else each time. */
const isVolatile = /\b(?:random|uuid|nextval|currval)\(/;

/** The version of all that the statement reads: while it stays, so does the answer. Undefined where it may not. */
export function dataVersion(session: Session, statement: EngineStatement): number | undefined {
  if (statement.parameters?.length || isVolatile.test(statement.sql)) return undefined;
  return session.connection.version();
}

/** Names in the SQL are the session's own: its temporary tables are no other's. */
export function knownModel(session: Session, scalar: Scalar): EngineModel | undefined {
  const { statement } = scalar;
  if (statement === undefined)
    return scalar.value instanceof Uint8Array
      ? session.database.engine.knownModel(scalar.value)
      : undefined;
  const known = session.models.get(statement.sql);
  if (known === undefined || known.version !== dataVersion(session, statement)) return undefined;
  return known.model;
}

/** `version` is that of before the model was read: what changed meanwhile has another one. */
export function rememberModel(
  session: Session,
  statement: EngineStatement,
  { version, model }: { version: number | undefined; model: EngineModel },
): void {
  if (version === undefined) return;
  session.models.delete(statement.sql);
  session.models.set(statement.sql, { version, model });
  for (const [oldest] of session.models) {
    if (session.models.size <= modelsMax) break;
    session.models.delete(oldest);
  }
}
