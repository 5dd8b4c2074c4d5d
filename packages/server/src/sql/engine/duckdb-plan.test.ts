// Kept plans never answer with what was true when they were made.
import assert from "node:assert/strict";
import { access, copyFile, mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { spawnEngine } from "../testing/engine-process.ts";
import { connectEngine } from "./duckdb-client.ts";
import type {
  Engine,
  EngineConnection,
  EngineLimits,
  EnginePool,
  EngineStatement,
} from "./port.ts";

let engine: Engine;
let pool: EnginePool;
let reader: EngineConnection;
let writer: EngineConnection;
let directory: string;
let limits: EngineLimits;
const { signal } = new AbortController();

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "callosum-plan-"));
  engine = connectEngine(spawnEngine());
  limits = {
    memoryBytes: 500_000_000,
    threads: 2,
    directories: [directory],
    temporaryDirectory: directory,
  };
  await open();
});
after(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => write("CREATE OR REPLACE TABLE t AS SELECT range::INTEGER AS a FROM range(10)"));

async function open(): Promise<void> {
  pool = await engine.open(join(directory, "pool.duckdb"), limits);
  reader = await pool.connect();
  writer = await pool.connect();
}

const write = (...texts: string[]): Promise<number> =>
  writer.run(
    texts.map((sql) => ({ sql })),
    signal,
  );

async function numberOf(
  sql: string,
  parameters: EngineStatement["parameters"] = [],
  connection = reader,
): Promise<number> {
  const values: unknown[] = [];
  for await (const block of connection.stream({ sql, parameters }, signal))
    values.push(block.vectors[0]?.[0]);
  assert.equal(values.length, 1);
  return Number(values[0]);
}

/** The engine knows the largest value when it plans: without rows above it, it reads no table at all. */
const above = "SELECT count(*) FROM t WHERE a > 99";

/** Three times: planned, kept, and with the plan that was kept. */
async function countIs(expected: number): Promise<void> {
  for (let round = 0; round < 3; round += 1) assert.equal(await numberOf(above), expected);
}

test("a statement that comes again sees rows that came between", async () => {
  await countIs(0);
  await write("INSERT INTO t VALUES (100)");
  await countIs(1);
  await write("DELETE FROM t");
  await countIs(0);
});

test("rows of a transaction are seen when it commits", async () => {
  await write("BEGIN TRANSACTION", "INSERT INTO t VALUES (100)");
  await countIs(0);
  await write("COMMIT");
  await countIs(1);
});

test("a plan from within a transaction does not outlive it", async () => {
  await reader.run([{ sql: "BEGIN TRANSACTION" }, { sql: "INSERT INTO t VALUES (100)" }], signal);
  await countIs(1);
  await reader.run([{ sql: "ROLLBACK" }], signal);
  await countIs(0);
});

test("a plan of a transaction that sees older data does not outlive it", async () => {
  const all = "SELECT count(*) FROM t";
  await reader.run([{ sql: "BEGIN TRANSACTION" }], signal);
  assert.equal(await numberOf(all), 10);
  await write("INSERT INTO t VALUES (100)");
  for (let round = 0; round < 2; round += 1) assert.equal(await numberOf(all), 10);
  await countIs(0);
  await reader.run([{ sql: "COMMIT" }], signal);
  for (let round = 0; round < 2; round += 1) assert.equal(await numberOf(all), 11);
  await countIs(1);
});

test("a plan that is made while rows are written is not kept", async () => {
  let isEnded = false;
  const slow = "(SELECT count(DISTINCT r % 999983) FROM range(2000000) s(r)) > 0";
  const written = write(`INSERT INTO t SELECT 100 WHERE ${slow}`).finally(() => {
    isEnded = true;
  });
  await countIs(0);
  assert.equal(isEnded, false);
  await written;
  await countIs(1);
});

test("files that were written again are read with a plan of their own", async () => {
  const files = await Promise.all([0, 100].map(parquetOf));
  const file = join(directory, "rows.parquet");
  const sql = `SELECT count(*) FROM read_parquet('${file}') WHERE a > 99`;
  for (const [round, at] of [0, 0, 1, 1, 0].entries()) {
    await copyFile(files[at] as string, file);
    // The engine reads a file again when its time has changed.
    await utimes(file, round, round);
    assert.equal(await numberOf(sql), at);
  }
});

async function parquetOf(value: number): Promise<string> {
  const path = join(directory, `${value}.parquet`);
  await write(`COPY (SELECT ${value} AS a) TO '${path}' (FORMAT parquet)`);
  return path;
}

test("connections have temporary tables of their own", async () => {
  for (const [connection, value] of [
    [reader, 1],
    [writer, 2],
  ] as const)
    await connection.run([{ sql: `CREATE TEMP TABLE own AS SELECT ${value} AS a` }], signal);
  const sql = "SELECT max(a) FROM temp.main.own";
  for (let round = 0; round < 2; round += 1) {
    assert.equal(await numberOf(sql), 1);
    assert.equal(await numberOf(sql, [], writer), 2);
  }
});

test("parameters are those of their statement", async () => {
  const sql = "SELECT length($1)";
  for (const text of ["a", "abc", "ab"]) assert.equal(await numberOf(sql, [text]), text.length);
});

test("a table that was made again is another one", async () => {
  const sql = "SELECT max(a) FROM t";
  for (let round = 0; round < 2; round += 1) assert.equal(await numberOf(sql), 9);
  await write("DROP TABLE t", "CREATE TABLE t AS SELECT 'seven' AS b, 7 AS a");
  for (let round = 0; round < 2; round += 1) assert.equal(await numberOf(sql), 7);
});

test("a statement that fails fails again, and works once it can", async () => {
  const sql = "SELECT max(CASE WHEN a = 9 THEN error('nine') ELSE a END) FROM t";
  for (let round = 0; round < 3; round += 1) await assert.rejects(numberOf(sql), /nine/);
  await write("DELETE FROM t WHERE a = 9");
  assert.equal(await numberOf(sql), 8);
});

test("more statements than are kept answer as they should", async () => {
  for (let round = 0; round < 2; round += 1)
    for (let at = 0; at < 100; at += 1)
      assert.equal(await numberOf(`SELECT max(a) + ${at} FROM t`), 9 + at);
});

test("a pool and its connections close with the plans that they kept", async () => {
  await countIs(0);
  await reader.close();
  reader = await pool.connect();
  await countIs(0);
  const log = join(directory, "pool.duckdb.wal");
  await access(log);
  await pool.close();
  await assert.rejects(access(log), /ENOENT/, "what is written ahead goes into the file");
  await open();
  await countIs(0);
});
