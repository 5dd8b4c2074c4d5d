// The front as the wire drives it: calls, prepared statements, cancellation, reset, pools, and
// tedious through the TDS listener, unmodified.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TYPES } from "tedious";
import type { SqlParameter, SqlSession } from "./session.ts";
import { listen, type TdsListener } from "./tds/listener.ts";
import { secureContext } from "./tds/testing/certificate.ts";
import { collect as ask, closeConnection, connect } from "./tds/testing/tedious-client.ts";
import { realClock } from "./tds/testing/wire.ts";
import { collect, runBatch, startSqlServer, type TestServer } from "./testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;
let listener: TdsListener;

before(async () => {
  server = await startSqlServer();
  server.principals.set("sa@ws1", {
    name: "sa",
    kind: "sqlLogin",
    groups: [],
    isAdministrator: true,
  });
  server.principals.set("sa", { name: "sa", kind: "sqlLogin", groups: [], isAdministrator: true });
  session = await server.open();
  const log = { write: () => {} };
  listener = await listen({
    front: server.front,
    host: "127.0.0.1",
    port: 0,
    secureContext,
    log,
    clock: realClock,
  });
  await runBatch(
    session,
    "CREATE PROCEDURE dbo.twice @n int, @twice int OUTPUT AS BEGIN SET @twice = @n * 2; SELECT @n AS n; RETURN 3 END",
  );
});
after(async () => {
  await session.close();
  await listener.close();
  await server.close();
});

const signal = () => new AbortController().signal;
const text = (value: string): SqlParameter => ({
  name: "",
  type: { name: "nvarchar", length: "max" },
  value,
  output: false,
});
const int = (name: string, value: number | null, output = false): SqlParameter => ({
  name,
  type: { name: "int" },
  value,
  output,
});

test("a procedure call answers rows, a status and its outputs", async () => {
  const outcome = await collect(
    session.call(
      { procedure: "dbo.twice", parameters: [int("@n", 21), int("@twice", null, true)] },
      signal(),
    ),
  );
  assert.deepEqual(outcome.results[0]?.rows, [["21"]]);
  assert.equal(outcome.status, 3);
  assert.deepEqual(outcome.returned, { "@twice": "42" });
});

test("sp_executesql takes its parameters by name", async () => {
  const parameters = [text("SELECT @b - @a"), text("@a int, @b int"), int("@b", 9), int("@a", 4)];
  const outcome = await collect(session.call({ procedure: "sp_executesql", parameters }, signal()));
  assert.deepEqual(outcome.results[0]?.rows, [["5"]]);
});

test("a prepared statement runs by its handle until it is unprepared", async () => {
  const prepared = await collect(
    session.call(
      {
        procedure: "sp_prepare",
        parameters: [int("@handle", null, true), text("@a int"), text("SELECT @a + 1")],
      },
      signal(),
    ),
  );
  const handle = Number(prepared.returned["@handle"]);
  const run = () =>
    collect(
      session.call(
        { procedure: "sp_execute", parameters: [int("", handle), int("@a", 4)] },
        signal(),
      ),
    );
  assert.deepEqual((await run()).results[0]?.rows, [["5"]]);
  await collect(
    session.call({ procedure: "sp_unprepare", parameters: [int("", handle)] }, signal()),
  );
  assert.equal((await run()).errors[0]?.number, 8179);
});

test("preparing a faulty text says so", async () => {
  const outcome = await collect(
    session.call(
      {
        procedure: "sp_prepare",
        parameters: [int("@handle", null, true), text(""), text("SELECT FROM")],
      },
      signal(),
    ),
  );
  assert.equal(outcome.errors[0]?.number, 156);
});

test("an aborted query ends at once and leaves the session usable", async () => {
  const own = await server.open();
  const controller = new AbortController();
  const events = own.batch(
    "SELECT COUNT(*) FROM GENERATE_SERIES(1, 100000) a CROSS JOIN GENERATE_SERIES(1, 100000) b",
    controller.signal,
  );
  const started = performance.now();
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(async () => {
    for await (const _event of events);
  });
  assert.ok(performance.now() - started < 5_000);
  assert.deepEqual((await runBatch(own, "SELECT 1")).results[0]?.rows, [["1"]]);
  await own.close();
});

