// Escape sequences of ODBC in statements, as drivers and reporting tools send them.
import { testSqlCases } from "./case.ts";

testSqlCases(
  "ODBC escapes",
  [
    {
      sql: "SELECT {d '2024-02-29'}, {ts '2024-02-29 01:02:03.997'}",
      rows: [["2024-02-29 00:00:00.000", "2024-02-29 01:02:03.997"]],
    },
    { sql: "SELECT {d '2024-02-29'} AS x", columns: ["x datetime"] },
    { sql: "SELECT {t '01:02:03'}", rows: "2024-03-05 01:02:03.000" },
    {
      sql: "SELECT {guid '6F9619FF-8B86-D011-B42D-00C04FC964FF'}",
      rows: "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    },
    {
      sql: "SELECT {fn UCASE('a')}, {fn LENGTH('abc')}, {fn CONCAT('a', 'b')}, {fn LEFT('abc', 2)}",
      rows: [["A", "3", "ab", "ab"]],
    },
    {
      sql: "SELECT {fn MOD(5, 3)}, {fn IFNULL(NULL, 3)}, {fn LOCATE('b', 'abc')}, {fn TRUNCATE(1.789, 1)}",
      rows: [["2", "3", "2", "1.700"]],
    },
    {
      sql: "SELECT {fn NOW()}, {fn CURDATE()}, {fn YEAR({fn NOW()})}",
      rows: [["2024-03-05 14:07:09.123", "2024-03-05", "2024"]],
    },
    {
      sql: "SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, {d '2024-02-29'})}, {fn TIMESTAMPDIFF(SQL_TSI_MONTH, '2024-01-01', '2024-03-01')}",
      rows: [["2024-03-01 00:00:00.000", "2"]],
    },
    {
      sql: "SELECT {fn EXTRACT(YEAR FROM '2024-01-01')}, {fn MONTHNAME('2024-01-01')}, {fn QUARTER('2024-05-01')}",
      rows: [["2024", "January", "2"]],
    },
    {
      sql: "SELECT a.id, b.name FROM {oj dbo.o a LEFT OUTER JOIN dbo.o b ON a.id = b.id + 1} WHERE a.d >= {d '2024-01-01'}",
      rows: [["1", null]],
    },
    { sql: "SELECT id FROM dbo.o WHERE name LIKE 'a\\_%' {escape '\\'}", rows: "1" },
    { sql: "SELECT {fn CONVERT(5, SQL_VARCHAR)}", error: 40517, message: "{fn CONVERT}" },
    { sql: "SELECT {fn NOSUCH(1)}", error: 195 },
    { sql: "SELECT {x 'y'}", error: 102, message: "near 'x'" },
    { sql: "{", error: 102, message: "near '{'" },
  ],
  [
    "CREATE TABLE dbo.o (id int, name varchar(10), d date)",
    "INSERT dbo.o VALUES (1, 'a_b', '2024-02-29')",
  ],
);
