// PREDICT (features.md G-11, G-14 … G-25) over real models in a real engine process.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeModel } from "../../../../../scoring/src/onnx/write-model.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;

const scalar = (name: string) => ({ name, type: "float" as const, shape: [-1, 1] });

/** score = 2 · tip + distance */
const linear = writeModel({
  inputs: [scalar("tip"), scalar("distance")],
  outputs: [scalar("score")],
  nodes: [
    { op: "Mul", inputs: ["tip", "two"], outputs: ["twice"] },
    { op: "Add", inputs: ["twice", "distance"], outputs: ["score"] },
  ],
  initializers: { two: { dims: [1], floats: [2] } },
});

const wide = writeModel({
  inputs: [{ name: "features", type: "float", shape: [-1, 3] }],
  outputs: [{ name: "score", type: "float", shape: [-1, 3] }],
  nodes: [{ op: "Mul", inputs: ["features", "two"], outputs: ["score"] }],
  initializers: { two: { dims: [1], floats: [2] } },
});

const constant = writeModel({
  inputs: [],
  outputs: [scalar("score")],
  nodes: [{ op: "Identity", inputs: ["two"], outputs: ["score"] }],
  initializers: { two: { dims: [1, 1], floats: [2] } },
});

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

before(async () => {
  server = await startSqlServer();
  const session = await server.open();
  const ground = [
    "CREATE TABLE dbo.models (ID nvarchar(100) NOT NULL, Model varbinary(max)) WITH (DISTRIBUTION = REPLICATE, HEAP)",
    `INSERT dbo.models VALUES ('linear:1', ${hex(linear)}), ('wide:1', ${hex(wide)}), ('bad:1', 0x010203), ('null:1', NULL)`,
    "CREATE TABLE dbo.trips (id int NOT NULL, tip real, distance real, amount float, name varchar(10))",
    "INSERT dbo.trips VALUES (1, 1, 10, 5, 'a'), (2, 2.5, 20, 6, 'b'), (3, NULL, 30, 7, 'c')",
    "CREATE VIEW dbo.trip_view AS SELECT id, tip, distance FROM dbo.trips",
    "CREATE FUNCTION dbo.trip_f (@n int) RETURNS TABLE AS RETURN (SELECT id, tip, distance FROM dbo.trips WHERE id <= @n)",
    "CREATE PROCEDURE dbo.score AS BEGIN WITH InputData AS (SELECT id, [tip], CAST([amount] AS [real]) AS [distance] FROM [dbo].[trips]) SELECT * FROM PREDICT(MODEL = (SELECT [Model] FROM dbo.models WHERE [ID] = 'linear:1'), DATA = InputData, RUNTIME = ONNX) WITH ([score] [real]) END",
    "CREATE FUNCTION dbo.scored_by (@id nvarchar(100), @least int) RETURNS TABLE AS RETURN (SELECT d.id, p.score FROM PREDICT(MODEL = (SELECT Model FROM dbo.models WHERE ID = @id), DATA = dbo.trips AS d, RUNTIME = ONNX) WITH (score real) AS p WHERE d.id >= @least)",
    "CREATE VIEW dbo.scored AS SELECT d.id, p.score FROM PREDICT(MODEL = (SELECT Model FROM dbo.models WHERE ID = 'linear:1'), DATA = dbo.trips AS d, RUNTIME = ONNX) WITH (score real) AS p",
  ];
  for (const text of ground) assert.deepEqual((await runBatch(session, text)).errors, [], text);
  await session.close();
});
after(() => server.close());

const model = (id: string): string => `(SELECT Model FROM dbo.models WHERE ID = '${id}')`;
const predict = (options: {
  id?: string;
  data?: string;
  runtime?: string;
  outputs?: string;
}): string =>
  `PREDICT(MODEL = ${model(options.id ?? "linear:1")}, DATA = ${options.data ?? "dbo.trips AS d"}${options.runtime ?? ", RUNTIME = ONNX"}) WITH (${options.outputs ?? "score real"}) AS p`;

interface Row {
  title: string;
  sql: string;
  rows?: (string | null)[][];
  error?: number;
  message?: string;
}

const scores = [
  ["1", "12"],
  ["2", "25"],
  ["3", null],
];

