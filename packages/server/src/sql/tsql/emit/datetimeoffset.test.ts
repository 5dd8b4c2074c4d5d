// datetimeoffset from text, from other types and through functions: NULL stays NULL, an offset in the
// text counts however it is written.
import { testSqlCases } from "../tests/case.ts";

const texts = [
  ["2020-01-01 00:00:00 +05:30", "2020-01-01 00:00:00.0000000 +05:30"],
  ["2020-01-01 00:00:00-05:30", "2020-01-01 00:00:00.0000000 -05:30"],
  ["2020-01-01T00:00:00Z", "2020-01-01 00:00:00.0000000 +00:00"],
  ["2020-01-01T00:00:00.25+14:00", "2020-01-01 00:00:00.2500000 +14:00"],
  ["2020-01-01 00:00:00.1234567 -08:00", "2020-01-01 00:00:00.1234560 -08:00"],
  ["2020-01-01 10:00 PM +01:00", "2020-01-01 22:00:00.0000000 +01:00"],
  ["2020-01-01", "2020-01-01 00:00:00.0000000 +00:00"],
] as const;

testSqlCases(
  "a column's text as datetimeoffset",
  [
    ...texts.map(([text, shown]) => ({
      sql: `SELECT CAST(CAST(t AS datetimeoffset) AS varchar(40)) FROM dbo.texts WHERE t = '${text}'`,
      rows: shown,
    })),
    {
      sql: "SELECT CAST(t AS datetimeoffset) FROM dbo.texts WHERE t IS NULL",
      rows: [[null]],
    },
    {
      sql: "SELECT TRY_CAST('x' + t AS datetimeoffset) FROM dbo.texts WHERE t = '2020-01-01'",
      rows: null,
    },
    {
      sql: "SELECT CAST('x' + t AS datetimeoffset) FROM dbo.texts WHERE t = '2020-01-01'",
      error: 241,
    },
  ],
  [
    "CREATE TABLE dbo.texts (t nvarchar(40) NULL)",
    `INSERT dbo.texts VALUES ${texts.map(([text]) => `('${text}')`).join(", ")}, (NULL)`,
  ],
);

testSqlCases("a NULL datetimeoffset", [
  { sql: "DECLARE @t nvarchar(40); SELECT CAST(@t AS datetimeoffset)", rows: null },
  { sql: "DECLARE @t datetime2; SELECT CAST(@t AS datetimeoffset)", rows: null },
  { sql: "DECLARE @t datetime2; SELECT @t AT TIME ZONE 'UTC'", rows: null },
  { sql: "SELECT SWITCHOFFSET(CAST(NULL AS datetimeoffset), 3)", rows: null },
  { sql: "SELECT TODATETIMEOFFSET(NULL, 3)", rows: null },
  { sql: "SELECT TODATETIMEOFFSET(GETDATE(), CAST(NULL AS int))", rows: null },
  { sql: "SELECT DATEADD(day, 1, CAST(NULL AS datetimeoffset))", rows: null },
  {
    sql: "DECLARE @t nvarchar(40); CREATE TABLE #z (d datetimeoffset NULL); INSERT #z VALUES (@t); SELECT COUNT(*) FROM #z WHERE d IS NULL",
    rows: "1",
  },
]);
