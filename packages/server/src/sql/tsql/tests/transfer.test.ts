// ALTER SCHEMA … TRANSFER, and statements of tables that change nothing here. Source: "ALTER SCHEMA".
import { type SqlCase, testSqlCases } from "./case.ts";

const made = [
  "CREATE TABLE dbo.orders (id int IDENTITY(1, 1) NOT NULL, item varchar(5)) WITH (HEAP)",
  "INSERT INTO dbo.orders (item) VALUES ('a'), ('b')",
  "GRANT SELECT ON dbo.orders TO public",
];
const gone = "DROP TABLE stage.orders";

const cases: SqlCase[] = [
  {
    setup: [...made, "ALTER SCHEMA stage TRANSFER dbo.orders"],
    sql: `INSERT INTO stage.orders (item) VALUES ('c'); SELECT * FROM stage.orders ORDER BY id; ${gone}`,
    rows: [
      ["1", "a"],
      ["2", "b"],
      ["3", "c"],
    ],
  },
  {
    setup: [...made, "ALTER SCHEMA stage TRANSFER OBJECT::dbo.orders"],
    sql: `SELECT OBJECT_ID('dbo.orders'), COUNT(*) FROM sys.database_permissions WHERE major_id = OBJECT_ID('stage.orders'); ${gone}`,
    rows: [[null, "0"]],
  },
  {
    setup: ["CREATE VIEW dbo.one AS SELECT 1 AS a", "ALTER SCHEMA stage TRANSFER dbo.one"],
    sql: "SELECT a FROM stage.one; DROP VIEW stage.one",
    rows: "1",
  },
  {
    sql: "ALTER SCHEMA stage TRANSFER dbo.absent",
    error: 15151,
    message: "the object 'dbo.absent'",
  },
  { sql: "ALTER SCHEMA absent TRANSFER dbo.taken", error: 15151, message: "the schema 'absent'" },
  { sql: "ALTER SCHEMA sys TRANSFER dbo.taken", error: 15151, message: "the schema 'sys'" },
  { sql: "ALTER SCHEMA stage TRANSFER dbo.taken", error: 15530 },
  {
    setup: ["EXECUTE AS USER = 'clerk'"],
    sql: "ALTER SCHEMA stage TRANSFER dbo.taken",
    error: 15151,
    message: "the object 'dbo.taken'",
  },
  { sql: "BEGIN TRAN; ALTER SCHEMA stage TRANSFER dbo.taken", error: 111212 },
  { sql: "ALTER TABLE dbo.taken REBUILD PARTITION = 1" },
  {
    sql: "ALTER TABLE dbo.taken REBUILD PARTITION = ALL WITH (DATA_COMPRESSION = COLUMNSTORE)",
  },
  { sql: "ALTER DATABASE pool1 SET RESULT_SET_CACHING ON" },
  { sql: "ALTER DATABASE CURRENT SET QUERY_STORE = ON (OPERATION_MODE = READ_WRITE)" },
  { sql: "ALTER DATABASE absent SET AUTO_CREATE_STATISTICS OFF", error: 5011 },
  {
    setup: ["EXECUTE AS USER = 'clerk'"],
    sql: "ALTER DATABASE pool1 SET AUTO_CREATE_STATISTICS OFF",
    error: 5011,
  },
  {
    sql: "ALTER DATABASE pool1 MODIFY (SERVICE_OBJECTIVE = 'DW200c')",
    error: 40510,
    message: "ALTER DATABASE MODIFY",
  },
  { sql: "ALTER DATABASE pool1 SET ENCRYPTION ON", error: 40510, message: "SET ENCRYPTION" },
  { sql: "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 1", error: 40510 },
  { sql: "UPDATE STATISTICS dbo.taken ids WITH SAMPLE 10 PERCENT" },
  {
    sql: "CREATE FUNCTION dbo.many(@x int) RETURNS @t TABLE (a int) AS BEGIN RETURN END",
    error: 40517,
    message: "multi-statement table-valued function",
  },
  {
    sql: "ADD SENSITIVITY CLASSIFICATION TO dbo.taken.id WITH (LABEL = 'Secret')",
    error: 40510,
    message: "ADD SENSITIVITY CLASSIFICATION",
  },
];

testSqlCases("transfer", cases, [
  "CREATE SCHEMA stage",
  "CREATE TABLE dbo.taken (id int)",
  "CREATE TABLE stage.taken (id int)",
  "CREATE STATISTICS ids ON dbo.taken (id)",
  "CREATE USER clerk WITHOUT LOGIN",
  "GRANT SELECT ON dbo.taken TO clerk",
  "GRANT CONTROL ON SCHEMA::stage TO clerk",
]);
