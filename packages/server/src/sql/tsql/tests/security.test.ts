// Principals and permissions: every statement asks, DENY beats GRANT, ownership chains.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;

before(async () => {
  server = await startSqlServer();
  server.principals.set("ann", {
    name: "ann@contoso.com",
    kind: "user",
    objectId: "o-ann",
    groups: [],
    isAdministrator: false,
  });
  server.principals.set("bob", {
    name: "bob@contoso.com",
    kind: "user",
    objectId: "o-bob",
    groups: [{ name: "readers", objectId: "g-readers" }],
    isAdministrator: false,
  });
  server.externals.set("ann@contoso.com", {
    name: "ann@contoso.com",
    objectId: "o-ann",
    kind: "user",
  });
  server.externals.set("readers", { name: "readers", objectId: "g-readers", kind: "group" });
  await asAdmin(
    "CREATE TABLE dbo.t (id int, secret varchar(10)); INSERT dbo.t VALUES (1, 'x')",
    "CREATE SCHEMA s",
    "CREATE TABLE s.u (id int)",
    "CREATE VIEW dbo.v AS SELECT id FROM dbo.t",
    "CREATE PROC dbo.reads AS SELECT COUNT(*) FROM dbo.t",
    "CREATE PROC dbo.dynamic AS EXEC ('SELECT COUNT(*) FROM dbo.t')",
    "CREATE USER [ann@contoso.com] FROM EXTERNAL PROVIDER",
    "CREATE USER readers FROM EXTERNAL PROVIDER",
    "CREATE ROLE analysts",
    "ALTER ROLE db_datareader ADD MEMBER readers",
  );
});
after(() => server.close());

async function asAdmin(...texts: string[]): Promise<void> {
  const session = await server.open();
  for (const text of texts) assert.deepEqual((await runBatch(session, text)).errors, [], text);
  await session.close();
}

async function numbersAs(user: string, text: string): Promise<number[]> {
  const session = await server.open(user);
  const outcome = await runBatch(session, text);
  await session.close();
  return outcome.errors.map((error) => error.number);
}

interface Row {
  /** Statements of an administrator before. */
  given?: string;
  as: string;
  sql: string;
  error?: number;
  undo?: string;
}

const ann = "[ann@contoso.com]";

const rows: Row[] = [
  { as: "ann", sql: "SELECT * FROM dbo.t", error: 229 },
  {
    given: `GRANT SELECT ON dbo.t TO ${ann}`,
    as: "ann",
    sql: "SELECT * FROM dbo.t",
    undo: `REVOKE SELECT ON dbo.t FROM ${ann}`,
  },
  {
    given: `GRANT SELECT ON SCHEMA::dbo TO ${ann}`,
    as: "ann",
    sql: "SELECT * FROM dbo.t",
    undo: `REVOKE SELECT ON SCHEMA::dbo FROM ${ann}`,
  },
  {
    given: `GRANT SELECT TO ${ann}; DENY SELECT ON dbo.t TO ${ann}`,
    as: "ann",
    sql: "SELECT * FROM dbo.t",
    error: 229,
    undo: `REVOKE SELECT FROM ${ann}; REVOKE SELECT ON dbo.t FROM ${ann}`,
  },
  { given: `GRANT SELECT (id) ON dbo.t TO ${ann}`, as: "ann", sql: "SELECT id FROM dbo.t" },
  {
    as: "ann",
    sql: "SELECT secret FROM dbo.t",
    error: 230,
    undo: `REVOKE SELECT (id) ON dbo.t FROM ${ann}`,
  },
  { given: `GRANT SELECT ON dbo.v TO ${ann}`, as: "ann", sql: "SELECT * FROM dbo.v" },
  { as: "ann", sql: "EXEC dbo.reads", error: 229 },
  {
    given: `GRANT EXECUTE ON dbo.reads TO ${ann}; GRANT EXECUTE ON dbo.dynamic TO ${ann}`,
    as: "ann",
    sql: "EXEC dbo.reads",
  },
  { as: "ann", sql: "EXEC dbo.dynamic", error: 229 },
  { as: "ann", sql: "INSERT dbo.t VALUES (2, 'y')", error: 229 },
  {
    given: `ALTER ROLE db_datawriter ADD MEMBER ${ann}`,
    as: "ann",
    sql: "INSERT dbo.t VALUES (2, 'y')",
  },
  { as: "ann", sql: "CREATE TABLE dbo.mine (a int)", error: 262 },
  {
    given: `GRANT CREATE TABLE TO ${ann}`,
    as: "ann",
    sql: "CREATE TABLE dbo.mine (a int)",
    error: 2760,
  },
  {
    given: `GRANT ALTER ON SCHEMA::s TO ${ann}`,
    as: "ann",
    sql: "CREATE TABLE s.mine (a int); DROP TABLE s.mine",
  },
  { as: "ann", sql: "DROP TABLE dbo.t", error: 3701 },
  { as: "ann", sql: "ALTER TABLE dbo.t ADD z int", error: 4902 },
  { as: "ann", sql: "TRUNCATE TABLE dbo.t", error: 4701 },
  { as: "ann", sql: "CREATE VIEW dbo.w AS SELECT 1 AS a", error: 262 },
  { as: "ann", sql: "GRANT SELECT ON dbo.t TO analysts", error: 15151 },
  { as: "ann", sql: "CREATE USER x WITHOUT LOGIN", error: 15247 },
  { as: "ann", sql: "CREATE SCHEMA mine", error: 262 },
  { as: "ann", sql: "ALTER ROLE db_owner ADD MEMBER [ann@contoso.com]", error: 15151 },
  { as: "ann", sql: "EXECUTE AS USER = 'dbo'", error: 15517 },
  {
    as: "ann",
    sql: "CREATE TABLE #own (a int); INSERT #own VALUES (1); SELECT * FROM #own; DROP TABLE #own",
  },
  { as: "bob", sql: "SELECT * FROM dbo.t" },
  { as: "bob", sql: "DELETE dbo.t", error: 229 },
  {
    given: `ALTER ROLE analysts ADD MEMBER ${ann}; GRANT SELECT ON s.u TO analysts`,
    as: "ann",
    sql: "SELECT * FROM s.u",
  },
  {
    given: `EXECUTE AS USER = 'ann@contoso.com'; SELECT * FROM s.u; REVERT`,
    as: "ann",
    sql: "SELECT 1",
  },
  { as: "admin", sql: "GRANT NOSUCH ON dbo.t TO analysts", error: 40517 },
  { as: "admin", sql: "GRANT SELECT ON dbo.nosuch TO analysts", error: 15151 },
  { as: "admin", sql: "GRANT SELECT ON dbo.t TO nosuch", error: 15151 },
  { as: "admin", sql: "CREATE USER ghost FROM EXTERNAL PROVIDER", error: 33134 },
  { as: "admin", sql: "CREATE USER x FOR LOGIN ghost", error: 15007 },
  { as: "admin", sql: "CREATE ROLE analysts", error: 15023 },
  { as: "admin", sql: "DROP ROLE analysts", error: 15144 },
  { as: "admin", sql: "CREATE LOGIN l WITH PASSWORD = 'p'", error: 5001 },
];

