// OPENROWSET of serverless SQL pools over staged files, and what such a pool does not do.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";
import { declared } from "../type.ts";

let server: TestServer;
let session: SqlSession;

const texts: Readonly<Record<string, string>> = {
  "plain.csv": "1,x,2.5\n2,,3.5\n",
  "header.csv": "id;name;day\n1;'a;b';2024-02-29\n2;c;2024-03-01\n",
  "lines.json": '{"a": 1, "b": "x, y"}\n{"a": 2, "b": "z"}\n',
  "more.csv": "3,z,4.5\n",
  "document.json": '{\n  "a": [1, 2],\n  "b": "x, y"\n}\n',
};

function login(user = "admin"): Promise<SqlSession> {
  return server.front.login({
    workspace: "ws-ondemand",
    database: "master",
    applicationName: "test",
    hostName: "host",
    credential: { kind: "password", user, password: "p" },
  });
}

before(async () => {
  server = await startSqlServer();
  for (const [name, text] of Object.entries(texts)) {
    const path = join(server.directory, name);
    await writeFile(path, text);
    server.lake.set(`https://lake/${name}`, [path]);
  }
  const files = ["plain.csv", "more.csv"].map((name) => join(server.directory, name));
  server.lake.set("https://lake/*.csv", files);
  const parquet = join(server.directory, "rows.parquet");
  const connection = await (
    await server.engine.open(join(server.directory, "x.duckdb"), server.pool.limits)
  ).connect();
  await connection.run(
    [
      {
        sql: `COPY (SELECT 1::INTEGER AS id, 'é' AS name, 1.25::DECIMAL(9,2) AS price, TIMESTAMP '2024-02-29 01:02:03' AS at, true AS flag, [1, 2] AS list, 0.5::FLOAT AS ratio UNION ALL SELECT 2, NULL, NULL, NULL, false, NULL, 'NaN'::FLOAT ORDER BY 1) TO '${parquet}' (FORMAT parquet)`,
      },
    ],
    new AbortController().signal,
  );
  server.lake.set("https://lake/rows.parquet", [parquet]);
  session = await login();
});
after(() => server.close());

