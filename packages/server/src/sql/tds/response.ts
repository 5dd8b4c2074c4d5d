// One answer: the front's events as tokens, in order, with the DONE bookkeeping that clients
// count results by. What drives it is connection.ts.
import { endsConnection, type SqlEvent, type SqlMessage } from "../session.ts";
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

interface ResponseOptions {
  output: Output;
  /** Calls answer with DONEINPROC and DONEPROC, batches with DONE. */
  kind: "batch" | "call";
  compactRows: boolean;
  /** Named in messages. */
  serverName: string;
  onTransaction: (id: bigint) => void;
}

export class Response {
  readonly #options: ResponseOptions;
  #rowWriter: RowWriter | undefined;
  /** The DONE of the last statement: whether more follows is known only later. */
  #held: Done | undefined;
  /** An error since the last DONE, and one since the call began. */
  #failed = false;
  #callFailed = false;
  #statusSent = false;
  /** An error was sent after which the connection ends. */
  isFatal = false;

  constructor(options: ResponseOptions) {
    this.#options = options;
  }

  /** Throws what the row writer throws on cells that the columns cannot carry. */
  event(event: SqlEvent): void {
    switch (event.kind) {
      case "columns":
        this.#release();
        this.#rowWriter = createRowWriter(event.columns, this.#options);
        this.#put((sink) => putColumns(sink, event.columns));
        return;
      case "rows":
        this.#rows(event);
        return;
      case "done": {
        const status = event.rowCount === undefined ? 0 : doneStatus.count;
        const { inProcedure, statement } = doneToken;
        const token = this.#options.kind === "call" ? inProcedure : statement;
        this.#hold({ token, status, command: event.command, rowCount: event.rowCount ?? 0 });
        return;
      }
      case "message":
        this.#message(event.message, event.error);
        return;
      case "returnStatus":
        this.#release();
        this.#statusSent = true;
        this.#put((sink) => putReturnStatus(sink, event.value));
        // In a batch a procedure's status is followed by the procedure's own DONE.
        if (this.#options.kind === "batch") this.#hold(procedureDone);
        return;
      case "returnValue":
        this.#release();
        this.#put((sink) => putReturnValue(sink, event));
        return;
      case "environment":
      case "transaction":
        this.sideEffect(event);
        return;
      default:
        event satisfies never;
    }
  }

  /** Only what the client must know even of a cancelled request: environment, transactions. */
  sideEffect(event: SqlEvent): void {
    if (event.kind === "transaction") {
      this.#release();
      this.#options.onTransaction(event.change === "begin" ? event.id : 0n);
      this.#put((sink) => putTransaction(sink, event.change, event.id));
      return;
    }
    // Isolation levels have no token: the client that set one knows it.
    if (event.kind !== "environment" || event.change === "isolation") return;
    this.#release();
    const { change, to } = event;
    this.#put((sink) => putEnvironment(sink, change, event));
    this.#message(change === "database" ? databaseMessage(to) : languageMessage(to), false);
  }

  resetAcknowledged(): void {
    this.#put(putResetAcknowledged);
  }

  error(message: SqlMessage): void {
    this.#message(message, true);
  }

  /** Ends one call of a message; `last` ends the message too. */
  end({ last }: { last: boolean }): void {
    if (this.#options.kind === "call") {
      this.#release();
      if (!this.#statusSent && !this.#callFailed) this.#put((sink) => putReturnStatus(sink, 0));
      this.#hold(procedureDone);
    } else if (this.#held === undefined || this.#failed) {
      this.#hold({ token: doneToken.statement, status: 0, command: "other", rowCount: 0 });
    }
    this.#statusSent = false;
    this.#callFailed = false;
    if (!last) return;
    const done = this.#held!;
    this.#held = undefined;
    this.#put((sink) => putDone(sink, done));
    this.#options.output.endMessage();
  }

  #rows(event: Extract<SqlEvent, { kind: "rows" }>): void {
    const { output } = this.#options;
    if (this.#rowWriter === undefined) throw new Error("rows without columns");
    this.#rowWriter.write(output, event.vectors, event.count);
    if (output.waitingBytes >= eagerBytes) output.rotate();
  }

  #message(message: SqlMessage, error: boolean): void {
    this.#release();
    if (error) {
      this.#failed = true;
      this.#callFailed = true;
      if (endsConnection(message)) this.isFatal = true;
    }
    const { serverName } = this.#options;
    this.#put((sink) => putMessage(sink, message, { error, serverName }));
  }

  #put(body: (sink: ByteSink) => void): void {
    const sink = createSink();
    body(sink);
    this.#options.output.writeBytes(written(sink));
  }

  /** Something follows the DONE that was held. */
  #release(): void {
    if (this.#held === undefined) return;
    const done = { ...this.#held, status: this.#held.status | doneStatus.more };
    this.#held = undefined;
    this.#put((sink) => putDone(sink, done));
  }

  #hold(done: Done): void {
    this.#release();
    this.#held = this.#failed ? { ...done, status: done.status | doneStatus.error } : done;
    this.#failed = false;
    this.#rowWriter = undefined;
  }
}

const procedureDone: Done = {
  token: doneToken.procedure,
  status: 0,
  command: "other",
  rowCount: 0,
};
