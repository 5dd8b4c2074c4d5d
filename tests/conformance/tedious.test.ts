import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { connectSql, createSqlWorkspace, query } from "./sql-workspace.ts";

describe("tedious, unmodified, on a dedicated SQL pool", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
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