const rows: Row[] = [
  { title: "a table", sql: `SELECT d.id, p.score FROM ${predict({})} ORDER BY d.id`, rows: scores },
  {
    title: "pass-through columns",
    sql: `SELECT d.*, p.score FROM ${predict({})} WHERE d.id = 1`,
    rows: [["1", "1", "10", "5", "a", "12"]],
  },
  {
    title: "a view",
    sql: `SELECT d.id, p.score FROM ${predict({ data: "trip_view AS d" })} ORDER BY 1`,
    rows: scores,
  },
  {
    title: "a CTE without alias",
    sql: `WITH q AS (SELECT * FROM trips) SELECT id, score FROM ${predict({ data: "q" })} ORDER BY 1`,
    rows: scores,
  },
  {
    title: "a temp table",
    sql: `SELECT id, tip, distance INTO #d FROM trips; SELECT d.id, p.score FROM ${predict({ data: "#d AS d" })} ORDER BY 1`,
    rows: scores,
  },
  {
    title: "an output declared NOT NULL, without alias",
    sql: `SELECT id, score FROM PREDICT(MODEL = ${model("linear:1")}, DATA = dbo.trip_f(2), RUNTIME = ONNX) WITH ([score] [real] NOT NULL) ORDER BY 1`,
    rows: scores.slice(0, 2),
  },
  {
    title: "a table-valued function",
    sql: `SELECT d.id, p.score FROM ${predict({ data: "dbo.trip_f(2) AS d" })} ORDER BY 1`,
    rows: scores.slice(0, 2),
  },
  {
    title: "a table-valued function of a variable, without alias",
    sql: `DECLARE @n int = 1; SELECT trip_f.tip, p.score FROM ${predict({ data: "dbo.trip_f(@n)" })}`,
    rows: [["1", "12"]],
  },
  {
    title: "a function that is told which model",
    sql: "DECLARE @id nvarchar(100) = 'linear:1'; SELECT id, score FROM dbo.scored_by(@id, 2) ORDER BY 1",
    rows: scores.slice(1),
  },
  {
    title: "the same function with another model",
    sql: "SELECT a.score FROM dbo.scored_by('linear:1', 1) AS a JOIN dbo.scored_by('wide:1', 1) AS b ON a.id = b.id",
    error: 39051,
    message: "Input column 'features' has shape [3] which is not supported.",
  },
  {
    title: "a model for each row of another table",
    sql: "SELECT m.ID, s.score FROM dbo.models AS m CROSS APPLY dbo.scored_by(m.ID, 1) AS s",
    error: 39051,
    message: "The model of PREDICT depends on @id, which is no constant.",
  },
  {
    title: "a table variable",
    sql: `SELECT * FROM ${predict({ data: "@t AS d" })}`,
    error: 40517,
    message: "'table variable' is not supported",
  },
  {
    title: "a derived table, which the grammar has not",
    sql: `SELECT * FROM ${predict({ data: "(SELECT * FROM trips) AS d" })}`,
    error: 102,
  },
  {
    title: "a variable model",
    sql: `DECLARE @m varbinary(max) = ${model("linear:1")}; SELECT SUM(p.score) FROM PREDICT(MODEL = @m, DATA = trips AS d, RUNTIME = ONNX) WITH (score real) AS p`,
    rows: [["37"]],
  },
  {
    title: "a literal model",
    sql: `SELECT COUNT(*) FROM PREDICT(MODEL = ${hex(linear)}, DATA = trips AS d, RUNTIME = ONNX) WITH (score real) AS p`,
    rows: [["3"]],
  },
  {
    title: "the wizard's procedure",
    sql: "EXEC dbo.score",
    rows: [
      ["1", "1", "5", "7"],
      ["2", "2.5", "6", "11"],
      ["3", null, "7", null],
    ],
  },
  { title: "a view of scores", sql: "SELECT id, score FROM dbo.scored ORDER BY id", rows: scores },
  {
    title: "aggregates and joins above",
    sql: `SELECT t.name, MAX(p.score) FROM ${predict({})} JOIN trips t ON t.id = d.id WHERE p.score > 12 GROUP BY t.name`,
    rows: [["b", "25"]],
  },
  {
    title: "SELECT INTO of scores",
    sql: `SELECT d.id, p.score INTO #kept FROM ${predict({})}; SELECT id, score FROM #kept ORDER BY id`,
    rows: scores,
  },
  {
    title: "MERGE of scores",
    sql: `CREATE TABLE #m (id int, score real); INSERT #m VALUES (1, 0); MERGE #m AS t USING (SELECT d.id, p.score FROM ${predict({})}) AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET score = s.score WHEN NOT MATCHED THEN INSERT (id, score) VALUES (s.id, s.score); SELECT id, score FROM #m ORDER BY id`,
    rows: scores,
  },
  {
    title: "INSERT of scores",
    sql: `CREATE TABLE #s (id int, score real); INSERT #s SELECT d.id, p.score FROM ${predict({})}; SELECT COUNT(score) FROM #s`,
    rows: [["2"]],
  },
  {
    title: "RUNTIME is required",
    sql: `SELECT * FROM ${predict({ runtime: "" })}`,
    error: 40517,
    message: "PREDICT without RUNTIME = ONNX",
  },
  {
    title: "another runtime",
    sql: `SELECT * FROM ${predict({ runtime: ", RUNTIME = R" })}`,
    error: 40517,
    message: "RUNTIME = R",
  },
  {
    title: "a corrupt model",
    sql: `SELECT * FROM ${predict({ id: "bad:1" })}`,
    error: 39051,
    message: "The model of PREDICT cannot be used: it is corrupt (",
  },
  {
    title: "a model without inputs",
    sql: `SELECT * FROM PREDICT(MODEL = ${hex(constant)}, DATA = trips AS d, RUNTIME = ONNX) WITH (score real) AS p`,
    error: 39051,
    message: "The model of PREDICT cannot be used: it has no inputs",
  },
  {
    title: "a NULL model",
    sql: `SELECT * FROM ${predict({ id: "null:1" })}`,
    error: 39051,
    message: "is NULL",
  },
  {
    title: "two models",
    sql: "SELECT * FROM PREDICT(MODEL = (SELECT Model FROM dbo.models), DATA = trips AS d, RUNTIME = ONNX) WITH (score real) AS p",
    error: 512,
  },
  {
    title: "a model of text",
    sql: "SELECT * FROM PREDICT(MODEL = 'x', DATA = trips AS d, RUNTIME = ONNX) WITH (score real) AS p",
    error: 39051,
    message: "varbinary(max)",
  },
  {
    title: "a tensor input",
    sql: `SELECT * FROM ${predict({ id: "wide:1" })}`,
    error: 39051,
    message: "Input column 'features' has shape [3] which is not supported.",
  },
  {
    title: "a missing input",
    sql: `WITH q AS (SELECT id, tip FROM trips) SELECT * FROM ${predict({ data: "q AS d" })}`,
    error: 39051,
    message: "Input column 'distance' of the model is missing",
  },
  {
    title: "an input of another type",
    sql: `WITH q AS (SELECT tip, amount AS distance FROM trips) SELECT * FROM ${predict({ data: "q AS d" })}`,
    error: 39051,
    message: "'distance' has data type float, but the model expects float (real)",
  },
  {
    title: "an unsupported input type",
    sql: `WITH q AS (SELECT tip, CAST(amount AS decimal(9,2)) AS distance FROM trips) SELECT * FROM ${predict({ data: "q AS d" })}`,
    error: 39051,
    message: "decimal(9,2) which is not supported",
  },
  {
    title: "an output that is none",
    sql: `SELECT * FROM ${predict({ outputs: "nosuch real" })}`,
    error: 39051,
    message: "Output column 'nosuch' is not an output of the model. Its outputs are: score.",
  },
  {
    title: "an output of another type",
    sql: `SELECT * FROM ${predict({ outputs: "score float" })}`,
    error: 39051,
    message: "Output column 'score' has data type float, but the model returns float (real).",
  },
  {
    title: "data that is not there",
    sql: `SELECT * FROM ${predict({ data: "nosuch AS d" })}`,
    error: 208,
  },
];

