// Names without a schema are looked for in the user's default schema, then in dbo; modules look in dbo only,
// or a user could put an object of his own under what a module names. GRANT takes columns behind the object, too.
import { testSqlCases } from "../tests/case.ts";

const asEve = (sql: string): string => `EXECUTE AS USER = 'eve'; ${sql}`;

testSqlCases(
  "DEFAULT_SCHEMA",
  [
    { sql: asEve("SELECT a FROM t"), rows: "1" },
    { sql: asEve("SELECT b FROM only_dbo"), rows: "3" },
    { sql: asEve("SELECT a FROM v"), rows: "2" },
    {
      sql: asEve("SELECT SCHEMA_NAME(), OBJECT_SCHEMA_NAME(OBJECT_ID('t'))"),
      rows: [["s1", "s1"]],
    },
    { sql: asEve("EXEC p"), rows: "2" },
    {
      sql: asEve("CREATE TABLE made (a int); SELECT OBJECT_ID('s1.made') - OBJECT_ID('made')"),
      rows: "0",
    },
    { sql: "SELECT a FROM t", rows: "2" },
    { sql: "SELECT SCHEMA_NAME()", rows: "dbo" },
  ],
  [
    "CREATE SCHEMA s1",
    "CREATE TABLE s1.t (a int)",
    "CREATE TABLE dbo.t (a int)",
    "CREATE TABLE dbo.only_dbo (b int)",
    "INSERT s1.t VALUES (1); INSERT dbo.t VALUES (2); INSERT dbo.only_dbo VALUES (3)",
    "CREATE VIEW dbo.v AS SELECT a FROM t",
    "CREATE PROCEDURE dbo.p AS SELECT a FROM t",
    "CREATE USER eve WITHOUT LOGIN WITH DEFAULT_SCHEMA = s1",
    "ALTER ROLE db_owner ADD MEMBER eve",
  ],
);

testSqlCases(
  "GRANT on columns",
  [
    { sql: "EXECUTE AS USER = 'dan'; SELECT a FROM dbo.cols", rows: [] },
    { sql: "EXECUTE AS USER = 'dan'; SELECT b FROM dbo.cols", error: 230 },
    { sql: "EXECUTE AS USER = 'joe'; SELECT a FROM dbo.cols", rows: [] },
    { sql: "EXECUTE AS USER = 'joe'; SELECT b FROM dbo.cols", error: 230 },
  ],
  [
    "CREATE TABLE dbo.cols (a int, b int)",
    "CREATE USER dan WITHOUT LOGIN; CREATE USER joe WITHOUT LOGIN",
    "GRANT SELECT ON dbo.cols (a) TO dan",
    "GRANT SELECT ON dbo.cols TO joe; DENY SELECT ON OBJECT::dbo.cols (b) TO joe",
  ],
);
