// SET IMPLICIT_TRANSACTIONS ON, as mssql-jdbc's setAutoCommit(false) sends it.
// Source: "SET IMPLICIT_TRANSACTIONS (Transact-SQL)".
import { testSqlCases } from "../tests/case.ts";

const on = "SET IMPLICIT_TRANSACTIONS ON";

testSqlCases(
  "implicit transactions",
  [
    { sql: `${on}; SELECT @@TRANCOUNT, @@OPTIONS & 2`, rows: [["0", "2"]] },
    { sql: `${on}; SELECT a FROM dbo.i; SELECT @@TRANCOUNT`, rows: "1" },
    { sql: `${on}; INSERT dbo.i VALUES (2); DELETE dbo.i; SELECT @@TRANCOUNT`, rows: "1" },
    {
      sql: `${on}; INSERT dbo.i VALUES (3); ROLLBACK; SET IMPLICIT_TRANSACTIONS OFF; SELECT COUNT(*) FROM dbo.i; SELECT @@TRANCOUNT`,
      rows: "0",
    },
    {
      setup: [`${on}; UPDATE dbo.i SET a = 9`, "ROLLBACK; SET IMPLICIT_TRANSACTIONS OFF"],
      sql: "SELECT a FROM dbo.i",
      rows: "1",
    },
    { sql: `${on}; BEGIN TRANSACTION; SELECT @@TRANCOUNT`, rows: "2" },
    { sql: `${on}; CREATE TABLE dbo.j (a int)`, error: 111212 },
    { sql: `${on}; DECLARE @a int; SELECT @a = 1; PRINT @a; SELECT @@TRANCOUNT`, rows: "0" },
    {
      sql: `${on}; SET IMPLICIT_TRANSACTIONS OFF; SELECT a FROM dbo.i; SELECT @@TRANCOUNT`,
      rows: "0",
    },
  ],
  ["CREATE TABLE dbo.i (a int)", "INSERT dbo.i VALUES (1)"],
);
