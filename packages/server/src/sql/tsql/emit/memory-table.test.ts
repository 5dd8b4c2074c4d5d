// What system views become: one text for the engine to split, however many rows they have.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnsOf } from "../system/definition.ts";
import { type SqlCase, testSqlCases } from "../tests/case.ts";
import type { SystemCell } from "./environment.ts";
import { systemTableSql } from "./memory-table.ts";

function tableOf(words: string, rows: readonly (readonly SystemCell[])[]) {
  const columns = columnsOf(words).map(({ name, type }) => ({ name, type, nullable: true }));
  return { columns, rows };
}

describe("a system view's SQL", () => {
  it("has as many expressions for ten thousand rows as for two", () => {
    const expressions = (count: number) => {
      const rows = Array.from({ length: count }, (_, row) => [row, `t${row}`, row % 2 > 0, "U "]);
      return systemTableSql(tableOf("id:int name:name odd:bit type:type", rows)).split("(").length;
    };
    assert.equal(expressions(10_000), expressions(2));
  });

  it("asks the engine once a row for what several columns tell", () => {
    const asked = { engineSql: "(SELECT count(*) FROM t)" };
    const sql = systemTableSql(tableOf("a:bigint b:bigint id:int", [[asked, asked, 1]]));
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
testSqlCases("system views", cases);
