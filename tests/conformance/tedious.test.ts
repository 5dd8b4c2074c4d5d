import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Connection, Request, TYPES } from "tedious";
import { startServer, type TestServer } from "../fixture/server.ts";
import { connectSql, createSqlWorkspace, query } from "./sql-workspace.ts";

describe("tedious, unmodified, on a dedicated SQL pool", () => {
  let server: TestServer;
  const faults: string[] = [];
  before(async () => {
    server = await startServer({ logSink: (line) => /"error"/.test(line) && faults.push(line) });
    await createSqlWorkspace(server, "sqlws");
  });
  after(() => server.close());

  it("logs in with the SQL administrator's password, makes a table and reads it", async () => {
    const connection = await connectSql(server, "sqlws");
    await query(
      connection,
      "CREATE TABLE dbo.trips (id int NOT NULL, fare real) WITH (DISTRIBUTION = ROUND_ROBIN, CLUSTERED COLUMNSTORE INDEX)",
    );
    await query(connection, "INSERT INTO dbo.trips VALUES (1, 2.5), (2, 3.5)");
    assert.deepEqual(await query(connection, "SELECT id, fare FROM dbo.trips ORDER BY id"), [
      [1, 2.5],
      [2, 3.5],
    ]);
    connection.close();
  });

  it("logs in with an Entra token of a Synapse Administrator", async () => {
    const connection = await connectSql(server, "sqlws", server.admin);
    assert.deepEqual(await query(connection, "SELECT COUNT(*) FROM dbo.trips"), [[2]]);
    connection.close();
  });

  it("refuses a wrong password, a token for another audience and an unknown database", async () => {
    const wrong = connectSql(server, "sqlws", { password: "nope" });
    await assert.rejects(wrong, /Login failed/);
    const token = await server.admin.token("https://management.azure.com/");
    await assert.rejects(connectSql(server, "sqlws", { token }), /Login failed/);
    const unknown = connectSql(server, "sqlws", server.admin, "none");
    await assert.rejects(unknown, /Cannot open database/);
  });

  it("goes on after a bulk load that failed or was taken back, of which nothing stays", async () => {
    const connection = await connectSql(server, "sqlws");
    await query(connection, "CREATE TABLE dbo.loaded (id int NOT NULL, name nvarchar(5) NULL)");
    const many = Array.from({ length: 20_000 }, (_, id) => [id, "x"]);
    const load = (rows: Iterable<unknown[]>, whenOpen?: (cancel: () => void) => void) =>
      copy(connection, Readable.from(rows), whenOpen);
    await assert.rejects(
      load([[1, "too long"], ...many]),
      /would be truncated in table 'pool1.dbo.loaded'/,
    );
    await assert.rejects(
      load([...many, [null, "y"]]),
      /NULL into column 'id', table 'pool1.dbo.loaded'; column does not allow nulls. INSERT fails/,
    );
    function* endless(cancel: () => void) {
      for (let id = 0; ; id += 1) {
        if (id === 30_000) cancel();
        yield [id, "x"];
      }
    }
    let cancel = () => {};
    const rows = endless(() => cancel());
    await assert.rejects(
      load(rows, (own) => {
        cancel = own;
      }),
      /Canceled/,
    );
    assert.deepEqual(await query(connection, "SELECT COUNT(*) FROM dbo.loaded"), [[0]]);
    assert.equal(await load(many), many.length);
    assert.deepEqual(faults, []);
    connection.close();
  });

  it("has a connection as it was after login when a pool of connections resets it", async () => {
    const connection = await connectSql(server, "sqlws");
    await query(connection, "CREATE TABLE dbo.kept (id int)");
    await query(connection, "CREATE TABLE #own (a int); SET DATEFIRST 3; SET NOCOUNT ON");
    await query(connection, "BEGIN TRANSACTION; INSERT dbo.kept VALUES (1)");
    await promisify(connection.reset.bind(connection))();
    const state = "SELECT @@DATEFIRST, @@TRANCOUNT, (SELECT COUNT(*) FROM dbo.kept)";
    assert.deepEqual(await query(connection, state), [[7, 0, 0]]);
    await assert.rejects(query(connection, "SELECT * FROM #own"), /Invalid object name '#own'/);
    connection.close();
  });

  it("finds the rows of a datetime that it sends as a parameter", async () => {
    const connection = await connectSql(server, "sqlws");
    const at = new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 997));
    await query(connection, "CREATE TABLE dbo.moments (at datetime)");
    await query(connection, "INSERT dbo.moments VALUES ('2024-02-29 01:02:03.997')");
    const found = await new Promise((resolve, reject) => {
      const text =
        "SELECT at, CONVERT(varchar(30), @at, 121) AS shown FROM dbo.moments WHERE at = @at";
      const rows: unknown[] = [];
      const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
      request.on("row", (row: { value: unknown }[]) => rows.push(row.map(({ value }) => value)));
      request.addParameter("at", TYPES.DateTime, at);
      connection.execSql(request);
    });
    assert.deepEqual(found, [[at, "2024-02-29 01:02:03.997"]]);
    connection.close();
  });

  it("finds a paused pool closed and a resumed one as it was", async () => {
    const pool = `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/sqlws/sqlPools/pool1`;
    await server.admin.send("POST", `${pool}/pause?api-version=2021-06-01`);
    await assert.rejects(connectSql(server, "sqlws"));
    await server.admin.send("POST", `${pool}/resume?api-version=2021-06-01`);
    const connection = await connectSql(server, "sqlws");
    assert.deepEqual(await query(connection, "SELECT SUM(fare) FROM dbo.trips"), [[6]]);
    connection.close();
  });
});

function copy(
  connection: Connection,
  rows: Readable,
  whenOpen: (cancel: () => void) => void = () => {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const load = connection.newBulkLoad("dbo.loaded", {}, (error, count) =>
      error ? reject(error) : resolve(count),
    );
    load.addColumn("id", TYPES.Int, { nullable: true });
    load.addColumn("name", TYPES.NVarChar, { length: 40, nullable: true });
    whenOpen(() => load.cancel());
    connection.execBulkLoad(load, rows);
  });
}