for (const row of rows) {
  test(`PREDICT: ${row.title}`, async () => {
    const session = await server.open();
    const outcome = await runBatch(session, row.sql);
    await session.close();
    const error = outcome.errors[0];
    assert.equal(error?.number, row.error, error?.message);
    if (row.message !== undefined) assert.ok(error?.message.includes(row.message), error?.message);
    if (row.rows !== undefined) assert.deepEqual(outcome.results.at(-1)?.rows, row.rows);
  });
}

test("PREDICT needs EXECUTE on the database and SELECT on its data and on the model's table", async () => {
  server.principals.set("ann", {
    name: "ann",
    kind: "user",
    objectId: "o",
    groups: [],
    isAdministrator: false,
  });
  server.externals.set("ann", { name: "ann", objectId: "o", kind: "user" });
  const admin = await server.open();
  await runBatch(admin, "CREATE USER ann FROM EXTERNAL PROVIDER; GRANT SELECT ON dbo.trips TO ann");
  const ann = await server.open("ann");
  const sql = `SELECT d.id, p.score FROM ${predict({})}`;
  const missing = await runBatch(ann, sql);
  assert.match(missing.errors[0]?.message ?? "", /^EXECUTE permission denied in database 'pool1'/);
  await runBatch(admin, "GRANT EXECUTE TO ann");
  assert.equal((await runBatch(ann, sql)).errors[0]?.number, 229);
  await runBatch(admin, "GRANT SELECT ON dbo.models TO ann");
  assert.deepEqual((await runBatch(ann, sql)).errors, []);
  await runBatch(
    admin,
    "REVOKE EXECUTE FROM ann; REVOKE SELECT ON dbo.models FROM ann; GRANT SELECT ON dbo.scored TO ann; GRANT SELECT ON dbo.scored_by TO ann",
  );
  for (const text of [
    "SELECT score FROM dbo.scored",
    "SELECT score FROM dbo.scored_by('linear:1', 2)",
  ])
    assert.deepEqual((await runBatch(ann, text)).errors, [], text);
  const beside = `SELECT a.score FROM dbo.scored AS a JOIN (SELECT d.id FROM ${predict({})}) AS b ON a.id = b.id`;
  await runBatch(admin, "GRANT EXECUTE TO ann");
  assert.equal((await runBatch(ann, beside)).errors[0]?.number, 229);
  await ann.close();
  await admin.close();
});

test("a view of scores shows its columns without opening the model", async () => {
  const session = await server.open();
  const { results, errors } = await runBatch(
    session,
    "SELECT c.name, t.name, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('dbo.scored') ORDER BY c.column_id",
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(results[0]?.rows, [
    ["id", "int", "0"],
    ["score", "real", "1"],
  ]);
  await session.close();
});
