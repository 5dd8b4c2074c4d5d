// What tools and drivers ask the catalogue: SSMS, Azure Data Studio, DBeaver, Power BI, SQLAlchemy,
// JDBC. Each query must bind and answer what it names.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";
import { type SqlCase, testSqlCases } from "./case.ts";

const dbccCompleted =
  "DBCC execution completed. If DBCC printed error messages, contact your system administrator.";

const ground = [
  "CREATE SCHEMA [my schema]",
  `CREATE TABLE dbo.sales (id int NOT NULL, name nvarchar(20) NULL, price decimal(9,2) NOT NULL DEFAULT 0,
     CONSTRAINT pk_sales PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED)
   WITH (DISTRIBUTION = HASH(id), CLUSTERED COLUMNSTORE INDEX, PARTITION (id RANGE RIGHT FOR VALUES (20, 10)))`,
  "INSERT dbo.sales (id, name) VALUES (5, 'a'), (10, 'b'), (15, 'c'), (25, 'd')",
  "CREATE STATISTICS st_sales ON dbo.sales (name)",
  "CREATE VIEW [my schema].[v 1] AS SELECT id, name FROM dbo.sales",
  "CREATE PROCEDURE dbo.raise_price @id int, @by decimal(5,2) = 1, @new decimal(9,2) OUTPUT AS SET @new = @by",
];

const lookups: SqlCase[] = [
  {
    sql: "SELECT SCHEMA_NAME(schema_id), name, OBJECT_NAME(object_id), OBJECT_SCHEMA_NAME(object_id) FROM sys.objects WHERE type IN ('U', 'V', 'P') ORDER BY object_id",
    rows: [
      ["dbo", "sales", "sales", "dbo"],
      ["my schema", "v 1", "v 1", "my schema"],
      ["dbo", "raise_price", "raise_price", "dbo"],
    ],
  },
  {
    sql: "SELECT OBJECT_ID(n), OBJECT_ID(QUOTENAME(s) + '.' + QUOTENAME(n)) - OBJECT_ID('[my schema].[v 1]') FROM (VALUES ('my schema', 'v 1'), ('dbo', 'none')) t(s, n)",
    rows: [
      [null, "0"],
      [null, null],
    ],
  },
  {
    sql: "SELECT name, TYPE_NAME(user_type_id), COLUMNPROPERTY(object_id, name, 'AllowsNull'), COL_NAME(object_id, column_id), OBJECTPROPERTY(object_id, 'IsTable') FROM sys.columns WHERE object_id = OBJECT_ID('dbo.sales') ORDER BY column_id",
    rows: [
      ["id", "int", "0", "id", "1"],
      ["name", "nvarchar", "1", "name", "1"],
      ["price", "decimal", "0", "price", "1"],
    ],
  },
  {
    sql: "SELECT COL_LENGTH(TABLE_SCHEMA + '.' + TABLE_NAME, COLUMN_NAME), HAS_PERMS_BY_NAME(QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME), 'OBJECT', 'SELECT') FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'sales' AND COLUMN_NAME = 'name'",
    rows: [["40", "1"]],
  },
  {
    sql: "SELECT DB_NAME(database_id), DATABASEPROPERTYEX(name, 'Status'), HAS_DBACCESS(name) FROM sys.databases WHERE name = DB_NAME()",
    rows: [["pool1", "ONLINE", "1"]],
  },
  {
    sql: "SELECT USER_NAME(principal_id), DATABASE_PRINCIPAL_ID(name), TYPE_ID(t) FROM sys.database_principals, (VALUES ('int')) v(t) WHERE name = 'dbo'",
    rows: [["dbo", "1", "56"]],
  },
  {
    sql: "SELECT OBJECT_NAME(NULL), SCHEMA_NAME(99), TYPE_ID('nothing')",
    rows: [[null, null, null]],
  },
];

