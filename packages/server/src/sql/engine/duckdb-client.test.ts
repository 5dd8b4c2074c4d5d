// The engine process through its port: values of every physical kind, parameters, limits, ends.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { byColumns } from "../../../../scoring/test/by-columns.ts";
import { random } from "../../../../scoring/test/random.ts";
import { randomEnsemble } from "../../../../scoring/test/random-ensemble.ts";
import { treeModel } from "../../../../scoring/test/tree-model.ts";
import { spawnEngine } from "../testing/engine-process.ts";
import { writeInputs } from "../tsql/emit/predict.ts";
import { connectEngine } from "./duckdb-client.ts";
import {
  type Engine,
  type EngineConnection,
  EngineError,
  type EnginePool,
  type EngineValue,
} from "./port.ts";

let engine: Engine;
let pool: EnginePool;
let connection: EngineConnection;
let directory: string;
const signal = new AbortController().signal;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "callosum-engine-"));
  engine = connectEngine(spawnEngine());
  const limits = {
    memoryBytes: 500_000_000,
    threads: 2,
    directories: [directory],
    temporaryDirectory: directory,
  };
  pool = await engine.open(join(directory, "pool.duckdb"), limits);
  connection = await pool.connect();
});
after(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

async function rowsOf(
  sql: string,
  parameters: (string | Uint8Array | null)[] = [],
): Promise<EngineValue[][]> {
  const rows: EngineValue[][] = [];
  for await (const block of connection.stream({ sql, parameters }, signal)) {
    for (let row = 0; row < block.rowCount; row += 1)
      rows.push(block.vectors.map((vector) => vector[row]!));
  }
  return rows;
}

test("threads share a table in parts of 61,440 rows", async () => {
  await connection.run([{ sql: "CREATE TABLE parts AS SELECT * FROM range(200000)" }], signal);
  const counted = "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('parts')";
  assert.deepEqual(await rowsOf(counted), [[4n]]);
});

const kinds: [sql: string, value: EngineValue][] = [
  ["true", true],
  ["200::UTINYINT", 200],
  ["-5::SMALLINT", -5],
  ["7::INTEGER", 7],
  ["9007199254740993::BIGINT", 9_007_199_254_740_993n],
  [
    "(-170141183460469231731687303715884105727)::HUGEINT",
    -170_141_183_460_469_231_731_687_303_715_884_105_727n,
  ],
  ["1.5::FLOAT", 1.5],
  ["0.1::DOUBLE", 0.1],
  ["12.34::DECIMAL(4,2)", 1234],
  ["12.34::DECIMAL(18,2)", 1234n],
  ["'short'", "short"],
  ["'a text that is longer than twelve bytes'", "a text that is longer than twelve bytes"],
  ["'Zoë and the ∞ of languages'", "Zoë and the ∞ of languages"],
  ["''", ""],
  ["from_hex('00ff')", new Uint8Array([0, 255])],
];

for (const [sql, value] of kinds) {
  test(`${sql} crosses the process boundary, and so does its NULL`, async () => {
    const rows = await rowsOf(
      `SELECT CASE WHEN n = 1 THEN NULL ELSE ${sql} END FROM range(3) r(n) ORDER BY n`,
    );
    assert.deepEqual(rows, [[value], [null], [value]]);
  });
}

test("long strings of many chunks arrive whole and in order", async () => {
  const rows = await rowsOf(
    "SELECT n, repeat(chr(97 + (n % 26)::INTEGER), (n % 300)::INTEGER) FROM range(50000) r(n)",
  );
  assert.equal(rows.length, 50_000);
  for (const row of rows) {
    const n = Number(row[0]);
    assert.equal(row[1], String.fromCharCode(97 + (n % 26)).repeat(n % 300));
  }
});

test("large parameters travel beside the text", async () => {
  const bytes = new Uint8Array(3_000_000).fill(7);
  assert.deepEqual(
    await rowsOf("SELECT octet_length($1::BLOB), length($2::VARCHAR), $3::VARCHAR IS NULL", [
      bytes,
      "x".repeat(10_000),
      null,
    ]),
    [[3_000_000n, 10_000n, true]],
  );
});

test("an error of the engine is an EngineError with its text", async () => {
  await assert.rejects(
    connection.run([{ sql: "SELECT * FROM nosuch" }], signal),
    (error) => error instanceof EngineError && /nosuch/.test(error.message),
  );
});

for (const sql of [
  "COPY (SELECT 1) TO '/tmp/callosum-outside.csv'",
  "SELECT * FROM read_csv('/etc/passwd')",
  "INSTALL httpfs",
  "SET memory_limit = '10GB'",
  "SET enable_external_access = true",
  "ATTACH '/tmp/callosum-other.duckdb'",
]) {
  test(`${sql} is refused`, async () => {
    await assert.rejects(connection.run([{ sql }], signal), EngineError);
  });
}

test("an aborted statement is interrupted", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(
    connection.run(
      [{ sql: "SELECT count(*) FROM range(10000000) a, range(10000000) b" }],
      controller.signal,
    ),
    /[Ii]nterrupt/,
  );
});

