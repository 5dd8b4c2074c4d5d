// Variables, control of flow, errors, procedures, dynamic SQL, transactions.
import { type SqlCase, testSqlCases } from "./case.ts";

const ground = [
  "CREATE TABLE dbo.log (id int NOT NULL, note varchar(50))",
  "CREATE PROCEDURE dbo.add_one @n int, @m int = 10, @sum int OUTPUT AS BEGIN SET @sum = @n + @m; SELECT @sum AS total; RETURN 7 END",
  "CREATE PROC dbo.fails AS BEGIN SELECT 1 / 0 END",
  "CREATE PROC dbo.temp_user AS BEGIN CREATE TABLE #p (a int); INSERT #p VALUES (4); SELECT a FROM #p END",
  "CREATE PROC dbo.fact @n int AS BEGIN IF @n <= 1 RETURN 1; DECLARE @r int, @k int = @n - 1; EXEC @r = dbo.fact @k; SET @r = @r * @n; RETURN @r END",
];

const cases: SqlCase[] = [
  {
    sql: "DECLARE @a int = 2, @b varchar(3) = 'abcdef'; SET @a += 3; SELECT @a, @b",
    rows: [["5", "abc"]],
  },
  { sql: "SELECT @nosuch", error: 137, message: 'Must declare the scalar variable "@nosuch".' },
  {
    sql: "DECLARE @i int = 0, @s int = 0; WHILE @i < 100 BEGIN SET @i += 1; IF @i % 2 = 0 CONTINUE; IF @i > 9 BREAK; SET @s += @i END; SELECT @s, @i",
    rows: [["25", "11"]],
  },
  { sql: "IF 1 = 2 SELECT 'a' ELSE IF 2 = 2 SELECT 'b' ELSE SELECT 'c'", rows: "b" },
  {
    sql: "DECLARE @x int; SELECT @x = id FROM (VALUES (1), (5)) t(id) ORDER BY id; SELECT @x",
    rows: "5",
  },
  {
    sql: "DECLARE @s varchar(20); SELECT @s = COALESCE(@s + ', ', '') + QUOTENAME(v) FROM (VALUES ('b'), ('a'), ('c')) t(v) ORDER BY v; SELECT @s, @@ROWCOUNT",
    rows: [["[a], [b], [c]", "3"]],
  },
  {
    sql: "DECLARE @n int = 0, @s varchar(20) = ''; SELECT @n = @n + 1, @s = CONCAT(@s, @n, t.v) FROM (VALUES ('x'), ('y')) t(v) ORDER BY v DESC; SELECT @n, @s",
    rows: [["2", "1y2x"]],
  },
  {
    sql: "DECLARE @n int; SELECT @n = ISNULL(@n, 0) + value % 2 FROM GENERATE_SERIES(1, 5000); SELECT @n",
    rows: "2500",
  },
  {
    sql: "DECLARE @n int; SELECT @n = ISNULL(@n, 10) + COUNT(*) FROM (VALUES (1), (2)) t(v); SELECT @n",
    rows: "12",
  },
  {
    sql: "DECLARE @n int = 5; SELECT @n = @n + v FROM (VALUES (1)) t(v) WHERE v > 1; SELECT @n",
    rows: "5",
  },
  {
    sql: "DECLARE @s varchar(20) = ''; SELECT @s = @s + v FROM (VALUES ('a'), ('b'), ('c')) t(v) ORDER BY v; SELECT @s",
    rows: "abc",
  },
  { sql: "PRINT 'hello'; PRINT 1 + 1", prints: ["hello", "2"] },
  {
    sql: "BEGIN TRY SELECT 1 / 0 END TRY BEGIN CATCH SELECT ERROR_NUMBER(), ERROR_MESSAGE(), ERROR_SEVERITY(), ERROR_LINE() END CATCH",
    rows: [["8134", "Divide by zero error encountered.", "16", "1"]],
  },
  {
    sql: "BEGIN TRY EXEC dbo.fails END TRY BEGIN CATCH SELECT ERROR_PROCEDURE() END CATCH",
    rows: "fails",
  },
  {
    sql: "BEGIN TRY THROW 51000, 'mine', 3 END TRY BEGIN CATCH SELECT ERROR_NUMBER(), ERROR_MESSAGE(), ERROR_STATE() END CATCH",
    rows: [["51000", "mine", "3"]],
  },
  {
    sql: "BEGIN TRY THROW 51000, 'mine', 3 END TRY BEGIN CATCH THROW END CATCH; SELECT 1",
    error: 51000,
  },
  { sql: "THROW", error: 10704 },
  { sql: "RAISERROR('a %d %s %05i%%', 16, 2, 7, 'x', 42)", error: 50000, message: "a 7 x 00042%" },
  { sql: "RAISERROR('info', 10, 1)", prints: ["info"] },
  {
    sql: "BEGIN TRY RAISERROR('oops', 16, 1) END TRY BEGIN CATCH SELECT ERROR_MESSAGE() END CATCH",
    rows: "oops",
  },
  { sql: "SELECT 1 / 0; SELECT @@ERROR; SELECT 'went on'", error: 8134, rows: "went on" },
  { sql: "SELECT 1 / 0\nSELECT @@ERROR", error: 8134, rows: "8134" },
  { sql: "SELECT CAST('x' AS int); SELECT 'not reached'", error: 245 },
  {
    sql: "DECLARE @r int, @o int; EXEC @r = dbo.add_one 5, @sum = @o OUTPUT; SELECT @r, @o",
    rows: [["7", "15"]],
  },
  { sql: "EXEC dbo.add_one @n = 1, @m = 2", error: 201, message: "'@sum'" },
  { sql: "DECLARE @o int; EXEC dbo.add_one 1, 2, @o OUTPUT, 4", error: 8144 },
  { sql: "DECLARE @o int; EXEC dbo.add_one 1, @q = 2", error: 8145 },
  { sql: "EXEC dbo.nosuch", error: 2812, message: "Could not find stored procedure 'dbo.nosuch'." },
  { sql: "DECLARE @r int; EXEC @r = dbo.fact 5; SELECT @r", rows: "120" },
  // "It's possible to use the temporary table outside of the procedure that created it" (Synapse's page on them).
  { sql: "EXEC dbo.temp_user; SELECT a FROM #p", rows: "4" },
  { sql: "EXEC dbo.temp_user; EXEC dbo.temp_user", error: 2714 },
  { sql: "EXEC ('SELECT 1 + 2 AS x')", rows: "3" },
  {
    sql: "EXEC sp_executesql N'SELECT @a * 2, @b', N'@a int, @b nvarchar(5)', @a = 21, @b = N'x'",
    rows: [["42", "x"]],
  },
  {
    sql: "DECLARE @o int; EXEC sp_executesql N'SET @x = 5', N'@x int OUTPUT', @x = @o OUTPUT; SELECT @o",
    rows: "5",
  },
  {
    sql: "BEGIN TRAN; INSERT log VALUES (1, 'a'); ROLLBACK; SELECT COUNT(*), @@TRANCOUNT FROM log",
    rows: [["0", "0"]],
  },
  {
    sql: "BEGIN TRAN; INSERT log VALUES (1, 'a'); COMMIT; SELECT COUNT(*) FROM log; DELETE log",
    rows: "1",
  },
  {
    sql: "BEGIN TRAN; BEGIN TRAN; SELECT @@TRANCOUNT; COMMIT; COMMIT; SELECT @@TRANCOUNT",
    rows: "0",
  },
  { sql: "COMMIT", error: 3902 },
  { sql: "ROLLBACK TRAN", error: 3903 },
  {
    sql: "BEGIN TRAN; BEGIN TRY INSERT log VALUES (1, 'a'); SELECT CAST(note AS int) FROM log; END TRY BEGIN CATCH SELECT XACT_STATE(); ROLLBACK END CATCH; SELECT COUNT(*) FROM log",
    rows: "0",
  },
  { sql: "SAVE TRAN x", error: 40510 },
  {
    sql: "SET NOCOUNT ON; SET ANSI_NULLS ON; SET XACT_ABORT ON; SET DATEFIRST 1; SELECT DATEPART(weekday, '2024-01-07')",
    rows: "7",
  },
  { sql: "SET NOSUCH ON", error: 195 },
  { sql: "SET ANSI_NULLS OFF", error: 40517 },
  { sql: "USE pool1; SELECT DB_NAME()", rows: "pool1" },
  { sql: "USE nosuch", error: 911 },
  { sql: "USE master", error: 40508, message: "Use a new connection" },
  {
    sql: "PRINT 'a'; BEGIN TRY SELECT 1/0 END TRY BEGIN CATCH THROW END CATCH; PRINT 'b'",
    error: 8134,
    prints: ["a"],
  },
  {
    sql: "PRINT 'a'; IF 1 = 1 BEGIN EXEC ('BEGIN TRY SELECT 1/0 END TRY BEGIN CATCH THROW END CATCH') END; PRINT 'b'",
    error: 8134,
    prints: ["a"],
  },
  { sql: "IF 1/0 = 1 SELECT 1; PRINT 'goes on'", error: 8134, prints: ["goes on"] },
  { sql: "RETURN 5", error: 178 },
  { sql: "SELECT 1; RETURN; SELECT 2", rows: "1" },
  {
    sql: "SELECT LEFT(@@VERSION, 9), @@TRANCOUNT, @@LANGUAGE",
    rows: [["Microsoft", "0", "us_english"]],
  },
];

testSqlCases("procedural", cases, ground);
