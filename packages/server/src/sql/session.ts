// What the TDS wire (tds/) and the T-SQL front (tsql/, front.ts) say to each other.
// The wire knows bytes and no SQL; the front knows SQL and no bytes.

/** A T-SQL type as both sides name it. Lengths are characters for n-types, bytes for the others. */
export type SqlType =
  | { name: "bit" | "tinyint" | "smallint" | "int" | "bigint" | "real" | "float" }
  | { name: "decimal"; precision: number; scale: number }
  | { name: "money" | "smallmoney" | "date" | "datetime" | "smalldatetime" | "uniqueidentifier" }
  | { name: "time" | "datetime2" | "datetimeoffset"; scale: number }
  | {
      name: "char" | "varchar" | "nchar" | "nvarchar" | "binary" | "varbinary";
      length: number | "max";
    };

export interface SqlColumn {
  name: string;
  type: SqlType;
  nullable: boolean;
}

/**
 * A value as it travels: null, boolean (bit), number (up to int, real, float), bigint (bigint;
 * decimal and money as the unscaled integer of the type's scale), string (character types,
 * uniqueidentifier in upper case), Uint8Array (binary types), and for date and time types a bigint:
 * date = days since 1970-01-01; time = 100 ns ticks since midnight; datetime, smalldatetime and
 * datetime2 = 100 ns ticks since 1970-01-01; datetimeoffset = `{ ticks (UTC), offsetMinutes }`.
 */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | { ticks: bigint; offsetMinutes: number };

/** Severity 11–16 is the caller's mistake, 17–25 ours. `state` and `line` are 1-based. */
export interface SqlMessage {
  number: number;
  severity: number;
  state: number;
  message: string;
  line: number;
  procedure?: string;
}

/** Errors from severity 20 on end the connection ("Database Engine error severities"). */
export function endsConnection(message: SqlMessage): boolean {
  return message.severity >= 20;
}

export class SqlError extends Error {
  readonly detail: SqlMessage;
  constructor(detail: SqlMessage) {
    super(detail.message);
    this.name = "SqlError";
    this.detail = detail;
  }
}

/** What the client is told of a failure: the front's own error, else that there was one. */
export function publicMessage(error: unknown): SqlMessage {
  if (error instanceof SqlError) return error.detail;
  const message =
    "Internal Query Processor Error: The query processor encountered an unexpected error " +
    "during the processing of the request.";
  return { number: 8630, severity: 17, state: 1, line: 1, message };
}

/** What one request answers, in order. Rows come in chunks of column vectors. */
export type SqlEvent =
  | { kind: "columns"; columns: readonly SqlColumn[] }
  | { kind: "rows"; count: number; vectors: readonly ArrayLike<SqlValue>[] }
  /** `truncated`: the login's `resultRowsMax` left rows out; they were not computed. */
  | { kind: "done"; rowCount?: number; command: SqlCommand; truncated?: true }
  | { kind: "message"; message: SqlMessage; error: boolean }
  | { kind: "returnStatus"; value: number }
  | { kind: "returnValue"; name: string; ordinal: number; type: SqlType; value: SqlValue }
  | { kind: "environment"; change: "database" | "language" | "isolation"; to: string; from: string }
  | { kind: "transaction"; change: "begin" | "commit" | "rollback"; id: bigint };

export type SqlCommand = "select" | "insert" | "update" | "delete" | "merge" | "other";

export interface SqlParameter {
  /** With its leading `@`; empty for a positional parameter. */
  name: string;
  type: SqlType;
  value: SqlValue;
  output: boolean;
}

/** A remote procedure call: `sp_executesql`, `sp_prepare`, … or a user's procedure. */
export interface SqlCall {
  procedure: string;
  parameters: readonly SqlParameter[];
}

/** One logged-in connection. Requests never overlap; `signal` aborts on attention. */
export interface SqlSession {
  /** `firstLine`: where the batch begins in its script, for the lines of messages. */
  batch(text: string, signal: AbortSignal, firstLine?: number): AsyncIterable<SqlEvent>;
  call(call: SqlCall, signal: AbortSignal): AsyncIterable<SqlEvent>;
  /** Transaction manager requests of the wire (tedious, ODBC), same events as the statements. */
  transaction(
    request: "begin" | "commit" | "rollback" | "save",
    name: string,
  ): AsyncIterable<SqlEvent>;
  /** Back to the state after login (RESETCONNECTION). */
  reset(): Promise<void>;
  close(): Promise<void>;
  readonly database: string;
}

export interface SqlLogin {
  /** Workspace named by SNI, LOGIN7's ServerName or `user@workspace`, already cut to its first label. */
  workspace: string;
  database: string;
  applicationName: string;
  hostName: string;
  /** Rows after which a result set for the client ends; all of them unless given. */
  resultRowsMax?: number;
  credential:
    | { kind: "password"; user: string; password: string }
    | { kind: "token"; token: string };
}

/** The front door behind the wire. Rejects with SqlError 18456 (login) or 4060 (database). */
export interface SqlFront {
  login(login: SqlLogin): Promise<SqlSession>;
}
