// A script's answer over HTTP, line by line as it arrives (docs/sql.md, "Over HTTP").

import { send } from "../../api/request.ts";

export interface SqlColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

export type Cell = string | number | boolean | null;

export type SqlEvent =
  | { readonly kind: "columns"; readonly columns: readonly SqlColumn[] }
  | { readonly kind: "rows"; readonly rows: readonly (readonly Cell[])[] }
  | {
      readonly kind: "done";
      readonly command: string;
      readonly rowCount?: number;
      readonly truncated?: boolean;
    }
  | {
      readonly kind: "message";
      readonly error: boolean;
      readonly number: number;
      readonly severity: number;
      readonly state: number;
      readonly line: number;
      readonly procedure?: string;
      readonly message: string;
    }
  | { readonly kind: "returnStatus"; readonly value: number }
  | { readonly kind: "end"; readonly outcome: "succeeded" | "failed" };

export interface SqlRequest {
  readonly workspace: string;
  readonly database: string;
  /** Batches separated by lines with GO. */
  readonly query: string;
  /** Rows of each result set at most. */
  readonly topRows?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a script; aborting the signal cancels the statement that runs. Throws ApiError before it starts. */
export async function* runScript(request: SqlRequest): AsyncGenerator<SqlEvent> {
  const { workspace, database, query, topRows, signal } = request;
  const top = topRows === undefined ? "" : `&topRows=${topRows}`;
  const response = await send(
    { plane: "sql", workspace },
    {
      method: "POST",
      path: `/databases/${encodeURIComponent(database)}/query?api-version=2018-08-01-preview&application=Studio${top}`,
      body: { query },
      signal,
    },
  );
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line);
  }
  if (rest !== "") yield JSON.parse(rest);
}
