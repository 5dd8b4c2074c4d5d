// External tables over staged files: their formats, rows that do not fit, whose rights count, CETAS, catalogue.
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;

const base = "abfss://data@lake.dfs.core.windows.net/base";
const files: Readonly<Record<string, string | Uint8Array>> = {
  plain: "1|x|2.5\n2||\n3|é|-1\n",
  quoted: 'id,name,price\n1,"a, ""b""",2.5\n2,c,\n',
  typed: "1|2024-02-29|True|0x4142|12.5\n|||\n",
  dates: "1;31/12/2024 23:59\n2;01/02/2023 04:05\n",
  bad: "1|x|2.5\n2|yyyyyyyyyyy|1\nz|x|1\n4|x\n5|x|1|9\n6|ok|3\n",
  wide: Buffer.from("\ufeff1|é|2.5\n", "utf16le"),
  tilde: "1~|~x~|~2\n",
  model: `7|0x${"AB".repeat(300_000)}|\n`,
};

before(async () => {
  server = await startSqlServer();
  for (const [name, text] of Object.entries(files)) {
    const path = join(server.directory, `${name}.txt`);
    await writeFile(path, text);
    server.lake.set(`${base}/${name}`, [path]);
  }
  const both = ["plain", "quoted"].map((name) => join(server.directory, `${name}.txt`));
  server.lake.set(`${base}/both`, both).set(`${base}/empty`, []);
  session = await server.open();
  for (const text of ground) assert.deepEqual(await errorsOf(text), [], text);
});
after(() => server.close());

const ground = [
  "CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'n0t-needed'",
  "CREATE DATABASE SCOPED CREDENTIAL key1 WITH IDENTITY = 'user', SECRET = 'account-key'",
  "CREATE DATABASE SCOPED CREDENTIAL msi WITH IDENTITY = 'Managed Service Identity'",
  `CREATE EXTERNAL DATA SOURCE lake WITH (TYPE = HADOOP, LOCATION = '${base}/')`,
  `CREATE EXTERNAL DATA SOURCE keyed WITH (TYPE = HADOOP, LOCATION = N'${base}', CREDENTIAL = [KEY1])`,
  `CREATE EXTERNAL DATA SOURCE native WITH (LOCATION = '${base}')`,
  "CREATE EXTERNAL FILE FORMAT pipes WITH (FORMAT_TYPE = DELIMITEDTEXT)",
  `CREATE EXTERNAL FILE FORMAT commas WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = ',', STRING_DELIMITER = '0x22', FIRST_ROW = 2, USE_TYPE_DEFAULT = FALSE))`,
  "CREATE EXTERNAL FILE FORMAT filled WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '|', USE_TYPE_DEFAULT = TRUE))",
  "CREATE EXTERNAL FILE FORMAT dated WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = ';', DATE_FORMAT = 'dd/MM/yyyy HH:mm'))",
  "CREATE EXTERNAL FILE FORMAT utf16 WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (ENCODING = 'UTF16'))",
  "CREATE EXTERNAL FILE FORMAT tildes WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '~|~'))",
  "CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec')",
  "CREATE EXTERNAL FILE FORMAT zipped WITH (DATA_COMPRESSION = 'org.apache.hadoop.io.compress.GzipCodec', FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = '~|~', STRING_DELIMITER = '\"', FIRST_ROW = 2))",
];

async function errorsOf(text: string, by: SqlSession = session): Promise<string[]> {
  return (await runBatch(by, text)).errors.map(({ number, message }) => `${number} ${message}`);
}

const abc = "id int, name varchar(10), price decimal(5,2)";
const over = (location: string, format = "pipes", more = "") =>
  `WITH (LOCATION = '/${location}/', DATA_SOURCE = lake, FILE_FORMAT = ${format}${more})`;

interface Row {
  title: string;
  /** Of the external table dbo.e. */
  columns?: string;
  with?: string;
  sql?: string;
  rows?: (string | null)[][];
  error?: number;
  message?: RegExp;
}

