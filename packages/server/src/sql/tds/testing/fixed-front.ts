// A front that answers from a table instead of an engine: what the wire's tests and bench talk to.
// It keeps the whole contract of session.ts; only its SQL is a handful of fixed texts.
import type {
  SqlCall,
  SqlColumn,
  SqlEvent,
  SqlFront,
  SqlLogin,
  SqlParameter,
  SqlSession,
  SqlValue,
} from "../../session.ts";
import { SqlError } from "../../session.ts";
import type { BulkLoadingSession, BulkRows } from "../bulk-load.ts";

export const password = "Secret!1";
export const token = "header.payload.signature";

export function failure(number: number, message: string): SqlError {
  return new SqlError({ number, severity: 16, state: 1, line: 1, message });
}

/** One result set of whole columns. */
export async function* resultSet(
  columns: readonly SqlColumn[],
  rows: readonly (readonly SqlValue[])[],
): AsyncGenerator<SqlEvent> {
  yield { kind: "columns", columns };
  const vectors = columns.map((_, index) => rows.map((row) => row[index]!));
  if (rows.length > 0) yield { kind: "rows", count: rows.length, vectors };
  yield { kind: "done", rowCount: rows.length, command: "select" };
}

type Answer = (signal: AbortSignal) => AsyncIterable<SqlEvent>;

export interface FixedFront extends SqlFront {
  /** What batches may say, beside SET statements, which are accepted and do nothing. */
  readonly answers: Map<string, Answer>;
  readonly logins: SqlLogin[];
  readonly calls: SqlCall[];
  readonly loaded: BulkRows[];
  /** Bulk loads wait for it before they take a row. */
  bulkGate: Promise<void>;
  /** In order: "batch …", "reset", "close", "begin x", …: what sessions were asked. */
  readonly journal: string[];
}

export function createFixedFront({ bulk = true } = {}): FixedFront {
  const front: FixedFront = {
    answers: new Map(),
    logins: [],
    calls: [],
    loaded: [],
    bulkGate: Promise.resolve(),
    journal: [],
    async login(login) {
      front.logins.push(login);
      const { credential } = login;
      const accepted =
        credential.kind === "token" ? credential.token === token : credential.password === password;
      if (!accepted) {
        const who =
          credential.kind === "password" ? credential.user : "<token-identified principal>";
        const message = `Login failed for user '${who}'.`;
        throw new SqlError({ number: 18456, severity: 14, state: 1, line: 1, message });
      }
      if (login.database === "missing") throw failure(4060, 'Cannot open database "missing".');
      const session = createSession(front, login.database || "master");
      return bulk ? withBulkLoads(front, session) : session;
    },
  };
  return front;
}

