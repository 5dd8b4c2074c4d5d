// sp_describe_first_result_set. The rules and several rows are those of its documentation page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import {
  runBatch,
  runDescribing,
  startSqlServer,
  type TestServer,
} from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;
before(async () => {
  server = await startSqlServer();
  session = await server.open();
  for (const text of [
    "CREATE TABLE dbo.t1 (a int NULL, b varchar(10) NULL, c nvarchar(10) NULL)",
    "CREATE TABLE dbo.t2 (a smallint NOT NULL, d varchar(20) NOT NULL, e int NOT NULL)",
    "CREATE PROCEDURE dbo.p @a int, @n nvarchar(5) = N'x' AS BEGIN SET NOCOUNT ON; INSERT dbo.t1 (a) VALUES (@a); SELECT @a AS a, @n AS n, a AS s FROM dbo.t2 END",
    "CREATE PROCEDURE dbo.outer_p AS DECLARE @x decimal(5,1); IF @x IS NULL RETURN; EXEC dbo.p 1; SELECT 1 AS one, 2 AS two",
    "CREATE PROCEDURE dbo.none AS DELETE dbo.t1",
    "CREATE PROCEDURE dbo.dynamic @s nvarchar(100) AS EXEC (@s)",
    "CREATE PROCEDURE dbo.temporary AS CREATE TABLE #x (a int); SELECT * FROM #x",
    "CREATE PROCEDURE dbo.ping AS EXEC dbo.pong",
    "CREATE PROCEDURE dbo.pong AS EXEC dbo.ping",
    "CREATE TABLE #mine (z date NOT NULL)",
  ])
    assert.deepEqual((await runBatch(session, text)).errors, [], text);
});
after(() => server.close());

const describe = (...words: string[]) =>
  runDescribing(session, "sp_describe_first_result_set", ...words);

const plus = ["a int NULL", "n nvarchar(5) NULL", "s smallint"];
for (const [text, ...expected] of [
  ["SELECT a, d AS x, 1 AS one FROM dbo.t2", "a smallint", "x varchar(20)", "one int"],
  ["EXEC dbo.p 1", ...plus],
  ["dbo.p @a = 1, @n = N'y'", ...plus],
  ["EXEC dbo.outer_p", ...plus],
  ["EXEC dbo.none"],
  ["INSERT dbo.t1 (a) VALUES (1)"],
  ["SELECT a, b FROM dbo.t1 WHERE a = @P1 AND c LIKE @P2", "a int NULL", "b varchar(10) NULL"],
  ["SELECT a + @P1 AS s FROM dbo.t2 WHERE e = @P1", "s int NULL"],
  ["EXEC @P1 = dbo.p @P2", ...plus],
  ["DECLARE @x float; SET @x = 1; SELECT @x AS x; SELECT 1", "x float NULL"],
  ["SELECT * FROM #mine", "z date"],
  ["IF (1=1) SELECT b FROM dbo.t1; ELSE SELECT d FROM dbo.t2;", "null varchar(20) NULL"],
  ["IF (1=1) SELECT b FROM dbo.t1; ELSE SELECT d AS b FROM dbo.t2;", "b varchar(20) NULL"],
  [
    "IF (1=1) RAISERROR('Some Error', 16, 1); ELSE SELECT a FROM dbo.t1; SELECT e FROM dbo.t2",
    "a int NULL",
  ],
  ["IF (1=1) RETURN; SELECT a FROM dbo.t1;", "a int NULL"],
  ["EXEC(N'SELECT a FROM dbo.t1');", "a int NULL"],
  ["EXEC sp_executesql N'SELECT @q AS q', N'@q date', '2024-01-01'", "q date NULL"],
  [
    "BEGIN TRY SELECT a FROM dbo.t1 END TRY BEGIN CATCH SELECT a FROM dbo.t1 END CATCH",
    "a int NULL",
  ],
] as const) {
  test(`first result set: ${text}`, async () => {
    const { errors, results } = await describe(text);
    assert.deepEqual(errors, []);
    const [result] = results;
    assert.equal(result?.columns.length, 39);
    const shown = result.rows.map((row) => `${row[2]} ${row[5]}${row[3] === "1" ? " NULL" : ""}`);
    assert.deepEqual(shown, expected);
  });
}

for (const [text, ...numbers] of [
  ["IF (1=1) SELECT a FROM dbo.t1; ELSE SELECT a, b FROM dbo.t1;", 11509],
  ["IF (1=1) SELECT a FROM dbo.t1; ELSE SELECT a FROM dbo.t2;", 11509],
  ["IF (1=1) SELECT b FROM dbo.t1; ELSE SELECT c FROM dbo.t1;", 11509],
  ["IF (1=1) SELECT a FROM dbo.t1; ELSE EXEC dbo.p 1;", 11510],
  ["DECLARE @s nvarchar(99) = N'SELECT 1'; EXEC (@s)", 11513],
  ["EXEC dbo.dynamic N'SELECT 1'", 11514],
  ["CREATE TABLE #x (a int); SELECT * FROM #x", 11525],
  ["EXEC dbo.temporary", 11526],
  ["EXEC dbo.ping", 11524],
  ["EXEC sp_tables", 11527],
  ["EXEC dbo.absent", 2812, 11501],
  ["SELECT * FROM dbo.absent", 208, 11501],
  ["SELECT @undeclared", 11521],
  ["EXEC (N'SELECT @undeclared')", 137, 11501],
] as const) {
  test(`first result set that can't be described: ${text}`, async () => {
    const { errors } = await describe(text);
    assert.deepEqual(
      errors.map(({ number }) => number),
      numbers,
    );
  });
}

test("declared parameters count, their defaults are no matter", async () => {
  const { results } = await describe(
    "SELECT @a AS a, @b + 1 AS b",
    "@a datetime2(3), @b bigint = 5",
  );
  assert.deepEqual(
    results[0]?.rows.map((row) => row[5]),
    ["datetime2(3)", "bigint"],
  );
});
