// Models as functions of DuckDB: the same scores as the scorer alone, on the main thread and on the engine's own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { kernelSources } from "@callosum/scoring/program/kernel-addon.ts";
import { openScorer } from "@callosum/scoring/scorer.ts";
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBScalarFunction,
  FLOAT,
} from "@duckdb/node-api";
import { byColumns } from "../../../../scoring/test/by-columns.ts";
import { modelNames, readFixture } from "../../../../scoring/test/fixture.ts";
import { perceptron } from "../../../../scoring/test/perceptron.ts";
import { random } from "../../../../scoring/test/random.ts";
import { randomEnsemble } from "../../../../scoring/test/random-ensemble.ts";
import { treeModel } from "../../../../scoring/test/tree-model.ts";
import { buildAddon } from "../../platform/native-addon.ts";
import { gathering, writeInputs } from "../tsql/emit/predict.ts";
import { type ModelRegistry, openModelRegistry } from "./duckdb-model.ts";
import { type EngineThreads, openThreads } from "./duckdb-threads.ts";

const rowCount = 20_000;
const threads = 4;

interface Engine {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
  threads: EngineThreads | null;
  registry: ModelRegistry;
}

/** On the main thread. */
let alone: Engine;
/** On threads of the engine. */
let together: Engine;

/** An instance each: functions are known by their model. */
async function openEngine(addonPath: string | null, kernelsPath: string | null): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    external_threads: String(addonPath === null ? 1 : threads),
  });
  const own =
    addonPath === null ? null : openThreads(instance, { addonPath, kernelsPath, threads });
  const connection = await instance.connect();
  // Every seventh value is NULL, every eleventh NaN.
  const cells = Array.from({ length: 64 }, (_, i) => {
    const value = `(2 * sin(n * ${0.7 + i * 0.137} + ${i}))::FLOAT`;
    return `CASE (n + ${i}) % 77 WHEN 7 THEN NULL WHEN 14 THEN NULL WHEN 11 THEN 'NaN'::FLOAT ELSE ${value} END AS f${i}`;
  });
  const others =
    "(n % 70 + 18)::FLOAT AS age, CASE WHEN n % 13 > 0 THEN (n % 6)::BIGINT END AS visits, CASE n % 5 WHEN 0 THEN 'Delft' WHEN 1 THEN 'Leiden' WHEN 2 THEN 'a town with a long name' WHEN 3 THEN NULL ELSE '' END AS city, (n % 977)::FLOAT AS income";
  await connection.run(
    `CREATE TABLE d AS SELECT n, ${cells.join(", ")}, ${others} FROM range(${rowCount}) r(n)`,
  );
  const registry = openModelRegistry({ connection, threads: own, kernelsPath });
  return { instance, connection, threads: own, registry };
}

before(async () => {
  const { path, reason } = await buildAddon(new URL("./native/", import.meta.url));
  if (path === null) console.log(`The engine's own threads are not tested: ${reason}.`);
  const kernels = await buildAddon(kernelSources);
  alone = await openEngine(null, null);
  together = await openEngine(path, kernels.path);
});
after(async () => {
  for (const engine of [alone, together]) {
    engine.registry.close();
    engine.connection.closeSync();
    await engine.threads?.close();
    engine.instance.closeSync();
  }
});

type Values = (number | bigint | string | null)[];

/** Every row's value of one output. */
async function scoresOf(
  { connection, registry }: Engine,
  { bytes, columns, output }: { bytes: Uint8Array; columns: string[]; output: string },
): Promise<Values> {
  const model = await registry.open(bytes);
  const call = writeInputs(model.call!, (input) => columns[input]!);
  const result = await connection.run(
    `SELECT (z.s)."${output}" FROM (SELECT n, ${call} AS s FROM d) z ORDER BY n`,
  );
  return (await result.getColumns())[0] as Values;
}

/** Each fixture with its outputs of one number or text per row, and columns of the table for its inputs. */
function cases() {
  return modelNames().flatMap((name) => {
    const bytes = readFixture(name);
    const { inputs, outputs } = openScorer(bytes);
    const own = outputs.filter(({ width }) => width === 1).map((output) => output.name);
    const [first] = inputs;
    if (own.length === 0 || !first) return [];
    if (inputs.every(({ width, type }) => width === 1 && type === "float"))
      return [{ name, bytes, outputs: own, columns: inputs.map((_, at) => `f${at}`) }];
    if (inputs.length === 1 && first.type === "float") {
      const columns = Array.from({ length: first.width }, (_, at) => `f${at}`);
      return [{ name, bytes: byColumns(bytes, first.width, first.name), outputs: own, columns }];
    }
    const known = ["age", "income", "visits", "city"];
    if (inputs.some((input) => !known.includes(input.name))) return [];
    return [{ name, bytes, outputs: own, columns: inputs.map((input) => input.name) }];
  });
}

