// Where a variable exists, and what DECLARE does again. Source: "DECLARE @local_variable".
import { type SqlCase, testSqlCases } from "./case.ts";

const cases: SqlCase[] = [
  { sql: "DECLARE @x int; DECLARE @X int", error: 134 },
  { sql: "IF 1 = 0 DECLARE @x int ELSE DECLARE @x varchar(5)", error: 134 },
  { sql: "CREATE PROCEDURE dbo.twice @a int, @a int AS SELECT 1", error: 134 },
  { sql: "CREATE PROCEDURE dbo.again @a int AS DECLARE @a int", error: 134 },
  { sql: "IF 1 = 0 BEGIN DECLARE @z int = 4 END; SELECT @z", rows: [[null]] },
  { sql: "IF 1 = 0 BEGIN DECLARE @z int = 4 END; SET @z = 5; SELECT @z", rows: "5" },
  {
    sql: "DECLARE @i int = 0; WHILE @i < 3 BEGIN DECLARE @s varchar(10); SET @s = CONCAT(@s, @i); SET @i += 1 END; SELECT @s",
    rows: "012",
  },
  {
    sql: "DECLARE @i int = 0; WHILE @i < 3 BEGIN DECLARE @s int = 0; SET @s += 1; SET @i += 1 END; SELECT @s",
    rows: "1",
  },
  {
    sql: "BEGIN TRY DECLARE @q int = 1/0 END TRY BEGIN CATCH SELECT @q, ERROR_NUMBER() END CATCH",
    rows: [[null, "8134"]],
  },
];

const assignments: SqlCase[] = [
  {
    sql: "DECLARE @a int, @b int; SELECT @a = 1, @b = @a + 1; SELECT @a, @b, @@ROWCOUNT",
    rows: [["1", "2", "1"]],
  },
  { sql: "DECLARE @a int = 5; SELECT @a = @a + 1, @a = @a * 2; SELECT @a", rows: "12" },
  { sql: "DECLARE @a int = 5; SELECT @a = @a + 1 WHERE 1 = 0; SELECT @a", rows: "5" },
  {
    sql: "DECLARE @a int, @s varchar(20) = ''; SELECT @a = v, @s = @s + CAST(@a AS varchar(5)) FROM (VALUES (1), (2)) t(v); SELECT @s",
    rows: "12",
  },
];

testSqlCases("variables", [...cases, ...assignments]);
