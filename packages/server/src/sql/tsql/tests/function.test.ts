// One row at least for every function of the table; a function without a row fails the last test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { functionTable } from "../functions/table.ts";
import { type SqlCase, testSqlCases } from "./case.ts";

const string: SqlCase[] = [
  {
    sql: "SELECT ASCII('A'), UNICODE(N'é'), CHAR(65), NCHAR(233), CHAR(300)",
    rows: [["65", "233", "A", "é", null]],
  },
  {
    sql: "SELECT CHARINDEX('B', 'abcb'), CHARINDEX('b', 'abcb', 3), CHARINDEX('z', 'abc'), CHARINDEX('a', NULL)",
    rows: [["2", "4", "0", null]],
  },
  {
    sql: "SELECT PATINDEX('%[0-9]%', 'ab3c'), PATINDEX('b%', 'abc'), PATINDEX('%c', 'abc')",
    rows: [["3", "0", "3"]],
  },
  {
    sql: "SELECT CONCAT('a', NULL, 1, N'z'), CONCAT_WS('-', 'a', NULL, 'b')",
    rows: [["a1z", "a-b"]],
  },
  {
    sql: "SELECT LEN('ab  '), LEN(''), LEN(123), DATALENGTH('ab '), DATALENGTH(N'ab'), DATALENGTH(1)",
    rows: [["2", "0", "3", "3", "4", "4"]],
  },
  { sql: "SELECT LOWER('AbÉ'), UPPER('abé'), REVERSE('abc')", rows: [["abé", "ABÉ", "cba"]] },
  {
    sql: "SELECT '[' + LTRIM('  a ') + ']', '[' + RTRIM(' a  ') + ']', '[' + TRIM('  a  ') + ']', TRIM('xy' FROM 'xaxy')",
    rows: [["[a ]", "[ a]", "[a]", "a"]],
  },
  {
    sql: "SELECT LEFT('abc', 2), RIGHT('abc', 2), LEFT('abc', 9)",
    rows: [["ab", "bc", "abc"]],
    columns: [" varchar(2)", " varchar(2)", " varchar(9)"],
  },
  { sql: "SELECT LEFT('abc', -1)", error: 536 },
  {
    sql: "SELECT SUBSTRING('abcdef', 2, 3), SUBSTRING('abc', 0, 2), SUBSTRING('abc', -5, 3), SUBSTRING('abc', 2, 99), SUBSTRING(0x414243, 2, 1)",
    rows: [["bcd", "a", "", "bc", "0x42"]],
  },
  { sql: "DECLARE @s int = 0, @l int = 2; SELECT SUBSTRING('abc', @s, @l)", rows: "a" },
  { sql: "SELECT SUBSTRING('abc', 1, -1)", error: 537 },
  {
    sql: "SELECT REPLACE('aBcb', 'b', 'x'), REPLACE('a.b', '.', '-'), REPLACE('abc', '', 'x')",
    rows: [["axcx", "a-b", "abc"]],
  },
  {
    sql: "SELECT REPLICATE('ab', 3), REPLICATE('a', -1), '[' + SPACE(2) + ']'",
    rows: [["ababab", null, "[  ]"]],
  },
  {
    sql: "SELECT STUFF('abcdef', 2, 3, 'XX'), STUFF('abc', 9, 1, 'x'), STUFF('abc', 1, 1, NULL)",
    rows: [["aXXef", null, "bc"]],
  },
  {
    sql: "SELECT STR(123.456, 8, 2), STR(1234, 3), STR(2.5)",
    rows: [["  123.46", "***", "         3"]],
  },
  {
    sql: "SELECT TRANSLATE('2*[3+4]', '[]', '()'), QUOTENAME('a]b'), QUOTENAME('x', '''')",
    rows: [["2*(3+4)", "[a]]b]", "'x'"]],
  },
  {
    sql: "SELECT SQL_VARIANT_PROPERTY(CAST(1.5 AS decimal(5, 2)), 'BaseType'), SQL_VARIANT_PROPERTY(1.55, 'Scale'), SQL_VARIANT_PROPERTY(NULL, 'BaseType')",
    rows: [["decimal", "2", null]],
    columns: [" nvarchar(128)", " int", " nvarchar(128)"],
  },
  {
    sql: "SELECT COLLATIONPROPERTY('SQL_Latin1_General_CP1_CI_AS', 'CodePage'), COLLATIONPROPERTY('Latin1_General_CS_AS', 'ComparisonStyle'), COLLATIONPROPERTY('none', 'LCID')",
    rows: [["1252", "196608", null]],
  },
  {
    sql: "SELECT TYPEPROPERTY('int', 'precision'), TYPEPROPERTY('none', 'precision'), DATABASEPROPERTYEX('none', 'Status')",
    rows: [["10", null, null]],
  },
  { sql: "SELECT JSON_MODIFY('{\"a\":1}', '$.a', 2)", rows: '{"a":2}' },
  { sql: "SELECT SOUNDEX('Robert'), DIFFERENCE('Green', 'Greene')", rows: [["R163", "4"]] },
  { sql: "SELECT STRING_ESCAPE('a\"b', 'json')", rows: 'a\\"b' },
  {
    sql: "SELECT HASHBYTES('MD5', 'abc'), HASHBYTES('SHA2_256', N'a')",
    rows: [
      [
        "0x900150983CD24FB0D6963F7D28E17F72",
        "0xFFE9AAEAA2A2D5048174DF0B80599EF0197EC024C4B051BC9860CFF58EF7F9F3",
      ],
    ],
  },
  {
    sql: "SELECT FORMAT(1234.5, 'N2'), FORMAT(0.25, 'P0'), FORMAT(7, 'D3'), FORMAT(CAST('2024-03-05 14:07:09' AS datetime2), 'yyyy-MM-dd hh:mm tt'), FORMAT(1234567, '#,##0')",
    rows: [["1,234.50", "25 %", "007", "2024-03-05 02:07 PM", "1,234,567"]],
  },
];

