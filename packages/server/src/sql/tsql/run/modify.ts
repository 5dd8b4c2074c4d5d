// Runs INSERT, UPDATE, DELETE and MERGE, and keeps what SCOPE_IDENTITY and @@ROWCOUNT report.
import type { EngineStatement } from "../../engine/port.ts";
import type { SqlValue } from "../../session.ts";
import { SqlError } from "../../session.ts";
import type { TableObject } from "../catalogue/model.ts";
import { insertSql } from "../emit/insert.ts";
import { textTableSql } from "../emit/memory-table.ts";
import { mergeSql } from "../emit/merge.ts";
import { deleteSql, updateSql } from "../emit/modify.ts";
import type { Relation } from "../emit/scope.ts";
import { type InsertContext, sequenceName, targetTable } from "../emit/stored.ts";
import type { DataStatement, Statement } from "../statement.ts";
import { bind, runStatements, statementOf } from "./query.ts";
import { doneWith } from "./row-count.ts";
import type { Events, Session } from "./state.ts";

type Modification = Extract<DataStatement, { kind: "insert" | "update" | "delete" | "merge" }>;

export function shownName(session: Session, table: TableObject): string {
  return `${session.database.pool.name}.${table.schema}.${table.name}`;
}

/** Other sessions' catalogue change or write conflict is worth another try outside a transaction. */
const attemptsMax = 5;

export async function* modify(session: Session, node: Modification, signal: AbortSignal): Events {
  const rows =
    node.kind === "insert" && node.source.kind === "execute"
      ? yield* collected(session, node.source.statement, signal)
      : undefined;
  let changed = 0;
  for (let attempt = 1; ; attempt += 1) {
    const { result, env } = await bind(session, signal, (binder) => {
      switch (node.kind) {
        case "insert":
          return insertSql(
            binder,
            node,
            insertContext(session, targetTable(binder, node.target)),
            rows,
          );
        case "update":
          return updateSql(binder, node, (table) => shownName(session, table));
        case "delete":
          return deleteSql(binder, node);
        case "merge":
          return mergeSql(binder, node, (table) => shownName(session, table));
      }
    });
    try {
      changed = await runStatements(session, [statementOf(env, result.sql)], node.at, signal);
      if (changed > 0) await rememberIdentity(session, node.kind, result.table, signal);
      break;
    } catch (error) {
      const retries =
        session.transactions === 0 &&
        attempt < attemptsMax &&
        error instanceof SqlError &&
        error.detail.number === 3960;
      if (!retries) throw named(session, error, result.table, node.kind);
    }
  }
  yield doneWith(session, node.kind, changed);
  return "normal";
}

/** Message 515 names the table and the statement, which the engine did not. */
export function named(session: Session, error: unknown, table: TableObject, kind: string): unknown {
  if (!(error instanceof SqlError) || error.detail.number !== 515) return error;
  const verb = kind === "update" ? "UPDATE" : "INSERT";
  const message = error.detail.message
    .replace("table ''", `table '${shownName(session, table)}'`)
    .replace("INSERT fails", `${verb} fails`);
  return new SqlError({ ...error.detail, message });
}

export function insertContext(session: Session, table: TableObject): InsertContext {
  const key = table.temporary
    ? table.name.toLowerCase()
    : `${table.schema}.${table.name}`.toLowerCase();
  return {
    shownName: shownName(session, table),
    identityInsert: session.identityInsert === key,
    database: session.database.pool.name,
  };
}

async function rememberIdentity(
  session: Session,
  kind: string,
  table: TableObject,
  signal: AbortSignal,
): Promise<void> {
  if (
    kind !== "insert" ||
    session.identityInsert !== undefined ||
    !table.columns.some((column) => column.identity)
  )
    return;
  const statement: EngineStatement = {
    sql: `SELECT currval('${sequenceName(table).replaceAll("'", "''")}')`,
  };
  for await (const block of session.connection.stream(statement, signal)) {
    if (block.rowCount > 0) session.identity = BigInt(block.vectors[0]![0] as bigint);
  }
}

/** INSERT … EXEC: the procedure's rows are gathered, then inserted. Its messages pass through. */
async function* collected(
  session: Session,
  statement: Statement,
  signal: AbortSignal,
): AsyncGenerator<never, Relation | undefined> {
  let columns: Relation["columns"] | undefined;
  const rows: SqlValue[][] = [];
  for await (const event of session.knot.statements(session, [statement], signal)) {
    if (event.kind === "columns")
      columns = event.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
    if (event.kind === "rows") {
      for (let row = 0; row < event.count; row += 1)
        rows.push(event.vectors.map((vector) => vector[row] ?? null));
    }
    if (event.kind === "message" && event.error) throw new SqlError(event.message);
  }
  if (columns === undefined) return undefined;
  const list = columns.map((column) => ({
    name: column.name ?? "",
    type: column.type,
    nullable: true,
  }));
  return { sql: textTableSql({ columns: list, rows }).slice(1, -1), columns };
}
