// What drivers read by place or expect in order: Microsoft's JDBC and ODBC drivers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlParameter } from "../../session.ts";
import { collect, runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
before(async () => {
  server = await startSqlServer();
  const session = await server.open();
  for (const text of [
    "CREATE TABLE dbo.zebra (id int IDENTITY NOT NULL, name nvarchar(10) NULL)",
    "CREATE TABLE dbo.ant (id int)",
    "CREATE VIEW dbo.bee AS SELECT id FROM dbo.ant",
    "CREATE PROCEDURE dbo.plus @a int, @b int OUTPUT AS BEGIN SET @b = @a + 1; SELECT @a AS a; RETURN 5 END",
  ])
    assert.deepEqual((await runBatch(session, text)).errors, [], text);
  await session.close();
});
after(() => server.close());

async function answer(text: string) {
  const session = await server.open();
  const { results, errors } = await runBatch(session, text);
  assert.deepEqual(errors, []);
  await session.close();
  return results[0]!;
}

test("sp_columns has as many columns as drivers of its age read", async () => {
  for (const [name, width, identity] of [
    ["sp_columns", 19, undefined],
    ["sp_columns_90", 25, undefined],
    ["sp_columns_100", 29, "1"],
  ] as const) {
    const { columns, rows } = await answer(`EXEC ${name} @table_name = 'zebra'`);
    assert.equal(columns.length, width, name);
    assert.equal(columns.at(-1)?.name, "SS_DATA_TYPE");
    const at = columns.findIndex((column) => column.name === "SS_IS_IDENTITY");
    assert.equal(rows[0]?.[at], identity);
  }
});

test("sp_sproc_columns has as many columns as drivers of its age read", async () => {
  for (const [name, width] of [
    ["sp_sproc_columns", 20],
    ["sp_sproc_columns_90", 26],
    ["sp_sproc_columns_100", 28],
  ] as const) {
    const { columns, rows } = await answer(`EXEC ${name} @procedure_name = 'plus'`);
    assert.equal(columns.length, width, name);
    assert.deepEqual(
      rows.map((row) => row[3]),
      ["@RETURN_VALUE", "@a", "@b"],
    );
  }
  const { columns } = await answer("EXEC sp_sproc_columns_100 @procedure_name = 'plus'");
  assert.equal(columns[20]?.name, "SS_TYPE_SCHEMA_NAME");
});

test("FMTONLY tells columns, goes every way and changes nothing", async () => {
  const session = await server.open();
  const outcome = await runBatch(
    session,
    `SET FMTONLY ON;
     INSERT dbo.ant VALUES (1); SELECT 1 AS a INTO dbo.made; CREATE TABLE dbo.made (a int);
     DECLARE @b int; EXEC dbo.plus 1, @b;
     IF 1 = 0 SELECT id AS x FROM dbo.ant ELSE SELECT 2 AS y;
     WHILE 1 = 1 SELECT 3 AS z;
     EXEC sp_rename 'dbo.ant', 'bug'; PRINT 'no';
     SET FMTONLY OFF;
     SELECT COUNT(*) AS n FROM dbo.ant`,
  );
  assert.deepEqual([outcome.errors, outcome.messages], [[], []]);
  assert.deepEqual(
    outcome.results.map(({ columns, rows }) => [columns[0]?.name, rows]),
    [
      ["a", []],
      ["x", []],
      ["y", []],
      ["z", []],
      ["n", [["0"]]],
    ],
  );
  await session.close();
});

test("types have the codes and sizes of the driver's ODBC version", async () => {
  const session = await server.open();
  await runBatch(
    session,
    "CREATE TABLE dbo.typed (d date, t time(3), a datetime2(7), o datetimeoffset(0), l datetime, p decimal(10,2), f float, g uniqueidentifier)",
  );
  const shown = async (words: string) =>
    (await answer(`EXEC ${words}`)).rows.map((row) => [4, 6, 7, 8].map((at) => row[at]).join(" "));
  const rest = ["3 10 12 2", "6 15 8 null", "-11 36 16 null"];
  assert.deepEqual(
    (await shown("sp_columns_100 'typed', @ODBCVer = 3")).map((row) =>
      row.replaceAll(/ (?= |$)/g, " null"),
    ),
    ["91 10 6 null", "-154 12 12 3", "93 27 16 7", "-155 26 20 0", "93 23 16 3", ...rest],
  );
  assert.deepEqual(
    (await shown("sp_columns 'typed'")).slice(0, 5).map((row) => row.split(" ")[0]),
    ["-9", "-9", "-9", "-9", "11"],
  );
  const named = async (code: number) =>
    (await answer(`EXEC sp_datatype_info_100 ${code}, @ODBCVer = 4`)).rows.map((row) => row[0]);
  assert.deepEqual(await named(-9), ["nvarchar", "sysname"]);
  assert.deepEqual(await named(93), ["datetime2", "smalldatetime", "datetime"]);
  const [guid, sysname] = [
    await answer("EXEC sp_datatype_info_100 -11"),
    await answer("EXEC sp_datatype_info -9"),
  ];
  assert.equal(guid.rows[0]?.[2], "36");
  assert.deepEqual(
    sysname.rows.filter((row) => row[0] === "sysname").map((row) => row[2]),
    ["128"],
  );
  await runBatch(session, "DROP TABLE dbo.typed");
  await session.close();
});

test("sp_tables is in order, and lists databases, schemas and types", async () => {
  const names = async (words: string, column: number) =>
    (await answer(`EXEC sp_tables ${words}`)).rows.map((row) => row[column]);
  assert.deepEqual(await names("@table_owner = 'dbo'", 2), ["ant", "zebra", "bee"]);
  assert.deepEqual(await names("'', '', '%'", 0), ["master", "pool1"]);
  assert.ok((await names("'', '%', ''", 1)).includes("dbo"));
  assert.deepEqual(await names("'', '', '', '%'", 3), ["SYSTEM TABLE", "TABLE", "VIEW"]);
});

test("sp_prepexecrpc calls a procedure and gives a handle for the next call", async () => {
  const session = await server.open();
  const int = (value: number | null, output: boolean): SqlParameter => ({
    name: "",
    type: { name: "int" },
    value,
    output,
  });
  const name: SqlParameter = {
    name: "",
    type: { name: "nvarchar", length: 4000 },
    value: "dbo.plus",
    output: false,
  };
  const call = (procedure: string, ...parameters: SqlParameter[]) =>
    collect(session.call({ procedure, parameters }, new AbortController().signal));
  const first = await call("sp_prepexecrpc", int(null, true), name, int(1, false), int(null, true));
  assert.deepEqual([first.results[0]?.rows, first.status], [[["1"]], 5]);
  assert.deepEqual(first.returned, { "": "1", "@b": "2" });
  const again = await call("sp_execute", int(1, false), int(7, false), int(null, true));
  assert.deepEqual([again.results[0]?.rows, again.returned], [[["7"]], { "@b": "8" }]);
  const absent = await call("sp_prepexecrpc", int(null, true), { ...name, value: "dbo.plus" });
  assert.deepEqual([absent.errors[0]?.number, absent.returned], [201, {}]);
  assert.equal((await call("sp_execute", int(2, false))).errors[0]?.number, 8179);
  await session.close();
});

test("sp_prepare tells the columns when it is asked for them", async () => {
  const session = await server.open();
  const text = (value: string): SqlParameter => ({
    name: "",
    type: { name: "nvarchar", length: 4000 },
    value,
    output: false,
  });
  const int = (value: number | null, output = false): SqlParameter => ({
    name: "",
    type: { name: "int" },
    value,
    output,
  });
  const prepare = (statement: string, ...options: SqlParameter[]) => {
    const parameters = [int(null, true), text("@a int"), text(statement), ...options];
    return collect(
      session.call({ procedure: "sp_prepare", parameters }, new AbortController().signal),
    );
  };
  const select = "SELECT name, id FROM dbo.zebra WHERE id = @a";
  const asked = await prepare(select, int(1));
  const names = asked.results.map(({ columns, rows }) => [columns.map(({ name }) => name), rows]);
  assert.deepEqual([names, asked.returned], [[[["name", "id"], []]], { "": "1" }]);
  assert.deepEqual((await prepare(select)).results, []);
  assert.deepEqual((await prepare("EXEC sp_tables", int(1))).errors, []);
  const absent = await prepare("SELECT * FROM dbo.absent", int(1));
  assert.deepEqual([absent.errors[0]?.number, absent.returned], [208, {}]);
  await session.close();
});
