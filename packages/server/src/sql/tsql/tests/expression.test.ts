// Expressions: types, precedence, conversions, NULL, and their errors.
import { type SqlCase, testSqlCases } from "./case.ts";

const arithmetic: SqlCase[] = [
  { sql: "SELECT 7 / 2", rows: "3", columns: [" int"] },
  { sql: "SELECT -7 / 2", rows: "-3" },
  { sql: "SELECT 7 % -3", rows: "1" },
  { sql: "SELECT 7 / 2.0", rows: "3.500000", columns: [" decimal(8,6)"] },
  { sql: "SELECT 1.0 / 3", rows: "0.333333" },
  { sql: "SELECT 2.0 / 3", rows: "0.666666" },
  {
    sql: "SELECT CAST(1.5 AS decimal(10,2)) / CAST(0.07 AS decimal(10,2))",
    rows: "21.4285714285714",
    columns: [" decimal(23,13)"],
  },
  {
    sql: "SELECT CAST(1 AS decimal(10,2)) * CAST(2 AS decimal(12,3))",
    rows: "2.00000",
    columns: [" decimal(23,5)"],
  },
  {
    sql: "SELECT CAST(1 AS decimal(10,2)) + CAST(2 AS decimal(12,3))",
    rows: "3.000",
    columns: [" decimal(13,3)"],
  },
  { sql: "SELECT 1e0 / 4", rows: "0.25", columns: [" float"] },
  { sql: "SELECT CAST(10 AS money) / 4", rows: "2.5000", columns: [" money"] },
  { sql: "SELECT 5 & 3, 5 | 3, 5 ^ 3, ~5", rows: [["1", "7", "6", "-6"]] },
  {
    sql: "SELECT 2147483647 + 1",
    error: 8115,
    message: "Arithmetic overflow error converting expression to data type int.",
  },
  { sql: "SELECT 2147483648", columns: [" decimal(10,0)"], rows: "2147483648" },
  { sql: "SELECT 1 / 0", error: 8134, message: "Divide by zero error encountered." },
  { sql: "DECLARE @z int = 0; SELECT 1 % @z", error: 8134 },
  {
    sql: "SELECT 'a' + 'b', N'a' + 'bc'",
    rows: [["ab", "abc"]],
    columns: [" varchar(2)", " nvarchar(3)"],
  },
  { sql: "SELECT 'a' + NULL", rows: null },
  { sql: "SELECT 1 + '2'", rows: "3" },
  {
    sql: "SELECT 1 + 'x'",
    error: 245,
    message: "Conversion failed when converting the varchar value 'x' to data type int.",
  },
  { sql: "SELECT 1 + N'x'", error: 245, message: "nvarchar value 'x'" },
  { sql: "SELECT 1.5 + '2'", rows: "3.5" },
  { sql: "SELECT GETDATE() + 1", rows: "2024-03-06 14:07:09.123", columns: [" datetime"] },
  {
    sql: "SELECT CAST('2024-01-01' AS date) + 1",
    error: 206,
    message: "date is incompatible with int",
  },
  { sql: "SELECT -CAST(5 AS tinyint)", rows: "-5" },
  { sql: "SELECT 'a' - 'b'", error: 402 },
  { sql: "SELECT NULL + 1", rows: null },
];