const catalogue: SqlCase[] = [
  {
    sql: "SELECT partition_number, rows FROM sys.partitions WHERE object_id = OBJECT_ID('sales') ORDER BY 1",
    rows: [
      ["1", "1"],
      ["2", "2"],
      ["3", "1"],
    ],
  },
  {
    sql: "SELECT SUM(row_count) FROM sys.dm_pdw_nodes_db_partition_stats s JOIN sys.tables t ON t.object_id = s.object_id WHERE t.name = 'sales'",
    rows: "4",
  },
  {
    sql: "SELECT value FROM sys.partition_range_values ORDER BY boundary_id",
    rows: [["10"], ["20"]],
  },
  {
    sql: "SELECT PARAMETER_NAME, PARAMETER_MODE, DATA_TYPE, NUMERIC_PRECISION FROM INFORMATION_SCHEMA.PARAMETERS ORDER BY ORDINAL_POSITION",
    rows: [
      ["@id", "IN", "int", "10"],
      ["@by", "IN", "decimal", "5"],
      ["@new", "INOUT", "decimal", "9"],
    ],
  },
  {
    sql: "SELECT name, is_output, has_default_value FROM sys.parameters ORDER BY parameter_id",
    rows: [
      ["@id", "0", "0"],
      ["@by", "0", "1"],
      ["@new", "1", "0"],
    ],
  },
  { sql: "EXEC sp_pkeys 'sales'", rows: [["pool1", "dbo", "sales", "id", "1", "pk_sales"]] },
  {
    sql: "EXEC sp_tables '%', NULL, NULL, \"'VIEW'\"",
    rows: [["pool1", "my schema", "v 1", "VIEW", null]],
  },
  {
    sql: "EXEC sp_statistics_100 'sales', @is_unique = 'Y'",
    rows: [
      ["pool1", "dbo", "sales", null, null, null, "0", null, null, null, null, null, null],
      ["pool1", "dbo", "sales", "0", "sales", "pk_sales", "3", "1", "id", "A", null, null, null],
    ],
  },
  {
    sql: "EXEC sp_stored_procedures 'raise%'",
    rows: [["pool1", "dbo", "raise_price;1", "-1", "-1", "-1", null, "2"]],
  },
  { sql: "EXEC sp_fkeys 'sales'", rows: [] },
  { sql: "EXEC sp_special_columns_100 'sales'", rows: [] },
  {
    sql: "EXEC sp_tablecollations_100 N'.[sales]'",
    rows: [
      ["1", "id", null, null],
      ["2", "name", "0x0904D00034", "SQL_Latin1_General_CP1_CI_AS"],
      ["3", "price", null, null],
    ],
  },
];