const cases: {
  sql: string;
  rows?: (string | null)[][];
  columns?: string[];
  error?: number;
  message?: RegExp;
}[] = [
  {
    sql: "SELECT * FROM OPENROWSET(BULK 'https://lake/rows.parquet', FORMAT = 'PARQUET') AS r ORDER BY id",
    columns: [
      "id int",
      "name varchar(8000)",
      "price decimal(9,2)",
      "at datetime2(7)",
      "flag bit",
      "list varchar(8000)",
      "ratio real",
    ],
    rows: [
      ["1", "é", "1.25", "2024-02-29 01:02:03.0000000", "1", "[1,2]", "0.5"],
      ["2", null, null, null, "0", null, null],
    ],
  },
  {
    sql: "SELECT TOP 1 r.NAME, r.price FROM OPENROWSET(BULK 'https://lake/rows.parquet', FORMAT = 'PARQUET') WITH (Name nvarchar(10), Price float, Other int) AS r ORDER BY price DESC",
    columns: ["NAME nvarchar(10)", "price float"],
    rows: [["é", "1.25"]],
  },
  {
    sql: "SELECT C1, C2, C3 FROM OPENROWSET(BULK 'https://lake/plain.csv', FORMAT = 'CSV', PARSER_VERSION = '2.0') AS r ORDER BY C1",
    rows: [
      ["1", "x", "2.5"],
      ["2", null, "3.5"],
    ],
  },
  {
    sql: "SELECT SUM(id), SUM(price) FROM OPENROWSET(BULK 'https://lake/*.csv', FORMAT = 'CSV') WITH (id int 1, price decimal(9,2) 3) AS r",
    rows: [["6", "10.50"]],
  },
  {
    sql: "SELECT day, name, DATEADD(day, 1, day) FROM OPENROWSET(BULK 'https://lake/header.csv', FORMAT = 'CSV', PARSER_VERSION = '2.0', HEADER_ROW = TRUE, FIELDTERMINATOR = ';', FIELDQUOTE = '''') WITH (day date, name varchar(10)) AS r WHERE name LIKE 'a%'",
    rows: [["2024-02-29", "a;b", "2024-03-01"]],
  },
  {
    sql: "SELECT JSON_VALUE(doc, '$.b') FROM OPENROWSET(BULK 'https://lake/lines.json', FORMAT = 'CSV', FIELDTERMINATOR = '0x0b', FIELDQUOTE = '0x0b') WITH (doc nvarchar(max)) AS r ORDER BY 1",
    rows: [["x, y"], ["z"]],
  },
  {
    sql: "SELECT JSON_VALUE(doc, '$.b'), JSON_VALUE(doc, '$.a[1]') FROM OPENROWSET(BULK 'https://lake/document.json', FORMAT = 'CSV', FIELDTERMINATOR = '0x0b', FIELDQUOTE = '0x0b', ROWTERMINATOR = '0x0b') WITH (doc nvarchar(max)) AS r",
    rows: [["x, y", "2"]],
  },
  {
    sql: "SELECT * FROM OPENROWSET(BULK 'https://lake/plain.csv', FORMAT = 'CSV', FIELDTERMINATOR = ';', FIELDQUOTE = '', ROWTERMINATOR = '0x0b') AS r",
    error: 40517,
    message: /ROWTERMINATOR/,
  },
  {
    sql: "SELECT a.id FROM OPENROWSET(BULK 'https://lake/rows.parquet', FORMAT = 'PARQUET') a JOIN OPENROWSET(BULK 'https://lake/plain.csv', FORMAT = 'CSV') WITH (id int) b ON a.id = b.id ORDER BY 1",
    rows: [["1"], ["2"]],
  },
  {
    sql: "SELECT * FROM OPENROWSET(BULK 'https://lake/none.csv', FORMAT = 'CSV') AS r",
    error: 4861,
  },
  {
    sql: "SELECT * FROM OPENROWSET(BULK 'https://lake/plain.csv', FORMAT = 'DELTA') AS r",
    error: 40517,
    message: /FORMAT DELTA/,
  },
  {
    sql: "SELECT * FROM OPENROWSET(BULK 'plain.csv', DATA_SOURCE = 'x', FORMAT = 'CSV') AS r",
    error: 40517,
    message: /DATA_SOURCE/,
  },
  { sql: "CREATE TABLE t (a int)", error: 40510, message: /CREATE TABLE in a serverless/ },
  { sql: "INSERT t VALUES (1)", error: 40510, message: /INSERT in a serverless/ },
  { sql: "SELECT 1 AS a INTO t", error: 40510, message: /SELECT INTO/ },
  {
    sql: "WITH d AS (SELECT 1 AS a) SELECT * FROM PREDICT(MODEL = 0x00, DATA = d, RUNTIME = ONNX) WITH (p real) AS p",
    error: 40517,
    message: /PREDICT in a serverless SQL pool/,
  },
];

for (const { sql, rows, columns, error, message = /./ } of cases) {
  test(sql.slice(0, 150), async () => {
    const outcome = await runBatch(session, sql);
    const [first] = outcome.errors;
    assert.equal(first?.number, error, first?.message);
    if (first) assert.match(first.message, message);
    const result = outcome.results.at(-1);
    if (rows) assert.deepEqual(result?.rows, rows);
    if (columns) {
      assert.deepEqual(
        result?.columns.map(({ name, type }) => `${name} ${declared(type)}`),
        columns,
      );
    }
  });
}

test("a user without the right to load in bulk reads no file", async () => {
  server.principals.set("guest1", {
    name: "guest1",
    kind: "sqlLogin",
    groups: [],
    isAdministrator: false,
  });
  const guest = await login("guest1");
  const outcome = await runBatch(guest, cases[0]!.sql);
  assert.equal(outcome.errors[0]?.number, 4834);
  await guest.close();
});

test("there is no other database in a serverless pool", async () => {
  const refused = server.front.login({
    workspace: "ws-ondemand",
    database: "pool1",
    applicationName: "test",
    hostName: "host",
    credential: { kind: "password", user: "admin", password: "p" },
  });
  await assert.rejects(refused, /Cannot open database/);
});