for (const { name, bytes, outputs, columns } of cases()) {
  test(`${name} as a function scores as the scorer does, on the main thread and on ${threads} others`, async () => {
    const scorer = openScorer(bytes);
    const table = await alone.connection.run(`SELECT ${columns.join(", ")} FROM d ORDER BY n`);
    const given = (await table.getColumns()).map((values, at) =>
      columnOf(values as Values, scorer.columns[at]!.type),
    );
    for (const output of outputs) {
      const expected = scorer.score(given, rowCount, [output]);
      const scores = expected.outputs[0]!.values;
      const wanted = Array.from({ length: rowCount }, (_, row) => {
        const bits = expected.validity;
        const isMissing = bits && ((bits[row >> 3]! >> (row & 7)) & 1) === 0;
        return isMissing || Number.isNaN(scores[row]) ? null : scores[row]!;
      });
      for (const engine of [alone, together]) {
        const actual = await scoresOf(engine, { bytes, columns, output });
        const different = actual.findIndex((value, row) => !Object.is(value, wanted[row]));
        assert.equal(
          different,
          -1,
          `row ${different}: ${actual[different]}, not ${wanted[different]}`,
        );
      }
    }
  });
}

function columnOf(values: Values, type: string) {
  const validity = new Uint8Array(Math.ceil(values.length / 8));
  for (const [row, value] of values.entries())
    if (value !== null) validity[row >> 3]! |= 1 << (row & 7);
  if (type === "string") return { values: values.map((value) => String(value ?? "")), validity };
  if (type === "int64")
    return { values: BigInt64Array.from(values, (value) => BigInt(value ?? 0)), validity };
  return { values: Float32Array.from(values, (value) => Number(value ?? 0)), validity };
}

test("a model of layers or of a few trees reads whole columns where they are", async () => {
  const rows = 10_000;
  const cells = Array.from({ length: 20 }, (_, i) => {
    const value = `sin(n * ${0.7 + i * 0.137} + ${i})::FLOAT`;
    // Chunks of the last rows have NULLs, and are copied.
    return `${i === 3 ? `CASE WHEN n < 7000 OR n % 5 > 0 THEN ${value} END` : value} AS c${i}`;
  });
  const models = [
    [20, 64, 64, 1],
    [20, 1],
  ].map((sizes) => {
    return byColumns(perceptron({ sizes, activation: "Relu" }), 20);
  });
  const shape = { treeCount: 9, leafCount: 12, featureCount: 20, thresholdCount: 30 };
  const ensemble = randomEnsemble(
    { ...shape, targetCount: 1, equalShare: 0, nanRightShare: 0.5 },
    random(1),
  );
  const modes = ["BRANCH_LEQ"] as const;
  models.push(
    byColumns(treeModel(ensemble, { featureCount: 20, modes: [...modes] }, random(2)), 20),
  );
  // What is under a NULL is NaN in a table, anything in a view.
  const cases = models.flatMap((bytes) => ["TABLE", "VIEW"].map((kind) => ({ bytes, kind })));
  for (const { bytes, kind } of cases) {
    const output = openScorer(bytes).outputs[0]?.name as string;
    const scores: (number | null)[][] = [];
    for (const { connection, registry } of [alone, together]) {
      await connection.run(
        `CREATE ${kind} whole AS SELECT n, ${cells.join(", ")} FROM range(${rows}) r(n)`,
      );
      const call = writeInputs((await registry.open(bytes)).call!, (input) => `c${input}`);
      const sql = `SELECT (z.s)."${output}" FROM (SELECT n, ${call} AS s FROM whole) z ORDER BY n`;
      scores.push((await (await connection.run(sql)).getColumns())[0] as (number | null)[]);
      await connection.run(`DROP ${kind} whole`);
    }
    const [expected = [], found = []] = scores;
    assert.equal(expected.length, rows);
    for (const [row, score] of expected.entries()) {
      const other = found[row] as number | null;
      if (score === null || other === null) assert.equal(other, score);
      else assert.ok(Math.abs(other - score) < 1e-5 * (1 + Math.abs(score)), `row ${row}`);
    }
  }
});