/** As the tools send them; whether they bind is what matters. */
const toolQueries = [
  // SSMS and Azure Data Studio, the object explorer.
  "SELECT CAST(serverproperty(N'Servername') AS sysname) AS [Server_Name], CAST(SERVERPROPERTY('EngineEdition') AS int) AS [EngineEdition], ISNULL(SERVERPROPERTY('ProductVersion'), '') AS v",
  "SELECT dtb.name AS [Database_Name], dtb.database_id AS [Database_ID], CAST(case when dtb.name in ('master','model','msdb','tempdb') then 1 else dtb.is_in_standby end AS bit) AS [IsSystemObject] FROM master.sys.databases AS dtb ORDER BY [Database_Name] ASC",
  "SELECT SCHEMA_NAME(tbl.schema_id) AS [Schema], tbl.name AS [Name], tbl.object_id AS [ID], CAST(CASE WHEN tbl.is_ms_shipped = 1 THEN 1 WHEN (SELECT major_id FROM sys.extended_properties WHERE major_id = tbl.object_id AND minor_id = 0 AND class = 1 AND name = N'microsoft_database_tools_support') IS NOT NULL THEN 1 ELSE 0 END AS bit) AS [IsSystemObject], tbl.create_date AS [CreateDate] FROM sys.tables AS tbl WHERE (CAST(tbl.is_ms_shipped AS bit) = 0 and tbl.is_external = 0) ORDER BY [Schema] ASC, [Name] ASC",
  "SELECT clmns.name AS [Name], clmns.column_id AS [ID], clmns.is_nullable AS [Nullable], CAST(ISNULL(cik.index_column_id, 0) AS bit) AS [InPrimaryKey], usrt.name AS [DataType], ISNULL(baset.name, N'') AS [SystemType], CAST(CASE WHEN baset.name IN (N'nchar', N'nvarchar') AND clmns.max_length <> -1 THEN clmns.max_length/2 ELSE clmns.max_length END AS int) AS [Length] FROM sys.tables AS tbl INNER JOIN sys.all_columns AS clmns ON clmns.object_id=tbl.object_id LEFT OUTER JOIN sys.indexes AS ik ON ik.object_id = clmns.object_id and 1=ik.is_primary_key LEFT OUTER JOIN sys.index_columns AS cik ON cik.index_id = ik.index_id and cik.column_id = clmns.column_id and cik.object_id = clmns.object_id and 0 = cik.is_included_column LEFT OUTER JOIN sys.types AS usrt ON usrt.user_type_id = clmns.user_type_id LEFT OUTER JOIN sys.types AS baset ON (baset.user_type_id = clmns.system_type_id and baset.user_type_id = baset.system_type_id) WHERE (tbl.name=N'sales' and SCHEMA_NAME(tbl.schema_id)=N'dbo') ORDER BY [ID] ASC",
  "SELECT SCHEMA_NAME(sp.schema_id) AS [Schema], sp.name AS [Name] FROM sys.all_objects AS sp WHERE sp.type = N'P' OR sp.type = N'RF' OR sp.type=N'PC' ORDER BY 1, 2",
  "SELECT u.name AS [Name], u.principal_id AS [ID], u.default_schema_name FROM sys.database_principals AS u WHERE u.type in ('U', 'S', 'G', 'C', 'K', 'E', 'X') ORDER BY [Name] ASC",
  // DBeaver.
  "SELECT s.*, ep.value as description FROM [pool1].sys.schemas s LEFT OUTER JOIN [pool1].sys.extended_properties ep ON ep.class=3 AND ep.major_id=s.schema_id AND ep.minor_id=0 AND ep.name='MS_Description'",
  "SELECT o.*, ep.value as description FROM [pool1].sys.all_objects o LEFT OUTER JOIN [pool1].sys.extended_properties ep ON ep.class = 1 AND ep.major_id = o.object_id AND ep.minor_id = 0 AND ep.name = 'MS_Description' WHERE o.type IN ('U','S','V','TT','ET') AND o.schema_id = 1 ORDER BY o.name",
  "SELECT c.*, t.name as table_name, ep.value as description, dc.definition as default_definition, dc.name as default_constraint_name, cc.definition as computed_definition, cc.is_persisted FROM [pool1].sys.all_columns c JOIN [pool1].sys.all_objects t ON t.object_id=c.object_id LEFT OUTER JOIN [pool1].sys.default_constraints dc ON dc.object_id=c.default_object_id LEFT OUTER JOIN [pool1].sys.computed_columns cc ON cc.object_id=c.object_id AND cc.column_id=c.column_id LEFT OUTER JOIN [pool1].sys.extended_properties ep ON ep.class=1 AND ep.major_id=t.object_id AND ep.minor_id=c.column_id AND ep.name='MS_Description' WHERE t.schema_id=1 ORDER BY c.object_id, c.column_id",
  "SELECT kc.*, t.name as table_name, i.is_unique FROM [pool1].sys.key_constraints kc, [pool1].sys.objects t, [pool1].sys.indexes i WHERE t.object_id=kc.parent_object_id AND i.object_id=t.object_id AND i.index_id=kc.unique_index_id",
  "SELECT db_name(), schema_name(), original_login()",
  // Power BI and Excel.
  "select t.[TABLE_CATALOG], t.[TABLE_SCHEMA], t.[TABLE_NAME], t.[TABLE_TYPE], tv.create_date [CREATED_DATE], tv.modify_date [MODIFIED_DATE], cast(e.value as nvarchar(max)) [DESCRIPTION] from [INFORMATION_SCHEMA].[TABLES] t join sys.schemas s on s.name = t.[TABLE_SCHEMA] join sys.objects tv on tv.name = t.[TABLE_NAME] and tv.schema_id = s.schema_id and tv.parent_object_id = 0 left outer join sys.extended_properties e on tv.object_id = e.major_id and e.minor_id = 0 and e.class = 1 and e.name = 'MS_Description'",
  "select r.[ROUTINE_SCHEMA], r.[ROUTINE_NAME], r.[ROUTINE_TYPE], p.create_date [CREATED_DATE] from [INFORMATION_SCHEMA].[ROUTINES] r join sys.objects p on p.name = r.[ROUTINE_NAME] where r.[ROUTINE_TYPE] = 'FUNCTION'",
  "select c.TABLE_SCHEMA, c.TABLE_NAME, c.COLUMN_NAME, k.CONSTRAINT_NAME from INFORMATION_SCHEMA.COLUMNS c left join INFORMATION_SCHEMA.KEY_COLUMN_USAGE k on k.TABLE_NAME = c.TABLE_NAME and k.COLUMN_NAME = c.COLUMN_NAME left join INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_NAME = k.CONSTRAINT_NAME and r.UNIQUE_CONSTRAINT_SCHEMA = 'dbo'",
  // The monitoring of Synapse's own documentation.
  "SELECT TOP 10 * FROM sys.dm_pdw_exec_requests WHERE status not in ('Completed','Failed','Cancelled') AND session_id <> session_id() ORDER BY submit_time DESC",
  "SELECT s.session_id, r.request_id, r.[label], e.details FROM sys.dm_pdw_exec_sessions s JOIN sys.dm_pdw_exec_requests r ON r.session_id = s.session_id LEFT JOIN sys.dm_pdw_errors e ON e.request_id = r.request_id",
  "SELECT sm.[name] AS [schema_name], tb.[name] AS [table_name], co.[name] AS [stats_column_name], st.[name] AS [stats_name], STATS_DATE(st.[object_id],st.[stats_id]) AS [stats_last_updated_date] FROM sys.objects ob JOIN sys.stats st ON ob.[object_id] = st.[object_id] JOIN sys.stats_columns sc ON st.[stats_id] = sc.[stats_id] AND st.[object_id] = sc.[object_id] JOIN sys.columns co ON sc.[column_id] = co.[column_id] AND sc.[object_id] = co.[object_id] JOIN sys.types ty ON co.[user_type_id] = ty.[user_type_id] JOIN sys.tables tb ON co.[object_id] = tb.[object_id] JOIN sys.schemas sm ON tb.[schema_id] = sm.[schema_id] WHERE st.[user_created] = 1",
  "SELECT two_part_name = QUOTENAME(s.name) + '.' + QUOTENAME(t.name), tp.distribution_policy_desc, c.name FROM sys.schemas s JOIN sys.tables t ON s.schema_id = t.schema_id JOIN sys.pdw_table_distribution_properties tp ON t.object_id = tp.object_id LEFT JOIN (SELECT * FROM sys.pdw_column_distribution_properties WHERE distribution_ordinal = 1) cdp ON t.object_id = cdp.object_id LEFT JOIN sys.columns c ON cdp.object_id = c.object_id AND cdp.column_id = c.column_id",
  "SELECT t.[name], i.[name], p.partition_number, p.rows, prv.value FROM sys.tables t JOIN sys.indexes i ON t.object_id = i.object_id JOIN sys.partitions p ON i.object_id = p.object_id AND i.index_id = p.index_id LEFT JOIN sys.partition_schemes h ON i.data_space_id = h.data_space_id LEFT JOIN sys.partition_functions f ON h.function_id = f.function_id LEFT JOIN sys.partition_range_values prv ON f.function_id = prv.function_id AND prv.boundary_id = p.partition_number",
  "SELECT db.name, ds.edition, ds.service_objective FROM sys.database_service_objectives AS ds JOIN sys.databases AS db ON ds.database_id = db.database_id",
];

