// ALTER TABLE … SPLIT RANGE, MERGE RANGE and SWITCH. Rows that change places are moved by the engine.
// Source: "ALTER TABLE (Transact-SQL)", "Partitioning tables in dedicated SQL pool".
import type { EngineStatement } from "../../engine/port.ts";
import type { Expression } from "../ast.ts";
import { findColumn, type TableObject } from "../catalogue/model.ts";
import {
  partitionCondition,
  partitionCount,
  partitionRowsSql,
  sameBoundary,
  sortedBoundaries,
} from "../emit/partition.ts";
import { tableSql } from "../emit/source.ts";
import { fail, refuseOption } from "../error.ts";
import type { DefinitionStatement } from "../statement.ts";
import { declared } from "../type.ts";
import { alterable } from "./define-table.ts";
import { evaluate, rowsOf } from "./query.ts";
import type { Session } from "./state.ts";

type Alter = Extract<DefinitionStatement, { kind: "alterTable" }>;
type Action<K extends Alter["action"]["kind"]> = Extract<Alter["action"], { kind: K }>;

export async function changeRange(
  session: Session,
  node: Alter,
  action: Action<"splitRange" | "mergeRange">,
  table: TableObject,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  if (table.partition === undefined)
    refuseOption(
      node.at,
      `${action.kind === "splitRange" ? "SPLIT" : "MERGE"} RANGE of a table without partitions`,
    );
  const { value } = await evaluate(session, action.value, signal, {
    name: "nvarchar",
    length: 4000,
  });
  const text = String(value);
  const { type } = findColumn(table, table.partition.column)!;
  const { values } = table.partition;
  const found = values.find((entry) => sameBoundary(entry, text, type));
  if (action.kind === "mergeRange") {
    if (found === undefined) fail(7715, node.at, text);
    table.partition.values = values.filter((entry) => entry !== found);
    return [];
  }
  if (found !== undefined) fail(7716, node.at, text);
  table.partition.values = sortedBoundaries([...values, text], type);
  return [];
}

/** Rows of a partition, or of a whole table, move to an empty one. */
export async function switchPartition(
  session: Session,
  node: Alter,
  action: Action<"switch">,
  table: TableObject,
  signal: AbortSignal,
): Promise<EngineStatement[]> {
  const target = alterable(session, action.target);
  requireSameColumns(node, table, target);
  const from = await partitionOf(session, node, action.partition, table, signal);
  const to = await partitionOf(session, node, action.targetPartition, target, signal);
  const moved = partitionCondition(table, from);
  const room = partitionCondition(target, to);
  if (target.partition !== undefined && room !== moved)
    fail(4972, node.at, table.name, target.name);
  const clear = { sql: `DELETE FROM ${tableSql(target)} WHERE ${room}` };
  if (!action.truncateTarget && (await rowCount(session, node, target, to, signal)) > 0n) {
    if (target.partition === undefined) fail(4905, node.at, target.name);
    fail(4904, node.at, to, target.name);
  }
  return [
    ...(action.truncateTarget ? [clear] : []),
    { sql: `INSERT INTO ${tableSql(target)} SELECT * FROM ${tableSql(table)} WHERE ${moved}` },
    { sql: `DELETE FROM ${tableSql(table)} WHERE ${moved}` },
  ];
}

function requireSameColumns(node: Alter, table: TableObject, target: TableObject): void {
  if (target.columns.length !== table.columns.length)
    fail(4943, node.at, table.name, table.columns.length, target.name, target.columns.length);
  table.columns.forEach((column, index) => {
    const other = target.columns[index]!;
    const types = [declared(column.type), declared(other.type)] as const;
    if (types[0] === types[1] && column.name.toLowerCase() === other.name.toLowerCase()) return;
    fail(4944, node.at, column.name, types[0], table.name, types[1], target.name);
  });
}

/** A table without partitions is one partition; a partitioned one needs a number. */
async function partitionOf(
  session: Session,
  node: Alter,
  expression: Expression | undefined,
  table: TableObject,
  signal: AbortSignal,
): Promise<number> {
  if (table.partition === undefined) return 1;
  if (expression === undefined) return fail(4911, node.at, table.name);
  const { value } = await evaluate(session, expression, signal, { name: "int" });
  const number = Number(value ?? 0);
  const count = partitionCount(table);
  if (number < 1 || number > count) fail(7722, node.at, number, table.name, count);
  return number;
}

async function rowCount(
  session: Session,
  node: Alter,
  table: TableObject,
  number: number,
  signal: AbortSignal,
): Promise<bigint> {
  const sql = `SELECT ${partitionRowsSql(table, number)} AS c1`;
  for await (const block of rowsOf(session, { sql }, node.at, signal)) {
    if (block.rowCount > 0) return BigInt(block.vectors[0]![0] as bigint);
  }
  return 0n;
}
