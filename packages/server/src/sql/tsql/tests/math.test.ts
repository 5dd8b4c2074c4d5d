// Numbers as "Mathematical functions", "Ranking functions" and "Constants (Transact-SQL)" document them.
import { type SqlCase, testSqlCases } from "./case.ts";

const rounding: SqlCase[] = [
  {
    sql: "SELECT ROUND(748.58, -1), ROUND(748.58, -2), ROUND(748.58, -4)",
    rows: [["750.00", "700.00", "0.00"]],
  },
  { sql: "SELECT ROUND(748.58, -3)", error: 8115 },
  { sql: "SELECT ROUND(CAST(748.58 AS decimal(6, 2)), -3)", rows: "1000.00" },
  {
    sql: "SELECT ROUND(348.58, -3), ROUND(0.5, -1), ROUND($748.58, -2)",
    rows: [["0.00", "0.0", "700.0000"]],
  },
  { sql: "SELECT ROUND(2147483647, -1)", error: 8115 },
  { sql: "SELECT ROUND(CAST(9223372036854775807 AS bigint), -1)", error: 8115 },
  {
    sql: "SELECT ROUND(15, -1), ROUND(-15, -1), ROUND(14, -1), ROUND(523, -3), ROUND(5, -20)",
    rows: [["20", "-20", "10", "1000", "0"]],
  },
];

const range: SqlCase[] = [
  {
    sql: "SELECT POWER(2.0, 10), POWER(99.9, 3)",
    rows: [["1024.0", "997003.0"]],
    columns: [" decimal(38,1)", " decimal(38,1)"],
  },
  { sql: "SELECT POWER(1E200, 2)", error: 8115 },
  {
    sql: "SELECT CAST(DEGREES(1.5) AS decimal(12, 9)), CAST(RADIANS(-45.01) AS decimal(12, 9)), RADIANS(180)",
    rows: [["85.943669270", "-0.785572696", "3"]],
  },
  { sql: "SELECT RADIANS(180.0)", columns: [" decimal(38,18)"] },
  { sql: "SELECT EXP(1000)", error: 8115 },
  { sql: "SELECT SQUARE(1E200)", error: 8115 },
  { sql: "SELECT COT(0)", error: 8115 },
  { sql: "SELECT EXP(NULL), SQUARE(3), EXP(0), COT(NULL)", rows: [[null, "9", "1", null]] },
  { sql: "DECLARE @least int = -2147483648; SELECT -@least", error: 8115 },
  { sql: "SELECT -CAST(-32768 AS smallint)", error: 8115 },
  { sql: "SELECT -CAST(-9223372036854775808 AS bigint)", error: 8115 },
];

const constants: SqlCase[] = [
  {
    sql: "SELECT CEILING($123.45), CEILING($-123.45), CEILING($0.0), $-1.23456, $+1.99995",
    rows: [["124.0000", "-123.0000", "0.0000", "-1.2346", "2.0000"]],
    columns: Array(5).fill(" money"),
  },
];

const counting: SqlCase[] = [
  { sql: "SELECT NTILE(0) OVER (ORDER BY a) FROM (VALUES (1)) v(a)", error: 4116 },
  { sql: "SELECT NTILE(a) OVER (ORDER BY a) FROM (VALUES (1), (0)) v(a)", error: 4116 },
  { sql: "SELECT ROW_NUMBER() OVER (ORDER BY 1)", error: 5308 },
  { sql: "SELECT ROW_NUMBER() OVER (ORDER BY 'a')", error: 5309 },
  { sql: "SELECT COUNT()", error: 174 },
  { sql: "SELECT CHARINDEX(NULL, 'abc', 1), CHARINDEX('b', 'abc', 1)", rows: [[null, "2"]] },
];

/** Only what is written as a constant is no wider than its digits ("Precision, scale, and length"). */
const widths: SqlCase[] = [
  {
    sql: "DECLARE @i int = 3; SELECT 1.0 / @i, 1.0 / 3, 1.0 / -3, CAST(1 AS bigint) / 3.0, 2.5 * @i",
    rows: [["0.333333333333", "0.333333", "-0.333333", "0.333333", "7.5"]],
    columns: [
      " decimal(13,12)",
      " decimal(7,6)",
      " decimal(7,6)",
      " decimal(26,6)",
      " decimal(13,1)",
    ],
  },
];

const windows: SqlCase[] = [
  { sql: "SELECT LAG(v, -1) OVER (ORDER BY v) FROM (VALUES (1)) t(v)", error: 8730 },
  { sql: "SELECT LEAD(v, v - 2) OVER (ORDER BY v) FROM (VALUES (1)) t(v)", error: 8730 },
  { sql: "SELECT SUM(v) OVER (ORDER BY v RANGE 1 PRECEDING) FROM (VALUES (1)) t(v)", error: 4194 },
];

const readings: SqlCase[] = [
  {
    sql: "SELECT CAST('1d2' AS float), CAST('-1.5E3' AS float), CAST('' AS float), TRY_CAST('inf' AS float)",
    rows: [["100", "-1500", "0", null]],
  },
  { sql: "SELECT CAST('Infinity' AS float)", error: 8114 },
  { sql: "SELECT CAST(t AS real) FROM (VALUES ('nan')) v(t)", error: 8114 },
  // The engine quotes the text where it failed, other errors' messages and all.
  { sql: "SELECT CAST(t AS money), CAST('5-' AS int) FROM (VALUES ('1,000')) v(t)", error: 245 },
  { sql: "SELECT CAST(1 AS varchar(0))", error: 1001 },
  { sql: "SELECT CAST(1 AS float(54))", error: 1001 },
  { sql: "CREATE TABLE dbo.x (a datetime2(8))", error: 1002 },
  {
    sql: "SELECT CAST(1 AS double precision), CAST('a' AS national char varying), CAST('a' AS char varying(5))",
    columns: [" float", " nvarchar(30)", " varchar(5)"],
  },
];

/** The values that the documentation of RAND shows; without a seed a query has one. */
const random: SqlCase[] = [
  {
    sql: "SELECT RAND(1), RAND(2), RAND(3), RAND(4)",
    rows: [["0.7135919932129235", "0.7136106261841817", "0.71362925915544", "0.7136478921266981"]],
  },
  {
    sql: "SELECT COUNT(DISTINCT one), COUNT(DISTINCT each) FROM (SELECT RAND() AS one, RAND(CHECKSUM(NEWID())) AS each FROM (VALUES (1), (2), (3)) v(a)) r",
    rows: [["1", "3"]],
  },
];

testSqlCases("numbers", [
  ...random,
  ...rounding,
  ...range,
  ...constants,
  ...counting,
  ...widths,
  ...windows,
  ...readings,
]);