const partitions: SqlCase[] = [
  {
    setup: [
      "CREATE TABLE dbo.part (d date NULL, v int) WITH (HEAP, PARTITION (d RANGE RIGHT FOR VALUES ('2024-01-01', '2024-02-01')))",
      "CREATE TABLE dbo.aside (d date NULL, v int) WITH (HEAP)",
      "CREATE TABLE dbo.twin (d date NULL, v int) WITH (HEAP, PARTITION (d RANGE RIGHT FOR VALUES ('20240101', '20240201')))",
      "INSERT dbo.part VALUES (NULL, 0), ('2023-12-31', 1), ('2024-01-01', 2), ('2024-01-31', 3), ('2024-02-01', 4)",
    ],
    sql: "ALTER TABLE dbo.part SWITCH PARTITION 2 TO dbo.aside; SELECT v FROM dbo.aside ORDER BY v; DELETE FROM dbo.aside; ALTER TABLE dbo.part SWITCH PARTITION 1 TO dbo.twin PARTITION 1; SELECT CONCAT('left ', v) FROM dbo.part UNION ALL SELECT CONCAT('twin ', v) FROM dbo.twin ORDER BY 1",
    rows: [["left 4"], ["twin 0"], ["twin 1"]],
  },
  { sql: "ALTER TABLE dbo.part SWITCH PARTITION 3 TO dbo.twin PARTITION 2", error: 4972 },
  { sql: "ALTER TABLE dbo.part SWITCH PARTITION 9 TO dbo.aside", error: 7722 },
  { sql: "ALTER TABLE dbo.part SWITCH TO dbo.aside", error: 4911 },
  {
    setup: ["INSERT dbo.aside VALUES (NULL, 9)"],
    sql: "ALTER TABLE dbo.part SWITCH PARTITION 3 TO dbo.aside",
    error: 4905,
  },
  {
    sql: "ALTER TABLE dbo.part SWITCH PARTITION 3 TO dbo.aside WITH (TRUNCATE_TARGET = ON); SELECT v FROM dbo.aside",
    rows: "4",
  },
  {
    setup: ["INSERT dbo.part VALUES ('2025-01-01', 5)", "INSERT dbo.twin VALUES ('2025-01-01', 6)"],
    sql: "ALTER TABLE dbo.part SWITCH PARTITION 3 TO dbo.twin PARTITION 3",
    error: 4904,
  },
  {
    sql: "CREATE TABLE dbo.dup (d int) WITH (HEAP, PARTITION (d RANGE LEFT FOR VALUES (1, 1)))",
    error: 7708,
  },
  {
    setup: ["CREATE TABLE dbo.texts (d nvarchar(20) NULL, v int) WITH (HEAP)"],
    sql: "ALTER TABLE dbo.aside SWITCH TO dbo.texts",
    error: 4944,
  },
];