const rows: Row[] = [
  {
    title: "fields between pipes, empty ones NULL",
    with: over("plain"),
    rows: [
      ["1", "x", "2.50"],
      ["2", null, null],
      ["3", "é", "-1.00"],
    ],
  },
  {
    title: "quoted fields below a header",
    with: over("quoted", "commas"),
    rows: [
      ["1", 'a, "b"', "2.50"],
      ["2", "c", null],
    ],
  },
  {
    title: "defaults of types for empty fields",
    columns: "id int, day date, flag bit, bytes varbinary(2), f float",
    with: over("typed", "filled"),
    error: 107090,
    message: /Not enough columns/,
  },
  {
    title: "defaults of types, and the short row left out",
    columns: "id int, day date, flag bit, bytes varbinary(2), f float",
    with: over("typed", "filled", ", REJECT_TYPE = VALUE, REJECT_VALUE = 1"),
    rows: [["1", "2024-02-29", "1", "0x4142", "12.5"]],
  },
  {
    title: "USE_TYPE_DEFAULT",
    with: over("plain", "filled"),
    rows: [
      ["1", "x", "2.50"],
      ["2", "", "0.00"],
      ["3", "é", "-1.00"],
    ],
  },
  {
    title: "DATE_FORMAT",
    columns: "id int, at datetime2(0)",
    with: over("dates", "dated"),
    rows: [
      ["1", "2024-12-31 23:59:00"],
      ["2", "2023-02-01 04:05:00"],
    ],
  },
  { title: "UTF-16", with: over("wide", "utf16"), rows: [["1", "é", "2.50"]] },
  {
    title: "a terminator of three characters",
    with: over("tilde", "tildes"),
    rows: [["1", "x", "2.00"]],
  },
  {
    title: "a model as hexadecimal text",
    columns: "id int, model varbinary(max), more int",
    with: over("model"),
    sql: "SELECT id, DATALENGTH(model), more FROM dbo.e",
    rows: [["7", "300000", null]],
  },
  { title: "a folder with nothing in it", with: over("empty"), rows: [] },
  {
    title: "a row that does not fit, though nothing is asked of its columns",
    with: over("bad"),
    sql: "SELECT COUNT(*) FROM dbo.e",
    error: 107090,
    message:
      /threshold \(0 rows\) .* 4 rows rejected out of total 6 rows processed\. \(\/bad\/\) Column ordinal: 1, Expected data type: VARCHAR\(10\), Offending value: yyyyyyyyyyy {2}\(Column Conversion Error\)/,
  },
  {
    title: "as many as REJECT_VALUE are left out",
    with: over("bad", "pipes", ", REJECT_VALUE = 4"),
    rows: [
      ["1", "x", "2.50"],
      ["6", "ok", "3.00"],
    ],
  },
  {
    title: "one more than REJECT_VALUE",
    with: over("bad", "pipes", ", REJECT_TYPE = value, REJECT_VALUE = 3"),
    error: 107090,
  },
  {
    title: "a percentage of all samples",
    with: over(
      "bad",
      "pipes",
      ", REJECT_TYPE = PERCENTAGE, REJECT_VALUE = 70, REJECT_SAMPLE_VALUE = 6",
    ),
    rows: [
      ["1", "x", "2.50"],
      ["6", "ok", "3.00"],
    ],
  },
  {
    title: "a percentage that a sample exceeds, though all rows together do not",
    with: over(
      "bad",
      "pipes",
      ", REJECT_TYPE = PERCENTAGE, REJECT_VALUE = 70, REJECT_SAMPLE_VALUE = 5",
    ),
    error: 107090,
    message: /threshold \(70%\).*4 rows rejected out of total 5 rows/,
  },
  {
    title: "NULL in a column that takes none",
    columns: "id int NOT NULL, name varchar(10) NOT NULL, price decimal(5,2)",
    with: over("plain"),
    error: 107090,
    message: /VARCHAR\(10\) NOT NULL/,
  },
  {
    title: "joined, grouped and filtered as any table",
    with: over("plain"),
    sql: "SELECT e.name, SUM(e.price) FROM dbo.e AS e JOIN (VALUES (1), (3)) v(id) ON v.id = e.id WHERE e.id > 1 GROUP BY e.name",
    rows: [["é", "-1.00"]],
  },
  {
    title: "through a view, a procedure and a CTE",
    with: over("plain"),
    sql: "EXEC ('CREATE VIEW dbo.over_e AS SELECT id, price FROM dbo.e'); EXEC ('CREATE PROC dbo.run_e AS WITH c AS (SELECT * FROM dbo.over_e) SELECT MAX(id) FROM c'); EXEC dbo.run_e; DROP VIEW dbo.over_e; DROP PROC dbo.run_e",
    rows: [["3"]],
  },
  {
    title: "into a table by CTAS",
    with: over("plain"),
    sql: "CREATE TABLE dbo.loaded WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT * FROM dbo.e; SELECT COUNT(*), SUM(price) FROM dbo.loaded; DROP TABLE dbo.loaded",
    rows: [["3", "1.50"]],
  },
  {
    title: "a location that is not there",
    with: over("none"),
    error: 105002,
    message: /'\/none\/'/,
  },
  { title: "no INSERT", with: over("plain"), sql: "INSERT dbo.e VALUES (1, 'x', 1)", error: 46519 },
  { title: "no UPDATE", with: over("plain"), sql: "UPDATE dbo.e SET id = 1", error: 46519 },
  { title: "no DELETE", with: over("plain"), sql: "DELETE a FROM dbo.e AS a", error: 46519 },
  { title: "no TRUNCATE", with: over("plain"), sql: "TRUNCATE TABLE dbo.e", error: 4701 },
  { title: "no ALTER", with: over("plain"), sql: "ALTER TABLE dbo.e ADD z int", error: 4902 },
  {
    title: "no DROP TABLE",
    with: over("plain"),
    sql: "DROP TABLE dbo.e",
    error: 3705,
    message: /Use DROP EXTERNAL TABLE/,
  },
  {
    title: "statistics",
    with: over("plain"),
    sql: "CREATE STATISTICS st ON dbo.e (id) WITH FULLSCAN; UPDATE STATISTICS dbo.e; DROP STATISTICS dbo.e.st",
  },
  {
    title: "its name taken",
    with: over("plain"),
    sql: "CREATE TABLE dbo.e (a int)",
    error: 2714,
  },
  { title: "a column default", columns: "id int DEFAULT 1", with: over("plain"), error: 102 },
  { title: "a column twice", columns: "id int, ID int", with: over("plain"), error: 2705 },
  {
    title: "an unknown data source",
    with: "WITH (LOCATION = '/plain', DATA_SOURCE = nowhere, FILE_FORMAT = pipes)",
    error: 15151,
  },
  { title: "no file format", with: "WITH (LOCATION = '/plain', DATA_SOURCE = lake)", error: 46505 },
  {
    title: "an option that is not built",
    with: over("plain", "pipes", ", REJECTED_ROW_LOCATION = '/rejected'"),
    error: 40517,
    message: /REJECTED_ROW_LOCATION.*line 1, column/,
  },
  {
    title: "a percentage without its sample",
    with: over("plain", "pipes", ", REJECT_TYPE = PERCENTAGE, REJECT_VALUE = 10"),
    error: 46505,
  },
];

