// Transactions of a session. The engine's own transaction spans them; an engine error dooms it, as
// in a dedicated SQL pool, where XACT_STATE() then is -2 ("Use transactions in dedicated SQL pool").
import type { SqlEvent } from "../../session.ts";
import type { Position } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import type { Statement } from "../statement.ts";
import type { Session } from "./state.ts";

const never = new AbortController().signal;

export async function* beginTransaction(session: Session): AsyncGenerator<SqlEvent> {
  if (session.transactions === 0) {
    await session.connection.run([{ sql: "BEGIN TRANSACTION" }], never);
    session.doomed = false;
    session.transactionId += 1n;
    session.transactions = 1;
    yield { kind: "transaction", change: "begin", id: session.transactionId };
    return;
  }
  session.transactions += 1;
}

export async function* commitTransaction(
  session: Session,
  at: Position | undefined,
): AsyncGenerator<SqlEvent> {
  if (session.transactions === 0) fail(3902, at);
  if (session.doomed) fail(3930, at);
  if (session.transactions > 1) {
    session.transactions -= 1;
    return;
  }
  session.transactions = 0;
  try {
    await session.connection.run([{ sql: "COMMIT" }], never);
  } catch {
    yield { kind: "transaction", change: "rollback", id: session.transactionId };
    fail(3960, at);
  }
  yield { kind: "transaction", change: "commit", id: session.transactionId };
}

export async function* rollbackTransaction(
  session: Session,
  at: Position | undefined,
): AsyncGenerator<SqlEvent> {
  if (session.transactions === 0) fail(3903, at);
  session.transactions = 0;
  if (!session.doomed) await session.connection.run([{ sql: "ROLLBACK" }], never);
  session.doomed = false;
  yield { kind: "transaction", change: "rollback", id: session.transactionId };
}

const opening =
  /^(?:create|alter|drop|truncate|rename|permission|insert|update$|delete|merge|copy|insertBulk)/;

/**
 * Whether the statement starts a transaction of its own under SET IMPLICIT_TRANSACTIONS ON, as
 * mssql-jdbc's setAutoCommit(false) sets it. Source: "SET IMPLICIT_TRANSACTIONS": a SELECT without
 * FROM starts none, and BEGIN TRANSACTION then counts as two.
 */
export function opensTransaction(session: Session, node: Statement): boolean {
  if (!session.options.implicitTransactions || session.transactions > 0) return false;
  if (node.kind === "transaction") return node.action === "begin";
  if (node.kind !== "query") return opening.test(node.kind);
  const { body } = node.query;
  return body.kind !== "select" || body.from.length > 0;
}

export async function* transactionRequest(
  session: Session,
  request: "begin" | "commit" | "rollback" | "save",
): AsyncGenerator<SqlEvent> {
  switch (request) {
    case "begin":
      yield* beginTransaction(session);
      break;
    case "commit":
      yield* commitTransaction(session, undefined);
      break;
    case "rollback":
      if (session.transactions > 0) yield* rollbackTransaction(session, undefined);
      break;
    case "save":
      refuseOption({ line: 1, column: 1, offset: 0 }, "SAVE TRANSACTION");
  }
}
