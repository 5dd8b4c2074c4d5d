// Microsoft's JDBC driver, unmodified, from Maven Central by Maven: parameters, transactions, bulk copy, calls,
// cancellation, metadata, and an Entra token. The workspace is named in the user, and with a token by the server name.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSqlWorkspace, password, sqlPort, userName } from "../conformance/sql-workspace.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { openRecord } from "./record.ts";
import { clientCache } from "./venv.ts";

const source = fileURLToPath(new URL("sql-jdbc/Main.java", import.meta.url));
const version = "12.8.1.jre11";
const isInstalled = ["java", "mvn"].every(
  (program) => spawnSync(program, ["-version"]).status === 0,
);
const skip = isInstalled ? false : "no Java or no Maven on this machine, so mssql-jdbc is not run";
const record = openRecord("sql-jdbc", {
  client: "Microsoft JDBC Driver for SQL Server (mssql-jdbc)",
  version,
  platform: "Maven Central",
  test: "tests/clients/sql-jdbc.test.ts",
});

describe("mssql-jdbc on a dedicated SQL pool", { skip }, () => {
  let server: TestServer;
  let driver: string;
  before(async () => {
    const folder = join(clientCache(), "sql-jdbc");
    driver = join(folder, `mssql-jdbc-${version}.jar`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(driver)) {
      const artifact = `com.microsoft.sqlserver:mssql-jdbc:${version}`;
      const words = [
        "-q",
        "-B",
        "dependency:copy",
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${folder}`,
      ];
      await promisify(execFile)("mvn", words, { cwd: folder });
    }
    server = await startServer({ logSink: (line) => assert.fail(line) });
    await createSqlWorkspace(server, "jdbcws");
  });
  after(async () => {
    record.write();
    await server?.close();
  });

  const operations = [
    "prepared statements, batches, transactions, bulk copy, calls with output parameters, errors",
    "cancel, query timeout, 200,000 rows streamed, large packets, DatabaseMetaData",
    "parameters and columns of statements that have not run",
    "sign-in with an Entra access token",
  ];
  it(
    "writes, reads, copies, calls, cancels and signs in with a token",
    { timeout: 120_000 },
    record.covers(operations, async () => {
      const options = "databaseName=pool1;encrypt=true;trustServerCertificate=true";
      const at = (host: string) => `jdbc:sqlserver://${host}:${sqlPort(server)};${options}`;
      const azureHost = "jdbcws.sql.azuresynapse.net";
      const hosts = join(dirname(driver), "hosts");
      writeFileSync(hosts, `127.0.0.1 localhost ${azureHost}\n`);
      const token = await server.admin.token("https://database.windows.net/");
      const login = [`${userName}@jdbcws`, password, token];
      const { stdout } = await promisify(execFile)("java", [
        ...["-Duser.timezone=UTC", `-Djdk.net.hosts.file=${hosts}`, "-cp", driver, source],
        ...[at("localhost"), ...login, at(azureHost)],
      ]);
      assert.deepEqual(stdout.trim().split("\n"), [
        "rows: [1|Zoë 漢|-12.34|2024-02-29 01:02:03.5|2024-02-29 01:02:03 +05:30|1.5|true|20000|6F9619FF-8B86-D011-B42D-00C04FC964FF, 2|null|null|null|null|null|null|null|null]",
        "batch: 300",
        "left: [302|0]",
        "copied: [302] differ [0]",
        "call: [5, second] 7 xé5 null",
        "error: 208 line 2",
        "cancelled: The query was canceled.",
        "timed out: The query has timed out.",
        "after: [1]",
        "streamed: 20001188895",
        "columns: [id int, name nvarchar, price decimal, at datetime2, zoned datetimeoffset, ratio float, flag bit, raw varbinary, guid uniqueidentifier]",
        "tables: [copied, jdbc, keyed]",
        "parameters: [@RETURN_VALUE, @n, @text, @guid]",
        "indexes: [null, pk_keyed, ix_keyed, ix_keyed]",
        "keys: [id]",
        "foreign keys: []",
        "functions: [told;1]",
        "schemas: [dbo]",
        "catalogues: [master, pool1]",
        "types: 25",
        "product: Microsoft SQL Server pool1 dbo",
        "parameters ahead: [int 10, nvarchar 40, decimal 10, varbinary 2147483647]",
        "parameters ahead: [decimal 38, datetime2 23]",
        "parameters ahead: [int 10, nvarchar 20, uniqueidentifier 36]",
        "columns ahead: [id decimal, none, none] of [302]",
        "large packets: [1]",
        "token: [dbo]",
      ]);
    }),
  );
});
