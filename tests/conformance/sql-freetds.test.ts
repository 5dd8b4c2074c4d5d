// FreeTDS's `tsql` and `freebcp`, unmodified (Debian: freetds-bin), over TLS with the instance's own authority.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { createSqlWorkspace, password, sqlPort, userName } from "./sql-workspace.ts";

const isInstalled = spawnSync("tsql", ["-C"]).status === 0;
const skip = isInstalled ? false : "FreeTDS is not installed: apt-get install freetds-bin";

describe("FreeTDS on a dedicated SQL pool", { skip }, () => {
  let server: TestServer;
  let directory: string;

  before(async () => {
    server = await startServer();
    await createSqlWorkspace(server, "freews");
    directory = await mkdtemp(join(tmpdir(), "callosum-freetds-"));
    const settings = [
      "[pool]",
      "host = localhost",
      `port = ${sqlPort(server)}`,
      "tds version = 7.4",
      "encryption = require",
      `ca file = ${server.contract.caFile}`,
      "client charset = UTF-8",
    ];
    await writeFile(join(directory, "freetds.conf"), `${settings.join("\n")}\n`);
  });
  after(async () => {
    await rm(directory, { recursive: true, force: true });
    await server.close();
  });

  /** The workspace is named by the login: FreeTDS sends no server name that TLS could carry. */
  function run(
    program: string,
    words: readonly string[],
    { script = "", secret = password } = {},
  ): Promise<{ output: string; errors: string }> {
    const login = ["-S", "pool", "-U", `${userName}@freews`, "-P", secret, "-D", "pool1"];
    const child = spawn(program, [...words, ...login], {
      env: { ...process.env, FREETDSCONF: join(directory, "freetds.conf") },
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.stdin.on("error", () => {});
    child.stdin.end(script);
    return new Promise((resolve) => child.on("close", () => resolve({ output, errors })));
  }
  const tsql = (script: string, secret = password) => run("tsql", ["-o", "qf"], { script, secret });

  it("makes a table, fills it and reads every type that it asks for", async () => {
    const { output, errors } = await tsql(
      [
        "CREATE TABLE dbo.free (id int NOT NULL, name nvarchar(20), price decimal(9,2), day date, ratio float)",
        "GO",
        "INSERT dbo.free VALUES (1, N'Zoë', 12.34, '2024-02-29', 0.5), (2, NULL, NULL, NULL, NULL)",
        "GO",
        "SELECT id, name, price, CONVERT(varchar(10), day, 23), ratio FROM dbo.free ORDER BY id",
        "GO",
        "",
      ].join("\n"),
    );
    assert.match(output, /1\tZoë\t12\.34\t2024-02-29\t0\.5\n2\tNULL\tNULL\tNULL\tNULL\n/, errors);
  });

  it("shows an error by its number and goes on", async () => {
    const script = "SELECT * FROM dbo.nosuch\nGO\nSELECT 40 + 2 AS answer\nGO\n";
    const { output, errors } = await tsql(script);
    assert.match(errors + output, /Msg 208/);
    assert.match(output, /^42$/m);
  });

  // FreeTDS 1.3 can't read back what it writes of NULLs, dates and nvarchar in native form (-n).
  for (const [form, columns, row] of [
    ["-n", "a int, b char(3), c money, d float", "1, 'xy', 1.5, 0.25"],
    ["-c", "a int, b char(3), c nvarchar(9), d date", "NULL, 'xy', N'é', '2024-02-29'"],
  ] as const) {
    it(`copies a table out and in again with freebcp ${form}`, async () => {
      const table = `dbo.bcp_${form[1]}`;
      const file = join(directory, "rows");
      await tsql(`CREATE TABLE ${table} (${columns})\nGO\nINSERT ${table} VALUES (${row})\nGO\n`);
      for (const way of ["out", "in"]) {
        const { output, errors } = await run("freebcp", [table, way, file, form]);
        assert.match(output, /1 rows copied/, errors);
      }
      const all = "a, b + '.' AS b, c, d";
      const { output } = await tsql(
        `SELECT DISTINCT COUNT(*) OVER () AS n, ${all} FROM ${table}\nGO\n`,
      );
      assert.match(output, /^2\t(1|NULL)\txy \.\t(1\.5000\t0\.25|é\tFeb 29 2024 .*)\n$/m);
      assert.equal(output.match(/^2\t/gm)?.length, 1, output);
    });
  }

  it("is refused with a wrong password", async () => {
    const { errors, output } = await tsql("SELECT 1\nGO\n", "wrong");
    assert.match(errors + output, /Login failed/);
  });
});
