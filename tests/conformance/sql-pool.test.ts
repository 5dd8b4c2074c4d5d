// A pool of a whole instance: loading from the instance's own lake, database users that are Entra
// principals, PREDICT's permissions, and clients that break the protocol.

import assert from "node:assert/strict";
import { connect as connectSocket } from "node:net";
import { after, before, describe, it } from "node:test";
import { ContainerSASPermissions, generateBlobSASQueryParameters } from "@azure/storage-blob";
import type { Connection } from "tedious";
import { writeModel } from "../../packages/scoring/src/onnx/write-model.ts";
import { dataRoleIds, type TestLake } from "../../packages/server/src/storage/testing/lake.ts";
import { type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { assignRole } from "../registry/principal.ts";
import { trust } from "./arm-client.ts";
import {
  connectSql,
  createEntraAdministrator,
  createSqlWorkspace,
  query,
  sqlPort,
} from "./sql-workspace.ts";
import { createLakeOfFiles } from "./storage-client.ts";

const workspace = "copyws";

describe("a dedicated SQL pool of a whole instance", () => {
  let server: TestServer;
  let lake: TestLake;
  let signature: string;
  let admin: Connection;

  before(async () => {
    server = await startServer();
    trust(server);
    await createSqlWorkspace(server, workspace);
    const made = await createLakeOfFiles(server, "copylake", files);
    lake = made.lake;
    signature = generateBlobSASQueryParameters(
      {
        containerName: "data",
        permissions: ContainerSASPermissions.parse("rl"),
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      made.key,
    ).toString();
    admin = await connectSql(server, workspace);
    await query(admin, "CREATE TABLE dbo.trips (id int NOT NULL, tip real, name varchar(20))");
  });
  after(async () => {
    admin.close();
    await server.close();
  });

  const files = {
    "trips/1.csv": 'id,tip,name\n1,1.5,"Ann, Lee"\n2,,Bo\n',
    "trips/2.csv": "id,tip,name\n3,2.5,Cy\n",
  };
  const folder = "https://copylake.blob.core.windows.net/data/trips/*.csv";
  const copy = (from: string, credential = "") =>
    `TRUNCATE TABLE dbo.trips; COPY INTO dbo.trips (id 1, tip 2, name 3) FROM '${from}' WITH (FILE_TYPE = 'CSV', FIELDQUOTE = '"', ROWTERMINATOR = '0x0A', FIRSTROW = 2${credential}); SELECT id, tip, name FROM dbo.trips ORDER BY id`;
  const loaded = [
    [1, 1.5, "Ann, Lee"],
    [2, null, "Bo"],
    [3, 2.5, "Cy"],
  ];

  it("loads the lake's files with a shared access signature", async () => {
    const credential = `, CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = '?${signature}')`;
    assert.deepEqual(await query(admin, copy(folder, credential)), loaded);
  });

  it("loads them with the account's key, through the other endpoint too", async () => {
    const credential = `, CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${lake.key}')`;
    const dfs = folder.replace(".blob.", ".dfs.");
    assert.deepEqual(await query(admin, copy(folder, credential)), loaded);
    assert.deepEqual(await query(admin, copy(dfs, credential)), loaded);
  });

  it("loads them as the Entra principal that asks, who needs the right to read", async () => {
    const reader = await createEntraAdministrator(server, workspace);
    const connection = await connectSql(server, workspace, reader);
    await assert.rejects(query(connection, copy(folder)), /not authorized|permission/i);
    await letRead(reader);
    assert.deepEqual(await query(connection, copy(folder)), loaded);
    connection.close();
  });

  it("reads the same files in the serverless pool, as whoever asks", async () => {
    const text = `SELECT id, tip, name FROM OPENROWSET(BULK '${folder}', FORMAT = 'CSV', PARSER_VERSION = '2.0', HEADER_ROW = TRUE) WITH (id int, tip real, name varchar(20)) AS r ORDER BY id`;
    const reader = await createEntraAdministrator(server, workspace);
    const connection = await connectSql(server, `${workspace}-ondemand`, reader, "master");
    await assert.rejects(query(connection, text), /not authorized|permission/i);
    await letRead(reader);
    assert.deepEqual(await query(connection, text), loaded);
    connection.close();
    await assert.rejects(query(admin, text), /'OPENROWSET' is not supported/);
  });

  it("tells a SQL login that names no credential, and one whose key is wrong, why not", async () => {
    await assert.rejects(query(admin, copy(folder)), /name a CREDENTIAL/);
    const wrong = `, CREDENTIAL = (IDENTITY = 'Storage Account Key', SECRET = '${Buffer.alloc(64).toString("base64")}')`;
    await assert.rejects(query(admin, copy(folder, wrong)), { number: 4861 });
    assert.deepEqual(await query(admin, "SELECT COUNT(*) FROM dbo.trips"), [[0]]);
  });

  it("takes no SQL login where the workspace takes Microsoft Entra ID only", async () => {
    const place = `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/${workspace}/azureADOnlyAuthentications/default?api-version=2021-06-01`;
    const set = async (azureADOnlyAuthentication: boolean) => {
      const reply = await server.admin.send("PUT", place, {
        properties: { azureADOnlyAuthentication },
      });
      assert.ok(reply.status < 300, reply.text);
    };
    await set(true);
    await assert.rejects(connectSql(server, workspace), /Active Directory only authentication/);
    const connection = await connectSql(
      server,
      workspace,
      await createEntraAdministrator(server, workspace),
    );
    connection.close();
    await set(false);
    (await connectSql(server, workspace)).close();
  });

  it("knows a person of the directory by the name to sign in with", async () => {
    const { upn } = server.contract.user;
    await query(admin, `CREATE USER [${upn}] FROM EXTERNAL PROVIDER`);
    const found = `SELECT COUNT(*) FROM sys.database_principals WHERE name = '${upn}'`;
    assert.deepEqual(await query(admin, found), [[1]]);
    const nobody = `CREATE USER [nobody-${upn}] FROM EXTERNAL PROVIDER`;
    await assert.rejects(query(admin, nobody), { number: 33134 });
    await query(admin, `DROP USER [${upn}]`);
  });

  it("makes no user for a name that two principals have", async () => {
    await principal("twin");
    const text = "CREATE USER [twin] FROM EXTERNAL PROVIDER";
    await query(admin, text);
    await query(admin, "DROP USER [twin]");
    await principal("Twin", "other");
    await assert.rejects(query(admin, text), { number: 33131 });
  });

  it("lets a db_datareader from the external provider read, not write", async () => {
    const analyst = await principal("analyst");
    await assert.rejects(connectSql(server, workspace, analyst), /Login failed|Cannot open/);
    await query(admin, "CREATE USER [analyst] FROM EXTERNAL PROVIDER");
    await query(admin, "EXEC sp_addrolemember 'db_datareader', 'analyst'");
    await query(admin, "INSERT dbo.trips VALUES (7, 3, 'Di')");
    const connection = await connectSql(server, workspace, analyst);
    assert.deepEqual(await query(connection, "SELECT name FROM dbo.trips WHERE id = 7"), [["Di"]]);
    for (const text of [
      "INSERT dbo.trips VALUES (8, 1, 'E')",
      "DELETE dbo.trips",
      "UPDATE dbo.trips SET tip = 1",
    ])
      await assert.rejects(query(connection, text), { number: 229 });
    await assert.rejects(query(connection, "CREATE TABLE dbo.mine (a int)"));
    connection.close();
  });

  it("scores for who may execute, and may read both the data and the models", async () => {
    const scorer = await principal("scorer");
    await query(admin, "CREATE TABLE dbo.models (ID nvarchar(64) NOT NULL, Model varbinary(max))");
    await query(
      admin,
      `INSERT dbo.models VALUES ('twice:1', 0x${Buffer.from(twice).toString("hex")})`,
    );
    await query(
      admin,
      "CREATE USER [scorer] FROM EXTERNAL PROVIDER; GRANT SELECT ON dbo.trips TO [scorer]",
    );
    const text =
      "SELECT d.id, p.score FROM PREDICT(MODEL = (SELECT Model FROM dbo.models WHERE ID = 'twice:1'), DATA = dbo.trips AS d, RUNTIME = ONNX) WITH (score real) AS p WHERE d.id = 7";
    const connection = await connectSql(server, workspace, scorer);
    await assert.rejects(query(connection, text), { number: 262 });
    await query(admin, "GRANT EXECUTE TO [scorer]");
    await assert.rejects(query(connection, text), { number: 229 });
    await query(admin, "GRANT SELECT ON dbo.models TO [scorer]");
    assert.deepEqual(await query(connection, text), [[7, 6]]);
    connection.close();
  });

  it("drops clients that speak something else, and serves the next one", async () => {
    const hostile = [
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.alloc(64, 0xff),
      Buffer.from([0x12, 0x01, 0xff, 0xff, 0, 0, 0, 0]),
      Buffer.from([0x01, 0x01, 0x00, 0x08, 0, 0, 0, 0]),
    ];
    for (const bytes of hostile) await sendAndWait(sqlPort(server), bytes);
    assert.deepEqual(await query(admin, "SELECT 1"), [[1]]);
    const next = await connectSql(server, workspace);
    assert.deepEqual(await query(next, "SELECT 2"), [[2]]);
    next.close();
  });

  /** A principal of the directory that SQL finds by its name. */
  async function principal(displayName: string, name = displayName): Promise<Caller> {
    const { store, directory } = server.running.internals;
    const resourceId = `/subscriptions/x/resourceGroups/x/providers/Test.Callers/callers/${name}`;
    const { principalId } = await store.transaction((writer) =>
      directory.createManagedIdentity(writer, { resourceId, displayName, explicit: true }),
    );
    return server.caller(principalId);
  }

  const letRead = ({ objectId: principalId }: Caller) =>
    assignRole(server, { roleId: dataRoleIds.reader, scope: lake.id, principalId });
});

/** score = tip + tip */
const twice = writeModel({
  inputs: [{ name: "tip", type: "float", shape: [-1, 1] }],
  outputs: [{ name: "score", type: "float", shape: [-1, 1] }],
  nodes: [{ op: "Add", inputs: ["tip", "tip"], outputs: ["score"] }],
});

function sendAndWait(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, "127.0.0.1", () => socket.end(bytes));
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
  });
}