for (const row of rows) {
  test(`${row.as} runs ${row.sql}${row.given === undefined ? "" : ` given ${row.given}`}: ${row.error ?? "allowed"}`, async () => {
    if (row.given !== undefined) await asAdmin(row.given);
    try {
      assert.deepEqual(
        await numbersAs(row.as, row.sql),
        row.error === undefined ? [] : [row.error],
      );
    } finally {
      if (row.undo !== undefined) await asAdmin(row.undo);
    }
  });
}

test("someone without a user in the database is not let in", async () => {
  server.principals.set("eve", {
    name: "eve",
    kind: "user",
    objectId: "o-eve",
    groups: [],
    isAdministrator: false,
  });
  await assert.rejects(server.open("eve"), /Cannot open database "pool1" requested by the login/);
});

test("a wrong password is message 18456", async () => {
  await assert.rejects(server.open("nobody"), /Login failed for user 'nobody'/);
});

test("catalogue views hide what one may not use", async () => {
  const session = await server.open("bob");
  const outcome = await runBatch(session, "SELECT name FROM sys.procedures");
  assert.deepEqual(outcome.results[0]?.rows, []);
  await session.close();
});

test("principals and permissions are shown in the catalogue", async () => {
  const session = await server.open();
  const outcome = await runBatch(
    session,
    "SELECT p.name, d.permission_name, d.state_desc FROM sys.database_permissions d JOIN sys.database_principals p ON p.principal_id = d.grantee_principal_id WHERE p.name = 'analysts'",
  );
  assert.deepEqual(outcome.results[0]?.rows, [["analysts", "SELECT", "GRANT"]]);
  await session.close();
});

test("users and groups of the directory have types of their own", async () => {
  const session = await server.open();
  const outcome = await runBatch(
    session,
    "SELECT name, type, type_desc, authentication_type_desc FROM sys.database_principals WHERE name IN ('ann@contoso.com', 'readers', 'analysts') ORDER BY name",
  );
  assert.deepEqual(outcome.results[0]?.rows, [
    ["analysts", "R ", "DATABASE_ROLE", "NONE"],
    ["ann@contoso.com", "E ", "EXTERNAL_USER", "EXTERNAL"],
    ["readers", "X ", "EXTERNAL_GROUP", "EXTERNAL"],
  ]);
  await session.close();
});
