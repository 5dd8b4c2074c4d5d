// Text that outgrows its type: cut at 8000 bytes, NULL or message 9829, as each function documents.
// What may be NULL says so: clients are told NOT NULL columns in another form.
import { testSqlCases } from "../tests/case.ts";

testSqlCases("text has the length of its type", [
  { sql: "SELECT LEN(REPLICATE('x', 9000))", rows: "8000" },
  { sql: "SELECT LEN(REPLICATE(N'x', 9000))", rows: "4000" },
  { sql: "SELECT LEN(REPLICATE(CAST('x' AS varchar(max)), 9000))", rows: "9000" },
  { sql: "SELECT DATALENGTH(SPACE(9000))", rows: "8000" },
  { sql: "SELECT LEN(CONCAT(REPLICATE('x', 8000), 'abc'))", rows: "8000" },
  { sql: "SELECT LEN(REPLICATE('x', 8000) + 'abc')", rows: "8000" },
  { sql: "SELECT LEN(REPLICATE(N'x', 4000) + N'abc')", rows: "4000" },
  { sql: "SELECT LEN(REPLACE(REPLICATE('x', 4000), 'x', 'abcd'))", rows: "8000" },
  { sql: "SELECT LEN(REPLACE(REPLICATE('-', 4000), '-', 'abcd'))", rows: "8000" },
  { sql: "SELECT LEN(STUFF(REPLICATE('x', 8000), 1, 0, 'abcd'))", rows: "8000" },
  {
    sql: "SELECT LEN(STUFF(CAST(REPLICATE('x', 8000) AS varchar(max)), 1, 0, 'abcd'))",
    rows: "8004",
  },
  {
    sql: "SELECT STRING_AGG(t, ',') FROM (VALUES (REPLICATE('x', 5000)), (REPLICATE('y', 5000))) v(t)",
    error: 9829,
  },
  { sql: "SELECT STRING_AGG(t, 1) FROM (VALUES ('a'), ('b')) v(t)", rows: "a1b" },
  { sql: "SELECT QUOTENAME(REPLICATE('x', 129))", rows: null },
  { sql: "SELECT LEN(QUOTENAME(REPLICATE(']', 128)))", rows: "258" },
  { sql: "SELECT CONCAT_WS(NULL, 'a', 'b')", rows: "ab" },
  { sql: "SELECT LTRIM('xxa', NULL)", rows: null },
  { sql: "SELECT STR(1, -3)", rows: null },
]);

testSqlCases("numbers out of range are message 8115", [
  { sql: "SELECT CAST(99999999999 AS int)", error: 8115 },
  { sql: "SELECT TRY_CAST(99999999999 AS int)", rows: null },
  { sql: "SELECT ABS(CAST(-9223372036854775808 AS bigint))", error: 8115 },
  { sql: "SELECT CAST(0x01 AS bit), CAST(0x0000 AS bit)", rows: [["1", "0"]] },
]);