const math: SqlCase[] = [
  {
    sql: "SELECT ABS(-5), SIGN(-2.5), CEILING(1.2), FLOOR(-1.2)",
    rows: [["5", "-1.0", "2", "-2"]],
  },
  {
    sql: "SELECT ROUND(123.456, 2), ROUND(123.456, -1), ROUND(150, -2), ROUND(2.567, 2, 1), ROUND(-2.567e0, 1, 1)",
    rows: [["123.460", "120.000", "200", "2.560", "-2.5"]],
  },
  {
    sql: "SELECT POWER(2, 10), POWER(2.0, 3), SQUARE(3), SQRT(16)",
    rows: [["1024", "8.0", "9", "4"]],
  },
  { sql: "SELECT SQRT(-1)", error: 3623 },
  {
    sql: "SELECT ROUND(ACOS(1) + ASIN(0) + ATAN(0) + COS(0) + SIN(0) + TAN(0) + ATN2(0, 1), 3), ROUND(COT(1), 4)",
    rows: [["1", "0.6421"]],
  },
  { sql: "SELECT EXP(0), LOG(EXP(1)), LOG(8, 2), LOG10(100)", rows: [["1", "1", "3", "2"]] },
  { sql: "SELECT LOG(0)", error: 3623 },
  {
    sql: "SELECT DEGREES(PI()), RADIANS(180e0) - PI(), ROUND(PI(), 4)",
    rows: [["180", "0", "3.1416"]],
  },
  { sql: "SELECT CASE WHEN RAND() BETWEEN 0 AND 1 THEN 1 END", rows: "1" },
];

