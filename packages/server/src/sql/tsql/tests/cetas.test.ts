// CREATE EXTERNAL TABLE AS SELECT writes what the external table reads back; Parquet; the catalogue's views; PREDICT.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { writeModel } from "../../../../../scoring/src/onnx/write-model.ts";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;
const base = "abfss://data@lake.dfs.core.windows.net/base";

async function run(text: string, by: SqlSession = session) {
  const outcome = await runBatch(by, text);
  assert.deepEqual(
    outcome.errors.map(({ number, message }) => `${number} ${message}`),
    [],
    text,
  );
  return outcome;
}

async function rowsOf(text: string): Promise<(string | null)[][] | undefined> {
  return (await run(text)).results.at(-1)?.rows;
}

before(async () => {
  server = await startSqlServer();
  session = await server.open();
  for (const text of [
    `CREATE EXTERNAL DATA SOURCE lake WITH (LOCATION = '${base}', TYPE = HADOOP)`,
    `CREATE EXTERNAL DATA SOURCE native WITH (LOCATION = '${base}')`,
    "CREATE EXTERNAL FILE FORMAT pipes WITH (FORMAT_TYPE = DELIMITEDTEXT)",
    "CREATE EXTERNAL FILE FORMAT tildes WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '~|~', STRING_DELIMITER = '\"', FIRST_ROW = 2), DATA_COMPRESSION = 'org.apache.hadoop.io.compress.GzipCodec')",
    "CREATE EXTERNAL FILE FORMAT late WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIRST_ROW = 3))",
    "CREATE EXTERNAL FILE FORMAT wide WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (ENCODING = 'UTF16'))",
    "CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec')",
    "CREATE TABLE dbo.every (i int NOT NULL, t tinyint, s smallint, b bigint, f float, r real, d decimal(20,5), m money, bit1 bit, c char(3), v varchar(10), n nvarchar(10), day date, at datetime, at2 datetime2(7), small smalldatetime, hour time(3), id uniqueidentifier, bytes varbinary(10))",
    "INSERT dbo.every VALUES (1, 2, -3, 9000000000, 0.1, 1.5, -123.45678, 9.99, 1, 'ab', 'x \"y\"', N'é~\"', '2024-02-29', '2024-02-29T01:02:03.007', '2024-02-29T01:02:03.123456', '2024-02-29T01:02:00', '01:02:03.004', '0E984725-C51C-4BF4-9960-E1C80E27ABA0', 0x4100FF)",
    "INSERT dbo.every (i) VALUES (2)",
  ])
    await run(text);
});
after(() => server.close());

for (const format of ["pipes", "tildes", "parquet"]) {
  test(`every type comes back as it went, by way of ${format}`, async () => {
    const columns = "i, t, s, b, f, r, d, m, bit1, c, v, n, day, at, at2, small, hour, id, bytes";
    const made = await run(
      `CREATE EXTERNAL TABLE dbo.out_${format} WITH (LOCATION = '/out/${format}/', DATA_SOURCE = lake, FILE_FORMAT = ${format}) AS SELECT * FROM dbo.every`,
    );
    assert.equal(made.rowCounts.at(-1), 2);
    assert.deepEqual(
      await rowsOf(`SELECT ${columns} FROM dbo.out_${format} ORDER BY i`),
      await rowsOf(`SELECT ${columns} FROM dbo.every ORDER BY i`),
    );
    const types = (name: string) =>
      rowsOf(
        `SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('dbo.${name}') ORDER BY c.column_id`,
      );
    assert.deepEqual(await types(`out_${format}`), await types("every"));
  });
}

const exportOf = (name: string, format: string, query: string, columns = "") =>
  `CREATE EXTERNAL TABLE dbo.${name} ${columns} WITH (LOCATION = '${name}', DATA_SOURCE = lake, FILE_FORMAT = ${format}) AS ${query}`;

async function written(name: string): Promise<{ file: string; bytes: Buffer }> {
  const url = [...server.lake.keys()].find((key) => key.startsWith(`${base}/${name}/`))!;
  return { file: url.slice(base.length), bytes: await readFile(server.lake.get(url)![0]!) };
}

