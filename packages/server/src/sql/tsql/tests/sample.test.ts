// What public samples for dedicated SQL pools ask, in few words: each row stands for a statement of theirs that once
// failed or answered wrongly.
import { type SqlCase, testSqlCases } from "./case.ts";

const moments: SqlCase[] = [
  {
    sql: "SELECT CAST('2019-10-15T11:53:04Z' AS datetime), CAST('2019-10-15T11:53:31Z' AS smalldatetime)",
    rows: [["2019-10-15 11:53:04.000", "2019-10-15 11:54:00"]],
  },
  { sql: "SELECT CAST('2019-10-15T11:53:04+00:00' AS datetime)", error: 241 },
  {
    sql: "SELECT CAST(t AS datetime2(3)), CAST(t AS datetime), CAST(t AS date), CAST(t AS time(0)) FROM (VALUES ('2019-10-15T11:53:04Z'), ('2019-10-15T11:53:04.1234567z')) v(t) ORDER BY t",
    rows: [
      ["2019-10-15 11:53:04.123", "2019-10-15 11:53:04.123", "2019-10-15", "11:53:04"],
      ["2019-10-15 11:53:04.000", "2019-10-15 11:53:04.000", "2019-10-15", "11:53:04"],
    ],
  },
  {
    sql: "SELECT CAST(t AS datetime2(0)) FROM (VALUES ('2019-10-15 11:53:04 +02:00'), ('20191015 11:53')) v(t) ORDER BY t",
    rows: [["2019-10-15 11:53:04"], ["2019-10-15 11:53:00"]],
  },
  {
    sql: "SELECT CAST(t AS datetime) FROM (VALUES ('2019-10-15T11:53:04+02:00')) v(t)",
    error: 241,
  },
];

const catalogue: SqlCase[] = [
  {
    setup: [
      "CREATE VIEW dbo.all_columns_of AS SELECT t.name AS t, c.name AS c, COUNT(*) AS n FROM sys.tables t JOIN sys.columns c ON c.object_id = t.object_id GROUP BY t.name, c.name",
    ],
    sql: "SELECT c.name FROM sys.columns c WHERE c.object_id = OBJECT_ID('dbo.all_columns_of') ORDER BY c.column_id",
    rows: [["t"], ["c"], ["n"]],
  },
  {
    setup: [
      "CREATE TABLE dbo.sized (a int, b int) WITH (DISTRIBUTION = HASH(a)); INSERT dbo.sized SELECT value, 1 FROM GENERATE_SERIES(1, 1000)",
    ],
    sql: "SELECT nps.row_count, nps.reserved_page_count, nps.reserved_page_count - nps.used_page_count, nps.in_row_data_page_count + nps.row_overflow_used_page_count + nps.lob_used_page_count FROM sys.pdw_table_mappings tm JOIN sys.pdw_nodes_tables nt ON tm.physical_name = nt.name JOIN sys.dm_pdw_nodes_db_partition_stats nps ON nt.object_id = nps.object_id AND nt.pdw_node_id = nps.pdw_node_id AND nt.distribution_id = nps.distribution_id WHERE tm.object_id = OBJECT_ID('dbo.sized')",
    rows: [["1000", "2", "0", "2"]],
  },
  { sql: "SELECT is_auto_update_stats_on FROM sys.databases WHERE name = DB_NAME()", rows: "1" },
  ...[
    "dm_pdw_dms_workers",
    "dm_pdw_dms_external_work",
    "dm_pdw_nodes_db_column_store_row_group_physical_stats",
    "pdw_nodes_column_store_row_groups",
    "dm_pdw_nodes_exec_query_memory_grants",
    "dm_pdw_nodes_os_performance_counters",
    "dm_pdw_nodes_exec_connections",
    "dm_pdw_nodes_db_session_space_usage",
    "pdw_loader_backup_runs",
    "dm_operation_status",
  ].map((view) => ({ sql: `SELECT COUNT(*) FROM sys.${view}`, rows: "0" })),
];

const sales = [
  "CREATE TABLE dbo.w (r varchar(5), c varchar(5), m money, d decimal(9,2), i int, f float)",
  "INSERT dbo.w VALUES ('a', 'x', 1, 1, 1, 1), ('a', 'y', 2, 2, 2, 2), ('b', 'z', 5, 5, 5, 5)",
  "CREATE TABLE dbo.keyed (id int IDENTITY(1, 1) NOT NULL, v int)",
];

