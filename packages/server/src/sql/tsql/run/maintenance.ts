// KILL, ALTER DATABASE, and the DBCC commands that are run.
// Source: "KILL (Transact-SQL)", "DBCC PDW_SHOWSPACEUSED", "DBCC DROPCLEANBUFFERS".
import type { SqlColumn, SqlEvent, SqlValue } from "../../session.ts";
import type { TableObject } from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { valueBytes } from "../emit/partition.ts";
import { tableSql } from "../emit/source.ts";
import { fail } from "../error.ts";
import type { ControlStatement } from "../statement.ts";
import { tablesOf, visibleObjects } from "../system/visible-object.ts";
import { types } from "../type.ts";
import { killSession } from "./activity.ts";
import { findObject } from "./environment.ts";
import { rowsOf } from "./query.ts";
import type { Session } from "./state.ts";

type Node<K extends ControlStatement["kind"]> = Extract<ControlStatement, { kind: K }>;

/** ALTER ANY CONNECTION is what a database owner has of it. */
export function kill(session: Session, node: Node<"kill">): void {
  const { actor } = session;
  if (actor.user !== "dbo" && !actor.grantees.has("db_owner")) fail(6102, node.at);
  if (node.session === session.id) fail(6104, node.at);
  const victim = session.database.activity.sessions.get(node.session);
  killSession(victim ?? fail(6106, node.at, node.session));
}

/** Options of a database that is there, by one who may alter it; nothing changes. */
export function alterDatabase(session: Session, node: Node<"alterDatabase">): SqlEvent {
  const { catalogue, pool } = session.database;
  const wanted = (node.database ?? pool.name).toLowerCase();
  const exists = session.databases.some(({ name }) => name.toLowerCase() === wanted);
  if (!exists || decide(catalogue, session.actor, { permission: "ALTER" }) !== "allowed")
    fail(5011, node.at, node.database ?? pool.name);
  return { kind: "done", command: "other" };
}

const completed =
  "DBCC execution completed. If DBCC printed error messages, contact your system administrator.";

export function databaseConsole(node: Node<"databaseConsole">): SqlEvent[] {
  const message = { number: 2528, severity: 0, state: 1, line: node.at.line, message: completed };
  return [
    { kind: "message", error: false, message },
    { kind: "done", command: "other" },
  ];
}

const ofTable = ["ROWS", "RESERVED_SPACE", "DATA_SPACE", "INDEX_SPACE", "UNUSED_SPACE"];
const ofDatabase = ofTable.slice(1);

function kilobytes(names: readonly string[]): SqlColumn[] {
  return [
    ...names.map((name) => ({ name, type: types.bigint, nullable: true })),
    { name: "PDW_NODE_ID", type: types.int, nullable: true },
    { name: "DISTRIBUTION_ID", type: types.int, nullable: true },
  ];
}

/** Rows of one table, or the size of all of them; the pool is one node with one distribution. */
export async function* spaceUsed(
  session: Session,
  node: Node<"spaceUsed">,
  signal: AbortSignal,
): AsyncGenerator<SqlEvent> {
  const tables = node.table === undefined ? tablesOf(session) : [tableOf(session, node)];
  let rowCount = 0n;
  let byteCount = 0n;
  for (const table of tables) {
    const sql = `SELECT count(*) AS c1 FROM ${tableSql(table)}`;
    const count = await countOf(session, node, sql, signal);
    rowCount += count;
    byteCount += count * BigInt(table.columns.length * valueBytes);
  }
  const space = byteCount / 1024n;
  const row: SqlValue[] = [space, space, 0n, 0n, 1, 1];
  if (node.table !== undefined) row.unshift(rowCount);
  const columns = kilobytes(node.table === undefined ? ofDatabase : ofTable);
  yield { kind: "columns", columns };
  yield { kind: "rows", count: 1, vectors: row.map((value) => [value]) };
  yield { kind: "done", command: "select", rowCount: 1 };
}

function tableOf(session: Session, node: Node<"spaceUsed">): TableObject {
  const object = findObject(session, node.table!);
  if (object?.kind === "table" && visibleObjects(session).includes(object)) return object;
  return fail(2501, node.at, node.table!.parts.join("."));
}

async function countOf(
  session: Session,
  node: Node<"spaceUsed">,
  sql: string,
  signal: AbortSignal,
): Promise<bigint> {
  let count = 0n;
  for await (const block of rowsOf(session, { sql }, node.at, signal)) {
    if (block.rowCount > 0) count = BigInt(block.vectors[0]![0] as bigint);
  }
  return count;
}