const datetime: SqlCase[] = [
  {
    sql: "SELECT GETDATE(), GETUTCDATE(), CURRENT_TIMESTAMP",
    rows: [["2024-03-05 14:07:09.123", "2024-03-05 14:07:09.123", "2024-03-05 14:07:09.123"]],
  },
  {
    sql: "SELECT SYSDATETIME(), SYSUTCDATETIME(), SYSDATETIMEOFFSET()",
    rows: [
      [
        "2024-03-05 14:07:09.1234560",
        "2024-03-05 14:07:09.1234560",
        "2024-03-05 14:07:09.1234560 0",
      ],
    ],
  },
  {
    sql: "SELECT DATEADD(month, 1, '2024-01-31'), DATEADD(day, -1, CAST('2024-03-01' AS date)), DATEADD(hour, 25, CAST('2024-01-01' AS datetime2(0)))",
    rows: [["2024-02-29 00:00:00.000", "2024-02-29", "2024-01-02 01:00:00"]],
  },
  { sql: "SELECT DATEADD(hour, 1, CAST('2024-01-01' AS date))", error: 9810 },
  { sql: "SELECT DATEADD(nosuch, 1, GETDATE())", error: 155 },
  { sql: "SELECT DATEADD(year, 9000, GETDATE())", error: 517 },
  {
    sql: "SELECT DATEDIFF(year, '2023-12-31', '2024-01-01'), DATEDIFF(month, '2024-01-31', '2024-02-01'), DATEDIFF(day, '2024-01-01 23:59', '2024-01-02'), DATEDIFF(week, '2024-01-06', '2024-01-07'), DATEDIFF(minute, '10:00:59', '10:01:00')",
    rows: [["1", "1", "1", "1", "1"]],
  },
  { sql: "SELECT DATEDIFF_BIG(millisecond, '2000-01-01', '2024-01-01')", rows: "757382400000" },
  { sql: "SELECT DATEDIFF(millisecond, '1900-01-01', '2024-01-01')", error: 535 },
  {
    sql: "SELECT DATEPART(weekday, '2024-03-05'), DATEPART(week, '2024-01-07'), DATEPART(iso_week, '2024-01-07'), DATEPART(dayofyear, '2024-12-31'), DATEPART(quarter, '2024-05-01'), DATEPART(ms, CAST('10:00:00.123' AS time))",
    rows: [["3", "2", "1", "366", "2", "123"]],
  },
  {
    sql: "SELECT DATENAME(month, '2024-03-05'), DATENAME(weekday, '2024-03-05'), DATENAME(day, '2024-03-05')",
    rows: [["March", "Tuesday", "5"]],
  },
  {
    sql: "SELECT YEAR('2024-03-05'), MONTH('2024-03-05'), DAY('2024-03-05')",
    rows: [["2024", "3", "5"]],
  },
  {
    sql: "SELECT EOMONTH('2024-02-05'), EOMONTH('2024-01-31', 1)",
    rows: [["2024-02-29", "2024-02-29"]],
  },
  { sql: "SELECT ISDATE('2024-01-01'), ISDATE('nope')", rows: [["1", "0"]] },
  {
    sql: "SELECT DATEFROMPARTS(2024, 2, 29), DATETIMEFROMPARTS(2024, 1, 2, 3, 4, 5, 6), DATETIME2FROMPARTS(2024, 1, 2, 3, 4, 5, 6, 1), SMALLDATETIMEFROMPARTS(2024, 1, 2, 3, 4), TIMEFROMPARTS(1, 2, 3, 4, 1)",
    rows: [
      [
        "2024-02-29",
        "2024-01-02 03:04:05.006",
        "2024-01-02 03:04:05.6",
        "2024-01-02 03:04:00",
        "01:02:03.4",
      ],
    ],
  },
  {
    sql: "SELECT DATETRUNC(month, CAST('2024-03-05' AS date)), DATETRUNC(week, CAST('2024-03-05' AS date)), DATETRUNC(hour, CAST('2024-03-05 14:07' AS datetime2(0)))",
    rows: [["2024-03-01", "2024-03-03", "2024-03-05 14:00:00"]],
  },
  {
    sql: "SELECT SWITCHOFFSET(CAST('2024-01-01 12:00 +00:00' AS datetimeoffset(0)), '+02:00'), TODATETIMEOFFSET(CAST('2024-01-01 12:00' AS datetime2(0)), '+02:00')",
    rows: [["2024-01-01 12:00:00.0000000 120", "2024-01-01 10:00:00.0000000 120"]],
  },
  {
    sql: "SELECT CAST('2024-07-01 12:00' AS datetime2(0)) AT TIME ZONE 'W. Europe Standard Time'",
    rows: "2024-07-01 10:00:00.0000000 120",
  },
];

