// GENERATE_SERIES: rows of known bounds stream, those of other rows' values do not; both are the same rows.
import { testSqlCases } from "../tests/case.ts";

testSqlCases("GENERATE_SERIES", [
  { sql: "SELECT COUNT(*), SUM(value) FROM GENERATE_SERIES(1, 10)", rows: [["10", "55"]] },
  { sql: "SELECT value FROM GENERATE_SERIES(3, 1)", rows: [["3"], ["2"], ["1"]] },
  { sql: "SELECT value FROM GENERATE_SERIES(1, 6, 2)", rows: [["1"], ["3"], ["5"]] },
  { sql: "DECLARE @n int = 2; SELECT value FROM GENERATE_SERIES(1, @n)", rows: [["1"], ["2"]] },
  {
    sql: "SELECT a.value, b.value FROM GENERATE_SERIES(1, 2) a CROSS APPLY GENERATE_SERIES(1, a.value) b ORDER BY 1, 2",
    rows: [
      ["1", "1"],
      ["2", "1"],
      ["2", "2"],
    ],
  },
  { sql: "SELECT TOP 1 value FROM GENERATE_SERIES(1, 2000000000)", rows: "1" },
  { sql: "SET NO_BROWSETABLE ON; SELECT 1", rows: "1" },
]);
