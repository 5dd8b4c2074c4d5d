// Python's drivers for SQL Server against a dedicated SQL pool, unmodified, over TLS.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSqlWorkspace, password, sqlPort, userName } from "../conformance/sql-workspace.ts";
import { startServer, type TestServer } from "../fixture/server.ts";
import { openRecord } from "./record.ts";
import { openVenv } from "./venv.ts";

const venv = await openVenv("sql-python");
const script = fileURLToPath(new URL("sql-python.py", import.meta.url));
/** FreeTDS's ODBC driver (Debian: tdsodbc); without it pyodbc is left out. */
const driver = globSync("/usr/lib/*/odbc/libtdsodbc.so")[0] ?? "";
const packages = ["pyodbc", "pymssql", "SQLAlchemy", "mssql-python"];
const record = openRecord(
  "sql-python",
  {
    client: "SQL drivers for Python",
    version: packages.map((name) => `${name} ${venv.version(name)}`).join(", "),
    platform: `Python ${venv.pythonVersion}, FreeTDS ODBC, Microsoft ODBC Driver 18`,
    test: "tests/clients/sql-python.test.ts",
  },
  [
    "SQLAlchemy creates tables with AUTOCOMMIT only: DDL in a transaction is message 111212, as in Azure.",
  ],
);

const shownRow = [
  "1",
  "Zoë",
  "-12.34",
  "2024-02-29 01:02:03",
  "2024-02-29",
  "0102",
  "1.5",
  "True",
  "1152921504606846976",
];

const alchemy = {
  rows: [["2", "n2", "-12.34", "2024-02-29 01:02:03"]],
  schemas: ["dbo", "guest", "INFORMATION_SCHEMA", "sys"],
  has: [true, false],
  columns: [
    ["id", "INTEGER"],
    ["name", "NVARCHAR(40)"],
    ["price", "DECIMAL(10,"],
    ["at", "DATETIME"],
  ],
  keys: [[], []],
  indexes: 1,
  sequences: [],
  levels: ["READ COMMITTED", "READ UNCOMMITTED"],
  temporary: [true, ["a"]],
};

describe("Python's drivers on a dedicated SQL pool", { skip: venv.skip }, () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    await createSqlWorkspace(server, "pysqlws");
  });
  after(async () => {
    record.write();
    await server?.close();
  });

  const operations = [
    "pyodbc over FreeTDS: types, parameters, procedures, catalogue functions, transactions, errors",
    "pymssql: parameters, executemany, callproc",
    "SQLAlchemy over both: DDL, bulk insert, paging, reflection, isolation levels, temporary tables",
    "pyodbc over Microsoft ODBC Driver 18: described parameters, fast_executemany, fractions of seconds",
    "mssql-python (Microsoft ODBC Driver 18): types, parameters, bulk copy, catalogue, errors",
  ];
  it(
    "make tables, load them, read them back and look around",
    { timeout: 120_000 },
    record.covers(operations, async () => {
      const port = sqlPort(server);
      const given = { port, user: userName, password, workspace: "pysqlws", driver };
      const words = [script, JSON.stringify(given)];
      const { stdout } = await promisify(execFile)(venv.python, words);
      const { pyodbc, pymssql, sqlalchemy, microsoft, ...rest } = JSON.parse(
        stdout.trim().split("\n").at(-1) ?? "",
      );
      if (driver) {
        const { error, ...seen } = pyodbc;
        assert.match(error, /42S02.*Invalid object name 'dbo\.absent'.*\(208\)/);
        assert.deepEqual(seen, {
          row: shownRow,
          guid: "00000000-0000-0000-0000-000000000001",
          call: 42,
          tables: ["odbc"],
          columns: 9,
          catalogue: [0, 0, 1, 0, 1, 2],
          types: 25,
          "rolled back": "b",
        });
        assert.deepEqual(rest["sqlalchemy over odbc"], alchemy);
      }
      assert.deepEqual(pymssql.rows, [
        [1, "é"],
        [2, null],
      ]);
      assert.deepEqual(sqlalchemy, alchemy);
      if (rest["microsoft odbc"]) {
        assert.deepEqual(rest["microsoft odbc"], {
          first: ["0", "n".repeat(60), "2024-02-29 01:02:03.123456", "None"],
          count: 101,
          call: ["None"],
        });
      }
      const { error, ...seen } = microsoft;
      assert.match(error, /Invalid object name 'dbo\.absent'/);
      assert.deepEqual(seen, {
        row: ["100", ...shownRow.slice(1)],
        copied: 100,
        count: 101,
        tables: true,
      });
    }),
  );
});
