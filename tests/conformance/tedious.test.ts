import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Connection, Request } from "tedious";
import { startServer, type TestServer } from "../fixture/server.ts";

const password = "Story-Passw0rd-1";

describe("tedious, unmodified, on a dedicated SQL pool", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    const group = `${server.subscription}/resourceGroups/sql`;
    await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location: "westeurope" });
    const workspace = `${group}/providers/Microsoft.Synapse/workspaces/sqlws`;
    const made = await server.admin.send("PUT", `${workspace}?api-version=2021-06-01`, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      properties: {
        defaultDataLakeStorage: {
          accountUrl: "https://lake.dfs.core.windows.net",
          filesystem: "f",
        },
        sqlAdministratorLogin: "sqladmin",
        sqlAdministratorLoginPassword: password,
      },
    });
    assert.ok(made.status < 300, made.text);
    const pool = await server.admin.send(
      "PUT",
      `${workspace}/sqlPools/pool1?api-version=2021-06-01`,
      {
        location: "westeurope",
        sku: { name: "DW100c" },
      },
    );
    assert.ok(pool.status < 300, pool.text);
  });
  after(() => server.close());

  function connect(
    authentication: Record<string, unknown>,
    database = "pool1",
  ): Promise<Connection> {
    const [, port] = server.contract.endpoints.sql.split(":");
    const connection = new Connection({
      server: "localhost",
      authentication: authentication as never,
      options: {
        port: Number(port),
        database,
        encrypt: true,
        trustServerCertificate: true,
        serverName: "sqlws.sql.azuresynapse.net",
      },
    });
    return new Promise((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve(connection)));
    });
  }

  function query(connection: Connection, text: string): Promise<unknown[][]> {
    return new Promise((resolve, reject) => {
      const rows: unknown[][] = [];
      const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
      request.on("row", (columns: { value: unknown }[]) =>
        rows.push(columns.map(({ value }) => value)),
      );
      connection.execSqlBatch(request);
    });
  }

  it("logs in with the SQL administrator's password, makes a table and reads it", async () => {
    const connection = await connect({
      type: "default",
      options: { userName: "sqladmin", password },
    });
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
    const token = await server.admin.token("https://database.windows.net/");
    const connection = await connect({
      type: "azure-active-directory-access-token",
      options: { token },
    });
    assert.deepEqual(await query(connection, "SELECT COUNT(*) FROM dbo.trips"), [[2]]);
    connection.close();
  });

  it("refuses a wrong password, a token for another audience and an unknown database", async () => {
    const wrong = connect({ type: "default", options: { userName: "sqladmin", password: "nope" } });
    await assert.rejects(wrong, /Login failed/);
    const token = await server.admin.token("https://management.azure.com/");
    await assert.rejects(
      connect({ type: "azure-active-directory-access-token", options: { token } }),
      /Login failed/,
    );
    await assert.rejects(
      connect({ type: "default", options: { userName: "sqladmin", password } }, "none"),
      /Cannot open database/,
    );
  });

  it("finds a paused pool closed and a resumed one as it was", async () => {
    const pool = `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/sqlws/sqlPools/pool1`;
    const credential = { type: "default", options: { userName: "sqladmin", password } };
    await server.admin.send("POST", `${pool}/pause?api-version=2021-06-01`);
    await assert.rejects(connect(credential));
    await server.admin.send("POST", `${pool}/resume?api-version=2021-06-01`);
    const connection = await connect(credential);
    assert.deepEqual(await query(connection, "SELECT SUM(fare) FROM dbo.trips"), [[6]]);
    connection.close();
  });
});