test("a function is given the inputs that some output depends on", async () => {
  const bytes = byColumns(readFixture("tree-diabetes"), 10, "input");
  const used = openScorer(bytes).columns.flatMap(({ isUsed }, at) => (isUsed ? [at] : []));
  assert.ok(used.length < 10);
  const given: number[] = [];
  writeInputs((await together.registry.open(bytes)).call!, (input) => `${given.push(input)}`);
  assert.deepEqual(given, used);
});

test("a model that two ask for at once is opened once, and one that is broken fails for each", async () => {
  const bytes = byColumns(readFixture("tree-diabetes"), 11, "input");
  const [one, other] = await Promise.all([1, 2].map(() => together.registry.open(bytes)));
  assert.equal(one, other);
  const cut = bytes.slice(0, 100);
  for (let turn = 0; turn < 2; turn += 1) {
    await assert.rejects(async () => together.registry.open(cut), { code: "CorruptModel" });
  }
});

test("a model that was put away is opened again when it is called", async () => {
  const bytes = byColumns(readFixture("boosting-diabetes"), 10, "input");
  const columns = Array.from({ length: 10 }, (_, at) => `f${at}`);
  const call = { bytes, columns, output: "variable" };
  const first = await scoresOf(together, call);
  for (const name of modelNames().slice(0, 20)) await together.registry.open(readFixture(name));
  for (let copy = 0; copy < 20; copy += 1)
    await together.registry.open(byColumns(readFixture("tree-diabetes"), 10 + copy, "input"));
  const again = await scoresOf(together, call);
  assert.equal(
    again.findIndex((score, row) => !Object.is(score, first[row])),
    -1,
  );
});

test("rows that are alike, filtered by their score or asked for in some cases only keep their scores", async () => {
  const bytes = byColumns(readFixture("boosting-diabetes"), 10, "input");
  const columns = Array.from({ length: 10 }, (_, at) => `f${at}`);
  const scores = await scoresOf(alone, { bytes, columns, output: "variable" });
  const { connection, registry } = together;
  const { call } = await registry.open(bytes);
  const written = (sqlOf: (input: number) => string) => writeInputs(call!, sqlOf);
  const ask = async (sql: string) => (await (await connection.run(sql)).getColumns())[0] as Values;
  const each = `(${written((at) => `f${at}`)}).variable`;

  // A file keeps columns of one value as that value, and the engine then calls a function for one row.
  const directory = mkdtempSync(join(tmpdir(), "callosum-model-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  await connection.run(`ATTACH '${join(directory, "alike.duckdb")}' AS alike`);
  const halves = columns.map((name) => `0.5::FLOAT AS ${name}`).join(", ");
  await connection.run(`CREATE TABLE alike.halves AS SELECT ${halves} FROM range(5000)`);
  await connection.run("CHECKPOINT alike");
  const one = await ask(`SELECT (${written(() => "0.5::FLOAT")}).variable`);
  assert.deepEqual(await ask(`SELECT ${each} FROM alike.halves`), Array(5000).fill(one[0]));

  const high = await ask(
    `SELECT z.s FROM (SELECT n, ${each} AS s FROM d) z WHERE z.s > 150 ORDER BY n`,
  );
  assert.deepEqual(
    high,
    scores.filter((score) => Number(score) > 150),
  );
  const third = await ask(`SELECT CASE WHEN n % 3 = 0 THEN ${each} END FROM d ORDER BY n`);
  assert.deepEqual(
    third,
    scores.map((score, row) => (row % 3 === 0 ? score : null)),
  );
});

test("few rows of many chunks are gathered before a function is called", async () => {
  const { connection } = together;
  const counts = new Map<string, number>();
  for (const name of ["plain", "gathered"]) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes: [FLOAT],
        returnType: FLOAT,
        mainFunction: () => counts.set(name, (counts.get(name) ?? 0) + 1),
      }),
    );
    const filter = name === "plain" ? "" : gathering(["f0", "f1"]);
    await connection.run(
      `SELECT sum(q.s) FROM (SELECT f2, ${name}(f0) AS s FROM d${filter}) q WHERE q.f2 > 1.999`,
    );
  }
  assert.ok(counts.get("gathered")! < counts.get("plain")!, String([...counts]));
});
