// INSERT, UPDATE, DELETE, MERGE, DDL and the catalogue, identity, temp tables.
import { type SqlCase, testSqlCases } from "./case.ts";

const t = "IF OBJECT_ID('dbo.t') IS NOT NULL DROP TABLE dbo.t";
const make = [
  t,
  "CREATE TABLE dbo.t (id int NOT NULL, s varchar(5) NULL, n decimal(5,2) NULL DEFAULT 1.5)",
];
const filled = [...make, "INSERT INTO dbo.t VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)"];

const modify: SqlCase[] = [
  {
    setup: make,
    sql: "INSERT INTO t (id) VALUES (1); SELECT * FROM t",
    rows: [["1", null, "1.50"]],
  },
  {
    setup: make,
    sql: "INSERT t (s, id, n) SELECT 'x', 7, NULL; SELECT * FROM t",
    rows: [["7", "x", null]],
  },
  {
    setup: make,
    sql: "INSERT INTO t VALUES (1, DEFAULT, DEFAULT); SELECT s, n FROM t",
    rows: [[null, "1.50"]],
  },
  { setup: make, sql: "INSERT INTO t (id) VALUES (1), (2)", count: 2 },
  { setup: make, sql: "INSERT INTO t VALUES (1)", error: 213 },
  { setup: make, sql: "INSERT INTO t (id, s) VALUES (1)", error: 109 },
  { setup: make, sql: "INSERT INTO t (id, s) SELECT 1, 'a', 2", error: 121 },
  { setup: make, sql: "INSERT INTO t (id, id) VALUES (1, 2)", error: 264 },
  {
    setup: make,
    sql: "INSERT INTO t (id) VALUES (NULL)",
    error: 515,
    message:
      "Cannot insert the value NULL into column 'id', table 'pool1.dbo.t'; column does not allow nulls. INSERT fails.",
  },
  {
    setup: make,
    sql: "INSERT INTO t (id, s) VALUES (1, 'abcdefg')",
    error: 2628,
    message: "in table 'pool1.dbo.t', column 's'. Truncated value: 'abcde'.",
  },
  {
    setup: make,
    sql: "INSERT INTO t (id, s) VALUES (1, 'abcde   '); SELECT s FROM t",
    rows: "abcde",
  },
  { setup: make, sql: "INSERT INTO t (id, n) VALUES (1, 12345)", error: 8115 },
  { setup: make, sql: "INSERT INTO t (id) VALUES ('x')", error: 245 },
  {
    setup: make,
    sql: "INSERT INTO t EXEC ('SELECT 1, ''q'', 2'); SELECT * FROM t",
    rows: [["1", "q", "2.00"]],
  },
  { setup: filled, sql: "UPDATE t SET n = n + 1, s = 'z' WHERE id > 1", count: 2 },
  {
    setup: filled,
    sql: "UPDATE t SET n = n * 2; SELECT n FROM t ORDER BY id",
    rows: [["20.00"], ["40.00"], ["60.00"]],
  },
  {
    setup: filled,
    sql: "UPDATE a SET a.n = b.v FROM t a JOIN (VALUES (1, 5), (3, 6)) b(id, v) ON a.id = b.id; SELECT n FROM t ORDER BY id",
    rows: [["5.00"], ["20.00"], ["6.00"]],
  },
  {
    setup: filled,
    sql: "UPDATE t SET n += 1 FROM t WHERE t.id = 1; SELECT n FROM t WHERE id = 1",
    rows: "11.00",
  },
  { setup: filled, sql: "UPDATE TOP (1) t SET s = 'q'", count: 1 },
  { setup: filled, sql: "UPDATE t SET id = NULL", error: 515, message: "UPDATE fails" },
  { setup: filled, sql: "DELETE FROM t WHERE s IS NULL", count: 1 },
  {
    setup: filled,
    sql: "DELETE t FROM t JOIN (SELECT 2 AS id) x ON x.id = t.id; SELECT COUNT(*) FROM t",
    rows: "2",
  },
  { setup: filled, sql: "DELETE t", count: 3 },
  { setup: filled, sql: "TRUNCATE TABLE t; SELECT COUNT(*) FROM t", rows: "0" },
  {
    setup: filled,
    sql: "MERGE t AS d USING (VALUES (2, 'bb'), (9, 'new')) AS s(id, s) ON d.id = s.id WHEN MATCHED THEN UPDATE SET s = s.s WHEN NOT MATCHED THEN INSERT (id, s) VALUES (s.id, s.s) WHEN NOT MATCHED BY SOURCE AND d.id = 1 THEN DELETE; SELECT id, s, n FROM t ORDER BY id",
    rows: [
      ["2", "bb", "20.00"],
      ["3", null, "30.00"],
      ["9", "new", "1.50"],
    ],
  },
  {
    setup: filled,
    sql: "WITH q AS (SELECT id FROM t WHERE id < 3) DELETE FROM t WHERE id IN (SELECT id FROM q); SELECT COUNT(*) FROM t",
    rows: "1",
  },
  {
    setup: make,
    sql: "INSERT INTO t (id) OUTPUT inserted.id VALUES (1)",
    error: 40517,
    message: "OUTPUT",
  },
  {
    setup: filled,
    sql: "SELECT id, s INTO #x FROM t WHERE id = 1; SELECT * FROM #x",
    rows: [["1", "a"]],
  },
  {
    sql: "CREATE TABLE #y (a int); INSERT #y VALUES (1); INSERT INTO #y SELECT a + 1 FROM #y; SELECT SUM(a) FROM #y",
    rows: "3",
  },
  { sql: "SELECT * FROM #nosuch", error: 208 },
  {
    sql: "CREATE TABLE #i (k int IDENTITY(10, 5) NOT NULL, v char(3)); INSERT #i (v) VALUES ('a'), ('b'); SELECT k, v + '|' FROM #i ORDER BY k",
    rows: [
      ["10", "a  |"],
      ["15", "b  |"],
    ],
  },
  {
    sql: "CREATE TABLE #i (k int IDENTITY(10, 5) NOT NULL, v char(3)); INSERT #i (v) VALUES ('a'); SELECT SCOPE_IDENTITY(), @@IDENTITY",
    rows: [["10", "10"]],
  },
  {
    sql: "CREATE TABLE #i (k int IDENTITY NOT NULL, v int); INSERT #i (k, v) VALUES (1, 2)",
    error: 544,
  },
  {
    sql: "CREATE TABLE #i (k int IDENTITY NOT NULL, v int); SET IDENTITY_INSERT #i ON; INSERT #i (k, v) VALUES (7, 2); SELECT k FROM #i",
    rows: "7",
  },
  { sql: "SELECT @@ROWCOUNT", setup: ["SELECT 1 UNION ALL SELECT 2"], rows: "2" },
];