const conversion: SqlCase[] = [
  { sql: "SELECT CAST(2.7 AS int), CAST(-2.7e0 AS int)", rows: [["2", "-2"]] },
  {
    sql: "SELECT CAST('' AS int), CAST(' 12 ' AS int), CAST('+5' AS int)",
    rows: [["0", "12", "5"]],
  },
  { sql: "SELECT CAST('1.5' AS int)", error: 245, message: "'1.5'" },
  {
    sql: "SELECT CAST(x AS int) FROM (VALUES ('1.5')) t(x)",
    error: 245,
    message: "varchar value '1.5' to data type int",
  },
  {
    sql: "SELECT CAST(x AS int) FROM (VALUES (''), ('+'), (' 7')) t(x) ORDER BY 1",
    rows: [["0"], ["0"], ["7"]],
  },
  { sql: "SELECT CAST(x AS int) FROM (VALUES ('1e3')) t(x)", error: 245, message: "'1e3'" },
  { sql: "SELECT CAST('99999999999' AS int)", error: 248, message: "overflowed an int column" },
  {
    sql: "SELECT CAST(70000 AS smallint)",
    error: 220,
    message: "Arithmetic overflow error for data type smallint, value = 70000.",
  },
  { sql: "SELECT CAST(300 AS tinyint)", error: 220 },
  { sql: "SELECT CAST(1e20 AS int)", error: 232 },
  {
    sql: "SELECT CAST('abc' AS decimal(5,2))",
    error: 8114,
    message: "Error converting data type varchar to numeric.",
  },
  { sql: "SELECT CAST('abc' AS float)", error: 8114, message: "varchar to float" },
  {
    sql: "SELECT CAST(1.555 AS decimal(3,2)), CAST('1.555' AS decimal(3,2))",
    rows: [["1.56", "1.56"]],
  },
  { sql: "SELECT CAST(99999 AS decimal(4,1))", error: 8115 },
  { sql: "SELECT CAST('abcdef' AS varchar(3)), CAST(123456 AS varchar(3))", rows: [["abc", "*"]] },
  { sql: "SELECT CAST('ab' AS char(4)) + '|'", rows: "ab  |" },
  {
    sql: "SELECT CAST(3.14159265e0 AS varchar(20)), CAST(1234567e0 AS varchar(20))",
    rows: [["3.14159", "1.23457e+006"]],
  },
  { sql: "SELECT CAST(CAST(12.345 AS money) AS varchar(20))", rows: "12.35" },
  {
    sql: "SELECT CAST(1 AS bit), CAST('true' AS bit), CAST(0 AS bit), CAST('x' AS bit)",
    error: 245,
  },
  { sql: "SELECT CAST(5 AS bit), CAST('false' AS bit)", rows: [["1", "0"]] },
  {
    sql: "SELECT TRY_CAST('x' AS int), TRY_CONVERT(date, 'nope'), TRY_CAST('7' AS int)",
    rows: [[null, null, "7"]],
  },
  { sql: "SELECT CAST(GETDATE() AS date)", rows: "2024-03-05" },
  { sql: "SELECT CAST('20240229' AS datetime)", rows: "2024-02-29 00:00:00.000" },
  { sql: "SELECT CAST('20230229' AS datetime)", error: 242 },
  {
    sql: "SELECT CAST(x AS datetime2) FROM (VALUES ('2024-05-06T07:08:09.1234567'), ('05/06/2024 1:02 PM')) t(x)",
    rows: [["2024-05-06 07:08:09.1234560"], ["2024-05-06 13:02:00.0000000"]],
  },
  {
    sql: "SELECT CAST(x AS date) FROM (VALUES ('zz')) t(x)",
    error: 241,
    message: "Conversion failed when converting date and/or time from character string.",
  },
  { sql: "SELECT CAST('13:45:30' AS time(0))", rows: "13:45:30" },
  { sql: "SELECT CAST('2024-01-02 03:04:05.678' AS datetime)", rows: "2024-01-02 03:04:05.677" },
  { sql: "SELECT CAST('2024-01-02 03:04:31' AS smalldatetime)", rows: "2024-01-02 03:05:00" },
  {
    sql: "SELECT CAST('2024-01-02 03:04:05 +02:00' AS datetimeoffset(0))",
    rows: "2024-01-02 01:04:05.0000000 120",
  },
  {
    sql: "SELECT CONVERT(varchar(30), CAST('2024-01-02 03:04:05.678' AS datetime), 120)",
    rows: "2024-01-02 03:04:05",
  },
  {
    sql: "SELECT CONVERT(varchar(30), CAST('2024-01-02 03:04:05.678' AS datetime))",
    rows: "Jan  2 2024  3:04AM",
  },
  {
    sql: "SELECT CONVERT(varchar(30), CAST('2024-01-02 03:04:05.677' AS datetime), 121)",
    rows: "2024-01-02 03:04:05.677",
  },
  {
    sql: "SELECT CONVERT(varchar(10), CAST('2024-01-02' AS date), 101), CONVERT(varchar(8), CAST('2024-01-02' AS date), 112)",
    rows: [["01/02/2024", "20240102"]],
  },
  {
    sql: "SELECT CAST(CAST('2024-01-02 03:04:05' AS datetime2) AS varchar(40))",
    rows: "2024-01-02 03:04:05.0000000",
  },
  { sql: "SELECT CONVERT(varchar(30), GETDATE(), 999)", error: 281 },
  { sql: "SELECT CONVERT(date, '25/12/2023', 103)", rows: "2023-12-25" },
  {
    sql: "SELECT CONVERT(varchar(10), 0x4142, 1), CONVERT(varbinary(4), '0x4142', 1)",
    rows: [["0x4142", "0x4142"]],
  },
  {
    sql: "SELECT CAST(1 AS varbinary(4)), CAST('AB' AS varbinary(10))",
    rows: [["0x00000001", "0x4142"]],
  },
  {
    sql: "SELECT CAST('0E984725-C51C-4BF4-9960-E1C80E27ABA0' AS uniqueidentifier)",
    rows: "0E984725-C51C-4BF4-9960-E1C80E27ABA0",
  },
  { sql: "SELECT CAST('zz' AS uniqueidentifier)", error: 8169 },
  { sql: "SELECT CAST(GETDATE() AS uniqueidentifier)", error: 529 },
  { sql: "DECLARE @b varbinary(10) = 'ab'", error: 257 },
  { sql: "SELECT CAST(1 AS geography)", error: 40517, message: "geography" },
  { sql: "SELECT CAST(1 AS nosuch)", error: 243 },
];