test("files are named as the service names them, and texts have the format's marks", async () => {
  await run(exportOf("plain", "pipes", "SELECT 1 AS a, 'x' AS b, CAST(NULL AS int) AS c"));
  const plain = await written("plain");
  assert.match(plain.file, /^\/plain\/QID\d+_20240305_140709_0\.txt$/);
  assert.equal(plain.bytes.toString(), "1|x|\n");
  await run(
    exportOf("zipped", "tildes", "SELECT 1, N'q\"q', CAST('2024-02-29' AS datetime)", "(a, b, c)"),
  );
  const zipped = await written("zipped");
  assert.match(zipped.file, /_0\.txt\.gz$/);
  assert.equal(
    gunzipSync(zipped.bytes).toString(),
    'a~|~b~|~c\n1~|~"q""q"~|~2024-02-29 00:00:00\n',
  );
  await run(exportOf("packed", "parquet", "SELECT TOP 1 i AS [an i], v FROM dbo.every"));
  const packed = await written("packed");
  assert.match(packed.file, /_0\.parquet$/);
  assert.equal(packed.bytes.subarray(0, 4).toString(), "PAR1");
  assert.deepEqual(await rowsOf("SELECT [an i], v FROM dbo.packed"), [["1", 'x "y"']]);
});

test("the query may use variables, CTEs and other external tables; a second export adds to the folder", async () => {
  await run(
    "DECLARE @least int = 2, @long varchar(max) = REPLICATE(CAST('x' AS varchar(max)), 9000); " +
      exportOf(
        "some1",
        "parquet",
        "WITH q AS (SELECT i, @long AS l FROM dbo.every WHERE i < @least) SELECT i, LEN(l) AS n FROM q",
      ),
  );
  assert.deepEqual(await rowsOf("SELECT * FROM dbo.some1"), [["1", "9000"]]);
  await run("DROP EXTERNAL TABLE dbo.some1");
  await run(exportOf("some1", "parquet", "SELECT i, 1 AS n FROM dbo.every WHERE i = 2"));
  assert.deepEqual(await rowsOf("SELECT * FROM dbo.some1 ORDER BY i"), [
    ["1", "9000"],
    ["2", "1"],
  ]);
  await run(exportOf("some2", "pipes", "SELECT SUM(n) AS n FROM dbo.some1"));
  assert.deepEqual(await rowsOf("SELECT n FROM dbo.some2"), [["9001"]]);
});

const faults: readonly (readonly [text: string, number: number, message?: RegExp])[] = [
  [exportOf("x1", "late", "SELECT 1 AS a"), 40517, /FIRST_ROW = 3/],
  [exportOf("x1", "wide", "SELECT 1 AS a"), 40517, /ENCODING = UTF16/],
  [exportOf("x1", "parquet", "SELECT SYSDATETIMEOFFSET() AS a"), 40517, /datetimeoffset/],
  [exportOf("x1", "pipes", "SELECT 1"), 8155],
  [exportOf("x1", "pipes", "SELECT 1 AS a, 2 AS A"), 8156],
  [exportOf("x1", "pipes", "SELECT 1 / 0 AS a"), 8134],
  [exportOf("x1", "pipes", "SELECT * FROM dbo.nowhere"), 208],
  [exportOf("every", "pipes", "SELECT 1 AS a"), 2714],
  [`BEGIN TRAN; ${exportOf("x1", "pipes", "SELECT 1 AS a")}`, 111212],
];

for (const [text, number, message = /./] of faults) {
  test(`${text.slice(0, 150)}: ${number}, and nothing is left`, async () => {
    const [error] = (await runBatch(session, text)).errors;
    await run("IF @@TRANCOUNT > 0 ROLLBACK");
    assert.equal(error?.number, number, error?.message);
    assert.match(error!.message, message);
    assert.deepEqual(await rowsOf("SELECT name FROM sys.external_tables WHERE name = 'x1'"), []);
    assert.ok(![...server.lake.keys()].some((key) => key.includes("/x1/")));
  });
}

test("a place that may not be written is message 105005", async () => {
  const write = server.refusing("Access denied");
  const [error] = (await runBatch(session, exportOf("x2", "pipes", "SELECT 1 AS a"))).errors;
  write();
  assert.equal(error?.number, 105005);
  assert.match(error!.message, /path name 'x2'.*\(Access denied\)/);
});

test("Parquet columns count by place, those of a native source by name", async () => {
  await run(exportOf("made", "parquet", "SELECT 1 AS a, 'x' AS b"));
  const tables = [
    ["lake", "(first int, second varchar(5))", [["1", "x"]]],
    ["native", "(B varchar(5), a bigint, c int)", [["x", "1", null]]],
    ["lake", "(first int)", 106000],
    ["lake", "(first int, second varchar(5), third int)", 106000],
    ["lake", "(first int, second int)", 107090],
    ["lake", "(first date, second varchar(5))", 529],
    ["native", "(a int, c int NOT NULL)", 107090],
  ] as const;
  for (const [source, columns, expected] of tables) {
    await run(
      `CREATE EXTERNAL TABLE dbo.again ${columns} WITH (LOCATION = '/made', DATA_SOURCE = ${source}, FILE_FORMAT = parquet)`,
    );
    const outcome = await runBatch(session, "SELECT * FROM dbo.again");
    await run("DROP EXTERNAL TABLE dbo.again");
    if (typeof expected === "number") assert.equal(outcome.errors[0]?.number, expected, columns);
    else assert.deepEqual(outcome.results[0]?.rows ?? outcome.errors, expected);
  }
});

