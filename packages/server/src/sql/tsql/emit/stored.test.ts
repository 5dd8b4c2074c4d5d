// What a column takes: nvarchar(n) has room for n UTF-16 units. And what a grouping shows of its keys.
import { testSqlCases } from "../tests/case.ts";

testSqlCases("the room of a text column", [
  {
    sql: "CREATE TABLE #u (b nvarchar(4)); INSERT #u VALUES (N'😀😀'); SELECT b FROM #u",
    rows: "😀😀",
  },
  { sql: "CREATE TABLE #u (b nvarchar(3)); INSERT #u VALUES (N'😀😀')", error: 2628 },
  {
    sql: "CREATE TABLE #u (b nvarchar(3)); INSERT #u SELECT t FROM (VALUES (N'ab😀'), (N'x')) v(t)",
    error: 2628,
  },
  {
    sql: "CREATE TABLE #u (b nvarchar(3)); INSERT #u VALUES (N'漢字é'); SELECT b FROM #u",
    rows: "漢字é",
  },
  { sql: "CREATE TABLE #u (b nvarchar(2)); INSERT #u VALUES (N'漢字é')", error: 2628 },
]);

const sums = (group: string): string =>
  `SELECT ISNULL(CAST(id AS varchar(9)), 'all'), COUNT(*) FROM dbo.g GROUP BY ${group} ORDER BY 1`;

testSqlCases(
  "NOT NULL keys are NULL where they are rolled up",
  [
    ...["ROLLUP(id)", "CUBE(id)", "GROUPING SETS ((id), ())"].map((group) => ({
      sql: sums(group),
      rows: [
        ["1", "1"],
        ["2", "1"],
        ["all", "2"],
      ],
    })),
    {
      sql: "SELECT id, COUNT(*) AS n INTO #n FROM dbo.g GROUP BY ROLLUP(id); SELECT COUNT(*), COUNT(id) FROM #n",
      rows: [["3", "2"]],
    },
  ],
  ["CREATE TABLE dbo.g (id int NOT NULL)", "INSERT dbo.g VALUES (1), (2)"],
);
