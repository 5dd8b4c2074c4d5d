// The engine's own threads with JavaScript: what the addon in native/ does with values, failures and ends.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type ModelSpec, writeModel } from "@callosum/scoring/onnx/write-model.ts";
import { kernelSources, openKernels } from "@callosum/scoring/program/kernel-addon.ts";
import { newMemory } from "@callosum/scoring/wasm/arena.ts";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { buildAddon } from "../../platform/native-addon.ts";
import { writeInputs } from "../tsql/emit/predict.ts";
import { openModelRegistry } from "./duckdb-model.ts";
import { openThreads } from "./duckdb-threads.ts";

const { path: addonPath, reason } = await buildAddon(new URL("./native/", import.meta.url));
const skip = reason ?? false;
const kernels = await buildAddon(kernelSources);
const hasChains = kernels.path !== null && openKernels(kernels.path, newMemory()).dense !== null;

interface Engine {
  connection: DuckDBConnection;
  /** The values of a model's output `y` for each row of `from`, given these columns. */
  scores(model: ModelSpec, columns: readonly string[], from: string): Promise<unknown[]>;
  close(): Promise<void>;
}

interface Threads {
  threadCount?: number;
  kernelsPath?: string | null;
  entry?: URL;
}

async function openEngine({
  threadCount = 4,
  kernelsPath = null,
  entry,
}: Threads = {}): Promise<Engine> {
  const count = String(threadCount);
  const instance = await DuckDBInstance.create(":memory:", {
    threads: count,
    external_threads: count,
  });
  const threads = openThreads(instance, {
    addonPath: addonPath as string,
    kernelsPath,
    threads: threadCount,
    entry,
  });
  const connection = await instance.connect();
  const registry = openModelRegistry({ connection, kernelsPath, threads });
  return {
    connection,
    async scores(model, columns, from) {
      const { call, expressions } = await registry.open(writeModel(model));
      assert.deepEqual(expressions, {}, "it runs on the threads");
      await threads.ready();
      const written = writeInputs(call!, (input) => columns[input]!);
      const result = await connection.run(`SELECT (z.s).y FROM (SELECT ${written} AS s ${from}) z`);
      return (await result.getColumns())[0] as unknown[];
    },
    async close() {
      registry.close();
      connection.closeSync();
      await threads.close();
      instance.closeSync();
    },
  };
}

const shape = [-1, 1];

