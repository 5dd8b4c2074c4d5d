// Calls and operators with arguments of types that they do not take: SQL Server's own numbers, and none of ours.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";
import { functionTable } from "../functions/table.ts";
import { type SqlCase, testSqlCases } from "./case.ts";

const columns = {
  i: "int",
  b: "bit",
  f: "float",
  p: "decimal(9,2)",
  m: "money",
  d: "date",
  t: "time(3)",
  dt: "datetime",
  o: "datetimeoffset(3)",
  g: "uniqueidentifier",
  vb: "varbinary(8)",
  v: "varchar(20)",
  n: "nvarchar(max)",
};
const ground = [
  `CREATE TABLE dbo.f (${Object.entries(columns).map((column) => column.join(" "))})`,
  "INSERT dbo.f VALUES (1, 1, 1.5, 1.25, 3.5, '2024-01-02', '01:02:03', '2024-01-02', '2024-01-02 +01:00', NEWID(), 0x0102, 'abc', N'abc')",
];

const refused: SqlCase[] = [
  ...["i", "d", "g", "NULL"].map((arg) => ({ sql: `SUBSTRING(${arg}, 1, 1)`, error: 8116 })),
  { sql: "DB_NAME(dt)", error: 8116, message: "datetime is invalid for argument 1 of db_name" },
  { sql: "OBJECT_ID(g)", error: 8116 },
  { sql: "COL_NAME(i, t)", error: 8116, message: "argument 2" },
  { sql: "DATEADD(day, d, dt)", error: 8116, message: "date is invalid for argument 2 of dateadd" },
  { sql: "DATEADD(day, v, dt)", error: 8116 },
  { sql: "SWITCHOFFSET(o, d)", error: 8116, message: "argument 2 of switchoffset" },
  { sql: "TODATETIMEOFFSET(dt, g)", error: 8116 },
  { sql: "ISDATE(d)", error: 8116 },
  { sql: "EOMONTH(i)", error: 8116 },
  { sql: "ISJSON(i)", error: 8116 },
  { sql: "JSON_VALUE(d, '$.a')", error: 8116 },
  { sql: "LAG(i, d) OVER (ORDER BY i)", error: 8116 },
  { sql: "LAG(NULL) OVER (ORDER BY i)", error: 8116, message: "data type NULL" },
  { sql: "NTILE(g) OVER (ORDER BY i)", error: 8116 },
  { sql: "MIN(b)", error: 8117 },
  { sql: "SUM(v)", error: 8117 },
  { sql: "GROUPING(i)", error: 8161, message: "Argument 1 of the GROUPING function" },
  { sql: "dt + d", error: 402, message: "datetime and date are incompatible in the add" },
  { sql: "CAST(vb AS date)", error: 529 },
  { sql: "CAST(vb AS datetimeoffset)", error: 529 },
].map((row) => ({ ...row, sql: `SELECT ${row.sql} FROM dbo.f` }));

testSqlCases("wrong types", refused, ground);

testSqlCases("binary numbers and times", [
  { sql: "SELECT CAST(0x0102 AS int), CAST(0x AS int)", rows: [["258", "0"]] },
  { sql: "SELECT CAST(0xFFFFFFFF AS int), CAST(0xFF AS tinyint)", rows: [["-1", "255"]] },
  { sql: "SELECT CAST(0xFFFF AS smallint), CAST(0xFFFF AS int)", rows: [["-1", "65535"]] },
  { sql: "SELECT CAST(0x8000000000000000 AS bigint)", rows: "-9223372036854775808" },
  {
    sql: "SELECT CAST(0x0102030405 AS int), CAST(0x3039 AS money)",
    rows: [["33752069", "1.2345"]],
  },
  {
    sql: "DECLARE @b varbinary(8) = 0x0105; SELECT @b + 1, CAST(NULL AS varbinary(2)) + 1",
    rows: [["262", null]],
  },
  { sql: "SELECT CAST(0x0000B0A400C5C100 AS datetime)", rows: "2023-10-23 12:00:00.000" },
  {
    sql: "SELECT CAST(0x01 AS datetime), CAST(0xFFFFFFFF00000000 AS datetime)",
    rows: [["1900-01-01 00:00:00.003", "1899-12-31 00:00:00.000"]],
  },
  { sql: "SELECT CAST(0xB0A402D0 AS smalldatetime)", rows: "2023-10-23 12:00:00" },
  {
    sql: "SELECT CAST(CAST('19000101' AS datetime) AS bit), CAST(GETDATE() AS bit)",
    rows: [["0", "1"]],
  },
]);

testSqlCases("parts of dates", [
  { sql: "SELECT DATEFROMPARTS(2024, 13, 1)", error: 289, message: "data type date, some" },
  { sql: "SELECT DATEFROMPARTS(0, 1, 1)", error: 289 },
  { sql: "SELECT DATETIMEFROMPARTS(2024, 2, 30, 1, 1, 1, 1)", error: 289 },
  { sql: "SELECT DATETIMEFROMPARTS(2024, 2, 29, 23, 59, 59, 1000)", error: 289 },
  { sql: "SELECT DATETIME2FROMPARTS(2024, 2, 29, 25, 0, 0, 0, 7)", error: 289 },
  { sql: "SELECT TIMEFROMPARTS(1, 2, 3, 10, 1)", error: 289, message: "data type time" },
  {
    sql: "SELECT DATEFROMPARTS(NULL, 13, 1), TIMEFROMPARTS(1, 2, 3, 9, 1)",
    rows: [[null, "01:02:03.9"]],
  },
  {
    sql: "SELECT DATETIMEOFFSETFROMPARTS(2024, 2, 29, 1, 2, 3, 5, 1, 30, 1)",
    rows: "2024-02-28 23:32:03.5000000 90",
  },
]);

let server: TestServer;
let session: SqlSession;
before(async () => {
  server = await startSqlServer();
  session = await server.open();
  for (const text of ground) assert.deepEqual((await runBatch(session, text)).errors, [], text);
});
after(() => server.close());

for (const [name, definition] of functionTable) {
  const [fewest, most] = definition.args;
  if (definition.kind === "refused" || most === 0) continue;
  const over = definition.kind === "window" ? " OVER (ORDER BY i)" : "";
  test(`${name} never fails in the engine, whatever its arguments are`, async () => {
    const count = Math.max(1, fewest);
    const names = Object.keys(columns);
    for (const [index, wrong] of names.entries())
      for (let place = 0; place < count; place += 1) {
        const others = names[(index * 5 + place * 3) % names.length]!;
        const list = Array.from({ length: count }, (_, at) => (at === place ? wrong : others));
        if (/^DATE(ADD|DIFF|NAME|PART|TRUNC)/.test(name)) list[0] = "day";
        const text = `SELECT ${name}(${list})${over} FROM dbo.f`;
        const { errors } = await runBatch(session, text);
        const ours = errors.filter(({ number }) => number === 40197);
        assert.deepEqual(ours, [], text);
      }
  });
}
