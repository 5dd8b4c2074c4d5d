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

testSqlCases("variables", cases);
