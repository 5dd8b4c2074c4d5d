// Materialized views: they answer the current rows, hold their tables fast and are what they may be.
import { type SqlCase, testSqlCases } from "./case.ts";

const ground = [
  "CREATE TABLE dbo.sales (id int NOT NULL, region varchar(10) NOT NULL, amount decimal(9,2) NOT NULL) WITH (DISTRIBUTION = HASH(id))",
  "INSERT dbo.sales VALUES (1, 'north', 10), (2, 'south', 20), (3, 'north', 5)",
  "CREATE TABLE dbo.regions (name varchar(10) NOT NULL, head varchar(10))",
  "INSERT dbo.regions VALUES ('north', 'ann'), ('south', 'bob')",
  "CREATE VIEW dbo.plain AS SELECT region FROM dbo.sales",
  "CREATE MATERIALIZED VIEW dbo.totals WITH (DISTRIBUTION = HASH(region)) AS SELECT region, SUM(amount) AS total, COUNT_BIG(*) AS n FROM dbo.sales GROUP BY region",
  "CREATE MATERIALIZED VIEW dbo.heads WITH (DISTRIBUTION = ROUND_ROBIN, FOR_APPEND) AS WITH r AS (SELECT name, head FROM dbo.regions) SELECT r.head, MAX(s.amount) AS most FROM dbo.sales AS s JOIN r ON r.name = s.region GROUP BY r.head",
  "CREATE USER ann WITHOUT LOGIN; GRANT SELECT ON dbo.totals TO ann",
];

const made = (name: string, query: string, options = "DISTRIBUTION = ROUND_ROBIN"): string =>
  `CREATE MATERIALIZED VIEW dbo.${name} WITH (${options}) AS ${query}`;

const answers: SqlCase[] = [
  {
    sql: "SELECT * FROM dbo.totals ORDER BY region",
    columns: ["region varchar(10)", "total decimal(38,2)", "n bigint"],
    rows: [
      ["north", "15.00", "2"],
      ["south", "20.00", "1"],
    ],
  },
  {
    sql: "SELECT * FROM dbo.heads ORDER BY head",
    rows: [
      ["ann", "10.00"],
      ["bob", "20.00"],
    ],
  },
  {
    sql: "BEGIN TRAN; UPDATE dbo.sales SET amount = amount + 1 WHERE id = 3; DELETE dbo.sales WHERE id = 2; SELECT region, total FROM dbo.totals; ROLLBACK",
    rows: [["north", "16.00"]],
  },
  { sql: "ALTER MATERIALIZED VIEW dbo.totals REBUILD; SELECT COUNT(*) FROM dbo.totals", rows: "2" },
  { sql: "EXECUTE AS USER = 'ann'; SELECT COUNT(*) FROM dbo.totals", rows: "2" },
  { sql: "EXECUTE AS USER = 'ann'; SELECT COUNT(*) FROM dbo.heads", error: 229 },
  {
    sql: "SELECT v.name, d.distribution_policy_desc, c.name FROM sys.views v JOIN sys.pdw_materialized_view_distribution_properties d ON d.object_id = v.object_id LEFT JOIN sys.pdw_materialized_view_column_distribution_properties p ON p.object_id = v.object_id AND p.distribution_ordinal = 1 LEFT JOIN sys.columns c ON c.object_id = v.object_id AND c.column_id = p.column_id ORDER BY v.name",
    rows: [
      ["heads", "ROUND_ROBIN", null],
      ["totals", "HASH", "region"],
    ],
  },
  {
    sql: "SELECT OBJECT_DEFINITION(OBJECT_ID('dbo.heads', 'V'))",
    rows: [[ground[6]!]],
  },
  {
    setup: [made("short", "SELECT COUNT(*) AS n FROM dbo.sales"), "DROP VIEW dbo.short"],
    sql: "SELECT OBJECT_ID('dbo.short')",
    rows: null,
  },
];

const faults: SqlCase[] = [
  {
    sql: "DROP TABLE dbo.sales",
    error: 3729,
    message: "'sales' because it is being referenced by object",
  },
  { sql: made("totals", "SELECT COUNT(*) AS n FROM dbo.sales"), error: 2714 },
  {
    sql: made("x", "SELECT region FROM dbo.sales"),
    error: 40517,
    message: "without aggregates or GROUP BY",
  },
  { sql: made("x", "SELECT DISTINCT region FROM dbo.sales"), error: 40517, message: "DISTINCT" },
  {
    sql: made("x", "SELECT COUNT(DISTINCT region) AS n FROM dbo.sales"),
    error: 40517,
    message: "with COUNT",
  },
  {
    sql: made("x", "SELECT STRING_AGG(region, ',') AS n FROM dbo.sales"),
    error: 40517,
    message: "STRING_AGG",
  },
  {
    sql: made("x", "SELECT COUNT(*) AS n FROM dbo.plain"),
    error: 40517,
    message: "over the view plain",
  },
  {
    sql: made("x", "SELECT COUNT(*) AS n FROM dbo.sales UNION ALL SELECT 1"),
    error: 40517,
    message: "set operator",
  },
  {
    setup: ["CREATE TABLE #own (a int)"],
    sql: made("x", "SELECT COUNT(*) AS n FROM #own"),
    error: 40517,
    message: "temporary table #own",
  },
  { sql: made("x", "SELECT COUNT(*) FROM dbo.sales"), error: 8155 },
  { sql: made("x", "SELECT COUNT(*) AS n FROM dbo.none"), error: 208 },
  {
    sql: made("x", "SELECT COUNT(*) AS n FROM dbo.sales", "DISTRIBUTION = HASH(none)"),
    error: 106103,
  },
  {
    sql: made("x", "SELECT COUNT(*) AS n FROM dbo.sales", "DISTRIBUTION = REPLICATE"),
    error: 40517,
    message: "DISTRIBUTION = REPLICATE",
  },
  { sql: made("x", "SELECT COUNT(*) AS n FROM dbo.sales", "HEAP"), error: 40517, message: "HEAP" },
  { sql: "CREATE MATERIALIZED VIEW dbo.x AS SELECT COUNT(*) AS n FROM dbo.sales", error: 156 },
  {
    sql: "ALTER MATERIALIZED VIEW dbo.totals DISABLE",
    error: 40517,
    message: "ALTER MATERIALIZED VIEW DISABLE",
  },
  { sql: "ALTER MATERIALIZED VIEW dbo.plain REBUILD", error: 15151 },
  { sql: "UPDATE dbo.totals SET n = 1", error: 40517 },
];

testSqlCases("a materialized view", answers, ground);
testSqlCases("a materialized view refuses", faults, ground);
