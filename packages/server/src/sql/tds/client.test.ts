// The wire against clients of other makers: FreeTDS' tsql, and pymssql and python-tds where
// TDS_PYTHON names an interpreter that has them. What is absent is skipped with its reason.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { SqlEvent } from "../session.ts";
import { password, resultSet, tenColumns } from "./testing/fixed-front.ts";
import { startWire, type Wire } from "./testing/wire.ts";

const run = promisify(execFile);
const timeoutMs = 20_000;
const python = process.env.TDS_PYTHON;
const tsqlAbsent = await run("tsql", ["-C"]).then(
  () => false as const,
  () => "tsql is not on the PATH (Debian: freetds-bin)",
);
const pythonAbsent =
  python === undefined && "TDS_PYTHON names no Python with pymssql and python-tds";

let wire: Wire;
before(async () => {
  wire = await startWire({ allowPlain: true });
  const int = { name: "n", type: { name: "int" }, nullable: true } as const;
  const text = { name: "t", type: { name: "nvarchar", length: "max" }, nullable: true } as const;
  wire.front.answers.set("rows", (signal) => tenColumns(3000, { signal }));
  wire.front.answers.set("two", async function* (): AsyncGenerator<SqlEvent> {
    yield* resultSet(
      [int, text],
      [
        [1, "péché 日本"],
        [null, null],
        [3, "x".repeat(9000)],
      ],
    );
    yield* resultSet([{ ...int, name: "m" }], [[-5]]);
  });
});
after(async () => {
  await wire.listener.close();
  assert.deepEqual(wire.errors, []);
  assert.deepEqual(wire.dropped, []);
});

function tsql(script: string, version: string): Promise<string> {
  const args = ["-H", "localhost", "-p", String(wire.port), "-U", "sa@ws1", "-P", password];
  const env = { ...process.env, TDSVER: version, LC_ALL: "C.UTF-8" };
  const child = run("tsql", args, { env, timeout: timeoutMs, maxBuffer: 1 << 24 });
  child.child.stdin!.end(script);
  return child.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

describe("FreeTDS tsql", { skip: tsqlAbsent }, () => {
  for (const version of ["7.3", "7.4", "auto"]) {
    test(`reads results, text and errors with TDS ${version}`, async () => {
      const output = await tsql("two\ngo\nrows\ngo\nbroken\ngo\nexit\n", version);
      assert.match(output, /1\tpéché 日本\n/);
      assert.match(output, /NULL\tNULL\n/);
      assert.match(output, /3\tx{9000}\n/);
      assert.match(output, /\nm\n-5\n/);
      assert.match(
        output,
        /946\t1\tNov 14 2023 10:13PM\tNULL\t315.33333333333331\t189.199997\t226.50/,
      );
      assert.match(output, /\(3000 rows affected\)/);
      assert.match(output, /Msg 102 .*\n.*Incorrect syntax near 'broken/);
    });
  }

  test("is told why an older protocol is refused", async () => {
    for (const version of ["7.1", "7.2"]) {
      const output = await tsql("two\ngo\nexit\n", version);
      assert.match(output, /TDS version 0x7[12][0-9a-f]{6}, older than 7.3, is not supported/);
    }
  });
});

const script = `
import sys, datetime, decimal, uuid, pymssql, pytds
port, password = int(sys.argv[1]), sys.argv[2]
def check(name, got, expected):
    assert got == expected, (name, got, expected)
def common(name, connection, mark):
    cursor = connection.cursor()
    cursor.execute("rows")
    rows = cursor.fetchall()
    check(name, len(rows), 3000)
    check(name, rows[3][3:], (3, 1.0, rows[3][5], decimal.Decimal("-9.25"), "N", None, 3 / 7))
    cursor.execute("two")
    check(name, cursor.fetchall(), [(1, "p\\u00e9ch\\u00e9 \\u65e5\\u672c"), (None, None), (3, "x" * 9000)])
    assert cursor.nextset()
    check(name, cursor.fetchall(), [(-5,)])
    try:
        cursor.execute("broken")
        raise AssertionError("no error")
    except Exception as error:
        assert "Incorrect syntax" in str(error), error
    cursor.execute("two")
    check(name, len(cursor.fetchall()), 3)
pymssql_connection = pymssql.connect(server="localhost", port=port, user="sa@ws1", password=password, database="pool1")
common("pymssql", pymssql_connection, "%s")
cursor = pymssql_connection.cursor()
cursor.callproc("echo", (1, "x", None, 2.5))
check("callproc", [row for row in cursor], [(1, "x", None, 2.5)])
pymssql_connection.commit()
pymssql_connection.close()
connection = pytds.connect(dsn="localhost", port=port, user="sa@ws1", password=password, database="pool1")
common("pytds", connection, "%s")
values = (5, "abc \\u65e5", decimal.Decimal("-12.345"), datetime.datetime(2024, 2, 29, 23, 59, 58, 123000), pytds.Binary(b"\\x00\\xff"), True)
cursor = connection.cursor()
cursor.execute("echo " + ", ".join(["%s"] * len(values)), values)
check("parameters", tuple(cursor.fetchall()[0]), values)
connection.commit()
connection.close()
print("fine")
`;

test("pymssql and python-tds log in, query, call and fail as expected", {
  skip: pythonAbsent,
}, async () => {
  const args = ["-c", script, String(wire.port), password];
  const { stdout } = await run(python!, args, { timeout: timeoutMs });
  assert.equal(stdout.trim(), "fine");
});
