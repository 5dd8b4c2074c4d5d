// The npm package `mssql`, unmodified: pools, parameters, prepared statements, transactions, bulk, streams.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import sql from "mssql";
import { startServer, type TestServer } from "../fixture/server.ts";
import { createSqlWorkspace, password, sqlPort, userName } from "./sql-workspace.ts";

describe("mssql on a dedicated SQL pool", () => {
  let server: TestServer;
  let pool: sql.ConnectionPool;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    await createSqlWorkspace(server, "mssqlws");
    pool = await open({ user: userName, password });
    await pool.batch(
      "CREATE TABLE dbo.rides (id int NOT NULL, name nvarchar(20) NULL, fare decimal(9,2) NULL, at datetime2(3) NULL)",
    );
    await pool.batch(
      "CREATE PROCEDURE dbo.count_rides @least decimal(9,2), @n int OUTPUT AS SELECT id FROM dbo.rides WHERE fare >= @least ORDER BY id; SET @n = (SELECT COUNT(*) FROM dbo.rides); RETURN 3",
    );
  });
  after(async () => {
    await pool?.close();
    await server.close();
  });

  function open(credential: object): Promise<sql.ConnectionPool> {
    return new sql.ConnectionPool({
      server: "localhost",
      port: sqlPort(server),
      database: "pool1",
      ...credential,
      options: {
        encrypt: true,
        trustServerCertificate: true,
        serverName: "mssqlws.sql.azuresynapse.net",
      },
    }).connect();
  }

  it("loads in bulk and reads with parameters and tagged templates", async () => {
    const table = new sql.Table("dbo.rides");
    table.columns.add("id", sql.Int, { nullable: false });
    table.columns.add("name", sql.NVarChar(20), { nullable: true });
    table.columns.add("fare", sql.Decimal(9, 2), { nullable: true });
    table.columns.add("at", sql.DateTime2(3), { nullable: true });
    for (let id = 1; id <= 500; id += 1)
      table.rows.add(
        id,
        id % 5 === 0 ? null : `ride ${id}`,
        id / 4,
        new Date(Date.UTC(2024, 1, 29)),
      );
    assert.equal((await pool.request().bulk(table)).rowsAffected, 500);
    const { recordset } = await pool
      .request()
      .input("name", sql.NVarChar, "RIDE 7")
      .query("SELECT id, fare, at FROM dbo.rides WHERE name = @name");
    assert.deepEqual([...recordset], [{ id: 7, fare: 1.75, at: new Date(Date.UTC(2024, 1, 29)) }]);
    const tagged = await pool.query<{
      n: number;
    }>`SELECT COUNT(*) AS n FROM dbo.rides WHERE id <= ${9}`;
    assert.equal(tagged.recordset[0]?.n, 9);
  });

  it("calls procedures with output parameters, and reads several results", async () => {
    const called = await pool
      .request()
      .input("least", sql.Decimal(9, 2), 124.5)
      .output("n", sql.Int)
      .execute("dbo.count_rides");
    assert.deepEqual([called.returnValue, called.output.n], [3, 500]);
    assert.deepEqual([...(called.recordset ?? [])], [{ id: 498 }, { id: 499 }, { id: 500 }]);
    const { recordsets, rowsAffected } = await pool
      .request()
      .query("SELECT 1 AS a; UPDATE dbo.rides SET name = 'x' WHERE id <= 3; SELECT 2 AS b");
    assert.deepEqual(JSON.stringify(recordsets), '[[{"a":1}],[{"b":2}]]');
    assert.deepEqual(rowsAffected, [1, 3, 1]);
  });

  it("prepares, commits and rolls back", async () => {
    const transaction = new sql.Transaction(pool);
    await transaction.begin();
    const insert = new sql.PreparedStatement(transaction);
    insert.input("id", sql.Int);
    await insert.prepare("INSERT dbo.rides (id) VALUES (@id)");
    await insert.execute({ id: 1001 });
    await insert.execute({ id: 1002 });
    await insert.unprepare();
    await transaction.rollback();
    const { recordset } = await pool.query("SELECT COUNT(*) AS n FROM dbo.rides WHERE id > 1000");
    assert.equal(recordset[0]?.n, 0);
  });

  it("streams rows, stops when asked, and the connection goes on", async () => {
    const request = pool.request();
    request.stream = true;
    let seen = 0;
    const ended = new Promise<string>((resolve) => {
      request.on("row", () => {
        seen += 1;
        if (seen === 10) request.cancel();
      });
      request.on("error", (error: { code: string }) => resolve(error.code));
      request.on("done", () => resolve("done"));
    });
    request.query("SELECT a.id FROM dbo.rides a, dbo.rides b, dbo.rides c");
    assert.equal(await ended, "ECANCEL");
    assert.ok(seen >= 10 && seen < 1_000_000, String(seen));
    assert.equal((await pool.query("SELECT 1 AS one")).recordset[0]?.one, 1);
  });

  it("gives errors with number, class, state and line, and prints", async () => {
    const request = pool.request();
    const infos: string[] = [];
    request.on("info", ({ message }: { message: string }) => infos.push(message));
    const failure = await request
      .query("PRINT 'before';\nSELECT * FROM dbo.absent")
      .catch((error) => error);
    const { number, class: severity, state, lineNumber } = failure;
    assert.deepEqual([number, severity, state, lineNumber], [208, 16, 1, 2]);
    assert.deepEqual(infos, ["before"]);
  });

  it("logs in with an Entra token", async () => {
    const token = await server.admin.token("https://database.windows.net/");
    const other = await open({
      authentication: { type: "azure-active-directory-access-token", options: { token } },
    });
    assert.equal((await other.query("SELECT USER_NAME() AS u")).recordset[0]?.u, "dbo");
    await other.close();
  });
});
