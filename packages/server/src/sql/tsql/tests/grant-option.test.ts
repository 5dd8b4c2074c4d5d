// Permissions that are given on, and sessions that are open while permissions change.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
const sessions = new Map<string, SqlSession>();

before(async () => {
  server = await startSqlServer();
  await run("admin", "CREATE TABLE dbo.t (id int, secret int); INSERT dbo.t VALUES (1, 2)");
  for (const name of ["ann", "bob", "cyd"]) {
    server.principals.set(name, { name, kind: "sqlLogin", groups: [], isAdministrator: false });
    await run("admin", `CREATE USER ${name} WITH PASSWORD = 'Str0ng-Enough!'`);
  }
  await run("admin", "CREATE ROLE readers");
});
after(async () => {
  for (const session of sessions.values()) await session.close();
  await server.close();
});
beforeEach(() =>
  run(
    "admin",
    "REVOKE SELECT ON dbo.t FROM ann CASCADE; REVOKE SELECT ON dbo.t FROM bob CASCADE; REVOKE SELECT ON dbo.t FROM cyd CASCADE; REVOKE SELECT ON SCHEMA::dbo FROM ann CASCADE; REVOKE SELECT (id) ON dbo.t FROM ann CASCADE",
  ),
);

/** Everyone has one session, open all the time. Gives the message's number, or nothing. */
async function ask(user: string, text: string): Promise<number | undefined> {
  const session = sessions.get(user) ?? (await server.open(user));
  sessions.set(user, session);
  return (await runBatch(session, text)).errors[0]?.number;
}

async function run(user: string, text: string): Promise<void> {
  assert.equal(await ask(user, text), undefined, text);
}

const read = "SELECT * FROM dbo.t";
const give = (from: string, to: string) => ask(from, `GRANT SELECT ON dbo.t TO ${to}`);

test("only who holds a permission WITH GRANT OPTION gives it on", async () => {
  await run("admin", "GRANT SELECT ON dbo.t TO ann");
  assert.equal(await give("ann", "bob"), 15151);
  await run("admin", "GRANT SELECT ON dbo.t TO ann WITH GRANT OPTION");
  assert.equal(await give("ann", "bob"), undefined);
  await run("bob", read);
  assert.equal(await give("bob", "cyd"), 15151);
  assert.equal(await ask("ann", "GRANT DELETE ON dbo.t TO bob"), 15151);
  await run("admin", "GRANT SELECT ON dbo.t TO ann");
  assert.equal(await give("ann", "cyd"), undefined, "a plain GRANT leaves the option");
});

test("a permission on the schema gives on its objects' permissions, one on columns those columns'", async () => {
  await run("admin", "GRANT SELECT ON SCHEMA::dbo TO ann WITH GRANT OPTION");
  assert.equal(await give("ann", "bob"), undefined);
  await run("admin", "REVOKE SELECT ON SCHEMA::dbo FROM ann CASCADE");
  await run("admin", "GRANT SELECT (id) ON dbo.t TO ann WITH GRANT OPTION");
  assert.equal(await give("ann", "bob"), 15151);
  assert.equal(await ask("ann", "GRANT SELECT (secret) ON dbo.t TO bob"), 15151);
  await run("ann", "GRANT SELECT (id) ON dbo.t TO bob");
});

test("grantable permissions go with CASCADE only, and all that was given on goes with them", async () => {
  await run("admin", "GRANT SELECT ON dbo.t TO ann WITH GRANT OPTION");
  await run("ann", "GRANT SELECT ON dbo.t TO bob WITH GRANT OPTION");
  await run("bob", "GRANT SELECT ON dbo.t TO cyd");
  for (const text of ["REVOKE SELECT ON dbo.t FROM ann", "DENY SELECT ON dbo.t TO ann"])
    assert.equal(await ask("admin", text), 4611, text);
  await run("cyd", read);
  await run("admin", "REVOKE SELECT ON dbo.t FROM ann CASCADE");
  for (const user of ["ann", "bob", "cyd"]) assert.equal(await ask(user, read), 229, user);
});

test("REVOKE GRANT OPTION FOR leaves the permission", async () => {
  await run("admin", "GRANT SELECT ON dbo.t TO ann WITH GRANT OPTION");
  assert.equal(await give("ann", "bob"), undefined);
  await run("admin", "REVOKE GRANT OPTION FOR SELECT ON dbo.t FROM ann CASCADE");
  await run("ann", read);
  assert.equal(await ask("bob", read), 229);
  assert.equal(await give("ann", "bob"), 15151);
});

test("DENY with CASCADE denies to those that it was given on to", async () => {
  await run("admin", "GRANT SELECT ON dbo.t TO ann WITH GRANT OPTION");
  assert.equal(await give("ann", "bob"), undefined);
  await run(
    "admin",
    "DENY SELECT ON dbo.t TO ann CASCADE; ALTER ROLE db_datareader ADD MEMBER bob",
  );
  assert.equal(await ask("bob", read), 229);
  await run("admin", "ALTER ROLE db_datareader DROP MEMBER bob");
});

test("who gives on takes back what it gave itself, and no more", async () => {
  await run(
    "admin",
    "GRANT SELECT ON dbo.t TO ann WITH GRANT OPTION; GRANT SELECT ON dbo.t TO cyd",
  );
  assert.equal(await give("ann", "bob"), undefined);
  await run("ann", "REVOKE SELECT ON dbo.t FROM bob; REVOKE SELECT ON dbo.t FROM cyd");
  assert.equal(await ask("bob", read), 229);
  await run("cyd", read);
});

test("a user that has given permissions stays until they are taken back", async () => {
  await run(
    "admin",
    "CREATE USER dee WITHOUT LOGIN; GRANT SELECT ON dbo.t TO dee WITH GRANT OPTION",
  );
  await run("admin", "EXECUTE AS USER = 'dee'; GRANT SELECT ON dbo.t TO bob; REVERT");
  const states =
    "IF (SELECT STRING_AGG(state, '') WITHIN GROUP (ORDER BY state) FROM sys.database_permissions WHERE permission_name = 'SELECT' AND class = 1) <> 'GW' THROW 50001, 'no', 1";
  await run("admin", states);
  assert.equal(await ask("admin", "DROP USER dee"), 15284);
  await run("admin", "REVOKE SELECT ON dbo.t FROM dee CASCADE; DROP USER dee");
});

test("an open session gains and loses a role's permissions with the role", async () => {
  await run("admin", "GRANT SELECT ON dbo.t TO readers");
  assert.equal(await ask("ann", read), 229);
  await run("admin", "ALTER ROLE readers ADD MEMBER ann");
  await run("ann", read);
  await run("admin", "ALTER ROLE readers DROP MEMBER ann");
  assert.equal(await ask("ann", read), 229);
});

test("an open session of a user that is dropped can do nothing more", async () => {
  await run("admin", "CREATE ROLE passing; ALTER ROLE db_datareader ADD MEMBER cyd");
  await run("cyd", read);
  await run("admin", "DROP USER cyd");
  assert.equal(await ask("cyd", "SELECT 1"), 916);
});