const comparison: SqlCase[] = [
  { sql: "SELECT CASE WHEN 'Abc ' = 'aBC' THEN 1 ELSE 0 END", rows: "1" },
  { sql: "SELECT COUNT(*) FROM (VALUES ('a'), ('A'), ('b ')) t(x) WHERE x = 'A'", rows: "2" },
  {
    sql: "SELECT COUNT(*) FROM (VALUES ('a'), ('A')) t(x) WHERE x = 'A' COLLATE Latin1_General_BIN2",
    rows: "1",
  },
  { sql: "SELECT COUNT(DISTINCT x) FROM (VALUES ('a'), ('A'), ('b'), ('B ')) t(x)", rows: "2" },
  {
    sql: "SELECT COUNT(*) FROM (SELECT DISTINCT x FROM (VALUES ('a'), ('A'), ('b')) t(x)) d",
    rows: "2",
  },
  { sql: "SELECT COUNT(*) FROM (SELECT 'a' AS x UNION SELECT 'A') d", rows: "1" },
  {
    sql: "SELECT x FROM (VALUES ('b'), ('A'), ('c')) t(x) ORDER BY x",
    rows: [["A"], ["b"], ["c"]],
  },
  {
    sql: "SELECT UPPER(x), COUNT(*) FROM (VALUES ('a'), ('A'), ('b')) t(x) GROUP BY UPPER(x) ORDER BY 1",
    rows: [
      ["A", "2"],
      ["B", "1"],
    ],
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES ('Apple'), ('apricot'), ('Bob')) t(x) WHERE x LIKE 'ap%'",
    rows: "2",
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES ('a1'), ('b2'), ('x3')) t(x) WHERE x LIKE '[A-C]_'",
    rows: "2",
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES ('a1'), ('b2'), ('x3')) t(x) WHERE x LIKE '[^a-b]%'",
    rows: "1",
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES ('50%'), ('501')) t(x) WHERE x LIKE '50!%' ESCAPE '!'",
    rows: "1",
  },
  { sql: "SELECT COUNT(*) FROM (VALUES ('50%'), ('501')) t(x) WHERE x LIKE '50[%]'", rows: "1" },
  { sql: "SELECT CASE WHEN NULL = NULL THEN 1 WHEN NULL IS NULL THEN 2 END", rows: "2" },
  { sql: "SELECT CASE WHEN 1 NOT IN (2, NULL) THEN 'y' ELSE 'n' END", rows: "n" },
  { sql: "SELECT CASE WHEN 'b' BETWEEN 'A' AND 'C' THEN 1 END", rows: "1" },
  { sql: "SELECT CASE WHEN '2024-01-02' > CAST('2024-01-01' AS date) THEN 1 END", rows: "1" },
  { sql: "SELECT CASE WHEN 5 > ALL (SELECT v FROM (VALUES (1), (4)) t(v)) THEN 1 END", rows: "1" },
  { sql: "SELECT CASE WHEN EXISTS (SELECT 1 WHERE 1 = 0) THEN 1 ELSE 0 END", rows: "0" },
  { sql: "SELECT 1 WHERE 5", error: 4145 },
  { sql: "SELECT (SELECT v FROM (VALUES (1), (2)) t(v))", error: 512 },
  { sql: "SELECT CASE WHEN 1 = 1 THEN NULL END", error: 8133 },
  {
    sql: "SELECT IIF(1 > 2, 'a', 'bcd'), CHOOSE(2, 'x', 'y'), NULLIF(1, 1), COALESCE(NULL, 2, 3)",
    rows: [["bcd", "y", null, "2"]],
  },
  { sql: "SELECT ISNULL(CAST(NULL AS varchar(2)), 'abcd')", rows: "ab", columns: [" varchar(2)"] },
  { sql: "SELECT COALESCE(NULL, 1, 2.5)", rows: "1.0" },
  { sql: "SELECT CASE WHEN 1 = 1 THEN 1 ELSE 'x' END", rows: "1", columns: [" int"] },
  { sql: "SELECT CASE WHEN 1 = 0 THEN 1 ELSE 'x' END", error: 245 },
];

testSqlCases("arithmetic", arithmetic);
testSqlCases("conversion", conversion);
testSqlCases("comparison", comparison);