test("a reader that stops early leaves the session usable", async () => {
  const own = await server.open();
  let rows = 0;
  for await (const event of own.batch("SELECT value FROM GENERATE_SERIES(1, 1000000)", signal())) {
    if (event.kind === "rows") {
      rows += event.count;
      break;
    }
  }
  assert.ok(rows > 0);
  assert.deepEqual((await runBatch(own, "SELECT 2")).results[0]?.rows, [["2"]]);
  await own.close();
});

test("a slow reader holds the engine back", async () => {
  const own = await server.open();
  const before = process.memoryUsage.rss();
  let blocks = 0;
  for await (const event of own.batch(
    "SELECT value, value, value FROM GENERATE_SERIES(CAST(1 AS bigint), CAST(3000000 AS bigint))",
    signal(),
  )) {
    if (event.kind !== "rows") continue;
    blocks += 1;
    if (blocks % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(blocks > 100);
  assert.ok(process.memoryUsage.rss() - before < 150_000_000);
  await own.close();
});

test("reset forgets temp tables, options and transactions", async () => {
  const own = await server.open();
  await runBatch(own, "CREATE TABLE #r (a int)");
  await runBatch(own, "SET DATEFIRST 3; BEGIN TRAN");
  await own.reset();
  assert.deepEqual(
    (await runBatch(own, "SELECT @@DATEFIRST, @@TRANCOUNT, OBJECT_ID('tempdb..#r')")).results[0]
      ?.rows,
    [["7", "0", null]],
  );
  await own.close();
});

test("two sessions' temp tables are their own", async () => {
  const [one, two] = [await server.open(), await server.open()];
  await runBatch(one, "CREATE TABLE #mine (a int)");
  assert.equal((await runBatch(two, "SELECT * FROM #mine")).errors[0]?.number, 208);
  await one.close();
  await two.close();
});

test("a transaction's rows are seen by others once it commits", async () => {
  const [one, two] = [await server.open(), await server.open()];
  await runBatch(one, "CREATE TABLE dbo.seen (a int)");
  await collect(one.transaction("begin", ""));
  await runBatch(one, "INSERT dbo.seen VALUES (1)");
  assert.deepEqual((await runBatch(two, "SELECT COUNT(*) FROM dbo.seen")).results[0]?.rows, [
    ["0"],
  ]);
  await collect(one.transaction("commit", ""));
  assert.deepEqual((await runBatch(two, "SELECT COUNT(*) FROM dbo.seen")).results[0]?.rows, [
    ["1"],
  ]);
  await one.close();
  await two.close();
});

test("a closed pool opens again with its tables, views and permissions", async () => {
  const own = await server.open();
  await runBatch(
    own,
    "CREATE TABLE dbo.kept (a int DEFAULT 5) WITH (DISTRIBUTION = HASH(a), HEAP)",
  );
  await runBatch(
    own,
    "INSERT dbo.kept DEFAULT VALUES; CREATE ROLE kept_role; GRANT SELECT ON dbo.kept TO kept_role",
  );
  await runBatch(own, "CREATE VIEW dbo.kept_view AS SELECT a FROM dbo.kept");
  await session.close();
  await server.front.closePool("ws", "pool1", "paused");
  session = await server.open();
  const outcome = await runBatch(
    session,
    "SELECT v.a, d.distribution_policy_desc, (SELECT COUNT(*) FROM sys.database_permissions WHERE permission_name = 'SELECT') FROM dbo.kept_view v JOIN sys.pdw_table_distribution_properties d ON d.object_id = OBJECT_ID('kept')",
  );
  assert.deepEqual(outcome.results[0]?.rows, [["5", "HASH", "1"]]);
});

test("a session of a pool that was paused says so", async () => {
  const own = await server.open();
  await session.close();
  await server.front.closePool("ws", "pool1", "paused");
  const outcome = await runBatch(own, "SELECT * FROM sys.tables");
  assert.equal(outcome.errors[0]?.number, 42108);
  await own.close();
  session = await server.open();
});

test("when the engine is killed, its sessions end with 40197 and the next login works", async () => {
  await runBatch(session, "CREATE TABLE dbo.durable (a int); INSERT dbo.durable VALUES (7)");
  const open = { options: { database: "pool1" } };
  const connection = await connect(listener.port, open);
  const ended = new Promise((resolve) => connection.once("error", resolve));
  const endless =
    "BEGIN TRY SELECT COUNT(*) FROM GENERATE_SERIES(1, 100000000) a CROSS JOIN GENERATE_SERIES(1, 100000000) b END TRY BEGIN CATCH PRINT 'caught' END CATCH";
  const running = ask(connection, endless);
  const idle = session;
  await runBatch(idle, "SELECT COUNT(*) FROM dbo.durable");
  server.killEngine();
  const { error, rows } = await running;
  assert.equal((error as Error & { number: number }).number, 40197);
  assert.deepEqual(rows, []);
  await ended;
  assert.equal((await runBatch(idle, "SELECT COUNT(*) FROM dbo.durable")).errors[0]?.severity, 20);
  await idle.close();
  session = await server.open();
  const kept = await runBatch(session, "SELECT a FROM dbo.durable");
  assert.deepEqual([kept.errors, kept.results[0]?.rows], [[], [["7"]]]);
  const again = await connect(listener.port, open);
  assert.deepEqual((await ask(again, "SELECT a FROM dbo.durable")).rows, [[7]]);
  await closeConnection(again);
});

test("a pool whose engine is killed while it closes is closed, and opens again", async () => {
  await runBatch(session, "CREATE TABLE dbo.outlasting (a int)");
  const closing = server.front.closePool("ws", "pool1", "scaled");
  server.killEngine();
  await closing;
  await session.close();
  session = await server.open();
  assert.deepEqual((await runBatch(session, "SELECT a FROM dbo.outlasting")).errors, []);
});

/** What drivers and tools send before anyone asks them to. */
const openings = [
  "SET QUOTED_IDENTIFIER OFF SET TEXTSIZE 4096",
  "SET ARITHABORT ON;SET CONCAT_NULL_YIELDS_NULL ON;SET ANSI_NULLS ON;SET ANSI_NULL_DFLT_ON ON;SET ANSI_PADDING ON;SET ANSI_WARNINGS ON;SET CURSOR_CLOSE_ON_COMMIT ON;SET QUOTED_IDENTIFIER ON;SET TEXTSIZE 2147483647;",
  "set ansi_nulls on\nset ansi_padding on\nset ansi_null_dflt_on on\nset arithabort on\nset concat_null_yields_null on\nset cursor_close_on_commit off\nset datefirst 7\nset dateformat mdy\nset implicit_transactions off\nset language us_english\nset numeric_roundabort off\nset quoted_identifier on\nset textsize 2147483647\nset transaction isolation level read committed",
  "SET LOCK_TIMEOUT -1",
  "SET ANSI_DEFAULTS ON",
  "use [pool1]",
  "SELECT CAST(SERVERPROPERTY('ProductVersion') AS VARCHAR)",
  "SELECT schema_name()",
  "SELECT CAST('test max support' AS NVARCHAR(max))",
  "SELECT @@MAX_PRECISION, @@SPID, @@SERVERNAME",
  "SELECT ISNULL(SESSIONPROPERTY('ANSI_NULLS'), 0), ISNULL(SESSIONPROPERTY('QUOTED_IDENTIFIER'), 1)",
  "select SERVERPROPERTY(N'servername'), DATABASEPROPERTYEX(DB_NAME(), 'Edition')",
  "SELECT name, database_id, state_desc FROM sys.databases WHERE HAS_DBACCESS('pool1') = 1 ORDER BY name",
  "IF @@TRANCOUNT > 0 COMMIT TRAN",
  "SELECT s.name AS [schema], o.name, o.type_desc FROM sys.objects AS o INNER JOIN sys.schemas AS s ON o.schema_id = s.schema_id WHERE o.type IN ('U', 'V') ORDER BY 1, 2",
  "SELECT dp.name, dp.type_desc, rp.name AS role_name FROM sys.database_principals dp LEFT JOIN sys.database_role_members rm ON rm.member_principal_id = dp.principal_id LEFT JOIN sys.database_principals rp ON rp.principal_id = rm.role_principal_id",
  "EXEC sp_columns N'%', N'dbo'",
  "exec sp_tables",
];

for (const opening of openings) {
  test(`drivers may send ${opening.slice(0, 60)}`, async () => {
    const own = await server.open();
    assert.deepEqual((await runBatch(own, opening)).errors, []);
    await own.close();
  });
}

test("tedious creates, fills and reads a table, and sees errors by their numbers", async () => {
  const connection = await connect(listener.port, { options: { database: "pool1" } });
  await ask(
    connection,
    "CREATE TABLE dbo.wire (id int NOT NULL, name nvarchar(20), at datetime2(3), price decimal(9,2))",
  );
  const inserted = await ask(
    connection,
    "INSERT dbo.wire VALUES (@id, @name, '2024-05-06 07:08:09.123', 12.5)",
    {
      ask: (c, request) => c.execSql(request),
      parameters: [
        { name: "id", type: TYPES.Int, value: 7 },
        { name: "name", type: TYPES.NVarChar, value: "Zoë" },
      ],
    },
  );
  assert.equal(inserted.error, undefined);
  assert.equal(inserted.rowCount, 1);
  const read = await ask(
    connection,
    "SELECT id, name, at, price, NEWID() AS g, CAST(1 AS bit) AS b FROM dbo.wire",
  );
  assert.equal(read.error, undefined);
  assert.deepEqual(read.rows[0]?.slice(0, 4), [
    7,
    "Zoë",
    new Date("2024-05-06T07:08:09.123Z"),
    12.5,
  ]);
  const failed = await ask(connection, "SELECT nosuch FROM dbo.wire");
  assert.equal((failed.error as Error & { number: number }).number, 207);
  await closeConnection(connection);
});

test("a bulk load of tedious fills a table, and one that fails leaves nothing", async () => {
  const connection = await connect(listener.port, { options: { database: "pool1" } });
  await ask(
    connection,
    "CREATE TABLE dbo.loaded (id int NOT NULL, name nvarchar(5) NULL, at date NULL)",
  );
  const load = (rows: unknown[][]) =>
    new Promise<number | Error>((resolve) => {
      const bulk = connection.newBulkLoad("dbo.loaded", (error, count) =>
        resolve(error ?? count ?? 0),
      );
      bulk.addColumn("id", TYPES.Int, { nullable: false });
      bulk.addColumn("name", TYPES.NVarChar, { length: 50, nullable: true });
      bulk.addColumn("at", TYPES.Date, { nullable: true });
      connection.execBulkLoad(bulk, rows as never);
    });
  const rows = Array.from({ length: 5000 }, (_, id) => [
    id,
    id % 2 === 0 ? null : `n${id % 100}`,
    new Date("2024-05-06T00:00:00Z"),
  ]);
  assert.equal(await load(rows), 5000);
  const failed = await load([[1, "far too long", null]]);
  assert.equal((failed as Error & { number: number }).number, 2628);
  const read = await ask(
    connection,
    "SELECT COUNT(*), COUNT(name), MAX(CAST(at AS varchar(10))) FROM dbo.loaded",
  );
  assert.deepEqual(read.rows, [[5000, 2500, "2024-05-06"]]);
  await closeConnection(connection);
});

test("a request that is cancelled while it begins ends at once, whenever that is", async () => {
  const endless =
    "SELECT COUNT(*) FROM GENERATE_SERIES(1, 20000) a, GENERATE_SERIES(1, 20000) b, GENERATE_SERIES(1, 20000) c";
  for (let turns = 0; turns < 20; turns += 1) {
    const abort = new AbortController();
    const running = collect(session.batch(endless, abort.signal));
    for (let turn = 0; turn < turns; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await assert.rejects(running, { name: "AbortError" });
  }
  assert.deepEqual((await runBatch(session, "SELECT 1 AS one")).results[0]?.rows, [["1"]]);
});
