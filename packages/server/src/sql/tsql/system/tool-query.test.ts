// What tools above the drivers read from the catalogue: SQLAlchemy, knex, migration tools.
import { type SqlCase, testSqlCases } from "../tests/case.ts";

const ground = [
  "CREATE TABLE dbo.sizes (i int, d decimal(20, 4), t varchar(max), n nvarchar(7), m datetime2(3))",
];

const systemObjects: SqlCase[] = [
  {
    sql: "SELECT name FROM sys.system_views WHERE name IN ('dm_exec_sessions', 'dm_pdw_nodes_exec_sessions') ORDER BY name",
    rows: [["dm_exec_sessions"], ["dm_pdw_nodes_exec_sessions"]],
  },
  {
    sql: "SELECT SCHEMA_NAME(schema_id), type, is_ms_shipped FROM sys.all_objects WHERE name IN ('sizes', 'all_columns', 'SCHEMATA') ORDER BY is_ms_shipped, name",
    rows: [
      ["dbo", "U ", "0"],
      ["sys", "V ", "1"],
      ["INFORMATION_SCHEMA", "V ", "1"],
    ],
  },
  {
    sql: "SELECT c.name FROM sys.all_columns c JOIN sys.all_views v ON v.object_id = c.object_id WHERE v.name = 'schemas' ORDER BY c.column_id",
    rows: [["name"], ["schema_id"], ["principal_id"]],
  },
  { sql: "SELECT COUNT(*) FROM sys.objects WHERE object_id < 0", rows: "0" },
];

const sessions: SqlCase[] = ["sys.dm_exec_sessions", "sys.dm_pdw_nodes_exec_sessions"].map(
  (view) => ({
    setup: ["SET TRANSACTION ISOLATION LEVEL READ COMMITTED"],
    sql: `SELECT transaction_isolation_level, database_id - DB_ID() FROM ${view} WHERE session_id = @@SPID`,
    rows: [["2", "0"]],
  }),
);

const sizes: SqlCase[] = [
  {
    sql: "SELECT COL_LENGTH('dbo.sizes', 'i'), COL_LENGTH('dbo.sizes', 'd'), COL_LENGTH('dbo.sizes', 't'), COL_LENGTH('sizes', 'n'), COL_LENGTH('dbo.sizes', 'm'), COL_LENGTH('dbo.sizes', 'none')",
    rows: [["4", "13", "-1", "14", "7", null]],
  },
  {
    sql: "SELECT COLUMNPROPERTY(object_id, name, 'Precision'), COLUMNPROPERTY(object_id, name, 'Scale') FROM sys.columns WHERE object_id = OBJECT_ID('dbo.sizes') ORDER BY column_id",
    rows: [
      ["10", "0"],
      ["20", "4"],
      ["-1", "0"],
      ["7", "0"],
      ["23", "3"],
    ],
  },
];

testSqlCases("tools", [...systemObjects, ...sessions, ...sizes], ground);
