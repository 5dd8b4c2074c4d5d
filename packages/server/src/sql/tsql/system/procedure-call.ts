// What system procedures share: their arguments by name or place, and a table as their answer.
import type { SqlEvent, SqlValue } from "../../session.ts";
import type { Position } from "../ast.ts";
import type { MemoryTable } from "../emit/environment.ts";
import { type ActualArgument, type CallResult, converted } from "../run/procedure.ts";
import type { Session } from "../run/state.ts";
import { nvarchar } from "../type.ts";
import { columnsOf } from "./definition.ts";

export type Run = (
  session: Session,
  args: readonly ActualArgument[],
  at: Position,
  signal: AbortSignal,
) => AsyncGenerator<SqlEvent, CallResult>;

export const done: CallResult = { returned: 0, outputs: [] };

export function argument(
  args: readonly ActualArgument[],
  index: number,
  name: string,
): ActualArgument | undefined {
  return (
    args.find((arg) => arg.name.toLowerCase() === `@${name}`) ??
    (args[index]?.name === "" ? args[index] : undefined)
  );
}

export async function text(
  session: Session,
  args: readonly ActualArgument[],
  index: number,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const arg = argument(args, index, name);
  if (arg === undefined || arg.value === null) return undefined;
  return String(await converted(session, arg, nvarchar("max"), signal));
}

export async function* table(rows: MemoryTable): AsyncGenerator<SqlEvent, CallResult> {
  yield { kind: "columns", columns: rows.columns };
  if (rows.rows.length > 0) {
    yield {
      kind: "rows",
      count: rows.rows.length,
      vectors: rows.columns.map((_, index) => rows.rows.map((row) => row[index] ?? null)),
    };
  }
  yield { kind: "done", command: "select", rowCount: rows.rows.length };
  return done;
}

export function tableOf(
  words: string,
  rows: readonly Readonly<Record<string, SqlValue>>[],
): MemoryTable {
  const columns = columnsOf(words).map(({ name, type }) => ({ name, type, nullable: true }));
  return { columns, rows: rows.map((row) => columns.map((column) => row[column.name] ?? null)) };
}
