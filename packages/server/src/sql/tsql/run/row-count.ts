// How a statement ends that has read or changed rows: @@ROWCOUNT, and the count that a client is told unless NOCOUNT.
import type { SqlCommand, SqlEvent } from "../../session.ts";
import type { Session } from "./state.ts";

/** Notes the rows for @@ROWCOUNT. Answers the statement's last event. */
export function doneWith(
  session: Session,
  command: SqlCommand,
  rowCount: number,
): Extract<SqlEvent, { kind: "done" }> {
  session.rowCount = BigInt(rowCount);
  return { kind: "done", command, ...(session.options.noCount ? {} : { rowCount }) };
}