const analytics: SqlCase[] = [
  {
    sql: "SELECT r, c, SUM(m) AS total, SUM(SUM(m)) OVER (PARTITION BY r) AS of_r, RANK() OVER (PARTITION BY r ORDER BY SUM(m) DESC) AS place FROM dbo.w GROUP BY r, c ORDER BY r, c",
    columns: ["r varchar(5)", "c varchar(5)", "total money", "of_r money", "place bigint"],
    rows: [
      ["a", "x", "1.0000", "3.0000", "2"],
      ["a", "y", "2.0000", "3.0000", "1"],
      ["b", "z", "5.0000", "5.0000", "1"],
    ],
  },
  {
    sql: "SELECT r, AVG(SUM(i)) OVER (), MAX(COUNT(*)) OVER (), SUM(SUM(d)) OVER (ORDER BY r ROWS UNBOUNDED PRECEDING), MIN(MIN(c)) OVER (), COUNT(SUM(f)) OVER (), LAG(SUM(i)) OVER (ORDER BY r) FROM dbo.w GROUP BY r ORDER BY r",
    rows: [
      ["a", "4", "2", "3.00", "x", "2", null],
      ["b", "4", "2", "8.00", "x", "2", "3"],
    ],
  },
  { sql: "SELECT SUM(SUM(i)) FROM dbo.w GROUP BY r", error: 130 },
  {
    sql: "INSERT dbo.keyed (v) SELECT 1 WHERE 1 = 0; SELECT SCOPE_IDENTITY()",
    rows: [[null]],
  },
  {
    sql: "INSERT dbo.keyed (v) VALUES (5); INSERT dbo.keyed (v) SELECT v FROM dbo.keyed WHERE v < 0; SELECT SCOPE_IDENTITY()",
    rows: "1",
  },
];

const nullability: SqlCase[] = [
  {
    setup: [
      "DECLARE @d decimal(7,2) = 85.455, @f float(24) = 85.455, @i int = 2, @s varchar(5) = 'x'; CREATE TABLE dbo.made WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT @d * @f AS product, @i + 1 AS more, @s + 'y' AS text, ISNULL(CAST(@d * @f AS decimal(7,2)), 0) AS sure, 1 + 1 AS two",
    ],
    sql: "SELECT c.name, t.name, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id WHERE c.object_id = OBJECT_ID('dbo.made') ORDER BY c.column_id",
    rows: [
      ["product", "real", "1"],
      ["more", "int", "1"],
      ["text", "varchar", "1"],
      ["sure", "decimal", "0"],
      ["two", "int", "0"],
    ],
  },
];

const amounts: SqlCase[] = [
  {
    sql: "DECLARE @a money = 100, @b money = 339, @c money = 10000; SELECT @a / @b * @c, CAST(-2 AS money) / 3, CAST(2 AS smallmoney) / 3",
    columns: [" money", " money", " smallmoney"],
    rows: [["2949.0000", "-0.6666", "0.6666"]],
  },
  {
    sql: "SELECT b / c, b * c FROM (VALUES (CAST(922337203685477 AS money), CAST(1 AS money))) v(b, c)",
    rows: [["922337203685477.0000", "922337203685477.0000"]],
  },
  { sql: "SELECT b / c FROM (VALUES (CAST(1 AS money), CAST(0 AS money))) v(b, c)", error: 8134 },
  {
    sql: "SELECT AVG(m), AVG(s) FROM (VALUES (CAST(1 AS money), CAST(1 AS smallmoney)), (2, 2), (2, 2)) v(m, s)",
    columns: [" money", " money"],
    rows: [["1.6666", "1.6666"]],
  },
  {
    sql: "SELECT SUM(a) / 7.0, SUM(a) / SUM(b), SUM(a) * 1.0 / 3 FROM (VALUES (CAST(1419480 AS decimal(15,2)), CAST(7 AS decimal(15,2)))) v(a, b)",
    rows: [["202782.857142", "202782.857142", "473160.000000"]],
  },
  {
    sql: "SELECT x / y, x * y FROM (VALUES (CAST(12.5 AS decimal(38,10)), CAST(3 AS decimal(38,10)))) v(x, y)",
    rows: [["4.166666", "37.500000"]],
  },
  {
    sql: "SELECT x * y FROM (VALUES (CAST(99999999999999999999 AS decimal(38,10)), CAST(10 AS decimal(38,10)))) v(x, y)",
    columns: [" decimal(38,6)"],
  },
  {
    sql: "SELECT x / y FROM (VALUES (CAST(1 AS decimal(38,2)), CAST(0 AS decimal(38,2)))) v(x, y)",
    error: 8134,
  },
];