/** Adds `by` to one column of a type. */
function adding(type: "float" | "double" | "int32" | "int64"): ModelSpec {
  return {
    inputs: [{ name: "x", type, shape }],
    outputs: [{ name: "y", type, shape }],
    nodes: [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
  };
}

test("each kind of number goes through as it is, NULL as NaN, and NaN is no score", {
  skip,
}, async () => {
  const engine = await openEngine();
  const from = "FROM (VALUES (1), (NULL), (-7)) v(n)";
  const cases = [
    ["float", "FLOAT", [2, null, -14]],
    ["double", "DOUBLE", [2, null, -14]],
    ["int32", "INTEGER", [2, null, -14]],
    ["int64", "BIGINT", [2n, null, -14n]],
  ] as const;
  for (const [type, name, expected] of cases)
    assert.deepEqual(await engine.scores(adding(type), [`n::${name}`], from), expected, type);
  await engine.close();
});

test("texts are known by all of their bytes, short ones and long ones", { skip }, async () => {
  const engine = await openEngine();
  // Lengths around the twelve bytes that fit in place, and many that begin alike.
  const texts = Array.from(
    { length: 300 },
    (_, at) => `${"a place far away from".slice(0, at % 22)}${at}`,
  );
  const known = texts.filter((_, at) => at % 3 > 0);
  const model: ModelSpec = {
    inputs: [{ name: "x", type: "string", shape }],
    outputs: [{ name: "y", type: "float", shape }],
    nodes: [
      {
        op: "LabelEncoder",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["y"],
        attributes: {
          keys_strings: { strings: known },
          values_floats: { floats: known.map((_, at) => at + 1) },
          default_float: -5,
        },
      },
    ],
  };
  await engine.connection.run("CREATE TABLE t (n INTEGER, x VARCHAR)");
  const rows = [...texts, ...texts.map((text) => text.slice(0, -1)), "", "é", "…".repeat(9)];
  const values = rows.map((text, at) => `(${at}, '${text}')`).join(", ");
  await engine.connection.run(`INSERT INTO t VALUES ${values}, (${rows.length}, NULL)`);
  const scores = await engine.scores(model, ["x"], "FROM (FROM t ORDER BY n)");
  const expected = rows.map((text) => known.indexOf(text) + 1 || -5);
  assert.deepEqual(scores, [...expected, null]);
  await engine.close();
});

test("a chunk that cannot be scored fails its statement and no other", { skip }, async () => {
  const engine = await openEngine();
  const picking: ModelSpec = {
    inputs: [{ name: "x", type: "int64", shape }],
    outputs: [{ name: "y", type: "float", shape }],
    nodes: [{ op: "Gather", inputs: ["list", "x"], outputs: ["y"] }],
    initializers: { list: { dims: [3], floats: [10, 20, 30] } },
  };
  const rows = (last: number) => `FROM range(100000) r(n) WHERE n % ${last} < 3`;
  await assert.rejects(
    engine.scores(picking, ["n % 4"], "FROM range(100000) r(n)"),
    /indices element out of data bounds/,
  );
  const scores = await engine.scores(picking, ["n % 3"], rows(1000));
  assert.equal(scores.length, 300);
  assert.deepEqual(new Set(scores), new Set([10, 20, 30]));
  await engine.close();
});

test("chunks are scored without JavaScript until their budget is spent", {
  skip: skip || (hasChains ? false : "the processor lacks AVX2"),
}, async () => {
  const entry = new URL("../testing/budget-thread.ts", import.meta.url);
  const engine = await openEngine({ threadCount: 1, kernelsPath: kernels.path, entry });
  // Some rows are NULL, and the last chunk is not whole.
  const column = "CASE WHEN n % 1000 > 0 THEN n::FLOAT END";
  const scores = await engine.scores(adding("float"), [column], "FROM range(9000) r(n)");
  const expected = Array.from({ length: 9000 }, (_, n) => (n % 1000 > 0 ? 2 * n : null));
  assert.deepEqual(scores, [
    ...expected.slice(0, 3 * 2048),
    ...new Array(9000 - 3 * 2048).fill(-1),
  ]);
  await engine.close();
});

/** So many layers that a block of rows is worth sharing. */
function deep(): ModelSpec {
  const layers = Array.from({ length: 150 }, (_, at) => ({
    op: at % 2 === 0 ? "Add" : "Tanh",
    inputs: at % 2 === 0 ? [`h${at}`, "k"] : [`h${at}`],
    outputs: [`h${at + 1}`],
  }));
  return {
    inputs: [
      { name: "h0", type: "float", shape },
      { name: "k", type: "float", shape },
      { name: "word", type: "string", shape },
    ],
    outputs: [{ name: "y", type: "float", shape }],
    nodes: [
      ...layers,
      {
        op: "LabelEncoder",
        domain: "ai.onnx.ml",
        inputs: ["word"],
        outputs: ["place"],
        attributes: {
          keys_strings: { strings: ["a", "b", "c"] },
          values_floats: { floats: [10, 20, 30] },
          default_float: 40,
        },
      },
      { op: "Add", inputs: ["h150", "place"], outputs: ["y"] },
    ],
  };
}

/** Processor time of the helpers in this process, in nanoseconds. */
function helperTime(): number {
  const tasks = readdirSync("/proc/self/task").map((id) => `/proc/self/task/${id}`);
  return tasks
    .filter((task) => readFileSync(`${task}/comm`, "utf8").startsWith("scoring-helper"))
    .reduce(
      (sum, task) => sum + Number(readFileSync(`${task}/schedstat`, "utf8").split(" ")[0]),
      0,
    );
}

test("threads that rest help with a chunk, and what it answers is the same", {
  skip: skip || (process.platform === "linux" && hasChains ? false : "there are no helpers"),
  timeout: 60_000,
}, async () => {
  // Rows in their order come from one thread; some are NULL, and the last chunk is not whole.
  const columns = [
    "CASE WHEN n % 1000 > 0 THEN (n % 77)::FLOAT END",
    "(n % 13)::FLOAT",
    "chr(CAST(97 + n % 4 AS INTEGER))",
  ];
  const from = "FROM range(50001) r(n)";
  const alone = await openEngine({ threadCount: 1, kernelsPath: kernels.path });
  const expected = await alone.scores(deep(), columns, from);
  await alone.close();
  const engine = await openEngine({ kernelsPath: kernels.path });
  await engine.scores(deep(), columns, from);
  const before = helperTime();
  const millisecond = 1_000_000;
  // A helper can work at seats whose thread has scored with the model before.
  while (helperTime() - before < 100 * millisecond)
    assert.deepEqual(await engine.scores(deep(), columns, from), expected);
  await engine.close();
});

test("a database of one thread scores, and one that never scored ends", { skip }, async () => {
  const engine = await openEngine({ threadCount: 1 });
  const scores = await engine.scores(adding("float"), ["n::FLOAT"], "FROM range(10000) r(n)");
  assert.deepEqual([scores.length, scores[9999]], [10_000, 19_998]);
  await engine.close();
  await (await openEngine()).close();
});

test("databases of many threads end, one after the other", { skip, timeout: 60_000 }, async () => {
  // Threads that wait for the same thing must not wake each other in vain.
  for (let round = 0; round < 12; round += 1) {
    const engine = await openEngine({ threadCount: 16 });
    await engine.scores(adding("float"), ["n::FLOAT"], "FROM range(5000) r(n)");
    await engine.close();
  }
});

test("a process whose threads score ends when it is told to", { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-threads-"));
  const script = join(directory, "exits.ts");
  const at = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  writeFileSync(
    script,
    `import { createRequire } from "node:module";
const { DuckDBInstance } = createRequire(${at("./duckdb-model.ts")})("@duckdb/node-api");
const { openThreads } = await import(${at("./duckdb-threads.ts")});
const { openModelRegistry } = await import(${at("./duckdb-model.ts")});
const instance = await DuckDBInstance.create(":memory:", { threads: "4", external_threads: "4" });
const threads = openThreads(instance, { addonPath: ${JSON.stringify(addonPath)}, kernelsPath: null, threads: 4 });
const connection = await instance.connect();
const model = Buffer.from("${Buffer.from(writeModel(adding("float"))).toString("hex")}", "hex");
const { call } = await openModelRegistry({ connection, kernelsPath: null, threads }).open(model);
await threads.ready();
await connection.run("SELECT sum((" + call.replace(/⟦0⟧/, "n::FLOAT") + ").y) FROM range(100000) r(n)");
process.exit(7);
`,
  );
  const { status, stderr } = spawnSync(process.execPath, [script], { timeout: 30_000 });
  rmSync(directory, { recursive: true });
  assert.equal(status, 7, String(stderr));
});
