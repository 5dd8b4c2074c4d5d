// What tools above the drivers read from the catalogue: SQLAlchemy, knex, migration tools.
import { type SqlCase, testSqlCases } from "../tests/case.ts";

const ground = [
  "CREATE TABLE dbo.sizes (i int DEFAULT 1, d decimal(20, 4), t varchar(max), n nvarchar(7), m datetime2(3))",
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

const names: SqlCase[] = [
  {
    sql: "SELECT HAS_PERMS_BY_NAME(QUOTENAME('pool1') + '.' + QUOTENAME(OBJECT_SCHEMA_NAME(object_id, DB_ID('pool1'))) + '.' + QUOTENAME(name), 'OBJECT', 'SELECT'), OBJECT_ID(DB_NAME() + '..' + name) - object_id FROM sys.tables WHERE name = 'sizes'",
    rows: [["1", "0"]],
  },
  {
    sql: "SELECT OBJECT_ID('pool1.dbo.sizes') - OBJECT_ID('sizes'), OBJECT_ID('master.dbo.sizes'), OBJECT_ID('tempdb..sizes')",
    rows: [["0", null, null]],
  },
  {
    setup: ["CREATE TABLE #kept (a int)"],
    sql: "SELECT s.name, o.name, c.name FROM tempdb.sys.objects o JOIN tempdb.sys.schemas s ON s.schema_id = o.schema_id JOIN tempdb.sys.columns c ON c.object_id = o.object_id WHERE o.object_id = OBJECT_ID('tempdb..[#kept]', 'U')",
    rows: [["dbo", "#kept", "a"]],
  },
  { sql: "SELECT COUNT(*) FROM tempdb.sys.tables", rows: "0" },
  { sql: "SELECT * FROM tempdb.dbo.sizes", error: 40515 },
  { sql: "EXEC sys.sp_helpindex @objname = N'sizes'", error: 40510, message: "sp_helpindex" },
  { sql: "EXEC sys.spare_parts", error: 2812 },
];

/** Columns of which every pool has the same: what SSMS (SMO) asks of a dedicated pool. */
const always: SqlCase[] = [
  {
    sql: "SELECT ISNULL(CONVERT(nvarchar(85), owner_sid, 1), N''), is_auto_shrink_on, page_verify_option_desc, is_published * 1 + is_subscribed * 2, source_database_id, is_quoted_identifier_on, service_broker_guid FROM sys.databases WHERE name = DB_NAME()",
    rows: [["0x01", "0", "CHECKSUM", "0", null, "1", "00000000-0000-0000-0000-000000000000"]],
  },
  {
    sql: "SELECT CASE WHEN durability = 1 THEN 0 ELSE 1 END, lock_escalation, ~is_tracked_by_cdc, history_table_id FROM sys.tables WHERE name = 'sizes'",
    rows: [["1", "0", "1", null]],
  },
  {
    sql: "SELECT ~is_not_trusted, is_not_for_replication FROM sys.default_constraints",
    rows: [["1", "0"]],
  },
  {
    sql: "SELECT p.parameter_id, t.name FROM sys.partition_parameters p JOIN sys.types t ON t.user_type_id = p.user_type_id",
    setup: [
      "IF OBJECT_ID('parted') IS NULL CREATE TABLE parted (d date) WITH (PARTITION (d RANGE RIGHT FOR VALUES ('2024-01-01')))",
    ],
    rows: [["1", "date"]],
  },
];

const legacy: SqlCase[] = [
  {
    sql: "SELECT o.name, c.name, c.length, c.isnullable, USER_NAME(o.uid) FROM sysobjects o JOIN dbo.syscolumns c ON c.id = o.id WHERE o.xtype = 'U' AND o.id = OBJECT_ID('sizes') AND c.colid = 1",
    rows: [["sizes", "i", "4", "1", "dbo"]],
  },
  {
    sql: "SELECT name, dbid - DB_ID() FROM master..sysdatabases WHERE name = DB_NAME()",
    rows: [["pool1", "0"]],
  },
  {
    setup: [
      "IF OBJECT_ID('dbo.told') IS NULL EXEC('CREATE PROCEDURE dbo.told AS SELECT ''' + REPLICATE('x', 4000) + '''')",
    ],
    sql: "SELECT OBJECT_NAME(id), colid, LEN(text) FROM syscomments WHERE id = OBJECT_ID('told') UNION ALL SELECT 'i', colid, 0 FROM sys.columns c JOIN syscomments t ON t.id = c.default_object_id WHERE t.text = '(1)' ORDER BY 1, 2",
    rows: [
      ["i", "1", "0"],
      ["told", "1", "4000"],
      ["told", "2", "38"],
    ],
  },
  { sql: "SELECT islogin FROM sys.sysusers WHERE name = 'db_owner'", rows: "0" },
  { sql: "SELECT * FROM master..systypes", error: 40515 },
  { sql: "SELECT alias FROM sys.syslanguages", rows: "English" },
  {
    sql: "SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.all_columns WHERE name = 'definition' AND OBJECT_ID(N'sys.sql_modules') = object_id) THEN 1 ELSE 0 END, OBJECT_ID('sys.sql_modules', 'U'), OBJECT_ID('sys.sizes')",
    rows: [["1", null, null]],
  },
  {
    sql: "SELECT default_language_name, is_policy_checked FROM sys.sql_logins WHERE name = SUSER_SNAME()",
    rows: [["us_english", "1"]],
  },
];

const space: SqlCase[] = [
  {
    setup: [
      "IF OBJECT_ID('dbo.spacious') IS NULL CREATE TABLE dbo.spacious (a bigint)",
      "TRUNCATE TABLE dbo.spacious",
      "INSERT dbo.spacious SELECT value FROM GENERATE_SERIES(1, 2048)",
    ],
    sql: "EXEC sp_spaceused N'dbo.spacious'",
    rows: [["spacious", "2048                ", "16 KB", "16 KB", "0 KB", "0 KB"]],
    columns: [
      "name nvarchar(128)",
      "rows char(20)",
      "reserved varchar(18)",
      "data varchar(18)",
      "index_size varchar(18)",
      "unused varchar(18)",
    ],
  },
  {
    sql: "EXEC sp_spaceused",
    columns: [
      "reserved varchar(18)",
      "data varchar(18)",
      "index_size varchar(18)",
      "unused varchar(18)",
    ],
  },
  { sql: "EXEC sp_spaceused 'dbo.none'", error: 15009 },
];

testSqlCases(
  "tools",
  [...space, ...legacy, ...systemObjects, ...sessions, ...sizes, ...names, ...always],
  ground,
);
