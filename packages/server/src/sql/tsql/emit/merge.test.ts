// MERGE changes a row of its target at most once (message 8672), whatever clause matches.
import { testSqlCases } from "../tests/case.ts";

const pairs = "(SELECT 1 AS id, 5 AS v UNION ALL SELECT 1, 6 UNION ALL SELECT 2, 7) AS s";
const merge = (using: string, clauses: string): string =>
  `SELECT id, v INTO #t FROM dbo.merged; MERGE #t AS t USING ${using} ON t.id = s.id ${clauses}; SELECT id, v FROM #t ORDER BY id`;

testSqlCases(
  "MERGE",
  [
    { sql: merge(pairs, "WHEN MATCHED THEN UPDATE SET v = s.v"), error: 8672 },
    { sql: merge(pairs, "WHEN MATCHED THEN DELETE"), error: 8672 },
    {
      sql: merge(
        pairs,
        "WHEN MATCHED AND s.v = 5 THEN UPDATE SET v = s.v WHEN MATCHED AND s.v = 6 THEN DELETE",
      ),
      error: 8672,
    },
    {
      sql: merge(pairs, "WHEN MATCHED AND s.v <> 6 THEN UPDATE SET v = s.v"),
      rows: [
        ["1", "5"],
        ["3", "0"],
      ],
    },
    {
      sql: merge(pairs, "WHEN NOT MATCHED BY SOURCE THEN DELETE"),
      rows: [["1", "0"]],
    },
    {
      sql: "SELECT id, v INTO #t FROM dbo.merged; WITH q AS (SELECT 1 AS id, 9 AS v) MERGE #t AS t USING q AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v; SELECT v FROM #t WHERE id = 1",
      rows: "9",
    },
    {
      sql: "SELECT id, v INTO #t FROM dbo.merged; WITH q AS (SELECT 1 AS id UNION ALL SELECT 1) MERGE #t AS t USING q AS s ON t.id = s.id WHEN MATCHED THEN DELETE;",
      error: 8672,
    },
  ],
  [
    "CREATE TABLE dbo.merged (id int NOT NULL, v int NULL)",
    "INSERT dbo.merged VALUES (1, 0), (3, 0)",
  ],
);

testSqlCases("a column is assigned once", [
  { sql: "CREATE TABLE #t (a int); UPDATE #t SET a = 1, A = 2", error: 264 },
  {
    sql: "CREATE TABLE #t (a int); MERGE #t AS t USING (SELECT 1 AS x) s ON t.a = s.x WHEN MATCHED THEN UPDATE SET a = 1, a = 2;",
    error: 264,
  },
]);

testSqlCases(
  "OUTER APPLY leaves columns empty that are NOT NULL",
  [
    {
      sql: "SELECT a.id, b.id FROM dbo.e a OUTER APPLY (SELECT TOP 1 i.id FROM dbo.e i WHERE i.id > a.id ORDER BY i.id) b ORDER BY 1",
      rows: [
        ["1", "2"],
        ["2", null],
      ],
    },
    {
      sql: "SELECT b.id INTO #n FROM dbo.e a OUTER APPLY (SELECT i.id FROM dbo.e i WHERE i.id > a.id) b; SELECT COUNT(*), COUNT(id) FROM #n",
      rows: [["2", "1"]],
    },
  ],
  ["CREATE TABLE dbo.e (id int NOT NULL)", "INSERT dbo.e VALUES (1), (2)"],
);
