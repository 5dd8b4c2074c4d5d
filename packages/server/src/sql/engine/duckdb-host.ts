// The engine process: DuckDB instances, their connections and the models they score with.
// duckdb-client.ts is its other half; child.ts starts it.
import type { Duplex } from "node:stream";
import {
  blobValue,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { type BlockColumn, encodeBlock, type PhysicalKind } from "./block.ts";
import { type ModelRegistry, openModelRegistry } from "./duckdb-model.ts";
import { keepPlans, type Plans } from "./duckdb-plan.ts";
import { type EngineThreads, openThreads } from "./duckdb-threads.ts";
import { readPointer } from "./duckdb-vector.ts";
import { type Frame, readFrames, sendFrame } from "./frame.ts";
import { type EngineLimits, poolDatabase } from "./port.ts";

/** A thread reads one row group at a time: the engine's own, twice as large, leave threads idle at the end of a scan. */
const rowGroupRows = 61_440;

/** Rows a block aims for once a result proves to be long. */
const blockRows = 16_384;

interface Pool {
  instance: DuckDBInstance;
  /** Null: the engine has its own. */
  threads: EngineThreads | null;
  models: ModelRegistry;
  connections: Map<number, DuckDBConnection>;
  plans: Plans;
  /** Statements that have not ended. */
  running: Map<Promise<unknown>, { id: number; connection: number }>;
}

interface Stream {
  pool: Pool;
  credits: number;
  wake: (() => void) | undefined;
  cancelled: boolean;
}

interface Host {
  stream: Duplex;
  options: EngineOptions;
  pools: Map<number, Pool>;
  streams: Map<number, Stream>;
}

type Request = Record<string, unknown> & { id: number; op: string };

export interface EngineOptions {
  /** The compiled addon of native/; without it models score on this thread alone. */
  addonPath: string | null;
  /** The compiled kernels of packages/scoring, if any. */
  kernelsPath: string | null;
  /** What the threads of a database run instead of scoring-thread.ts. */
  threadEntry?: URL;
}

export function serveEngine(stream: Duplex, options: EngineOptions): { close(): Promise<void> } {
  const host: Host = { stream, options, pools: new Map(), streams: new Map() };
  readFrames(stream, (frame) => {
    const request = frame.header as Request;
    handle(host, request, frame).then(
      (result) => {
        if (request.op !== "credit" && request.op !== "interrupt")
          sendFrame(stream, { id: request.id, done: result ?? null });
      },
      (error: unknown) =>
        sendFrame(stream, {
          id: request.id,
          error: error instanceof Error ? error.message : String(error),
        }),
    );
  });
  return {
    async close() {
      const pools = [...host.pools.values()];
      host.pools.clear();
      await Promise.all(pools.map((pool) => closePool(host, pool)));
    },
  };
}

async function handle(host: Host, request: Request, frame: Frame): Promise<unknown> {
  switch (request.op) {
    case "open":
      host.pools.set(
        request.id,
        await openPool(host, String(request.file), request.limits as EngineLimits),
      );
      return undefined;
    case "connect": {
      const pool = poolOf(host, request);
      pool.connections.set(request.id, await connect(pool.instance));
      return undefined;
    }
    case "disconnect": {
      const pool = poolOf(host, request);
      const id = Number(request.connection);
      pool.connections.get(id)?.closeSync();
      pool.connections.delete(id);
      return undefined;
    }
    case "run":
      return follow(host, request, run(connectionOf(host, request), request, frame));
    case "stream":
      return follow(host, request, stream(host, connectionOf(host, request), request, frame));
    case "credit":
      return grant(host, Number(request.stream), Number(request.credits));
    case "interrupt":
      return interrupt(host, request);
    case "model":
      return poolOf(host, request).models.open(frame.body);
    case "close": {
      const pool = poolOf(host, request);
      host.pools.delete(Number(request.pool));
      await closePool(host, pool);
      return undefined;
    }
    default:
      throw new Error(`the engine has no operation ${request.op}`);
  }
}

async function openPool(host: Host, file: string, limits: EngineLimits): Promise<Pool> {
  const { addonPath, kernelsPath, threadEntry } = host.options;
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.floor(limits.memoryBytes / 1_048_576)}MiB`,
    threads: String(limits.threads),
    external_threads: String(addonPath === null ? 1 : limits.threads),
    temp_directory: limits.temporaryDirectory,
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  await connection.run(
    `ATTACH ${quoted(file)} AS ${poolDatabase} (ROW_GROUP_SIZE ${rowGroupRows})`,
  );
  await connection.run(`USE ${poolDatabase}`);
  const threads =
    addonPath === null
      ? null
      : openThreads(instance, {
          addonPath,
          kernelsPath,
          threads: limits.threads,
          entry: threadEntry,
        });
  const models = openModelRegistry({ connection, threads, kernelsPath });
  const directories = limits.directories.map(quoted).join(", ");
  await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
  await connection.run(`SET GLOBAL allowed_directories = [${directories}]`);
  // It saves a tenth of random numbers' space and makes reading them five times slower.
  await connection.run("SET GLOBAL disabled_compression_methods = 'alprd'");
  await connection.run("SET GLOBAL enable_external_access = false");
  await connection.run("SET GLOBAL lock_configuration = true");
  const connections = new Map([[0, connection]]);
  return { instance, threads, models, connections, plans: keepPlans(), running: new Map() };
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(`USE ${poolDatabase}`);
  return connection;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function follow<T>(host: Host, request: Request, statement: Promise<T>): Promise<T> {
  const { running } = poolOf(host, request);
  running.set(statement, { id: request.id, connection: Number(request.connection) });
  const ended = (): void => void running.delete(statement);
  statement.then(ended, ended);
  return statement;
}

const interruptAgainMs = 50;

/**
 * Interrupts first and waits: closing under a running query can hang the process (reference: traps 2,
 * 3), and one that scores on this thread needs it to end. Again and again, because a statement that had not
 * quite begun does not notice.
 */
async function closePool(host: Host, pool: Pool): Promise<void> {
  while (pool.running.size > 0) {
    for (const stream of host.streams.values()) if (stream.pool === pool) cancel(stream);
    for (const connection of pool.connections.values()) connection.interrupt();
    await endOrTime([...pool.running.keys()]);
  }
  for (const connection of pool.connections.values()) connection.closeSync();
  pool.models.close();
  await pool.threads?.close();
  pool.instance.closeSync();
}

function endOrTime(statements: readonly Promise<unknown>[]): Promise<unknown> {
  const time = new Promise((resolve) => setTimeout(resolve, interruptAgainMs));
  return Promise.race([Promise.allSettled(statements), time]);
}

function poolOf(host: Host, request: Request): Pool {
  const pool = host.pools.get(Number(request.pool));
  if (pool === undefined) throw new Error("the pool is not open");
  return pool;
}

function connectionOf(host: Host, request: Request): DuckDBConnection {
  const connection = poolOf(host, request).connections.get(Number(request.connection));
  if (connection === undefined) throw new Error("the connection is closed");
  return connection;
}

interface WireStatement {
  sql: string;
  parameters: (null | string | { at: number; length: number })[];
}

function valuesOf(statement: WireStatement, frame: Frame): DuckDBValue[] | undefined {
  if (statement.parameters.length === 0) return undefined;
  return statement.parameters.map((value) =>
    value !== null && typeof value === "object"
      ? blobValue(frame.body.slice(value.at, value.at + value.length))
      : value,
  );
}

async function run(connection: DuckDBConnection, request: Request, frame: Frame): Promise<number> {
  let changed = 0;
  for (const statement of request.statements as WireStatement[]) {
    const result = await connection.run(statement.sql, valuesOf(statement, frame));
    changed = result.rowsChanged;
  }
  return changed;
}

function grant(host: Host, id: number, credits: number): undefined {
  const stream = host.streams.get(id);
  if (stream !== undefined) {
    stream.credits += credits;
    stream.wake?.();
  }
  return undefined;
}

/** One that waits for its reader, too. */
function cancel(stream: Stream): void {
  stream.cancelled = true;
  stream.wake?.();
}

function interrupt(host: Host, request: Request): undefined {
  const stream = host.streams.get(Number(request.stream));
  if (stream !== undefined) cancel(stream);
  void interruptUntilEnded(poolOf(host, request), request);
  return undefined;
}

/** The stream that is named, or what runs on the connection now; what begins on it later is not meant. */
async function interruptUntilEnded(pool: Pool, request: Request): Promise<void> {
  const connection = Number(request.connection);
  const meant = [...pool.running]
    .filter(([, { id, connection: on }]) =>
      request.stream === undefined ? on === connection : id === request.stream,
    )
    .map(([statement]) => statement);
  while (meant.some((statement) => pool.running.has(statement))) {
    pool.connections.get(connection)?.interrupt();
    await endOrTime(meant);
  }
}

async function stream(
  host: Host,
  connection: DuckDBConnection,
  request: Request,
  frame: Frame,
): Promise<number> {
  const pool = poolOf(host, request);
  const credits = Number(request.credits);
  const state: Stream = { pool, credits, wake: undefined, cancelled: false };
  host.streams.set(request.id, state);
  try {
    const statement = request.statement as WireStatement;
    const { version } = request as { version?: number };
    return await pool.plans.run(connection, { sql: statement.sql, version }, async (plan) => {
      const result = await begin(plan, statement, frame);
      await pump(host, request.id, state, result);
      return result.rowsChanged;
    });
  } finally {
    host.streams.delete(request.id);
  }
}

function begin(
  plan: DuckDBPreparedStatement,
  statement: WireStatement,
  frame: Frame,
): Promise<DuckDBResult> {
  const values = valuesOf(statement, frame);
  if (values) plan.bind(values);
  return plan.stream();
}

/** Fetches only while the reader has granted credit, so a slow reader holds the engine back. */
async function pump(host: Host, id: number, state: Stream, result: DuckDBResult): Promise<void> {
  const kinds = Array.from({ length: result.columnCount }, (_, index) =>
    physicalKind(result, index),
  );
  let target = 1;
  // The engine makes the next chunk while this one is encoded; its failure is reported when read.
  let coming = result.fetchChunk();
  coming.catch(() => {});
  for (;;) {
    while (state.credits === 0 && !state.cancelled) {
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
    }
    throwIfCancelled(state);
    const columns = kinds.map((kind): BlockColumn => ({ kind, vectors: [] }));
    const rowCounts: number[] = [];
    let rows = 0;
    let ended = false;
    while (rows < target && !ended) {
      const chunk = await coming;
      if (chunk === null || chunk.rowCount === 0) {
        ended = true;
        break;
      }
      coming = result.fetchChunk();
      coming.catch(() => {});
      rowCounts.push(chunk.rowCount);
      rows += chunk.rowCount;
      for (const [index, column] of columns.entries())
        column.vectors.push(chunk.getColumnVector(index));
    }
    // An interrupted result may seem to end.
    throwIfCancelled(state);
    if (rows > 0) {
      const { header, body } = encodeBlock(columns, rowCounts, readPointer);
      state.credits -= 1;
      sendFrame(host.stream, { id, block: header }, body);
    }
    if (ended) return;
    target = blockRows;
  }
}

function throwIfCancelled({ cancelled }: Stream): void {
  if (cancelled) throw new Error("INTERRUPT Error: Interrupted!");
}

const kinds: Partial<Record<DuckDBTypeId, PhysicalKind>> = {
  [DuckDBTypeId.BOOLEAN]: "bool",
  [DuckDBTypeId.UTINYINT]: "u8",
  [DuckDBTypeId.SMALLINT]: "i16",
  [DuckDBTypeId.INTEGER]: "i32",
  [DuckDBTypeId.BIGINT]: "i64",
  [DuckDBTypeId.HUGEINT]: "i128",
  [DuckDBTypeId.FLOAT]: "f32",
  [DuckDBTypeId.DOUBLE]: "f64",
  [DuckDBTypeId.VARCHAR]: "text",
  [DuckDBTypeId.BLOB]: "blob",
};

function physicalKind(result: DuckDBResult, index: number): PhysicalKind {
  const id = result.columnTypeId(index);
  if (id === DuckDBTypeId.DECIMAL) {
    const { width } = result.columnType(index) as unknown as { width: number };
    return width <= 4 ? "i16" : width <= 9 ? "i32" : width <= 18 ? "i64" : "i128";
  }
  const kind = kinds[id];
  if (kind === undefined)
    throw new Error(`the engine hands out no ${String(result.columnType(index))}`);
  return kind;
}
