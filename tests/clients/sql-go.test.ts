// Go's driver for SQL Server (go-mssqldb, which sqlcmd is made of) and its own command line client, built from
// source, unmodified. The SQL endpoint's certificate is checked against the instance's authority.

import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSqlWorkspace, password, sqlPort, userName } from "../conformance/sql-workspace.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { openRecord } from "./record.ts";
import { clientCache } from "./venv.ts";

const source = fileURLToPath(new URL("sql-go", import.meta.url));
const version = /go-mssqldb v(\S+)/.exec(readFileSync(join(source, "go.mod"), "utf8"))?.[1] ?? "";
const skip =
  spawnSync("go", ["version"]).status === 0
    ? false
    : "no Go on this machine, so go-mssqldb is not run";
const record = openRecord("sql-go", {
  client: "go-mssqldb and its tsql",
  version,
  platform: "built from source",
  test: "tests/clients/sql-go.test.ts",
});

describe("go-mssqldb on a dedicated SQL pool", { skip }, () => {
  let server: TestServer;
  let folder: string;
  before(async () => {
    folder = join(clientCache(), `sql-go-${version}`);
    mkdirSync(folder, { recursive: true });
    cpSync(source, folder, { recursive: true });
    const build = (output: string, what: string) =>
      promisify(execFile)("go", ["build", "-o", output, what], {
        cwd: folder,
        env: { ...process.env, GOFLAGS: "-mod=mod" },
      });
    await build("driver", ".");
    await build("tsql", "github.com/microsoft/go-mssqldb/examples/tsql");
    server = await startServer({ logSink: (line) => assert.fail(line) });
    await createSqlWorkspace(server, "gows");
  });
  after(async () => {
    record.write();
    await server?.close();
  });

  const inDriver = [
    "bulk copy, named parameters, output parameters, transactions, cancellation by context, errors",
  ];
  it(
    "copies in bulk, passes parameters, rolls back, cancels and tells errors",
    { timeout: 120_000 },
    record.covers(inDriver, async () => {
      const login = `${userName}%40gows:${encodeURIComponent(password)}`;
      const options = new URLSearchParams({
        database: "pool1",
        encrypt: "true",
        certificate: server.contract.caFile,
        hostNameInCertificate: "localhost",
      });
      const url = `sqlserver://${login}@localhost:${sqlPort(server)}?${options}`;
      const { stdout } = await promisify(execFile)(join(folder, "driver"), [url]);
      assert.deepEqual(JSON.parse(stdout), {
        copied: 1000,
        row: ["n7", "2024-02-29T01:02:03Z", 3.5],
        output: 42,
        left: 1000,
        "too long": 4815,
        cancelled: true,
        error: [208, 16, 2],
      });
    }),
  );

  it(
    "runs scripts from a terminal",
    { timeout: 60_000 },
    record.covers(["tsql: a script with GO, rows, errors"], async () => {
      const where = `localhost;port=${sqlPort(server)};encrypt=true;TrustServerCertificate=true`;
      const words = ["-S", where, "-U", `${userName}@gows`, "-P", password, "-d", "pool1"];
      const child = spawn(join(folder, "tsql"), words);
      let printed = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk) => {
          printed += chunk;
        });
      child.stdin.end("SELECT 40 + 2 AS answer, N'é' AS text\ngo\nSELECT * FROM dbo.absent\ngo\n");
      await new Promise((resolve) => child.once("close", resolve));
      assert.match(printed, /answer\s+text/);
      assert.match(printed, /42\s+é/);
      assert.match(printed, /Invalid object name 'dbo\.absent'/);
    }),
  );
});
