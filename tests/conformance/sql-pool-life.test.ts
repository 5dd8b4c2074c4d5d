// A pool's life under its sessions: pause, resume, scale, delete, the same after a restart, and a
// workspace that is made again under its old name.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Connection } from "tedious";
import { startServer, type TestServer } from "../fixture/server.ts";
import { connectSql, createSqlWorkspace, query } from "./sql-workspace.ts";

const name = "lifews";
const version = "api-version=2021-06-01";

describe("the life of a SQL pool", () => {
  let dataDirectory: string;
  let server: TestServer;
  before(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), "callosum-pool-life-"));
    server = await startServer({ dataDirectory });
    await createSqlWorkspace(server, name);
    await run("CREATE TABLE dbo.numbers (a int)");
    await run("INSERT INTO dbo.numbers SELECT value FROM GENERATE_SERIES(1, 1000)");
  });
  after(async () => {
    await server.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  const workspace = () =>
    `${server.subscription}/resourceGroups/sql/providers/Microsoft.Synapse/workspaces/${name}`;

  async function ask(method: string, path: string, body?: unknown): Promise<void> {
    const reply = await server.admin.send(method, `${workspace()}${path}?${version}`, body);
    assert.ok(reply.status < 300, reply.text);
  }

  async function run(text: string, database = "pool1"): Promise<unknown[][]> {
    const connection = await connectSql(server, name, undefined, database);
    try {
      return await query(connection, text);
    } finally {
      connection.close();
    }
  }

  async function restart(): Promise<void> {
    await server.close();
    server = await startServer({ dataDirectory });
  }

  const files = async () =>
    (await readdir(join(dataDirectory, "sql"))).filter((file) => file.endsWith(".duckdb"));

  /** Ends long after the test. */
  const endless =
    "SELECT COUNT_BIG(*) FROM dbo.numbers a CROSS JOIN dbo.numbers b CROSS JOIN dbo.numbers c CROSS JOIN dbo.numbers d WHERE a.a * b.a % 7 = c.a % 5";

  /** A session that scores nothing, one whose statement runs, and the error that each ends with. */
  async function endsWith(change: () => Promise<void>): Promise<[number, string][]> {
    const connections = [await connectSql(server, name), await connectSql(server, name)] as const;
    const [idle, busy] = connections;
    for (const connection of connections) connection.on("error", () => {});
    const running = refusal(busy, endless);
    await isRunning(idle);
    await change();
    const ends = [await running, await refusal(idle, "SELECT 1")];
    for (const connection of connections) connection.close();
    return ends;
  }

  async function isRunning(connection: Connection): Promise<void> {
    const text = `SELECT COUNT(*) FROM sys.dm_pdw_exec_requests WHERE status = 'Running' AND command LIKE '%dbo.numbers d%' AND session_id <> SESSION_ID()`;
    while ((await query(connection, text))[0]?.[0] === 0);
  }

  async function refusal(connection: Connection, text: string): Promise<[number, string]> {
    const error = await query(connection, text).then(
      () => assert.fail("it ran"),
      (reason: Error & { number: number }) => reason,
    );
    return [error.number, error.message];
  }

  it("sessions of a pool that is paused end, saying so, and its file is closed", async () => {
    const ends = await endsWith(() => ask("POST", "/sqlPools/pool1/pause"));
    for (const [number, message] of ends) {
      assert.equal(number, 42108);
      assert.match(message, /since it is paused/);
    }
    await assert.rejects(run("SELECT 1"), /since it is paused/);
    await ask("POST", "/sqlPools/pool1/resume");
    assert.deepEqual(await run("SELECT COUNT(*) FROM dbo.numbers"), [[1000]]);
  });

  it("sessions of a pool that is scaled end, saying so", async () => {
    const ends = await endsWith(() => ask("PATCH", "/sqlPools/pool1", { sku: { name: "DW300c" } }));
    for (const [number, message] of ends) {
      assert.equal(number, 40197);
      assert.match(message, /pool was scaled; please connect again/);
    }
    assert.deepEqual(await run("SELECT COUNT(*) FROM dbo.numbers"), [[1000]]);
  });

  it("a tag leaves sessions alone, after a restart too", async () => {
    await restart();
    const connection = await connectSql(server, name);
    await query(connection, "CREATE TABLE #kept (a int)");
    await ask("PATCH", "/sqlPools/pool1", { tags: { a: "b" } });
    assert.deepEqual(await query(connection, "SELECT COUNT(*) FROM #kept"), [[0]]);
    connection.close();
  });

  it("the file of a pool goes with it, after a restart too", async () => {
    const isOfPool = (file: string) => file.includes("sqlpools-pool1-");
    assert.equal((await files()).filter(isOfPool).length, 1);
    await restart();
    const ends = await endsWith(() => ask("DELETE", "/sqlPools/pool1"));
    for (const [number, message] of ends) {
      assert.equal(number, 40197);
      assert.match(message, /pool was deleted/);
    }
    assert.deepEqual((await files()).filter(isOfPool), []);
  });

  it("files that no pool has are removed at the start", async () => {
    await server.close();
    const left = "0-sql-microsoft_synapse-workspaces-gone-sqlpools-p-20260101000000000.duckdb";
    for (const suffix of ["", ".wal"])
      await writeFile(join(dataDirectory, "sql", left + suffix), "");
    server = await startServer({ dataDirectory });
    await ask("PUT", "/sqlPools/pool1", { location: "westeurope", sku: { name: "DW100c" } });
    assert.ok(!(await files()).includes(left));
    await run("CREATE TABLE dbo.numbers (a int)");
  });

  it("a workspace that is made again under its name has a new master", async () => {
    await run("CREATE USER [old] WITHOUT LOGIN", "master");
    const old = (await files()).filter((file) => file.startsWith("master-"));
    await ask("DELETE", "");
    assert.deepEqual(await files(), []);
    await createSqlWorkspace(server, name);
    const users = "SELECT COUNT(*) FROM sys.database_principals WHERE name = 'old'";
    assert.deepEqual(await run(users, "master"), [[0]]);
    assert.ok(!(await files()).includes(old[0] ?? ""));
    await assert.rejects(run("SELECT COUNT(*) FROM dbo.numbers"), { number: 208 });
  });
});
