// External tables of a dedicated SQL pool over the instance's own lake: who may read and write there, and that other
// clients find what CREATE EXTERNAL TABLE AS SELECT has written.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ContainerClient } from "@azure/storage-blob";
import type { Connection } from "tedious";
import { dataRoleIds, type TestLake } from "../../packages/server/src/storage/testing/lake.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { assignRole } from "../registry/principal.ts";
import { trust } from "./arm-client.ts";
import {
  connectSql,
  createEntraAdministrator,
  createSqlWorkspace,
  query,
} from "./sql-workspace.ts";
import { createLakeOfFiles } from "./storage-client.ts";

const workspace = "externalws";

describe("external tables over the instance's lake", () => {
  let server: TestServer;
  let lake: TestLake;
  let container: ContainerClient;
  let admin: Connection;

  before(async () => {
    server = await startServer();
    trust(server);
    await createSqlWorkspace(server, workspace);
    ({ lake, container } = await createLakeOfFiles(server, "extlake", {
      "trips/1.csv": 'id,name\n1,"Ann, Lee"\n2,Bo\n',
      "trips/more/2.csv": "id,name\n3,Cy\n",
      "trips/_SUCCESS": "",
    }));
    admin = await connectSql(server, workspace);
    for (const text of [
      "CREATE MASTER KEY",
      `CREATE DATABASE SCOPED CREDENTIAL lake_key WITH IDENTITY = 'user', SECRET = '${lake.key}'`,
      "CREATE DATABASE SCOPED CREDENTIAL msi WITH IDENTITY = 'Managed Service Identity'",
      `CREATE EXTERNAL DATA SOURCE keyed WITH (TYPE = HADOOP, LOCATION = 'abfss://data@extlake.dfs.core.windows.net', CREDENTIAL = lake_key)`,
      `CREATE EXTERNAL DATA SOURCE managed WITH (TYPE = HADOOP, LOCATION = 'wasbs://data@extlake.blob.core.windows.net', CREDENTIAL = msi)`,
      `CREATE EXTERNAL DATA SOURCE own WITH (TYPE = HADOOP, LOCATION = 'https://extlake.dfs.core.windows.net/data')`,
      `CREATE EXTERNAL FILE FORMAT csv WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = ',', STRING_DELIMITER = '"', FIRST_ROW = 2))`,
      "CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET)",
    ])
      await query(admin, text);
  });
  after(async () => {
    admin.close();
    await server.close();
  });

  const trips = (name: string, source: string) =>
    `CREATE EXTERNAL TABLE dbo.${name} (id int NOT NULL, name varchar(20)) WITH (LOCATION = '/trips/', DATA_SOURCE = ${source}, FILE_FORMAT = csv)`;
  const loaded = [
    [1, "Ann, Lee"],
    [2, "Bo"],
    [3, "Cy"],
  ];

  const letRead = (principalId: string) =>
    assignRole(server, { roleId: dataRoleIds.reader, scope: lake.id, principalId });

  it("reads a folder and those below with the account's key, whoever asks", async () => {
    await query(admin, trips("keyed_trips", "keyed"));
    assert.deepEqual(await query(admin, "SELECT * FROM dbo.keyed_trips ORDER BY id"), loaded);
    await assert.rejects(query(admin, trips("x", "keyed").replace("/trips/", "/none/")), {
      number: 105002,
    });
  });

  it("writes what other clients find, and reads it back", async () => {
    await query(
      admin,
      "CREATE EXTERNAL TABLE dbo.copied WITH (LOCATION = '/out/copied', DATA_SOURCE = keyed, FILE_FORMAT = csv) AS SELECT * FROM dbo.keyed_trips WHERE id < 3",
    );
    const names: string[] = [];
    for await (const blob of container.listBlobsFlat({ prefix: "out/copied/" }))
      names.push(blob.name);
    assert.equal(names.length, 1);
    assert.match(names[0]!, /^out\/copied\/QID\d+_\d{8}_\d{6}_0\.txt$/);
    const text = (await container.getBlobClient(names[0]!).downloadToBuffer()).toString();
    assert.deepEqual(text.split("\n").sort(), ["", '1,"Ann, Lee"', '2,"Bo"', "id,name"]);
    assert.deepEqual(await query(admin, "SELECT COUNT(*) FROM dbo.copied"), [[2]]);
  });

  it("asks for the rights of the workspace's managed identity", async () => {
    await assert.rejects(query(admin, trips("managed_trips", "managed")), { number: 105019 });
    const id = `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/${workspace}?api-version=2021-06-01`;
    const reply = await server.admin.send("GET", id);
    const { identity } = reply.body as { identity: { principalId: string } };
    await letRead(identity.principalId);
    await query(admin, trips("managed_trips", "managed"));
    assert.deepEqual(await query(admin, "SELECT * FROM dbo.managed_trips ORDER BY id"), loaded);
    await assert.rejects(
      query(
        admin,
        "CREATE EXTERNAL TABLE dbo.x WITH (LOCATION = '/out/x', DATA_SOURCE = managed, FILE_FORMAT = parquet) AS SELECT 1 AS a",
      ),
      { number: 105005 },
    );
    assert.deepEqual(await query(admin, "SELECT COUNT(*) FROM sys.tables WHERE name = 'x'"), [[0]]);
  });

  it("asks for the caller's own rights without a credential, never for the server's", async () => {
    await assert.rejects(query(admin, trips("own_trips", "own")), /a SQL login has no rights/);
    const reader = await createEntraAdministrator(server, workspace);
    const connection = await connectSql(server, workspace, reader);
    await assert.rejects(query(connection, trips("own_trips", "own")), { number: 105019 });
    await letRead(reader.objectId);
    await query(connection, trips("own_trips", "own"));
    assert.deepEqual(await query(connection, "SELECT * FROM dbo.own_trips ORDER BY id"), loaded);
    await query(connection, "CREATE VIEW dbo.over_own AS SELECT * FROM dbo.own_trips");
    for (const name of ["own_trips", "over_own"])
      await assert.rejects(query(admin, `SELECT * FROM dbo.${name}`), /a SQL login has no rights/);
    connection.close();
  });
});
