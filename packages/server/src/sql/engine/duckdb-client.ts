// The server's half of the engine: the port of port.ts over one engine process.
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { type BlockHeader, decodeBlock } from "./block.ts";
import { countVersions, type SeenData } from "./data-version.ts";
import { type Frame, readFrames, sendFrame } from "./frame.ts";
import {
  type Engine,
  type EngineBlock,
  type EngineConnection,
  EngineError,
  type EngineModel,
  type EnginePool,
  type EngineStatement,
  engineLost,
} from "./port.ts";

/** A started engine process; the platform spawns `child.ts` with a socket at descriptor 3. */
export interface EngineProcess {
  stream: Duplex;
  /** Settles when the process is gone. */
  exited: Promise<unknown>;
  kill(): void;
}

/** Blocks in flight per result: two being read, two coming. */
const creditsMax = 4;
/** They are given back together: most results have one block, and nobody waits for its credit. */
const creditsAtOnce = 2;
const closeTimeoutMs = 5_000;

interface Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
  block?: (block: EngineBlock) => void;
}

interface Client {
  process: EngineProcess;
  calls: Map<number, Call>;
  nextId: number;
  closed: boolean;
  lost: Promise<void>;
}

export function connectEngine(process: EngineProcess): Engine {
  const { promise: lost, resolve: settleLost } = Promise.withResolvers<void>();
  const client: Client = { process, calls: new Map(), nextId: 1, closed: false, lost };
  readFrames(process.stream, (frame) => receive(client, frame));
  const lose = (): void => {
    client.closed = true;
    for (const call of client.calls.values()) call.reject(new EngineError(engineLost));
    client.calls.clear();
    settleLost();
  };
  process.stream.on("close", lose);
  process.stream.on("error", lose);
  return {
    async open(file, limits) {
      const pool = client.nextId;
      await request(client, { op: "open", file, limits });
      return poolOf(client, pool);
    },
    async close() {
      const timer = setTimeout(() => process.kill(), closeTimeoutMs);
      process.stream.destroy();
      await process.exited;
      clearTimeout(timer);
    },
  };
}

function receive(client: Client, frame: Frame): void {
  const { id, block, error, done } = frame.header as {
    id: number;
    block?: BlockHeader;
    error?: string;
    done?: unknown;
  };
  const call = client.calls.get(id);
  if (call === undefined) return;
  if (block !== undefined) {
    call.block?.({ rowCount: block.rows, vectors: decodeBlock(block, frame.body) });
    return;
  }
  client.calls.delete(id);
  if (error !== undefined) call.reject(new EngineError(error));
  else call.resolve(done);
}

function start(client: Client, header: object, body: readonly Uint8Array[], call: Call): number {
  const id = client.nextId;
  client.nextId += 1;
  if (client.closed) {
    call.reject(new EngineError(engineLost));
    return id;
  }
  client.calls.set(id, call);
  sendFrame(client.process.stream, { id, ...header }, body);
  return id;
}

function request(
  client: Client,
  header: object,
  body: readonly Uint8Array[] = [],
): Promise<unknown> {
  return new Promise((resolve, reject) => start(client, header, body, { resolve, reject }));
}

function tell(client: Client, header: object): void {
  if (!client.closed) sendFrame(client.process.stream, { id: 0, ...header });
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

function poolOf(client: Client, pool: number): EnginePool {
  const seeData = countVersions();
  /** The process keeps every model that it was sent, so a hash is enough to know one again. */
  const models = new Map<string, EngineModel>();
  return {
    async connect() {
      const connection = client.nextId;
      await request(client, { op: "connect", pool });
      return connectionOf(client, { pool, connection }, seeData());
    },
    knownModel: (bytes) => models.get(hashOf(bytes)),
    async openModel(bytes) {
      const hash = hashOf(bytes);
      const known = models.get(hash);
      if (known !== undefined) return known;
      const model = (await request(client, { op: "model", pool }, [bytes])) as EngineModel;
      models.set(hash, model);
      return model;
    },
    async close() {
      await request(client, { op: "close", pool });
    },
    lost: client.lost,
  };
}

/** Binary parameters travel in the body, the rest in the header. */
function onWire(statements: readonly EngineStatement[]): {
  statements: object[];
  body: Uint8Array[];
} {
  const body: Uint8Array[] = [];
  let at = 0;
  const list = statements.map(({ sql, parameters = [] }) => ({
    sql,
    parameters: parameters.map((value) => {
      if (!(value instanceof Uint8Array)) return value;
      const place = { at, length: value.byteLength };
      body.push(value);
      at += value.byteLength;
      return place;
    }),
  }));
  return { statements: list, body };
}

interface Target {
  pool: number;
  connection: number;
}

function connectionOf(client: Client, target: Target, data: SeenData): EngineConnection {
  return {
    version: data.version,
    async run(statements, signal) {
      signal.throwIfAborted();
      const wire = onWire(statements);
      const interrupt = (): void => tell(client, { op: "interrupt", ...target });
      signal.addEventListener("abort", interrupt);
      const header = { op: "run", ...target, statements: wire.statements };
      try {
        const changed = await data.run(statements, () => request(client, header, wire.body));
        return changed as number;
      } finally {
        signal.removeEventListener("abort", interrupt);
      }
    },
    stream: (statement, signal) => streamBlocks(client, { ...target, data }, statement, signal),
    async close() {
      if (!client.closed) await request(client, { op: "disconnect", ...target });
    },
  };
}

async function* streamBlocks(
  client: Client,
  { data, ...target }: Target & { data: SeenData },
  statement: EngineStatement,
  signal: AbortSignal,
): AsyncGenerator<EngineBlock> {
  signal.throwIfAborted();
  const queue: EngineBlock[] = [];
  let wake = (): void => {};
  let ended = false;
  let failure: Error | undefined;
  const finish = (error?: Error): void => {
    ended = true;
    failure = error;
    wake();
  };
  const wire = onWire([statement]);
  // A plan that were kept would hold on to its parameters, which are large values.
  const version = statement.parameters?.length ? undefined : data.version();
  const id = start(
    client,
    { op: "stream", ...target, statement: wire.statements[0], version, credits: creditsMax },
    wire.body,
    {
      resolve: () => finish(),
      reject: finish,
      block(block) {
        queue.push(block);
        wake();
      },
    },
  );
  const interrupt = (): void => tell(client, { op: "interrupt", ...target, stream: id });
  signal.addEventListener("abort", interrupt);
  const settled = async (): Promise<void> => {
    while (queue.length === 0 && !ended)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  let read = 0;
  try {
    for (;;) {
      await settled();
      const block = queue.shift();
      if (block === undefined) break;
      yield block;
      read += 1;
      if (read % creditsAtOnce === 0)
        tell(client, { op: "credit", stream: id, credits: creditsAtOnce });
    }
    if (failure !== undefined) throw failure;
  } finally {
    signal.removeEventListener("abort", interrupt);
    if (!ended) {
      interrupt();
      while (!ended) {
        queue.length = 0;
        await settled();
      }
    }
  }
}
