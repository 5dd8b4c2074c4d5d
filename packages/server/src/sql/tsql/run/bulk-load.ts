// Bulk loads of the wire: INSERT BULK names table and columns, the rows follow. All of a load is one
// transaction; when the rows break off, nothing of it stays.
import type { SqlColumn, SqlEvent, SqlValue } from "../../session.ts";
import { insertSql } from "../emit/insert.ts";
import { textTableSql } from "../emit/memory-table.ts";
import { targetTable } from "../emit/stored.ts";
import { fail } from "../error.ts";
import type { Statement } from "../statement.ts";
import { insertContext, named } from "./modify.ts";
import { bind, runStatements, statementOf } from "./query.ts";
import type { Events, Session } from "./state.ts";

type InsertBulk = Extract<Statement, { kind: "insertBulk" }>;
type Insert = Extract<Statement, { kind: "insert" }>;

export interface BulkRows {
  count: number;
  vectors: readonly ArrayLike<SqlValue>[];
}

/** Rows in one INSERT: enough to share its cost, few enough for its text. */
const rowsPerInsert = 2000;

export async function* expectBulkLoad(
  session: Session,
  node: InsertBulk,
  signal: AbortSignal,
): Events {
  await bind(session, signal, (binder) => {
    const table = targetTable(binder, node.target);
    binder.env.authorize("INSERT", table, [], node.target.at);
  });
  session.bulk = node;
  yield { kind: "done", command: "other" };
  return "normal";
}

export async function* bulkLoad(
  session: Session,
  columns: readonly SqlColumn[],
  rows: AsyncIterable<BulkRows>,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent> {
  const { bulk } = session;
  session.bulk = undefined;
  if (bulk === undefined) return fail(4002, undefined);
  const own = session.transactions === 0;
  const never = new AbortController().signal;
  if (own) await session.connection.run([{ sql: "BEGIN TRANSACTION" }], never);
  let count = 0;
  try {
    for await (const block of rows) {
      await insertBlock(session, bulk, { columns, block }, signal);
      count += block.count;
    }
    if (own) await session.connection.run([{ sql: "COMMIT" }], never);
  } catch (error) {
    if (own) await session.connection.run([{ sql: "ROLLBACK" }], never).catch(() => {});
    throw error;
  }
  session.rowCount = BigInt(count);
  yield { kind: "done", command: "insert", rowCount: count };
}

async function insertBlock(
  session: Session,
  bulk: InsertBulk,
  load: { columns: readonly SqlColumn[]; block: BulkRows },
  signal: AbortSignal,
): Promise<void> {
  const { columns, block } = load;
  const node: Insert = {
    kind: "insert",
    at: bulk.at,
    ctes: [],
    target: bulk.target,
    columns: bulk.columns,
    source: { kind: "defaults" },
  };
  for (let from = 0; from < block.count; from += rowsPerInsert) {
    const length = Math.min(rowsPerInsert, block.count - from);
    const rows = Array.from({ length }, (_, row) =>
      block.vectors.map((vector) => vector[from + row] ?? null),
    );
    const { result, env } = await bind(session, signal, (binder) => {
      const relation = { sql: textTableSql({ columns, rows }).slice(1, -1), columns };
      return insertSql(
        binder,
        node,
        insertContext(session, targetTable(binder, node.target)),
        relation,
      );
    });
    await runStatements(session, [statementOf(env, result.sql)], bulk.at, signal).catch((error) => {
      throw named(session, error, result.table, "insert");
    });
  }
}
