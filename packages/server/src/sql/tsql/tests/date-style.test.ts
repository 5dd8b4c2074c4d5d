// Styles of CONVERT to and from dates, rounding and bounds of the date types.
// Sources: "CAST and CONVERT", "DATEPART", "DATEADD", "TIMEFROMPARTS", "smalldatetime (Transact-SQL)".
import { type SqlCase, testSqlCases } from "./case.ts";

const zoned = "CAST('1997-12-31 14:53:00.123 +04:30' AS datetimeoffset(3))";
const dated = "CAST('2006-12-30' AS date)";
const timed = "CAST('14:38:54.840123' AS time)";

/** A value, a style, and the text that it is shown as. */
const texts: readonly (readonly [string, number, string])[] = [
  [zoned, 121, "1997-12-31 14:53:00.123 +04:30"],
  [zoned, 126, "1997-12-31T14:53:00.123+04:30"],
  [zoned, 127, "1997-12-31T10:23:00.123Z"],
  [zoned, 0, "Dec 31 1997  2:53PM +04:30"],
  [zoned, 112, "19971231"],
  [zoned, 108, "14:53:00"],
  ["CAST('2006-12-30 00:38:54.840' AS datetime)", 127, "2006-12-30T00:38:54.840"],
  ["CAST('2006-12-30 00:38:54' AS datetime)", 126, "2006-12-30T00:38:54"],
  ["CAST('2006-12-30 00:38' AS smalldatetime)", 126, "2006-12-30T00:38:00"],
  [dated, 9, "Dec 30 2006"],
  [dated, 22, "12/30/06"],
  [dated, 126, "2006-12-30"],
  [timed, 109, "2:38:54.8401230PM"],
  [timed, 22, "2:38:54 PM"],
  [timed, 108, "14:38:54"],
];

/** Text, style and type, and the date that is read, of a literal and of a column. */
const reads: readonly (readonly [string, number, string, string])[] = [
  ["30/12/2006", 103, "date", "2006-12-30"],
  ["30.12.2006 10:11:12", 103, "datetime", "2006-12-30 10:11:12.000"],
  ["30-12-56", 5, "date", "1956-12-30"],
  ["12-30-06", 10, "date", "2006-12-30"],
  ["12/30/49", 1, "date", "2049-12-30"],
  ["06/12/30", 11, "date", "2006-12-30"],
  ["061230", 12, "date", "2006-12-30"],
  ["2006.12.30", 102, "date", "2006-12-30"],
  ["30 Dec 2006", 106, "datetime", "2006-12-30 00:00:00.000"],
  ["0001-01-01", 121, "date", "0001-01-01"],
];

const styles: SqlCase[] = [
  ...texts.map(([value, style, text]) => ({
    sql: `SELECT CONVERT(varchar(40), ${value}, ${style})`,
    rows: text,
  })),
  ...reads.map(([text, style, type, day]) => ({
    sql: `SELECT CONVERT(${type}, '${text}', ${style}), CONVERT(${type}, t, ${style}) FROM (VALUES ('${text}')) v(t)`,
    rows: [[day, day]],
  })),
  { sql: `SELECT CONVERT(varchar(40), ${dated}, 108)`, error: 9809 },
  { sql: `SELECT CONVERT(varchar(40), ${timed}, 101)`, error: 9809 },
  { sql: "SELECT CONVERT(varchar(40), GETDATE(), 130)", error: 40517 },
  { sql: "SELECT CAST(t AS date) FROM (VALUES ('12/30/56')) v(t)", rows: "1956-12-30" },
];