const define: SqlCase[] = [
  {
    setup: make,
    sql: "CREATE TABLE dbo.t (a int)",
    error: 2714,
    message: "There is already an object named 't' in the database.",
  },
  {
    sql: "CREATE TABLE d1 (a int, A int)",
    error: 2705,
    message: "Column name 'A' in table 'd1' is specified more than once.",
  },
  { sql: "CREATE TABLE nos.d1 (a int)", error: 2760 },
  { sql: "CREATE TABLE d1 (a int) WITH (DISTRIBUTION = HASH(b))", error: 106103 },
  {
    sql: "CREATE TABLE d1 (a int PRIMARY KEY)",
    error: 104467,
    message: "you must include the NOT ENFORCED syntax as part of your statement.",
  },
  { sql: "CREATE TABLE d1 (a int REFERENCES b(c))", error: 40517, message: "REFERENCES" },
  { sql: "CREATE TABLE d1 (a int, b AS a + 1)", error: 40517, message: "computed column" },
  { sql: "CREATE TABLE d1 (a xml)", error: 40517, message: "'xml'" },
  { sql: "CREATE TABLE d1 (a nosuch)", error: 2715 },
  { sql: "CREATE TABLE d1 (a varchar(9000))", error: 131 },
  {
    setup: [
      "CREATE TABLE dbo.p (id int NOT NULL, d date, CONSTRAINT pk_p PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED) WITH (DISTRIBUTION = REPLICATE, HEAP, PARTITION (id RANGE RIGHT FOR VALUES (10, 20)))",
    ],
    sql: "SELECT i.type_desc, d.distribution_policy_desc, (SELECT COUNT(*) FROM sys.partitions p WHERE p.object_id = i.object_id) FROM sys.indexes i JOIN sys.pdw_table_distribution_properties d ON d.object_id = i.object_id WHERE i.object_id = OBJECT_ID('p') ORDER BY index_id; DROP TABLE p",
    rows: [
      ["HEAP", "REPLICATE", "3"],
      ["NONCLUSTERED", "REPLICATE", "3"],
    ],
  },
  {
    setup: [
      ...filled,
      "CREATE TABLE dbo.c WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT id * 2 AS k, s FROM t",
    ],
    sql: "SELECT SUM(k) FROM c; DROP TABLE c",
    rows: "12",
  },
  { sql: "CREATE TABLE c WITH (HEAP) AS SELECT 1", error: 8155 },
  {
    setup: filled,
    sql: "ALTER TABLE t ADD z int NOT NULL DEFAULT 5; SELECT z FROM t WHERE id = 1",
    rows: "5",
  },
  { setup: filled, sql: "ALTER TABLE t ADD z int NOT NULL", error: 4901 },
  {
    setup: filled,
    sql: "ALTER TABLE t ALTER COLUMN s varchar(20) NULL; UPDATE t SET s = 'long enough'; SELECT MAX(s) FROM t",
    rows: "long enough",
  },
  {
    setup: filled,
    sql: "ALTER TABLE t DROP COLUMN s; SELECT * FROM t WHERE id = 1",
    rows: [["1", "10.00"]],
  },
  { setup: filled, sql: "ALTER TABLE t DROP COLUMN nosuch", error: 4924 },
  {
    setup: filled,
    sql: "RENAME OBJECT dbo.t TO t2; SELECT COUNT(*) FROM t2; DROP TABLE t2",
    rows: "3",
  },
  {
    setup: filled,
    sql: "RENAME OBJECT t COLUMN s TO s2; SELECT s2 FROM t WHERE id = 1",
    rows: "a",
  },
  {
    sql: "DROP TABLE nosuch",
    error: 3701,
    message:
      "Cannot drop the table 'nosuch', because it does not exist or you do not have permission.",
  },
  { sql: "DROP TABLE IF EXISTS nosuch; SELECT 1", rows: "1" },
  { setup: make, sql: "DROP VIEW t", error: 3705 },
  {
    setup: [...filled, "CREATE VIEW dbo.v AS SELECT id, s FROM dbo.t"],
    sql: "SELECT COUNT(*) FROM v",
    rows: "3",
  },
  {
    setup: ["CREATE OR ALTER VIEW dbo.v (a, b) AS SELECT 1, 'x'"],
    sql: "SELECT a, b FROM v; DROP VIEW v",
    rows: [["1", "x"]],
  },
  { sql: "CREATE VIEW v2 AS SELECT nosuch FROM sys.tables", error: 207 },
  { sql: "SELECT 1; CREATE VIEW v2 AS SELECT 1 AS a", error: 111 },
  { setup: ["CREATE SCHEMA s1", "CREATE TABLE s1.t (a int)"], sql: "DROP SCHEMA s1", error: 3729 },
  // The engine has databases of these names.
  ...["main", "memory", "pool", "system", "temp"].map((name) => ({
    setup: [
      `CREATE SCHEMA ${name}`,
      `CREATE TABLE ${name}.t (id int IDENTITY(1, 1), a int)`,
      `INSERT ${name}.t (a) VALUES (7)`,
    ],
    sql: `SELECT ${name}.t.* FROM ${name}.t; DROP TABLE ${name}.t; DROP SCHEMA ${name}`,
    rows: [["1", "7"]],
  })),
  {
    setup: ["CREATE SCHEMA s2"],
    sql: "DROP SCHEMA s2; SELECT COUNT(*) FROM sys.schemas WHERE name = 's2'",
    rows: "0",
  },
  {
    setup: [...make, "CREATE STATISTICS st ON dbo.t (id) WITH FULLSCAN"],
    sql: "SELECT name FROM sys.stats WHERE object_id = OBJECT_ID('t'); UPDATE STATISTICS t (st)",
    rows: "st",
  },
  {
    sql: "CREATE TRIGGER x ON t AFTER INSERT AS SELECT 1",
    error: 40510,
    message: "CREATE TRIGGER",
  },
  { sql: "BEGIN TRAN; CREATE TABLE d9 (a int)", error: 111212 },
];

const syntax: SqlCase[] = [
  { sql: "SELECT * FORM t", error: 102, message: "Incorrect syntax near 'FORM'." },
  { sql: "SELECT FROM t", error: 156, message: "Incorrect syntax near the keyword 'FROM'." },
  { sql: "SELECT 'abc", error: 105 },
  { sql: "SELECT 1 /* x", error: 113 },
  { sql: "SELECT 1\nWITH q AS (SELECT 1 AS a) SELECT * FROM q", error: 319 },
  { sql: "GOTO x", error: 40510 },
  { sql: "DECLARE @t TABLE (a int)", error: 40517, message: "(line 1, column 12)" },
  { sql: 'SELECT 1 AS [a]]b], "q""r" = 2', columns: ["a]b int", 'q"r int'] },
  { sql: "SELECT /* a /* nested */ b */ 1 -- end", rows: "1" },
  { sql: "select 0x, $1.5, .5, 1., 1e3, N'é'", rows: [["0x", "1.5000", "0.5", "1", "1000", "é"]] },
];

testSqlCases("modify", modify);
testSqlCases("define", define);
testSqlCases("syntax", syntax);
