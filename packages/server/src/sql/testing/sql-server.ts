// A SQL front over a real engine process and a pool in a temporary directory, for tests.
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecretBox } from "../../platform/secret-box.ts";
import type { EngineProcess } from "../engine/duckdb-client.ts";
import type { Engine } from "../engine/port.ts";
import { createFront, type OpenFront } from "../front.ts";
import { createLazyEngine } from "../host/lazy-engine.ts";
import type {
  LakeCredential,
  LakePort,
  PoolPort,
  SqlIdentityPort,
  SqlPool,
  SqlPrincipal,
} from "../ports.ts";
import type { SqlEvent, SqlMessage, SqlSession, SqlType, SqlValue } from "../session.ts";
import { spawnEngine } from "./engine-process.ts";

/** 2024-03-05 14:07:09.1234567 UTC in 100 ns ticks since 1970. */
export const testNow = 17_096_476_291_234_567n;

export interface TestServer {
  front: OpenFront;
  engine: Engine;
  directory: string;
  /** Lake files by URL. */
  lake: Map<string, string[]>;
  /** From now on the lake takes nothing, for this reason; until the answer is called. */
  refusing(reason: string): () => void;
  /** Who asked the lake for what, last first. */
  asked: { url: string; credential: LakeCredential | undefined; principal: string }[];
  principals: Map<string, SqlPrincipal>;
  externals: Map<
    string,
    { name: string; objectId: string; kind: "user" | "group" | "application" }
  >;
  pool: SqlPool;
  open(user?: string): Promise<SqlSession>;
  /** As `kill -9` of the engine's process would. */
  killEngine(): void;
  close(): Promise<void>;
}