const aggregate: SqlCase[] = [
  {
    sql: "SELECT COUNT(*), COUNT(v), COUNT_BIG(v), SUM(v), AVG(v), MIN(v), MAX(v) FROM (VALUES (1), (2), (NULL), (4)) t(v)",
    rows: [["4", "3", "3", "7", "2", "1", "4"]],
  },
  { sql: "SELECT SUM(v) FROM (VALUES (2000000000), (2000000000)) t(v)", error: 8115 },
  { sql: "SELECT SUM(v) FROM (VALUES ('a')) t(v)", error: 8117 },
  {
    sql: "SELECT ROUND(STDEV(v), 4), ROUND(STDEVP(v), 4), VAR(v), ROUND(VARP(v), 4), APPROX_COUNT_DISTINCT(v) FROM (VALUES (1), (2), (3)) t(v)",
    rows: [["1", "0.8165", "1", "0.6667", "3"]],
  },
  {
    sql: "SELECT STRING_AGG(v, '-') WITHIN GROUP (ORDER BY v DESC) FROM (VALUES ('a'), ('b')) t(v)",
    rows: "b-a",
  },
  {
    sql: "SELECT GROUPING(v), GROUPING_ID(v), COUNT(*) FROM (VALUES (1), (2)) t(v) GROUP BY ROLLUP(v) ORDER BY v",
    rows: [
      ["1", "1", "2"],
      ["0", "0", "1"],
      ["0", "0", "1"],
    ],
  },
  { sql: "SELECT CHECKSUM_AGG(v) FROM (VALUES (1)) t(v)", error: 40517 },
  {
    sql: "SELECT v, ROW_NUMBER() OVER (ORDER BY v), RANK() OVER (ORDER BY v), DENSE_RANK() OVER (ORDER BY v), NTILE(2) OVER (ORDER BY v), PERCENT_RANK() OVER (ORDER BY v), CUME_DIST() OVER (ORDER BY v), LAG(v) OVER (ORDER BY v), LEAD(v, 1, 0) OVER (ORDER BY v), FIRST_VALUE(v) OVER (ORDER BY v), LAST_VALUE(v) OVER (ORDER BY v ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM (VALUES (1), (2)) t(v) ORDER BY v",
    rows: [
      ["1", "1", "1", "1", "1", "0", "0.5", null, "2", "1", "2"],
      ["2", "2", "2", "2", "2", "1", "1", "1", "0", "1", "2"],
    ],
  },
];

