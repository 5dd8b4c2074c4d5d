// Short queries of the catalogue: all rows of the one result set, as objects.

import { ApiError } from "../../api/api-error.ts";
import { type Cell, runScript, type SqlColumn, type SqlRequest } from "./stream.ts";

export type SqlRow = Readonly<Record<string, Cell>>;

/** Throws ApiError with SQL Server's number as its code when a statement fails. */
export async function queryRows(request: SqlRequest): Promise<SqlRow[]> {
  const rows: SqlRow[] = [];
  let columns: readonly SqlColumn[] = [];
  for await (const event of runScript(request)) {
    if (event.kind === "columns") columns = event.columns;
    if (event.kind === "rows") {
      for (const cells of event.rows) {
        rows.push(Object.fromEntries(columns.map(({ name }, at) => [name, cells[at] ?? null])));
      }
    }
    if (event.kind === "message" && event.error) {
      throw new ApiError({ status: 400, code: `Msg ${event.number}`, message: event.message });
    }
  }
  return rows;
}