for (const row of rows) {
  test(`an external table: ${row.title}`, async () => {
    const made = await runBatch(
      session,
      `CREATE EXTERNAL TABLE dbo.e (${row.columns ?? abc}) ${row.with}`,
    );
    const outcome =
      made.errors.length > 0
        ? made
        : await runBatch(session, row.sql ?? "SELECT * FROM dbo.e ORDER BY 1");
    if (made.errors.length === 0) assert.deepEqual(await errorsOf("DROP EXTERNAL TABLE dbo.e"), []);
    const [error] = outcome.errors;
    assert.equal(error?.number, row.error, error?.message);
    if (row.message) assert.match(error!.message, row.message);
    if (row.rows) assert.deepEqual(outcome.results.at(-1)?.rows, row.rows);
  });
}

const definitions: readonly (readonly [text: string, error: number, message?: RegExp])[] = [
  ["CREATE EXTERNAL DATA SOURCE x WITH (LOCATION = 'hdfs://h:8020')", 40517, /LOCATION hdfs:\/\//],
  [
    `CREATE EXTERNAL DATA SOURCE x WITH (LOCATION = '${base}', TYPE = RDBMS)`,
    40517,
    /TYPE = RDBMS/,
  ],
  [`CREATE EXTERNAL DATA SOURCE x WITH (LOCATION = '${base}', PUSHDOWN = ON)`, 40517, /PUSHDOWN/],
  [`CREATE EXTERNAL DATA SOURCE x WITH (LOCATION = '${base}', CREDENTIAL = none1)`, 46516],
  [`CREATE EXTERNAL DATA SOURCE LAKE WITH (LOCATION = '${base}')`, 46502],
  ["CREATE EXTERNAL DATA SOURCE x WITH (TYPE = HADOOP)", 46505, /LOCATION/],
  ["CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = ORC)", 40517, /FORMAT_TYPE = ORC/],
  [
    "CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = PARQUET, FORMAT_OPTIONS (FIRST_ROW = 2))",
    46504,
  ],
  [
    "CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIRST_ROW = 16))",
    46504,
  ],
  [
    "CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (DATE_FORMAT = 'yyyy-QQ'))",
    40517,
    /DATE_FORMAT/,
  ],
  [
    "CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (STRING_DELIMITER = '0x7E0x7E'))",
    40517,
    /STRING_DELIMITER/,
  ],
  [
    "CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = DELIMITEDTEXT, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.DefaultCodec')",
    40517,
    /DefaultCodec/,
  ],
  ["CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_OPTIONS (FIRST_ROW = 2))", 46505, /FORMAT_TYPE/],
  ["CREATE EXTERNAL LIBRARY x FROM (CONTENT = 0x00)", 40510, /CREATE EXTERNAL LIBRARY/],
  ["ALTER EXTERNAL DATA SOURCE lake SET LOCATION = 'x'", 40510, /ALTER EXTERNAL DATA SOURCE/],
  ["CREATE MASTER KEY", 15578],
  ["DROP MASTER KEY", 15580],
  ["DROP DATABASE SCOPED CREDENTIAL key1", 3729],
  ["DROP EXTERNAL DATA SOURCE nowhere", 15151],
  ["BEGIN TRAN; CREATE EXTERNAL FILE FORMAT x WITH (FORMAT_TYPE = PARQUET)", 111212],
];

for (const [text, number, message = /./] of definitions) {
  test(`${text}: ${number}`, async () => {
    const [error] = (await runBatch(session, text)).errors;
    await runBatch(session, "IF @@TRANCOUNT > 0 ROLLBACK");
    assert.equal(error?.number, number, error?.message);
    assert.match(error!.message, message);
  });
}

test("what a table rests on cannot be dropped before it", async () => {
  await errorsOf(`CREATE EXTERNAL TABLE dbo.e (${abc}) ${over("plain")}`);
  assert.match((await errorsOf("DROP EXTERNAL DATA SOURCE lake"))[0]!, /^3729 .*'lake'.*'e'/);
  assert.match((await errorsOf("DROP EXTERNAL FILE FORMAT pipes"))[0]!, /^3729 .*'pipes'.*'e'/);
  assert.deepEqual(await errorsOf("DROP EXTERNAL TABLE dbo.e"), []);
});

test("a table without a credential is read as the caller, whoever made it; one with a credential as that", async () => {
  const ann = {
    name: "ann",
    kind: "user" as const,
    objectId: "o",
    groups: [],
    isAdministrator: false,
  };
  server.principals.set("ann", ann);
  server.externals.set("ann", { name: "ann", objectId: "o", kind: "user" });
  await errorsOf(`CREATE EXTERNAL TABLE dbo.own (${abc}) ${over("plain")}`);
  await errorsOf(
    `CREATE EXTERNAL TABLE dbo.keyed (${abc}) WITH (LOCATION = 'plain', DATA_SOURCE = keyed, FILE_FORMAT = pipes)`,
  );
  await errorsOf("CREATE USER ann FROM EXTERNAL PROVIDER");
  await errorsOf("CREATE VIEW dbo.over_own AS SELECT * FROM dbo.own");
  await errorsOf("GRANT SELECT ON dbo.over_own TO ann; GRANT SELECT ON dbo.keyed TO ann");
  const hers = await server.open("ann");
  assert.match((await errorsOf("SELECT * FROM dbo.own", hers))[0]!, /^229/);
  server.asked.length = 0;
  assert.deepEqual(await errorsOf("SELECT * FROM dbo.over_own", hers), []);
  assert.deepEqual(await errorsOf("SELECT * FROM dbo.keyed", hers), []);
  const url = `${base}/plain`;
  assert.deepEqual(server.asked, [
    {
      url,
      principal: "ann",
      credential: { identity: "Storage Account Key", secret: "account-key" },
    },
    { url, principal: "ann", credential: undefined },
  ]);
  for (const text of [
    `CREATE EXTERNAL DATA SOURCE hers WITH (LOCATION = '${base}', CREDENTIAL = key1)`,
    "CREATE EXTERNAL FILE FORMAT hers WITH (FORMAT_TYPE = PARQUET)",
    "CREATE DATABASE SCOPED CREDENTIAL hers WITH IDENTITY = 'User Identity'",
    "DROP EXTERNAL DATA SOURCE native",
    "DROP MASTER KEY",
  ])
    assert.match((await errorsOf(text, hers))[0]!, /^15247/, text);
  await errorsOf("GRANT CREATE TABLE TO ann; GRANT ALTER ON SCHEMA::dbo TO ann");
  const made = await errorsOf(`CREATE EXTERNAL TABLE dbo.hers (${abc}) ${over("plain")}`, hers);
  assert.match(made[0]!, /^15247/);
  await hers.close();
  for (const name of ["own", "keyed"]) await errorsOf(`DROP EXTERNAL TABLE dbo.${name}`);
});

test("secrets are sealed in the pool's file, and shown nowhere", async () => {
  await errorsOf(
    "EXEC ('ALTER DATABASE SCOPED CREDENTIAL key1 WITH IDENTITY = ''user'', SECRET = ''hidden;word''')",
  );
  await errorsOf(
    "COPY INTO dbo.none FROM 'x' WITH (CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = 'hidden;word'))",
  );
  const shown = await runBatch(
    session,
    "SELECT command FROM sys.dm_pdw_exec_requests; SELECT * FROM sys.database_scoped_credentials",
  );
  assert.ok(JSON.stringify(shown.results).includes("SECRET = ''***''"));
  assert.ok(JSON.stringify(shown.results).includes("SECRET = '***'"));
  assert.ok(!JSON.stringify(shown.results).includes("hidden;word"));
  for (const name of await readdir(server.directory)) {
    if (!/\.(?:duckdb|wal)$/.test(name)) continue;
    assert.ok(!(await readFile(join(server.directory, name))).includes("hidden;word"), name);
  }
});

test("a statement may read more external tables than it may name models", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `dbo.many${index}`);
  for (const name of names)
    await errorsOf(`CREATE EXTERNAL TABLE ${name} (${abc}) ${over("plain")}`);
  const all = names.map((name) => `SELECT id FROM ${name}`).join(" UNION ALL ");
  const outcome = await runBatch(session, `SELECT SUM(id) FROM (${all}) a`);
  assert.deepEqual(outcome.results[0]?.rows, [["120"]], outcome.errors[0]?.message);
  for (const name of names) await errorsOf(`DROP EXTERNAL TABLE ${name}`);
});

test("a secret needs a master key", async () => {
  const fresh = await server.front.login({
    workspace: "ws",
    database: "master",
    applicationName: "test",
    hostName: "host",
    credential: { kind: "password", user: "admin", password: "p" },
  });
  const text = "CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = 'x', SECRET = 'y'";
  assert.match((await errorsOf(text, fresh))[0]!, /^15581/);
  assert.deepEqual(await errorsOf("CREATE MASTER KEY", fresh), []);
  assert.deepEqual(await errorsOf(text, fresh), []);
  assert.deepEqual(await errorsOf("DROP DATABASE SCOPED CREDENTIAL c; DROP MASTER KEY", fresh), []);
  await fresh.close();
});
