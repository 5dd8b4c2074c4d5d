// One answer: the front's events as tokens, in order, with the DONE bookkeeping that clients
// count results by. What drives it is connection.ts.
import { SqlError, type SqlEvent, type SqlMessage } from "../session.ts";
import { type ByteSink, createSink, written } from "./byte-sink.ts";
import { databaseMessage, languageMessage } from "./login-reply.ts";
import type { Output } from "./output.ts";
import { createRowWriter, type RowWriter } from "./row-writer.ts";
import {
  type Done,
  doneStatus,
  doneToken,
  putColumns,
  putDone,
  putEnvironment,
  putMessage,
  putResetAcknowledged,
  putReturnStatus,
  putReturnValue,
  putTransaction,
} from "./token.ts";

/** Complete packets that wait after a chunk of rows are sent once they are worth a write. */
const eagerBytes = 32_768;

export interface ResponseOptions {
  output: Output;
  /** Calls answer with DONEINPROC and DONEPROC, batches with DONE. */
  kind: "batch" | "call";
  compactRows: boolean;
  /** Named in messages. */
  serverName: string;
  onTransaction: (id: bigint) => void;
}

export interface Response {
  /** Throws what the row writer throws on cells that the columns cannot carry. */
  event(event: SqlEvent): void;
  /** Only what the client must know even of a cancelled request: environment, transactions. */
  sideEffect(event: SqlEvent): void;
  resetAcknowledged(): void;
  error(message: SqlMessage): void;
  /** Ends one call of a message; `last` ends the message too. */
  end(options: { last: boolean }): void;
}

export function createResponse(options: ResponseOptions): Response {
  const { output, kind, serverName } = options;
  let rowWriter: RowWriter | undefined;
  let held: Done | undefined;
  // An error since the last DONE, and one since the call began.
  let failed = false;
  let callFailed = false;
  let statusSent = false;

  function put(body: (sink: ByteSink) => void): void {
    const sink = createSink();
    body(sink);
    output.writeBytes(written(sink));
  }

  /** The DONE of the statement before: only now is it known that more follows. */
  function release(): void {
    if (held === undefined) return;
    const done = { ...held, status: held.status | doneStatus.more };
    held = undefined;
    put((sink) => putDone(sink, done));
  }

  function hold(done: Done): void {
    release();
    held = failed ? { ...done, status: done.status | doneStatus.error } : done;
    failed = false;
    rowWriter = undefined;
  }

  function message(body: SqlMessage, error: boolean): void {
    release();
    if (error) {
      failed = true;
      callFailed = true;
    }
    put((sink) => putMessage(sink, body, { error, serverName }));
  }

  function sideEffect(event: SqlEvent): void {
    if (event.kind === "transaction") {
      release();
      options.onTransaction(event.change === "begin" ? event.id : 0n);
      put((sink) => putTransaction(sink, event.change, event.id));
      return;
    }
    // Isolation levels have no token: the client that set one knows it.
    if (event.kind !== "environment" || event.change === "isolation") return;
    release();
    const { change, to } = event;
    put((sink) => putEnvironment(sink, change, event));
    message(change === "database" ? databaseMessage(to) : languageMessage(to), false);
  }

  function event(event: SqlEvent): void {
    switch (event.kind) {
      case "columns":
        release();
        rowWriter = createRowWriter(event.columns, options);
        put((sink) => putColumns(sink, event.columns));
        return;
      case "rows":
        if (rowWriter === undefined) throw new Error("rows without columns");
        rowWriter.write(output, event.vectors, event.count);
        if (output.waitingBytes >= eagerBytes) output.rotate();
        return;
      case "done": {
        const status = event.rowCount === undefined ? 0 : doneStatus.count;
        const token = kind === "call" ? doneToken.inProcedure : doneToken.statement;
        hold({ token, status, command: event.command, rowCount: event.rowCount ?? 0 });
        return;
      }
      case "message":
        message(event.message, event.error);
        return;
      case "returnStatus":
        release();
        statusSent = true;
        put((sink) => putReturnStatus(sink, event.value));
        // In a batch a procedure's status is followed by the procedure's own DONE.
        if (kind === "batch") hold(procedureDone);
        return;
      case "returnValue":
        release();
        put((sink) => putReturnValue(sink, event));
        return;
      case "environment":
      case "transaction":
        sideEffect(event);
        return;
      default:
        event satisfies never;
    }
  }

  return {
    event,
    sideEffect,
    resetAcknowledged: () => put(putResetAcknowledged),
    error: (body) => message(body, true),
    end({ last }) {
      if (kind === "call") {
        release();
        if (!statusSent && !callFailed) put((sink) => putReturnStatus(sink, 0));
        hold(procedureDone);
      } else if (held === undefined || failed) {
        hold({ token: doneToken.statement, status: 0, command: "other", rowCount: 0 });
      }
      statusSent = false;
      callFailed = false;
      if (!last) return;
      const done = held!;
      held = undefined;
      put((sink) => putDone(sink, done));
      output.endMessage();
    },
  };
}

const procedureDone: Done = {
  token: doneToken.procedure,
  status: 0,
  command: "other",
  rowCount: 0,
};

/** What the client is told of a failure: the front's own error, else that there was one. */
export function publicMessage(error: unknown): SqlMessage {
  if (error instanceof SqlError) return error.detail;
  const message =
    "Internal Query Processor Error: The query processor encountered an unexpected error " +
    "during the processing of the request.";
  return { number: 8630, severity: 17, state: 1, line: 1, message };
}