function createSession(front: FixedFront, database: string): SqlSession {
  let transaction = 0n;
  let current = database;
  return {
    get database() {
      return current;
    },
    async *batch(text, signal) {
      front.journal.push(`batch ${text}`);
      const answer = front.answers.get(text.trim().toLowerCase());
      if (answer !== undefined) yield* answer(signal);
      else if (
        /^\s*(set|insert bulk|if @@trancount|begin tran|commit tran|rollback tran|use)\b/i.test(
          text,
        )
      ) {
        const use = /^\s*use\s+\[?(\w+)/i.exec(text)?.[1];
        if (use !== undefined) {
          yield { kind: "environment", change: "database", to: use, from: current };
          current = use;
        }
        yield { kind: "done", command: "other" };
      } else throw failure(102, `Incorrect syntax near '${text.slice(0, 20)}'.`);
    },
    async *call(call) {
      front.calls.push(call);
      yield* echo(call);
    },
    async *transaction(request, name) {
      front.journal.push(`${request} ${name}`.trim());
      const ended = transaction;
      if (request === "begin") transaction = 42n;
      else if (request !== "save") transaction = 0n;
      const id = request === "begin" ? transaction : ended;
      if (request !== "save") yield { kind: "transaction", change: request, id };
      yield { kind: "done", command: "other" };
    },
    async reset() {
      front.journal.push("reset");
      current = database;
      transaction = 0n;
    },
    async close() {
      front.journal.push("close");
    },
  };
}

function withBulkLoads(front: FixedFront, session: SqlSession): BulkLoadingSession {
  return Object.assign(session, {
    async *bulkLoad(_columns: readonly SqlColumn[], rows: AsyncIterable<BulkRows>) {
      let rowCount = 0;
      await front.bulkGate;
      for await (const chunk of rows) {
        front.loaded.push(chunk);
        rowCount += chunk.count;
      }
      yield { kind: "done", rowCount, command: "insert" } as const;
    },
  });
}

/** What sp_prepare hands out. */
export const preparedHandle = 17;

/** A row of the parameters, then the output parameters unchanged. */
async function* echo(call: SqlCall): AsyncGenerator<SqlEvent> {
  const texts = ["sp_executesql", "sp_prepexec"].includes(call.procedure) ? 2 : 0;
  const parameters = call.parameters.slice(texts);
  if (call.procedure === "fail") throw failure(50000, "It failed.");
  if (parameters.length > 0)
    yield* resultSet(parameters.map(columnOf), [parameters.map(sentValue)]);
  else yield { kind: "done", rowCount: 0, command: "other" };
  if (call.procedure === "status") yield { kind: "returnStatus", value: -6 };
  for (const [index, parameter] of call.parameters.entries()) {
    const { name, type, output } = parameter;
    const value = call.procedure === "sp_prepare" ? preparedHandle : parameter.value;
    if (output) yield { kind: "returnValue", name, ordinal: index, type, value };
  }
}

function columnOf(parameter: SqlParameter): SqlColumn {
  return { name: parameter.name.slice(1), type: parameter.type, nullable: true };
}

function sentValue(parameter: SqlParameter): SqlValue {
  return parameter.value;
}

/** `count` rows of ten columns, in chunks, as an engine hands them out. */
export async function* tenColumns(
  count: number,
  { signal, chunkRows = 2048 }: { signal?: AbortSignal; chunkRows?: number } = {},
): AsyncGenerator<SqlEvent> {
  yield { kind: "columns", columns: tenColumnTypes };
  const vectors = tenColumnVectors(chunkRows);
  for (let sent = 0; sent < count && signal?.aborted !== true; sent += chunkRows) {
    yield { kind: "rows", count: Math.min(chunkRows, count - sent), vectors };
  }
  yield { kind: "done", rowCount: count, command: "select" };
}

export const tenColumnTypes: readonly SqlColumn[] = [
  { name: "id", type: { name: "bigint" }, nullable: false },
  { name: "vendor", type: { name: "int" }, nullable: true },
  { name: "pickup", type: { name: "datetime2", scale: 6 }, nullable: true },
  { name: "passengers", type: { name: "smallint" }, nullable: true },
  { name: "distance", type: { name: "float" }, nullable: true },
  { name: "rate", type: { name: "real" }, nullable: true },
  { name: "fare", type: { name: "decimal", precision: 9, scale: 2 }, nullable: true },
  { name: "flag", type: { name: "varchar", length: 1 }, nullable: true },
  { name: "zone", type: { name: "nvarchar", length: 50 }, nullable: true },
  { name: "tip", type: { name: "float" }, nullable: true },
];

function tenColumnVectors(count: number): ArrayLike<SqlValue>[] {
  const zones = ["Upper East Side North", "JFK Airport", "Midtown Center", null, "Astoria"];
  const of = (make: (row: number) => SqlValue) =>
    Array.from({ length: count }, (_, row) => make(row));
  return [
    BigInt64Array.from({ length: count }, (_, row) => BigInt(row)),
    Int32Array.from({ length: count }, (_, row) => row % 7),
    BigInt64Array.from(
      { length: count },
      (_, row) => 17_000_000_000_000_000n + BigInt(row) * 10_007n,
    ),
    of((row) => (row % 11 === 0 ? null : row % 6)),
    Float64Array.from({ length: count }, (_, row) => row / 3),
    Float32Array.from({ length: count }, (_, row) => row / 5),
    BigInt64Array.from({ length: count }, (_, row) => BigInt(row * 25 - 1000)),
    of((row) => (row % 2 === 0 ? "Y" : "N")),
    of((row) => zones[row % zones.length]!),
    Float64Array.from({ length: count }, (_, row) => row / 7),
  ];
}