test("the catalogue shows external tables and what they rest on", async () => {
  await run(
    "CREATE EXTERNAL TABLE dbo.shown (id int NOT NULL, name nvarchar(20)) WITH (LOCATION = '/made', DATA_SOURCE = lake, FILE_FORMAT = tildes, REJECT_TYPE = PERCENTAGE, REJECT_VALUE = 2.5, REJECT_SAMPLE_VALUE = 100)",
  );
  assert.deepEqual(
    await rowsOf(
      "SELECT t.name, t.type, t.location, t.reject_type, t.reject_value, t.reject_sample_value, s.name, s.location, s.type_desc, f.name, f.format_type, f.field_terminator, f.string_delimiter, f.first_row, f.data_compression FROM sys.external_tables t JOIN sys.external_data_sources s ON s.data_source_id = t.data_source_id JOIN sys.external_file_formats f ON f.file_format_id = t.file_format_id WHERE t.name = 'shown'",
    ),
    [
      [
        "shown",
        "U ",
        "/made",
        "PERCENTAGE",
        "2.5",
        "100",
        "lake",
        base,
        "HADOOP",
        "tildes",
        "DELIMITEDTEXT",
        "~|~",
        '"',
        "2",
        "org.apache.hadoop.io.compress.GzipCodec",
      ],
    ],
  );
  assert.deepEqual(
    await rowsOf(
      "SELECT is_external FROM sys.tables WHERE name IN ('shown', 'every') ORDER BY name",
    ),
    [["0"], ["1"]],
  );
  assert.deepEqual(
    await rowsOf(
      "SELECT TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'shown'; SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'shown' ORDER BY ORDINAL_POSITION",
    ),
    [
      ["id", "int", "NO"],
      ["name", "nvarchar", "YES"],
    ],
  );
  await run("CREATE VIEW dbo.over_shown AS SELECT name AS n FROM dbo.shown");
  server.asked.length = 0;
  assert.deepEqual(
    await rowsOf("SELECT name FROM sys.columns WHERE object_id = OBJECT_ID('dbo.over_shown')"),
    [["n"]],
  );
  assert.deepEqual(server.asked, []);
});

test("the catalogue is there again when the pool is opened anew", async () => {
  await session.close();
  await server.front.closePool("ws", "pool1", "paused");
  session = await server.open();
  assert.deepEqual(await rowsOf("SELECT i FROM dbo.out_tildes ORDER BY 1"), [["1"], ["2"]]);
});

test("PREDICT scores the rows of an external table with a model of one", async () => {
  const scalar = (name: string) => ({ name, type: "float" as const, shape: [-1, 1] });
  const model = (op: "Add" | "Mul") =>
    `0x${Buffer.from(
      writeModel({
        inputs: [scalar("x"), scalar("z")],
        outputs: [scalar("score")],
        nodes: [{ op, inputs: ["x", "z"], outputs: ["score"] }],
      }),
    ).toString("hex")}`;
  await run(
    exportOf(
      "points",
      "parquet",
      "SELECT id, x, z FROM (VALUES (1, CAST(2 AS real), CAST(3 AS real)), (2, CAST(4 AS real), CAST(5 AS real))) v(id, x, z)",
    ),
  );
  await run(exportOf("models", "pipes", `SELECT 1 AS id, ${model("Mul")} AS model`));
  const predict =
    "SELECT d.id, p.score FROM PREDICT(MODEL = (SELECT model FROM dbo.models WHERE id = 1), DATA = dbo.points AS d, RUNTIME = ONNX) WITH (score real) AS p ORDER BY d.id";
  const products = [
    ["1", "6"],
    ["2", "20"],
  ];
  for (let time = 0; time < 3; time += 1) assert.deepEqual(await rowsOf(predict), products);
  await run(exportOf("scores", "parquet", predict.replace(" ORDER BY d.id", "")));
  assert.deepEqual(await rowsOf("SELECT id, score FROM dbo.scores ORDER BY id"), products);
  await run("DROP EXTERNAL TABLE dbo.models");
  server.lake.delete(`${base}/models`);
  await run(exportOf("models", "pipes", `SELECT 1 AS id, ${model("Add")} AS model`));
  assert.deepEqual(await rowsOf(predict), [
    ["1", "5"],
    ["2", "9"],
  ]);
});