export async function startSqlServer(
  limits: { threads?: number; memoryBytes?: number; engineEntry?: URL } = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "callosum-sql-"));
  const pool = poolAt(directory, "pool1", limits);
  const master = poolAt(directory, "master");
  const serverless = { ...poolAt(directory, "master"), isServerless: true as const };
  const principals = new Map<string, SqlPrincipal>([
    ["admin", { name: "admin", kind: "sqlLogin", groups: [], isAdministrator: true }],
  ]);
  const externals: TestServer["externals"] = new Map();
  const logins = new Map<string, string>();
  const lake = new Map<string, string[]>();
  const asked: TestServer["asked"] = [];
  let refusal: string | undefined;
  const pools: PoolPort = {
    list: async () => [master, pool],
    find: async (_workspace, name) =>
      [master, pool].find((entry) => entry.name === name.toLowerCase()),
    serverless: async () => serverless,
  };
  let child: EngineProcess | undefined;
  const engine = createLazyEngine(() => {
    child = spawnEngine(limits.engineEntry);
    return child;
  });
  const front = createFront({
    engine,
    pools,
    lake: lakeOf({ lake, asked, directory, refusal: () => refusal }),
    secrets: createSecretBox(randomBytes(32)),
    identity: identityOf(principals, externals, logins),
    clock: {
      now: () => testNow,
      sleep: async (_milliseconds, signal) => signal.throwIfAborted(),
    },
  });
  return {
    front,
    engine,
    directory,
    lake,
    asked,
    refusing(reason) {
      refusal = reason;
      return () => {
        refusal = undefined;
      };
    },
    principals,
    externals,
    pool,
    open: (user = "admin") =>
      front.login({
        workspace: "ws",
        database: "pool1",
        applicationName: "test",
        hostName: "host",
        credential: { kind: "password", user, password: "p" },
      }),
    killEngine: () => child?.kill(),
    async close() {
      await front.close();
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function poolAt(
  directory: string,
  name: string,
  limits: { threads?: number; memoryBytes?: number } = {},
): SqlPool {
  return {
    workspace: "ws",
    name,
    state: "Online",
    file: join(directory, `${name}-${randomBytes(4).toString("hex")}.duckdb`),
    limits: {
      memoryBytes: 1_000_000_000,
      threads: 2,
      directories: [directory],
      temporaryDirectory: join(directory, "spill"),
      ...limits,
    },
    serviceObjective: "DW100c",
    collation: "SQL_Latin1_General_CP1_CI_AS",
    created: testNow,
  };
}

function identityOf(
  principals: TestServer["principals"],
  externals: TestServer["externals"],
  logins: Map<string, string>,
): SqlIdentityPort {
  return {
    verifyPassword: async ({ user }) =>
      principals.get(user) ??
      (logins.has(user)
        ? { name: user, kind: "sqlLogin", groups: [], isAdministrator: false }
        : undefined),
    verifyToken: async ({ token }) => principals.get(token),
    findExternal: async ({ name }) => externals.get(name),
    logins: {
      list: async () => [...logins.keys()],
      create: async ({ name, password }) =>
        !logins.has(name) && logins.set(name, password).size > 0,
      setPassword: async ({ name, password }) =>
        logins.has(name) && logins.set(name, password).size > 0,
      drop: async ({ name }) => logins.delete(name),
    },
  };
}

function lakeOf({
  lake,
  asked,
  directory,
  refusal,
}: Pick<TestServer, "lake" | "asked" | "directory"> & {
  refusal(): string | undefined;
}): LakePort {
  const find = (
    url: string,
    credential: LakeCredential | undefined,
    principal: SqlPrincipal,
  ): string[] => {
    asked.unshift({ url, credential, principal: principal.name });
    const paths = lake.get(url);
    if (paths === undefined) throw new Error("The file does not exist.");
    return paths;
  };
  return {
    async *stage(url, credential, principal) {
      for (const path of find(url, credential, principal)) yield { path, url };
    },
    async hold(url, credential, principal) {
      return { paths: find(url, credential, principal), release: async () => {} };
    },
    exists: async (url, credential, principal) => {
      asked.unshift({ url, credential, principal: principal.name });
      return lake.has(url);
    },
    async write(url, credential, principal, fill) {
      const path = join(directory, randomBytes(8).toString("hex"));
      await fill(path);
      const reason = refusal();
      if (reason !== undefined) throw new Error(reason);
      asked.unshift({ url, credential, principal: principal.name });
      const kept = join(directory, decodeURIComponent(url.split("/").at(-1)!));
      await copyFile(path, kept);
      const folder = url.slice(0, url.lastIndexOf("/"));
      lake.set(url, [kept]).set(folder, [...(lake.get(folder) ?? []), kept]);
    },
    async remove(url) {
      lake.delete(url);
    },
  };
}

export interface Outcome {
  results: { columns: { name: string; type: SqlType }[]; rows: (string | null)[][] }[];
  messages: SqlMessage[];
  errors: SqlMessage[];
  rowCounts: (number | undefined)[];
  returned: Record<string, string | null>;
  status: number | undefined;
}

/** Everything that a request answered, with values as text. */
export async function collect(events: AsyncIterable<SqlEvent>): Promise<Outcome> {
  const outcome: Outcome = {
    results: [],
    messages: [],
    errors: [],
    rowCounts: [],
    returned: {},
    status: undefined,
  };
  for await (const event of events) {
    if (event.kind === "columns")
      outcome.results.push({
        columns: event.columns.map(({ name, type }) => ({ name, type })),
        rows: [],
      });
    else if (event.kind === "rows") {
      const result = outcome.results.at(-1)!;
      for (let row = 0; row < event.count; row += 1)
        result.rows.push(
          event.vectors.map((vector, index) =>
            show(vector[row] ?? null, result.columns[index]!.type),
          ),
        );
    } else if (event.kind === "done") outcome.rowCounts.push(event.rowCount);
    else if (event.kind === "message")
      (event.error ? outcome.errors : outcome.messages).push(event.message);
    else if (event.kind === "returnValue")
      outcome.returned[event.name] = show(event.value, event.type);
    else if (event.kind === "returnStatus") outcome.status = event.value;
  }
  return outcome;
}

export function runBatch(session: SqlSession, text: string): Promise<Outcome> {
  return collect(session.batch(text, new AbortController().signal));
}

/** Executes a procedure that describes a text: `words` are the text and, if any, its parameters. */
export function runDescribing(
  session: SqlSession,
  procedure: "sp_describe_first_result_set" | "sp_describe_undeclared_parameters",
  ...words: string[]
): Promise<Outcome> {
  const quoted = words.map((word) => `N'${word.replaceAll("'", "''")}'`);
  return runBatch(session, `EXEC ${procedure} ${quoted}`);
}

/** A value as a person would write it in a table of expectations. */
export function show(value: SqlValue, type: SqlType): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex").toUpperCase()}`;
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "object") return `${stamp(value.ticks, 7)} ${value.offsetMinutes}`;
  if (typeof value !== "bigint") return String(value);
  if (type.name === "decimal" || type.name === "money" || type.name === "smallmoney")
    return unscaled(value, type.name === "decimal" ? type.scale : 4);
  if (type.name === "date") return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  if (type.name === "time") return stamp(value, type.scale).slice(11);
  if (type.name === "datetime") return stamp(value, 3);
  if (type.name === "smalldatetime") return stamp(value, 0);
  if (type.name === "datetime2") return stamp(value, type.scale);
  return String(value);
}

function unscaled(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const sign = value < 0n ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function stamp(ticks: bigint, scale: number): string {
  const seconds = ticks / 10_000_000n - (ticks % 10_000_000n < 0n ? 1n : 0n);
  const fraction = String(ticks - seconds * 10_000_000n)
    .padStart(7, "0")
    .slice(0, scale);
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ");
  return scale === 0 ? date : `${date}.${fraction}`;
}
