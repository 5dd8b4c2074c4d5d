// Dates and times at the ends of their types. The engine keeps six digits of a second (docs/sql.md).
import { testSqlCases } from "./case.ts";

const last = "9999-12-31 23:59:59.9999999";

testSqlCases(
  "bounds of dates",
  [
    { sql: `SELECT CAST('${last}' AS datetime2(7))`, rows: "9999-12-31 23:59:59.9999990" },
    {
      sql: "SELECT t2, CAST(t AS datetime2), ti, o FROM dbo.b",
      rows: [
        [
          "9999-12-31 23:59:59.9999990",
          "9999-12-31 23:59:59.9999990",
          "23:59:59.9999990",
          "9999-12-31 23:59:59.9999990 0",
        ],
      ],
    },
    {
      sql: `SELECT CAST('${last}' AS datetime2(0)), CAST(t2 AS datetime2(3)) FROM dbo.b`,
      rows: [["9999-12-31 23:59:59", "9999-12-31 23:59:59.999"]],
    },
    {
      sql: "SELECT CAST('0001-01-01' AS datetime2), CAST('0001-01-01' AS date)",
      rows: [["0001-01-01 00:00:00.0000000", "0001-01-01"]],
    },
    {
      sql: "SELECT CAST('1753-01-01' AS datetime), CAST('9999-12-31 23:59:59.997' AS datetime)",
      rows: [["1753-01-01 00:00:00.000", "9999-12-31 23:59:59.997"]],
    },
    {
      sql: "SELECT CAST('1900-01-01' AS smalldatetime), CAST('2079-06-06 23:59:29' AS smalldatetime)",
      rows: [["1900-01-01 00:00:00", "2079-06-06 23:59:00"]],
    },
    {
      sql: "SELECT CAST('1752-12-31' AS datetime)",
      error: 242,
      message: "varchar data type to a datetime data type",
    },
    { sql: "SELECT CAST('9999-12-31 23:59:59.999' AS datetime)", error: 242 },
    { sql: "SELECT CAST('2079-06-06 23:59:30' AS smalldatetime)", error: 242 },
    { sql: "SELECT CAST(t2 AS datetime) FROM dbo.b", error: 242, message: "a datetime2 data type" },
    { sql: "SELECT CAST(d AS datetime) FROM dbo.b", error: 242, message: "a date data type" },
    { sql: "SELECT CAST(l AS smalldatetime) FROM dbo.b", error: 242 },
    { sql: "SELECT CAST(3000000 AS datetime)", error: 8115 },
    {
      sql: "SELECT TRY_CAST(t2 AS datetime), TRY_CAST(d AS smalldatetime), TRY_CAST(t AS datetime) FROM dbo.b",
      rows: [[null, null, null]],
    },
    { sql: "INSERT dbo.b (l) SELECT d FROM dbo.b", error: 242 },
  ],
  [
    "CREATE TABLE dbo.b (t varchar(40), t2 datetime2(7), ti time(7), o datetimeoffset(7), d date, l datetime)",
    `INSERT dbo.b VALUES ('${last}', '${last}', '23:59:59.9999999', '${last} +00:00', '0001-01-01', '1753-01-01')`,
  ],
);