const renames: SqlCase[] = [
  {
    setup: ["CREATE TABLE dbo.old (a int) WITH (HEAP)", "sp_rename 'dbo.old', 'new'"],
    sql: "EXEC sp_rename '[dbo].[new].a', 'b', 'COLUMN'; SELECT b FROM dbo.new",
    rows: [],
  },
  { sql: "EXEC sp_rename 'dbo.absent', 'x'", error: 15151 },
  { sql: "EXEC sp_rename 'i', 'x', 'INDEX'", error: 40510, message: "sp_rename INDEX" },
];

const maintenance: SqlCase[] = [
  { sql: "DBCC DROPCLEANBUFFERS", prints: [dbccCompleted] },
  { sql: "DBCC FREEPROCCACHE (COMPUTE) WITH NO_INFOMSGS", prints: [dbccCompleted] },
  { sql: "DBCC PDW_SHOWSPACEUSED('dbo.sales')", rows: [["4", "0", "0", "0", "0", "1", "1"]] },
  { sql: "DBCC PDW_SHOWSPACEUSED('dbo.absent')", error: 2501 },
  {
    sql: "DBCC SHOW_STATISTICS (sales, st_sales)",
    error: 40510,
    message: "DBCC SHOW_STATISTICS",
  },
  { sql: "KILL 'SID999999'", error: 6106 },
  { sql: "CREATE STATISTICS st_some ON dbo.sales (id) WHERE id > 5 WITH FULLSCAN" },
  {
    setup: ["CREATE USER loader WITHOUT LOGIN", "EXEC sp_addrolemember 'largerc', 'loader'"],
    sql: "EXECUTE AS USER = 'loader'; SELECT 1 AS one; REVERT; SELECT TOP 1 resource_class FROM sys.dm_pdw_exec_requests WHERE command = 'SELECT 1 AS one'",
    rows: "largerc",
  },
];

const refusals: SqlCase[] = [
  ["CREATE EXTERNAL LANGUAGE l FROM (CONTENT = 'x')", "CREATE EXTERNAL LANGUAGE"],
  ["ALTER EXTERNAL FILE FORMAT f WITH (FORMAT_TYPE = PARQUET)", "ALTER EXTERNAL FILE FORMAT"],
  ["ALTER MASTER KEY REGENERATE WITH ENCRYPTION BY PASSWORD = 'x'", "ALTER MASTER KEY"],
  ["CREATE WORKLOAD GROUP g WITH (CAP_PERCENTAGE_RESOURCE = 1)", "CREATE WORKLOAD GROUP"],
  ["ALTER DATABASE pool1 SET SINGLE_USER", "ALTER DATABASE SET SINGLE_USER'"],
  ["CREATE TRIGGER t ON x AFTER INSERT AS SELECT 1", "CREATE TRIGGER"],
].map(([sql, message]) => ({ sql: sql!, error: 40510, message: message! }));

