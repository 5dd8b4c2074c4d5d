// A query whose text has come before is neither parsed nor bound again, as long as all that it was bound to is there.
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

/** What a query depends on, and what it answers before and after a change of that. */
const dependencies: [what: string, query: string, change: string, before: string, after: string][] =
  [
    ["a new column", "SELECT * FROM dbo.p", "ALTER TABLE dbo.p ADD z int", "1,a", "1,a,"],
    ["a type", "SELECT a / 2 FROM dbo.p", "ALTER TABLE dbo.p ALTER COLUMN a float", "0", "0.5"],
    ["a name", "SELECT a FROM dbo.p", "RENAME OBJECT dbo.p TO p2", "1", "208"],
    [
      "a function",
      "SELECT dbo.f()",
      "ALTER FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 2 END",
      "1",
      "2",
    ],
    [
      "a rule's words",
      "SELECT s FROM dbo.w",
      "ALTER VIEW dbo.w AS SELECT 'new' AS s",
      "old",
      "new",
    ],
    ["a nearer object", "SELECT OBJECT_ID('dbo.later')", "CREATE TABLE dbo.later (a int)", "", "*"],
    [
      "system views",
      "SELECT COUNT(*) FROM sys.tables WHERE name = 'x1'",
      "CREATE TABLE dbo.x1 (a int)",
      "0",
      "1",
    ],
    ["the week's first day", "SELECT DATEPART(weekday, '20240107')", "SET DATEFIRST 1", "1", "7"],
    ["rows before", "SELECT @@ROWCOUNT", "SELECT a FROM dbo.four", "1", "4"],
    ["transactions", "SELECT @@TRANCOUNT", "BEGIN TRANSACTION", "0", "1"],
    [
      "a temporary table",
      "SELECT * FROM #h",
      "DROP TABLE #h; SELECT 5 AS b, 6 AS c INTO #h",
      "4",
      "5,6",
    ],
    ["a user of another schema", "SELECT a FROM own", "EXECUTE AS USER = 'keeper'", "1", "2"],
    [
      "rights of another user",
      "SELECT a FROM dbo.four WHERE a = 4",
      "EXECUTE AS USER = 'keeper'",
      "4",
      "229",
    ],
  ];

test("A query that comes again is bound anew when what it was bound to has changed", async () => {
  for (const [what, query, change, before, after] of dependencies) {
    const session = await server.open();
    const run = async (text: string): Promise<string> => {
      const { errors, results } = await runBatch(session, text);
      if (errors[0]) return String(errors[0].number);
      return (results.at(-1)?.rows ?? []).map((row) => row.join(",")).join(";");
    };
    for (const text of ground) await run(text);
    for (let time = 0; time < 3; time += 1) assert.equal(await run(query), before, what);
    await run(change);
    for (let time = 0; time < 2; time += 1) {
      const expected = what === "rows before" && time > 0 ? "1" : after;
      const answer = await run(query);
      if (after === "*") assert.match(answer, /^\d+$/, what);
      else assert.equal(answer, expected, what);
    }
    await session.close();
  }
});

const ground = [
  "DROP TABLE IF EXISTS dbo.p, dbo.p2, dbo.later, dbo.x1, dbo.own, dbo.four; DROP VIEW IF EXISTS dbo.w",
  "DROP FUNCTION IF EXISTS dbo.f; DROP TABLE IF EXISTS mine.own",
  "CREATE USER keeper WITHOUT LOGIN WITH DEFAULT_SCHEMA = mine",
  "CREATE SCHEMA mine",
  "CREATE TABLE dbo.p (a int, b varchar(3)); INSERT dbo.p VALUES (1, 'a')",
  "CREATE TABLE dbo.four (a int); INSERT dbo.four VALUES (1), (2), (3), (4)",
  "CREATE TABLE dbo.own (a int); INSERT dbo.own VALUES (1)",
  "CREATE TABLE mine.own (a int); INSERT mine.own VALUES (2)",
  "GRANT SELECT ON SCHEMA::mine TO keeper",
  "CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1 END",
  "CREATE VIEW dbo.w AS SELECT 'old' AS s",
  "SELECT 4 AS h INTO #h",
  "SELECT 1",
];

test("Parameters of a text that comes again are those of the call", async () => {
  const session = await server.open();
  const answers: (string | null | undefined)[] = [];
  for (const value of [1, 2, 3]) {
    const call = `EXEC sp_executesql N'SELECT @a * 2', N'@a int', @a = ${value}`;
    answers.push((await runBatch(session, call)).results[0]?.rows[0]?.[0]);
  }
  assert.deepEqual(answers, ["2", "4", "6"]);
  await session.close();
});

test("A right that another session takes away is missed by a query that was asked before", async () => {
  const name = "ann@contoso.com";
  const ann = { name, kind: "user" as const, objectId: "o-ann" };
  server.principals.set("ann", { ...ann, groups: [], isAdministrator: false });
  server.externals.set(name, ann);
  const admin = await server.open();
  const change = async (text: string) =>
    assert.deepEqual((await runBatch(admin, text)).errors, [], text);
  await change(
    "CREATE TABLE dbo.held (a int); CREATE USER [ann@contoso.com] FROM EXTERNAL PROVIDER",
  );
  await change("GRANT SELECT ON dbo.held TO [ann@contoso.com]");
  const reader = await server.open("ann");
  const number = async () => (await runBatch(reader, "SELECT a FROM dbo.held")).errors[0]?.number;
  const numbers = [await number(), await number()];
  await change("DENY SELECT ON dbo.held TO [ann@contoso.com]");
  numbers.push(await number(), await number());
  assert.deepEqual(numbers, [undefined, undefined, 229, 229]);
  await reader.close();
  await admin.close();
});