const failures: SqlCase[] = [
  { sql: "SELECT CONVERT(datetime, '30/12/2006', 101)", error: 242 },
  { sql: "SELECT CAST('2024-02-30' AS datetime)", error: 242 },
  { sql: "SELECT CAST(t AS smalldatetime) FROM (VALUES ('2024-13-01')) v(t)", error: 242 },
  { sql: "SELECT CAST('2024-02-30' AS date)", error: 241 },
  { sql: "SELECT CAST('abc' AS datetime)", error: 241 },
  {
    sql: "SELECT TRY_CAST('2024-02-30' AS datetime), CAST(CAST(NULL AS varchar(9)) AS datetime)",
    rows: [[null, null]],
  },
  { sql: "SELECT DATEADD(day, -1, CAST('1753-01-01' AS datetime))", error: 517 },
  { sql: "SELECT DATEADD(year, 100, CAST('2020-01-01' AS smalldatetime))", error: 517 },
  { sql: "SELECT DATEADD(year, 8000, CAST('2020-01-01' AS datetimeoffset))", error: 517 },
  { sql: "SELECT DATEPART(hour, CAST('2024-01-01' AS date))", error: 9810 },
  { sql: "SELECT TIMEFROMPARTS(23, 59, 59, 0, NULL)", error: 10760 },
  { sql: "SELECT TIMEFROMPARTS(23, 59, 59, 0, 8)", error: 1002 },
  { sql: "SELECT DATETIMEFROMPARTS(1700, 1, 1, 0, 0, 0, 0)", error: 289 },
];

const bounds: SqlCase[] = [
  { sql: "SELECT SWITCHOFFSET('2024-01-01 10:00 +00:00', '+25:00')", error: 9812 },
  { sql: "SELECT SWITCHOFFSET(SYSDATETIMEOFFSET(), 'abc')", error: 9812 },
  { sql: "SELECT TODATETIMEOFFSET('2024-01-01', 900)", error: 9812 },
  {
    sql: "SELECT TODATETIMEOFFSET('2024-01-01', '+14:00'), TODATETIMEOFFSET('2024-01-01', NULL)",
    rows: [["2023-12-31 10:00:00.0000000 840", null]],
  },
  { sql: "SELECT EOMONTH('9999-12-31', 1)", error: 517 },
  {
    sql: "SELECT EOMONTH('9999-11-30', 1), EOMONTH('2024-01-15', NULL)",
    rows: [["9999-12-31", "2024-01-31"]],
  },
  { sql: "SELECT DATEDIFF(minute, '0001-01-01', '9999-12-31')", error: 535 },
  { sql: "SELECT DATEDIFF_BIG(nanosecond, '0001-01-01', '9999-12-31')", error: 535 },
  {
    sql: "SELECT CAST(t AS date), TRY_CAST(t AS datetime2(0)), CAST(t AS time(0)) FROM (VALUES (''), (NULL)) v(t)",
    rows: [
      ["1900-01-01", "1900-01-01 00:00:00", "00:00:00"],
      [null, null, null],
    ],
  },
  {
    sql: "SELECT CAST(t AS datetime) FROM (VALUES ('20240105 10:11:12 PM'), ('05-Jan-2024'), ('Jan 5, 2024'), ('10:11')) v(t)",
    rows: [
      ["2024-01-05 22:11:12.000"],
      ["2024-01-05 00:00:00.000"],
      ["2024-01-05 00:00:00.000"],
      ["1900-01-01 10:11:00.000"],
    ],
  },
];

const parts: SqlCase[] = [
  {
    sql: "SELECT DATEPART(tzoffset, '2007-05-10 00:00:01.1234567 +05:10'), DATENAME(tz, '2007-05-10 00:00:01 -05:10')",
    rows: [["310", "-05:10"]],
  },
  {
    sql: "SELECT CAST('2024-01-01 10:00:29.999' AS smalldatetime), CAST(CAST('2024-01-01 10:00:29.998' AS datetime2) AS smalldatetime)",
    rows: [["2024-01-01 10:01:00", "2024-01-01 10:00:00"]],
  },
  {
    sql: "SELECT CAST(CAST('2024-01-01 12:00' AS datetime) AS int), CAST(CAST('2024-01-01 11:59' AS datetime) AS int)",
    rows: [["45291", "45290"]],
  },
];

testSqlCases("dates", [...styles, ...failures, ...bounds, ...parts]);