const system: SqlCase[] = [
  {
    sql: "SELECT ISNULL(NULL, 1), COALESCE(NULL, 'x'), NULLIF('a', 'A'), CHOOSE(3, 1, 2), GREATEST(1, 3, 2), LEAST('b', 'A')",
    rows: [["1", "x", null, null, "3", "A"]],
  },
  {
    sql: "SELECT LEN(CAST(NEWID() AS varchar(36))), ISNUMERIC('1e5'), ISNUMERIC('x'), ISNUMERIC(5)",
    rows: [["36", "1", "0", "1"]],
  },
  {
    sql: "SELECT CASE WHEN CHECKSUM('a') = CHECKSUM('A') THEN 1 END, CASE WHEN BINARY_CHECKSUM(1) = BINARY_CHECKSUM(1) THEN 1 END",
    rows: [["1", "1"]],
  },
  {
    sql: "SELECT ERROR_NUMBER(), ERROR_MESSAGE(), ERROR_SEVERITY(), ERROR_STATE(), ERROR_LINE(), ERROR_PROCEDURE(), XACT_STATE(), SCOPE_IDENTITY()",
    rows: [[null, null, null, null, null, null, "0", null]],
  },
  { sql: "SELECT ROWCOUNT_BIG()", setup: ["SELECT 1 WHERE 1 = 0"], rows: "0" },
  {
    sql: "SELECT SUSER_SNAME(), SUSER_NAME(), ORIGINAL_LOGIN(), SYSTEM_USER, CURRENT_USER, SESSION_USER, USER, HOST_NAME(), APP_NAME()",
    rows: [["admin", "admin", "admin", "admin", "dbo", "dbo", "dbo", "host", "test"]],
  },
  {
    sql: "SELECT LEFT(SESSION_ID(), 3), GETANSINULL(), CURRENT_TRANSACTION_ID(), CONNECTIONPROPERTY('net_transport'), SESSIONPROPERTY('ANSI_NULLS')",
    rows: [["SID", "1", "0", "TCP", "1"]],
  },
  { sql: "SELECT JSON_VALUE('{\"a\":1}', 'strict $.b')", error: 13608 },
  { sql: "SELECT JSON_QUERY('{\"a\":{}}', '$.a'), ISJSON('[1]')", rows: [["{}", "1"]] },
  {
    setup: [
      "IF OBJECT_ID('dbo.m') IS NULL CREATE TABLE dbo.m (id int NOT NULL, v varchar(5) NULL)",
    ],
    sql: "SELECT OBJECT_NAME(OBJECT_ID('m')), OBJECT_SCHEMA_NAME(OBJECT_ID('m')), OBJECT_DEFINITION(OBJECT_ID('m')), OBJECTPROPERTY(OBJECT_ID('m'), 'IsTable'), OBJECTPROPERTYEX(OBJECT_ID('m'), 'IsView'), COLUMNPROPERTY(OBJECT_ID('m'), 'id', 'AllowsNull'), COL_NAME(OBJECT_ID('m'), 2), COL_LENGTH('m', 'v')",
    rows: [["m", "dbo", null, "1", "0", "0", "v", "5"]],
  },
  {
    sql: "SELECT DISTINCT g, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY v) OVER (PARTITION BY g), PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY v DESC) OVER (PARTITION BY g) FROM (VALUES ('a', 1), ('a', 2), ('a', 4), ('b', 7), ('b', NULL), ('a', 8)) t(g, v) ORDER BY g",
    rows: [
      ["a", "3", "8"],
      ["b", "7", "7"],
    ],
  },
  { sql: "SELECT PERCENTILE_CONT(0.5) OVER (PARTITION BY v) FROM (VALUES (1)) t(v)", error: 10754 },
  {
    sql: "SELECT DATETIMEOFFSETFROMPARTS(2024, 2, 29, 10, 20, 30, 5, -3, -30, 1), CURRENT_TIMEZONE(), CURRENT_REQUEST_ID()",
    rows: [["2024-02-29 13:50:30.5000000 -210", "(UTC) Coordinated Universal Time", "0"]],
  },
  { sql: "SELECT DATE_BUCKET(day, 1, GETDATE())", error: 40517, message: "DATE_BUCKET" },
  {
    sql: "SELECT DB_NAME(), DB_ID('nosuch'), ORIGINAL_DB_NAME(), SCHEMA_NAME(1), SCHEMA_ID('dbo'), PARSENAME('a.b.c', 1), TYPE_NAME(56), TYPE_ID('int'), STATS_DATE(1, 1)",
    rows: [["pool1", null, "pool1", "dbo", "1", "c", "int", "56", null]],
  },
  {
    sql: "SELECT DATABASEPROPERTYEX('pool1', 'Edition'), DATABASEPROPERTY('pool1', 'x'), SERVERPROPERTY('EngineEdition'), FULLTEXTSERVICEPROPERTY('IsFullTextInstalled'), INDEXPROPERTY(1, 'x', 'y'), TYPEPROPERTY('int', 'x')",
    rows: [["DataWarehouse", "0", "6", "0", null, null]],
  },
  {
    sql: "SELECT USER_NAME(), USER_ID(), DATABASE_PRINCIPAL_ID('db_owner'), IS_MEMBER('db_owner'), IS_ROLEMEMBER('nosuch'), IS_SRVROLEMEMBER('sysadmin'), HAS_DBACCESS('pool1'), HAS_PERMS_BY_NAME(NULL, 'DATABASE', 'CONNECT'), SUSER_ID(), SUSER_SID()",
    rows: [["dbo", "1", "16384", "1", null, "0", "1", "1", "1", "0x01"]],
  },
];

const all = { string, math, datetime, aggregate, system };
for (const [title, cases] of Object.entries(all)) testSqlCases(title, cases);

test("every function of the table has a case, or is refused", () => {
  const texts = Object.values(all)
    .flat()
    .map((row) => row.sql.toUpperCase())
    .join("\n");
  const missing = [...functionTable.values()]
    .filter((definition) => definition.kind !== "refused")
    .map((definition) => definition.name)
    .filter((name) => !new RegExp(`\\b${name}\\b`).test(texts));
  assert.deepEqual(missing, []);
});