testSqlCases("renaming", renames);
testSqlCases("maintenance", maintenance, ground);
testSqlCases("refused by its whole name", refusals);
testSqlCases("metadata functions over columns", lookups, ground);
testSqlCases("catalogue", catalogue, ground);
testSqlCases("switching partitions", partitions);
testSqlCases(
  "a tool's query binds",
  toolQueries.map((sql) => ({ sql })),
  ground,
);

describe("the requests of a pool", () => {
  let server: TestServer;
  let session: SqlSession;
  before(async () => {
    server = await startSqlServer();
    session = await server.open();
  });
  after(() => server.close());

  it("are noted with their label, status and error", async () => {
    await runBatch(
      session,
      "SELECT 1 AS a OPTION (LABEL = 'my ''label''')\nSELECT * FROM dbo.absent",
    );
    const { results } = await runBatch(
      session,
      "SELECT r.status, r.[label], r.command, e.type FROM sys.dm_pdw_exec_requests r LEFT JOIN sys.dm_pdw_errors e ON e.request_id = r.request_id ORDER BY r.submit_time, LEN(r.request_id), r.request_id",
    );
    assert.deepEqual(results[0]?.rows.slice(0, 2), [
      ["Completed", "my 'label'", "SELECT 1 AS a OPTION (LABEL = 'my ''label''')", null],
      ["Failed", null, "SELECT * FROM dbo.absent", "208"],
    ]);
    assert.equal(results[0]?.rows[2]?.[0], "Running");
  });

  it("end with their session when it is killed", async () => {
    const victim = await server.open();
    const id = (await runBatch(victim, "SELECT SESSION_ID()")).results[0]?.rows[0]?.[0];
    const running = runBatch(
      victim,
      "BEGIN TRY SELECT COUNT(*) FROM GENERATE_SERIES(1, 1000000) a, GENERATE_SERIES(1, 1000000) b END TRY BEGIN CATCH PRINT 'caught' END CATCH",
    );
    assert.equal((await runBatch(session, "KILL 'SID1'")).errors[0]?.number, 6106);
    assert.deepEqual((await runBatch(session, `KILL '${id}'`)).errors, []);
    const ended = await running;
    assert.deepEqual(
      ended.errors.map(({ number, severity }) => [number, severity]),
      [[596, 21]],
    );
    assert.deepEqual(ended.messages, []);
    await victim.close();
    const { results } = await runBatch(
      session,
      `SELECT COUNT(*) FROM sys.dm_pdw_exec_sessions WHERE session_id = '${id}'`,
    );
    assert.equal(results[0]?.rows[0]?.[0], "0");
  });

  it("wait while as many run as the pool's size allows, DW100c four", async () => {
    await runBatch(
      session,
      "CREATE TABLE dbo.many WITH (HEAP) AS SELECT value FROM GENERATE_SERIES(1, 100000)",
    );
    const busy = await Promise.all([1, 2, 3, 4].map(() => server.open()));
    const abort = new AbortController();
    const endless = "SELECT COUNT(*) FROM dbo.many a, dbo.many b, dbo.many c";
    const running = busy.map(async (each) => {
      for await (const _event of each.batch(endless, abort.signal));
    });
    const fifth = await server.open();
    const waiting = runBatch(fifth, "SELECT COUNT(*) FROM dbo.many");
    const { results } = await runBatch(
      session,
      "SELECT status, COUNT(*) FROM sys.dm_pdw_exec_requests WHERE command LIKE '%many%' AND status <> 'Completed' AND command NOT LIKE '%sys.%' GROUP BY status ORDER BY status",
    );
    assert.deepEqual(results[0]?.rows, [
      ["Running", "4"],
      ["Suspended", "1"],
    ]);
    abort.abort();
    await Promise.allSettled(running);
    assert.equal((await waiting).results[0]?.rows[0]?.[0], "100000");
  });
});
