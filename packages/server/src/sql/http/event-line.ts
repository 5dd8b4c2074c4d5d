// What a query over HTTP answers: one JSON object a line, in the order of the session's events.
// The lines are described in docs/sql.md, "HTTP"; json-cell.ts writes the cells.
import type { SqlEvent, SqlMessage } from "../session.ts";
import { declared } from "../tsql/type.ts";
import { jsonCell } from "./json-cell.ts";

/** Rows of one line: short enough for a reader to show them soon and to stop soon. */
const lineRowsMax = 500;

type CellWriter = ReturnType<typeof jsonCell>;

/** Writes the events of one request; remembers the columns that rows belong to. */
export function createEventLines(): { of(event: SqlEvent): Iterable<string> } {
  let writers: CellWriter[] = [];
  return {
    of(event) {
      switch (event.kind) {
        case "columns":
          writers = event.columns.map(({ type }) => jsonCell(type));
          return [columnsLine(event.columns)];
        case "rows":
          return rowLines(event, writers);
        case "done":
        case "returnStatus":
          return [lineOf(event)];
        case "message":
          return [messageLine(event.message, event.error)];
        case "returnValue": {
          const { kind, name, type, value } = event;
          return [lineOf({ kind, name, type: declared(type), value: jsonCell(type)([value], 0) })];
        }
        case "environment":
        case "transaction":
          return [];
        default:
          event satisfies never;
          return [];
      }
    },
  };
}

export function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

export function messageLine(message: SqlMessage, error: boolean): string {
  return lineOf({ kind: "message", error, ...message });
}

function columnsLine(columns: Extract<SqlEvent, { kind: "columns" }>["columns"]): string {
  const shown = columns.map(({ name, type, nullable }) => ({
    name,
    type: declared(type),
    nullable,
  }));
  return lineOf({ kind: "columns", columns: shown });
}

function* rowLines(
  { count, vectors }: Extract<SqlEvent, { kind: "rows" }>,
  writers: readonly CellWriter[],
): Generator<string> {
  for (let from = 0; from < count; from += lineRowsMax) {
    const rows: unknown[][] = [];
    for (let row = from; row < Math.min(from + lineRowsMax, count); row += 1) {
      rows.push(vectors.map((vector, index) => writers[index]!(vector, row)));
    }
    yield lineOf({ kind: "rows", rows });
  }
}
