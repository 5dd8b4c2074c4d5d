// SELECT: sources, grouping, order, paging, set operators, windows, APPLY, PIVOT, JSON.
import { type SqlCase, testSqlCases } from "./case.ts";

const ground = [
  "CREATE TABLE dbo.sales (id int NOT NULL, region varchar(10) NOT NULL, amount decimal(10,2) NULL, day date NOT NULL) WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX)",
  "INSERT INTO dbo.sales VALUES (1, 'East', 10.50, '2024-01-01'), (2, 'WEST', 20, '2024-01-02'), (3, 'east', NULL, '2024-02-01'), (4, 'West', 5.25, '2024-02-03')",
  "CREATE VIEW dbo.totals AS SELECT region, SUM(amount) AS total FROM dbo.sales GROUP BY region",
  "CREATE FUNCTION dbo.twice (@n int) RETURNS int AS BEGIN RETURN @n * 2 END",
  "CREATE FUNCTION dbo.of_region (@r varchar(10)) RETURNS TABLE AS RETURN (SELECT id, amount FROM dbo.sales WHERE region = @r)",
];

const cases: SqlCase[] = [
  {
    sql: "SELECT COUNT(*), SUM(amount), AVG(amount) FROM sales",
    rows: [["4", "35.75", "11.916666"]],
    columns: [" int", " decimal(38,2)", " decimal(38,6)"],
  },
  {
    sql: "SELECT AVG(id), SUM(id), MAX(region) FROM sales",
    rows: [["2", "10", "WEST"]],
    columns: [" int", " int", " varchar(10)"],
  },
  {
    sql: "SELECT UPPER(region) AS r, COUNT(*) AS n FROM sales GROUP BY region ORDER BY n DESC, r",
    rows: [
      ["EAST", "2"],
      ["WEST", "2"],
    ],
  },
  {
    sql: "SELECT region, COUNT(*) AS n FROM sales GROUP BY region HAVING SUM(amount) > 15 ORDER BY 1",
    rows: [["WEST", "2"]],
  },
  {
    sql: "SELECT COUNT(*) FROM sales GROUP BY region, day ORDER BY COUNT(*), region",
    rows: [["1"], ["1"], ["1"], ["1"]],
  },
  {
    sql: "SELECT region, id FROM sales GROUP BY region",
    error: 8120,
    message: "Column 'sales.id' is invalid in the select list",
  },
  { sql: "SELECT id FROM sales WHERE SUM(id) > 1", error: 147 },
  {
    sql: "SELECT region, SUM(amount) FROM sales GROUP BY ROLLUP(region) ORDER BY GROUPING(region), 2",
    rows: [
      ["East", "10.50"],
      ["WEST", "25.25"],
      [null, "35.75"],
    ],
  },
  { sql: "SELECT TOP 2 id FROM sales ORDER BY amount DESC", rows: [["2"], ["1"]] },
  { sql: "SELECT TOP (SELECT 1 + 1) id FROM sales ORDER BY id", rows: [["1"], ["2"]] },
  {
    sql: "SELECT *\nFROM OPENROWSET(BULK 'https://lake.dfs.core.windows.net/f/*.csv', FORMAT = 'CSV') WITH (a int) AS r",
    error: 40517,
    message: "'OPENROWSET' is not supported in this version of SQL Server. (line 2, column 6)",
  },
  { sql: "SELECT 1 FROM sales WHERE CONTAINS(region, 'a')", error: 40517, message: "CONTAINS" },
  { sql: "SELECT name FROM master.sys.databases ORDER BY 1", rows: [["master"], ["pool1"]] },
  { sql: "SELECT id FROM sales ORDER BY amount", rows: [["3"], ["4"], ["1"], ["2"]] },
  { sql: "SELECT TOP 1 WITH TIES region FROM sales ORDER BY region", rows: [["East"], ["east"]] },
  { sql: "SELECT TOP 50 PERCENT id FROM sales ORDER BY id", rows: [["1"], ["2"]] },
  {
    sql: "SELECT id FROM sales ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
    rows: [["2"], ["3"]],
  },
  { sql: "SELECT DISTINCT region FROM sales ORDER BY amount", error: 145 },
  {
    sql: "SELECT s.id, t.total FROM sales s JOIN dbo.totals t ON s.region = t.region WHERE s.id <= 2 ORDER BY s.id",
    rows: [
      ["1", "10.50"],
      ["2", "25.25"],
    ],
  },
  {
    sql: "SELECT a.id, b.id FROM sales a LEFT JOIN sales b ON b.id = a.id + 3 ORDER BY a.id",
    rows: [
      ["1", "4"],
      ["2", null],
      ["3", null],
      ["4", null],
    ],
  },
  {
    sql: "SELECT id FROM sales s WHERE amount = (SELECT MAX(amount) FROM sales WHERE region = s.region) ORDER BY id",
    rows: [["1"], ["2"]],
  },
  {
    sql: "WITH q AS (SELECT id, amount FROM sales), r (k) AS (SELECT id FROM q WHERE amount > 10) SELECT k FROM r ORDER BY k",
    rows: [["1"], ["2"]],
  },
  {
    sql: "WITH q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q WHERE n < 3) SELECT * FROM q",
    error: 40517,
    message: "recursive",
  },
  {
    sql: "SELECT id, ROW_NUMBER() OVER (PARTITION BY region ORDER BY id DESC) AS n, SUM(amount) OVER (ORDER BY id) FROM sales ORDER BY id",
    rows: [
      ["1", "2", "10.50"],
      ["2", "2", "30.50"],
      ["3", "1", "30.50"],
      ["4", "1", "35.75"],
    ],
  },
  {
    sql: "SELECT id, LAG(id, 1, 0) OVER (ORDER BY id) FROM sales ORDER BY id",
    rows: [
      ["1", "0"],
      ["2", "1"],
      ["3", "2"],
      ["4", "3"],
    ],
  },
  { sql: "SELECT id FROM sales WHERE ROW_NUMBER() OVER (ORDER BY id) = 1", error: 4108 },
  { sql: "SELECT RANK() OVER () FROM sales", error: 4112 },
  {
    sql: "SELECT s.id, x.v FROM sales s CROSS APPLY (SELECT s.id * 10 AS v WHERE s.id > 2) x ORDER BY s.id",
    rows: [
      ["3", "30"],
      ["4", "40"],
    ],
  },
  {
    sql: "SELECT s.id, x.v FROM sales s OUTER APPLY (SELECT s.id * 10 AS v WHERE s.id > 3) x ORDER BY s.id",
    rows: [
      ["1", null],
      ["2", null],
      ["3", null],
      ["4", "40"],
    ],
  },
  {
    sql: "SELECT s.id, f.amount FROM sales s CROSS APPLY dbo.of_region(s.region) f WHERE s.id = 2 ORDER BY f.amount",
    rows: [
      ["2", "5.25"],
      ["2", "20.00"],
    ],
  },
  { sql: "SELECT id FROM dbo.of_region('EAST') ORDER BY id", rows: [["1"], ["3"]] },
  { sql: "SELECT dbo.twice(21)", rows: "42" },
  {
    sql: "SELECT * FROM (SELECT region, id FROM sales) s PIVOT (COUNT(id) FOR region IN ([East], [West], [North])) p",
    rows: [["2", "2", "0"]],
    columns: ["East int", "West int", "North int"],
  },
  {
    sql: "SELECT n, v FROM (SELECT 1 AS a, 2 AS b) s UNPIVOT (v FOR n IN (a, b)) u ORDER BY n",
    rows: [
      ["a", "1"],
      ["b", "2"],
    ],
  },
  {
    sql: "SELECT id FROM sales UNION ALL SELECT 9 ORDER BY id DESC",
    rows: [["9"], ["4"], ["3"], ["2"], ["1"]],
  },
  { sql: "SELECT region FROM sales EXCEPT SELECT 'EAST'", rows: [["WEST"]] },
  { sql: "SELECT region FROM sales INTERSECT SELECT 'east'", rows: [["East"]] },
  { sql: "SELECT 1 UNION ALL SELECT 'x'", error: 245 },
  { sql: "SELECT 1, 2 UNION SELECT 3", error: 205 },
  { sql: "SELECT NULL AS n UNION ALL SELECT 'x' ORDER BY n", rows: [[null], ["x"]] },
  {
    sql: "SELECT STRING_AGG(region, ',') WITHIN GROUP (ORDER BY id DESC) FROM sales",
    rows: "West,east,WEST,East",
  },
  { sql: "SELECT value FROM STRING_SPLIT('a,b,,c', ',')", rows: [["a"], ["b"], [""], ["c"]] },
  {
    sql: "SELECT JSON_VALUE('{\"a\":{\"b\":\"x\"}}', '$.a.b'), JSON_QUERY('{\"a\":[1,2]}', '$.a'), ISJSON('{}'), ISJSON('x')",
    rows: [["x", "[1,2]", "1", "0"]],
  },
  {
    sql: 'SELECT [key], value, type FROM OPENJSON(\'{"a":1,"b":"x"}\')',
    rows: [
      ["a", "1", "2"],
      ["b", "x", "1"],
    ],
  },
  {
    sql: 'SELECT id, name FROM OPENJSON(\'[{"id":1,"name":"x"},{"id":2}]\') WITH (id int, name varchar(5)) ORDER BY id',
    rows: [
      ["1", "x"],
      ["2", null],
    ],
  },
  {
    sql: "SELECT id, region AS [r.name] FROM sales WHERE id = 1 FOR JSON PATH",
    rows: '[{"id":1,"r":{"name":"East"}}]',
  },
  {
    sql: "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(n, s) ORDER BY n",
    rows: [
      ["1", "a"],
      ["2", null],
    ],
    columns: ["n int", "s varchar(1)"],
  },
  { sql: "SELECT nosuch FROM sales", error: 207, message: "Invalid column name 'nosuch'." },
  { sql: "SELECT x.id FROM sales", error: 4104 },
  { sql: "SELECT id FROM sales a, sales b", error: 209 },
  { sql: "SELECT * FROM nosuch", error: 208, message: "Invalid object name 'nosuch'." },
  { sql: "SELECT * FROM sales, sales", error: 1013 },
  { sql: "SELECT (SELECT id, region FROM sales)", error: 116 },
  { sql: "SELECT * FROM (SELECT id FROM sales ORDER BY id) d", error: 1033 },
  { sql: "SELECT * FROM (SELECT 1) d", error: 8155 },
  { sql: "SELECT NOSUCH(1)", error: 195 },
  { sql: "SELECT TOP (1.5) 1", error: 1060 },
  { sql: "SELECT TOP ('a') 1", error: 1060 },
  { sql: "SELECT 1 AS a ORDER BY a FETCH NEXT 1 ROWS ONLY", error: 153 },
  { sql: "SELECT COUNT(DISTINCT a) OVER () FROM (VALUES (1)) v(a)", error: 10759 },
  {
    setup: ["CREATE TABLE #u (v int)"],
    sql: "UPDATE #u SET v = (SELECT SUM(v) FROM (VALUES (1)) w(x))",
    error: 157,
  },
  {
    setup: ["CREATE TABLE #c (v int)"],
    sql: "WITH x AS (SELECT v FROM #c) UPDATE x SET v = 1",
    error: 40517,
    message: "common table expression",
  },
  {
    setup: ["CREATE TABLE #d (v int)"],
    sql: "WITH x AS (SELECT v FROM #d) DELETE FROM x",
    error: 40517,
    message: "common table expression",
  },
  { sql: "SELECT FORMATMESSAGE('a')", error: 40517, message: "(line 1, column 8)" },
  { sql: "SELECT LEN()", error: 174 },
  {
    sql: "SELECT id AS ID2, 'x' lbl FROM dbo.sales AS s WITH (NOLOCK) WHERE s.id = 1 OPTION (LABEL = 'q')",
    rows: [["1", "x"]],
    columns: ["ID2 int", "lbl varchar(1)"],
  },
  { sql: "SELECT name FROM sys.tables ORDER BY name", rows: [["sales"]] },
  {
    sql: "SELECT c.name, t.name, c.max_length FROM sys.columns c JOIN sys.types t ON c.user_type_id = t.user_type_id WHERE object_id = OBJECT_ID('dbo.sales') ORDER BY column_id",
    rows: [
      ["id", "int", "4"],
      ["region", "varchar", "10"],
      ["amount", "decimal", "9"],
      ["day", "date", "3"],
    ],
  },
  {
    sql: "SELECT distribution_policy_desc FROM sys.pdw_table_distribution_properties WHERE object_id = OBJECT_ID('sales')",
    rows: "HASH",
  },
  {
    sql: "SELECT type_desc FROM sys.indexes WHERE object_id = OBJECT_ID('sales')",
    rows: "CLUSTERED COLUMNSTORE",
  },
  {
    sql: "SELECT TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES ORDER BY 1",
    rows: [
      ["sales", "BASE TABLE"],
      ["totals", "VIEW"],
    ],
  },
  {
    sql: "SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'totals'",
    rows: [
      ["region", "varchar"],
      ["total", "decimal"],
    ],
  },
  {
    sql: "SELECT DB_NAME(), SERVERPROPERTY('EngineEdition'), SUSER_SNAME(), USER_NAME(), SCHEMA_NAME(1)",
    rows: [["pool1", "6", "admin", "dbo", "dbo"]],
  },
  { sql: "EXEC sp_describe_first_result_set N'SELECT nosuch FROM sales'", error: 207 },
];

testSqlCases("query", cases, ground);

const nested = (depth: number): string => `SELECT ${"(SELECT ".repeat(depth)}1${")".repeat(depth)}`;

testSqlCases("nesting", [
  { sql: nested(5), rows: "1" },
  { sql: nested(100), error: 191 },
  { sql: `SELECT ${Array(3000).fill("CAST(1.5 AS float)").join("+")}`, error: 191 },
]);