/** Scores rows for minutes, on three threads. */
async function startScoring(target: EnginePool, abort: AbortSignal) {
  const ensemble = { treeCount: 100, leafCount: 31, featureCount: 4, thresholdCount: 200 };
  const rest = { targetCount: 1, equalShare: 0, nanRightShare: 0 };
  const trees = randomEnsemble({ ...ensemble, ...rest }, random(1));
  const whole = treeModel(trees, { featureCount: 4, modes: ["BRANCH_LEQ"] }, random(2));
  const model = await target.openModel(byColumns(whole, 4));
  const call = writeInputs(model.call!, (input) => `sin(n * ${input + 1})::FLOAT`);
  const sql = (rows: number) =>
    `SELECT sum((z.s)."${model.outputs[0]!.name}") FROM (SELECT ${call} AS s FROM range(${rows}) r(n)) z`;
  const own = await target.connect();
  const few = () => own.run([{ sql: sql(100_000) }], signal);
  await few();
  return { few, running: own.run([{ sql: sql(2_000_000_000) }], abort) };
}

async function openScoringEngine() {
  const child = spawnEngine();
  const scoring = connectEngine(child);
  const limits = { memoryBytes: 500_000_000, threads: 3, directories: [] };
  const target = await scoring.open(":memory:", { ...limits, temporaryDirectory: directory });
  return { child, scoring, target };
}

test("scoring on several threads is interrupted, and goes on with the next statement", async () => {
  const { scoring, target } = await openScoringEngine();
  const controller = new AbortController();
  const { few, running } = await startScoring(target, controller.signal);
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(running, /[Ii]nterrupt/);
  await few();
  await scoring.close();
});

test("an engine that is closed while it scores ends by itself, and so does one that is killed", async () => {
  for (const end of ["close", "kill"] as const) {
    const { child, scoring, target } = await openScoringEngine();
    const killed: string[] = [];
    const { kill } = child;
    child.kill = () => {
      killed.push(end);
      kill();
    };
    const { running } = await startScoring(target, signal);
    const rejected = assert.rejects(running, /engine process ended/);
    if (end === "kill") child.kill();
    await scoring.close();
    await rejected;
    await child.exited;
    assert.deepEqual(killed, end === "kill" ? ["kill"] : []);
  }
});

test("a pool is closed under a reader that has stopped reading", async () => {
  const { scoring, target } = await openScoringEngine();
  const own = await target.connect();
  const rows = own.stream({ sql: "SELECT n FROM range(100000000) r(n)" }, signal);
  const blocks = rows[Symbol.asyncIterator]();
  await blocks.next();
  await target.close();
  await assert.rejects(async () => {
    while (!(await blocks.next()).done);
  }, EngineError);
  await scoring.close();
});

test("when the process dies, what was asked is rejected", async () => {
  const child = spawnEngine();
  const doomed = connectEngine(child);
  const opened = await doomed.open(":memory:", {
    memoryBytes: 100_000_000,
    threads: 1,
    directories: [],
    temporaryDirectory: directory,
  });
  const other = await opened.connect();
  const running = other.run(
    [{ sql: "SELECT count(*) FROM range(10000000) a, range(10000000) b" }],
    signal,
  );
  child.kill();
  await assert.rejects(running, /engine process ended/);
  await assert.rejects(other.run([{ sql: "SELECT 1" }], signal), /engine process ended/);
});