const functions = [
  "CREATE FUNCTION dbo.convert_input (@in int) RETURNS decimal(10,2) AS BEGIN DECLARE @out int; SET @out = CAST(@in AS decimal(10,2)); RETURN(@out); END",
  "CREATE FUNCTION dbo.branches (@a int, @b int) RETURNS varchar(20) AS BEGIN DECLARE @c int = @a + @b, @r varchar(20); IF @c > 10 SET @c = 10; ELSE IF @c < 0 BEGIN SET @c = 0; SET @r = 'neg' END; IF @c = 10 RETURN 'ten'; SET @r += '!'; RETURN ISNULL(@r, CAST(@c AS varchar(5))) END",
  "CREATE FUNCTION dbo.inside (@a int) RETURNS int AS BEGIN IF @a > 0 DECLARE @b int = @a * 2; SELECT @a = 7, @b = @b + @a; RETURN @b END",
  "CREATE FUNCTION dbo.guarded (@a int, @b int) RETURNS int AS BEGIN IF @b = 0 RETURN NULL; RETURN dbo.inside(@a / @b) END",
];

const calls: SqlCase[] = [
  {
    sql: "SELECT dbo.convert_input(15), dbo.convert_input(NULL)",
    columns: [" decimal(10,2)", " decimal(10,2)"],
    rows: [["15.00", null]],
  },
  {
    sql: "SELECT dbo.branches(a, b) FROM (VALUES (1, 2), (5, 6), (-5, 1), (NULL, 1)) t(a, b)",
    rows: [["3"], ["ten"], ["neg!"], [null]],
  },
  {
    sql: "SELECT dbo.inside(a), dbo.guarded(a, a - 3) FROM (VALUES (3), (-1), (6)) t(a)",
    rows: [
      ["13", null],
      [null, null],
      ["19", "11"],
    ],
  },
  ...[
    {
      body: "WHILE @a < 5 SET @a += 1; RETURN @a",
      error: 40517,
      message: "WHILE in a scalar function",
    },
    { body: "IF @a = 1 RETURN 1; SET @a = 2", error: 455 },
    {
      body: "SELECT @a = COUNT(*) FROM sys.tables; RETURN @a",
      error: 40517,
      message: "SELECT of rows",
    },
    { body: "EXEC dbo.p; RETURN 1", error: 40517, message: "EXECUTE in a scalar function" },
    { body: "RETURN", error: 178 },
  ].map(({ body, ...expected }) => ({
    sql: `CREATE FUNCTION dbo.refused (@a int) RETURNS int AS BEGIN ${body} END`,
    ...expected,
  })),
];

const blanks: SqlCase[] = [
  {
    sql: "SELECT CASE WHEN 'a ' LIKE 'a' THEN 1 ELSE 0 END, CASE WHEN N'a ' LIKE 'a' THEN 1 ELSE 0 END, CASE WHEN 'a' LIKE 'a ' THEN 1 ELSE 0 END, CASE WHEN 'a ' LIKE 'a ' THEN 1 ELSE 0 END, CASE WHEN 'a ' NOT LIKE 'a' THEN 1 ELSE 0 END, CASE WHEN '100% ' LIKE '100!%' ESCAPE '!' THEN 1 ELSE 0 END",
    rows: [["1", "0", "0", "1", "0", "1"]],
  },
  {
    sql: "SELECT c FROM (VALUES (CAST('MED BAG' AS char(10))), ('SM CASE'), (NULL)) t(c) WHERE c LIKE '%BAG'",
    rows: [["MED BAG   "]],
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES (CAST('MED BAG' AS char(10))), ('SM CASE'), (NULL)) t(c) WHERE c NOT LIKE '%[A-G]'",
    rows: "0",
  },
  {
    sql: "SELECT COUNT(*) FROM (VALUES (CAST('MED BAG' AS char(10)), '%bag'), ('SM CASE', '%[x-z]')) t(c, p) WHERE c LIKE p",
    rows: "1",
  },
];

testSqlCases("trailing blanks of samples", blanks);
testSqlCases("functions of samples", calls, functions);
testSqlCases("amounts of samples", amounts);
testSqlCases("nullability of samples", nullability);
testSqlCases("analytics of samples", analytics, sales);
testSqlCases("moments as text", moments);
testSqlCases("catalogue of samples", catalogue);
