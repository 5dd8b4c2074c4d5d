// COPY INTO over staged files: terminators, quotes, first row, column lists, errors, Parquet.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;

before(async () => {
  server = await startSqlServer();
});
after(() => server.close());

interface Row {
  title: string;
  table: string;
  file: string;
  copy: (url: string) => string;
  rows?: (string | null)[][];
  error?: number;
}

const csv = (list: string, options: string) => (url: string) =>
  `COPY INTO dbo.t ${list} FROM '${url}' WITH (FILE_TYPE = 'CSV'${options})`;

const rows: Row[] = [
  {
    title: "plain rows",
    table: "a int, b varchar(10)",
    file: "1,x\n2,y\n",
    copy: csv("", ""),
    rows: [
      ["1", "x"],
      ["2", "y"],
    ],
  },
  {
    title: "the wizard's options",
    table: "a int, b varchar(20)",
    file: 'h1,h2\n1,"x, ""y"""\n',
    copy: csv(
      "(a 1, b 2)",
      ", FIELDQUOTE = '\"', FIELDTERMINATOR = ',', ROWTERMINATOR = '0x0A', FIRSTROW = 2",
    ),
    rows: [["1", 'x, "y"']],
  },
  {
    title: "carriage returns",
    table: "a int, b varchar(10)",
    file: "1,x\r\n2,y\r\n",
    copy: csv("", ", ROWTERMINATOR = '0x0D0A'"),
    rows: [
      ["1", "x"],
      ["2", "y"],
    ],
  },
  {
    title: "another field terminator",
    table: "a int, b varchar(10)",
    file: "1|x\n",
    copy: csv("", ", FIELDTERMINATOR = '|'"),
    rows: [["1", "x"]],
  },
  {
    title: "ordinals and defaults",
    table: "a int, b varchar(10), c int",
    file: "x,1,9\ny,,8\n",
    copy: csv("(a DEFAULT 7 2, b 1)", ""),
    rows: [
      ["1", "x", null],
      ["7", "y", null],
    ],
  },
  {
    title: "empty numbers as NULL",
    table: "a int NULL, b date NULL",
    file: "1,2024-05-06\n,\n",
    copy: csv("", ""),
    rows: [
      [null, null],
      ["1", "2024-05-06"],
    ],
  },
  {
    title: "a value of the wrong type",
    table: "a int",
    file: "1\nx\n",
    copy: csv("", ""),
    error: 245,
  },
  {
    title: "errors within MAXERRORS",
    table: "a int",
    file: "1\nx\n3\n",
    copy: csv("", ", MAXERRORS = 1"),
    rows: [["1"], ["3"]],
  },
  {
    title: "errors beyond MAXERRORS",
    table: "a int",
    file: "x\ny\n3\n",
    copy: csv("", ", MAXERRORS = 1"),
    error: 4865,
  },
  {
    title: "a text too long",
    table: "a varchar(2)",
    file: "abc\n",
    copy: csv("", ""),
    error: 2628,
  },
  {
    title: "a model as hexadecimal text",
    table: "id int IDENTITY NOT NULL, m varbinary(max)",
    file: "0x414243\n",
    copy: csv("(m)", ""),
    rows: [["1", "0x414243"]],
  },
  {
    title: "an unknown option",
    table: "a int",
    file: "1\n",
    copy: csv("", ", NOSUCH = 1"),
    error: 40517,
  },
  { title: "an unknown column", table: "a int", file: "1\n", copy: csv("(z 1)", ""), error: 207 },
];

for (const [index, row] of rows.entries()) {
  test(`COPY INTO: ${row.title}`, async () => {
    const url = `https://lake.dfs.core.windows.net/fs/${index}.csv`;
    const path = join(server.directory, `${index}.csv`);
    await writeFile(path, row.file);
    server.lake.set(url, [path]);
    const session = await server.open();
    await runBatch(
      session,
      `IF OBJECT_ID('dbo.t') IS NOT NULL DROP TABLE dbo.t; CREATE TABLE dbo.t (${row.table})`,
    );
    const outcome = await runBatch(session, row.copy(url));
    assert.deepEqual(
      outcome.errors.map((error) => error.number),
      row.error === undefined ? [] : [row.error],
      outcome.errors[0]?.message,
    );
    if (row.rows !== undefined) {
      assert.deepEqual(
        (await runBatch(session, "SELECT * FROM dbo.t ORDER BY 1")).results[0]?.rows,
        row.rows,
      );
    }
    await session.close();
  });
}

test("COPY INTO: a file that is not there is message 4861", async () => {
  const session = await server.open();
  await runBatch(session, "CREATE TABLE dbo.gone (a int)");
  const outcome = await runBatch(
    session,
    "COPY INTO dbo.gone FROM 'https://lake.dfs.core.windows.net/fs/none.csv'",
  );
  assert.equal(outcome.errors[0]?.number, 4861);
  await session.close();
});

test("COPY INTO: Parquet columns come by ordinal, NaN as NULL", async () => {
  const session = await server.open();
  const path = join(server.directory, "x.parquet");
  const connection = await (
    await server.engine.open(join(server.directory, "other.duckdb"), server.pool.limits)
  ).connect();
  await connection.run(
    [
      {
        sql: `COPY (SELECT 5 AS q, 'z' AS r, 'NaN'::FLOAT AS s, 'NaN'::DOUBLE AS t, 1.5::DOUBLE AS u UNION ALL SELECT 6, 'y', 0.5, 2.5, 'NaN'::DOUBLE) TO '${path}' (FORMAT parquet)`,
      },
    ],
    new AbortController().signal,
  );
  server.lake.set("https://lake/x.parquet", [path]);
  await runBatch(session, "CREATE TABLE dbo.pq (a int, b varchar(5), c real, d float, e real)");
  const outcome = await runBatch(
    session,
    "COPY INTO dbo.pq FROM 'https://lake/x.parquet' WITH (FILE_TYPE = 'PARQUET'); SELECT * FROM dbo.pq ORDER BY a",
  );
  assert.deepEqual(outcome.errors, []);
  assert.deepEqual(outcome.results[0]?.rows, [
    ["5", "z", null, null, "1.5"],
    ["6", "y", "0.5", "2.5", null],
  ]);
  await session.close();
});
