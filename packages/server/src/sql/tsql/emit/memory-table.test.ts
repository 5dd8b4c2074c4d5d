// What system views become: one text for the engine to split, however many rows they have.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnsOf } from "../system/definition.ts";
import { type SqlCase, testSqlCases } from "../tests/case.ts";
import type { SystemCell } from "./environment.ts";
import { textTableSql } from "./memory-table.ts";

function tableOf(words: string, rows: readonly (readonly SystemCell[])[]) {
  const columns = columnsOf(words).map(({ name, type }) => ({ name, type, nullable: true }));
  return { columns, rows };
}

describe("a system view's SQL", () => {
  it("has as many expressions for ten thousand rows as for two", () => {
    const expressions = (count: number) => {
      const rows = Array.from({ length: count }, (_, row) => [row, `t${row}`, row % 2 > 0, "U "]);
      return textTableSql(tableOf("id:int name:name odd:bit type:type", rows)).split("(").length;
    };
    assert.equal(expressions(10_000), expressions(2));
  });

  it("asks the engine once a row for what several columns tell", () => {
    const asked = { engineSql: "(SELECT count(*) FROM t)" };
    const twice = { engineSql: `(${asked.engineSql} * 2)` };
    const columns = "a:bigint b:bigint c:bigint id:int";
    const sql = textTableSql(tableOf(columns, [[asked, twice, asked, 1]]));
    assert.equal(sql.split("count(*)").length, 2);
  });
});

const odd = "a\u001fb\u001ec\u001dd";
const cases: SqlCase[] = [
  {
    sql: `SELECT name, LEN(name), DATEDIFF(day, create_date, GETDATE()), is_external FROM sys.tables ORDER BY name`,
    setup: ["IF OBJECT_ID('[it''s, \"x\"]') IS NULL CREATE TABLE [it's, \"x\"] (a int)"],
    rows: [['it\'s, "x"', "9", "0", "0"]],
  },
  {
    sql: `SELECT name FROM sys.columns WHERE object_id = OBJECT_ID('odd') ORDER BY column_id; DROP TABLE odd`,
    setup: [`CREATE TABLE odd ([${odd}] int, [null] int, [''] int)`],
    rows: [[odd], ["null"], ["''"]],
  },
  {
    sql: "SELECT OBJECT_NAME(object_id), row_count, used_page_count, reserved_page_count FROM sys.dm_db_partition_stats ORDER BY row_count; DROP TABLE few; DROP TABLE many",
    setup: [
      "CREATE TABLE few (a int); CREATE TABLE many (a int)",
      "INSERT few VALUES (1); INSERT many SELECT value FROM GENERATE_SERIES(1, 3000)",
      "IF OBJECT_ID('[it''s, \"x\"]') IS NOT NULL DROP TABLE [it's, \"x\"]",
    ],
    rows: [
      ["few", "1", "1", "1"],
      ["many", "3000", "3", "3"],
    ],
  },
];

const types =
  "n int, i bigint, s smallint, y tinyint, b bit, d decimal(38, 10), m money, f float, r real, dt date, t time(7), m2 datetime2(7), dm datetime, sd smalldatetime, z datetimeoffset(3), g uniqueidentifier, c char(3), v varchar(20), w nvarchar(max), x varbinary(9)";
const values = [
  "1, -9223372036854775808, -32768, 0, 0, -12345678901234567890.0123456789, -922337203685477.5808, -1.7976931348623157E308, 1.17549435E-38, '0001-01-01', '00:00:00', '0001-01-01', '1753-01-01', '1900-01-01', '0001-01-01 00:00:00 +00:00', '00000000-0000-0000-0000-000000000001', '', '', N'', 0x",
  "2, 9223372036854775807, 32767, 255, 1, 0.0000000001, 922337203685477.5807, 5E-324, 3.4028235E38, '9999-12-31', '23:59:59.999999', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.997', '2079-06-06 23:59', '9999-12-31 23:59:59.999 -12:00', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'a', ' b ', N'漢''字', 0x00FF1D1E",
  `3, ${Array.from({ length: 19 }, () => "NULL").join(", ")}`,
];
/** INSERT … EXEC brings its rows this way, as a bulk load does. */
const carried: SqlCase[] = [false, true].map((isDivided) => ({
  setup: [
    `CREATE TABLE #from (${types})`,
    ...values.map((row) => `INSERT #from VALUES (${row})`),
    `CREATE TABLE #to (${types})`,
    // A datetimeoffset has no text, so that rows with one are written out.
    ...(isDivided ? ["ALTER TABLE #from DROP COLUMN z", "ALTER TABLE #to DROP COLUMN z"] : []),
    "INSERT #to EXEC('SELECT * FROM #from')",
  ],
  sql: "SELECT (SELECT COUNT(*) FROM #to), (SELECT COUNT(*) FROM (SELECT * FROM #from EXCEPT SELECT * FROM #to) a), (SELECT COUNT(*) FROM (SELECT * FROM #to EXCEPT SELECT * FROM #from) b)",
  rows: [["3", "0", "0"]],
}));
testSqlCases("system views", cases);
testSqlCases("carried rows", carried);
