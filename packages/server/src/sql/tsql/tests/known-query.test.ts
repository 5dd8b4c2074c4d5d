// A query whose text has come before is parsed once, and bound to what is there each time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";
import { parseBatch } from "../parser/script.ts";

let server: TestServer;
before(async () => {
  server = await startSqlServer();
});
after(() => server.close());

const query = 'SELECT *, (SELECT COUNT(*) FROM #t) AS n, "x" AS q FROM dbo.v AS v ORDER BY v.a';

const changes: [string, string, string][] = [
  ["rows", "INSERT dbo.t VALUES (2, 'two')", "1,one,0,one;2,two,0,two"],
  ["a view", "ALTER VIEW dbo.v AS SELECT a, 'X' AS x FROM dbo.t", "1,X,0,X;2,X,0,X"],
  ["a temporary table", "DROP TABLE #t; SELECT 1 AS b INTO #t", "1,X,1,X;2,X,1,X"],
  ["quoting", "SET QUOTED_IDENTIFIER OFF", "1,X,1,x;2,X,1,x"],
  ["the number of rows", "SET ROWCOUNT 1", "1,X,1,x"],
  ["a table that is dropped", "DROP TABLE dbo.t", "208"],
];

test("A query that comes again sees what has changed, and leaves what was parsed as it was", async () => {
  const session = await server.open();
  const run = async (text: string): Promise<string> => {
    const { errors, results } = await runBatch(session, text);
    if (errors[0]) return String(errors[0].number);
    return (results[0]?.rows ?? []).map((row) => row.join(",")).join(";");
  };
  await run("CREATE TABLE dbo.t (a int, x varchar(9)); INSERT dbo.t VALUES (1, 'one')");
  await run("CREATE VIEW dbo.v AS SELECT a, x FROM dbo.t");
  await run("CREATE TABLE #t (b int)");
  assert.equal(await run(query), "1,one,0,one");
  const parsed = parseBatch(query);
  const before = structuredClone(parsed);
  for (const [what, change, expected] of changes) {
    assert.match(await run(change), /^$/, what);
    assert.equal(await run(query), expected, what);
  }
  assert.equal(parseBatch(query), parsed);
  assert.deepEqual(parsed, before);
  await session.close();
});

test("A right that is taken is missed by a query that was answered before", async () => {
  const admin = await server.open();
  await runBatch(admin, "CREATE TABLE dbo.secret (a int); CREATE USER reader WITHOUT LOGIN");
  const asReader = "EXECUTE AS USER = 'reader'";
  const numbers: (number | undefined)[] = [];
  for (const change of [
    "GRANT SELECT ON dbo.secret TO reader",
    "DENY SELECT ON dbo.secret TO reader",
  ]) {
    assert.deepEqual((await runBatch(admin, change)).errors, []);
    assert.deepEqual((await runBatch(admin, asReader)).errors, []);
    numbers.push((await runBatch(admin, "SELECT a FROM dbo.secret")).errors[0]?.number);
    await runBatch(admin, "REVERT");
  }
  assert.deepEqual(numbers, [undefined, 229]);
  await admin.close();
});
