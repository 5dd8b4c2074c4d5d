// A run of a script: what has arrived, whether it goes on, how it is cancelled.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { catalogKey } from "../sql/catalog.ts";
import {
  type Cell,
  runScript,
  type SqlColumn,
  type SqlEvent,
  type SqlRequest,
} from "../sql/stream.ts";

export interface ResultSet {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly isTruncated: boolean;
}

export interface Message {
  readonly isError: boolean;
  readonly text: string;
}

export interface Run {
  readonly state: "idle" | "running" | "succeeded" | "failed" | "cancelled";
  readonly results: readonly ResultSet[];
  readonly messages: readonly Message[];
  /** Refused before the first statement ran. */
  readonly error?: unknown;
  readonly elapsedMs: number;
}

const idle: Run = { state: "idle", results: [], messages: [], elapsedMs: 0 };
/** Rows of a result set that the page takes; more is for SQL clients. */
const topRows = 5000;

export function useSqlRun() {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run>(idle);
  const controller = useRef<AbortController>(undefined);
  const start = useCallback(
    async (request: Omit<SqlRequest, "signal" | "topRows">) => {
      controller.current?.abort();
      const abort = new AbortController();
      controller.current = abort;
      const beganMs = performance.now();
      const show = (change: (run: Run) => Run) =>
        setRun((earlier) => ({
          ...(controller.current === abort ? change(earlier) : earlier),
          elapsedMs: performance.now() - beganMs,
        }));
      setRun({ ...idle, state: "running" });
      try {
        for await (const event of runScript({ ...request, topRows, signal: abort.signal })) {
          show((earlier) => applied(earlier, event));
        }
        show((earlier) =>
          earlier.state === "running" ? withMessage(earlier, "failed", lostText) : earlier,
        );
      } catch (error) {
        show((earlier) =>
          abort.signal.aborted
            ? withMessage(earlier, "cancelled", "Query was cancelled by the user.")
            : { ...earlier, state: "failed", error },
        );
      }
      await queries.invalidateQueries({ queryKey: catalogKey(request) });
    },
    [queries],
  );
  const cancel = useCallback(() => controller.current?.abort(), []);
  return { run, start, cancel };
}

const lostText = "The connection was lost before the script ended.";

function withMessage(run: Run, state: Run["state"], text: string): Run {
  return { ...run, state, messages: [...run.messages, { isError: true, text }] };
}

function applied(run: Run, event: SqlEvent): Run {
  switch (event.kind) {
    case "columns": {
      const set = { columns: event.columns, rows: [], isTruncated: false };
      return { ...run, results: [...run.results, set] };
    }
    case "rows":
      return withLast(run, (set) => ({ ...set, rows: [...set.rows, ...event.rows] }));
    case "done": {
      const text = event.rowCount === undefined ? "Done" : `(${rowsText(event.rowCount)} affected)`;
      const shown = event.truncated ? withLast(run, (set) => ({ ...set, isTruncated: true })) : run;
      return { ...shown, messages: [...shown.messages, { isError: false, text }] };
    }
    case "message":
      return { ...run, messages: [...run.messages, readMessage(event)] };
    case "returnStatus":
      return run;
    case "end":
      return { ...run, state: event.outcome };
  }
}

function withLast(run: Run, change: (set: ResultSet) => ResultSet): Run {
  const last = run.results.at(-1);
  return last ? { ...run, results: [...run.results.slice(0, -1), change(last)] } : run;
}

function rowsText(count: number): string {
  return count === 1 ? "1 row" : `${count.toLocaleString()} rows`;
}

function readMessage(event: Extract<SqlEvent, { kind: "message" }>): Message {
  if (!event.error) return { isError: false, text: event.message };
  const place = event.procedure ? `, Procedure ${event.procedure}` : "";
  const head = `Msg ${event.number}, Level ${event.severity}, State ${event.state}${place}, Line ${event.line}`;
  return { isError: true, text: `${head}\n${event.message}` };
}
