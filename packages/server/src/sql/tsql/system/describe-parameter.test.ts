// sp_describe_undeclared_parameters. The rules and several rows are those of its documentation page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SqlSession } from "../../session.ts";
import {
  runBatch,
  runDescribing,
  startSqlServer,
  type TestServer,
} from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;
before(async () => {
  server = await startSqlServer();
  session = await server.open();
  for (const text of [
    "CREATE TABLE dbo.t (id int IDENTITY NOT NULL, i int, s smallint, name varchar(30), code char(30), n nvarchar(20), price decimal(9,2), ratio float, day date, at datetime2(3), raw varbinary(8), big bigint)",
    "CREATE PROCEDURE dbo.plus @a int, @b nvarchar(10) = N'x', @c decimal(5,1) OUTPUT AS SET @c = @a",
    "CREATE FUNCTION dbo.dear (@least decimal(7,3)) RETURNS TABLE AS RETURN (SELECT id FROM dbo.t WHERE price > @least)",
    "CREATE FUNCTION dbo.twice (@x bigint) RETURNS decimal(12,3) AS BEGIN RETURN @x * 2 END",
  ])
    assert.deepEqual((await runBatch(session, text)).errors, [], text);
});
after(() => server.close());

async function describe(...words: string[]) {
  const outcome = await runDescribing(session, "sp_describe_undeclared_parameters", ...words);
  const [result] = outcome.results;
  const place = (name: string) => result?.columns.findIndex((column) => column.name === name) ?? -1;
  const shown = (row: readonly (string | null)[]) =>
    `${row[place("name")]} ${row[place("suggested_system_type_name")]}`;
  return { ...outcome, place, rows: result?.rows ?? [], shown: (result?.rows ?? []).map(shown) };
}

for (const [text, ...expected] of [
  [
    "SELECT * FROM dbo.t AS t CROSS APPLY dbo.dear(@a) AS d WHERE t.id = d.id AND t.s = @b",
    "@a decimal(7,3)",
    "@b smallint",
  ],
  ["SELECT 1"],
  [
    "INSERT dbo.t VALUES (@i, 2, @name, 'c', @n, @p, @r, @d, NULL, @raw, 9)",
    "@i int",
    "@name varchar(30)",
    "@n nvarchar(20)",
    "@p decimal(9,2)",
    "@r float",
    "@d date",
    "@raw varbinary(8)",
  ],
  [
    "INSERT dbo.t (price, at) VALUES (@P1, @P2), (3, @P3)",
    "@P1 decimal(9,2)",
    "@P2 datetime2(3)",
    "@P3 datetime2(3)",
  ],
  ["INSERT dbo.t (i, n) SELECT @a, n FROM dbo.t WHERE name = @b", "@a int", "@b varchar(30)"],
  [
    "UPDATE dbo.t SET i = @a, price = price + @b, name += @c WHERE day = @d",
    "@a int",
    "@b decimal(38,19)",
    "@c varchar(8000)",
    "@d date",
  ],
  ["DELETE TOP (@n) FROM dbo.t WHERE @name = name", "@n bigint", "@name varchar(30)"],
  [
    "MERGE dbo.t AS t USING (SELECT 1 AS i) AS s ON t.i = s.i AND t.n = @a WHEN MATCHED THEN UPDATE SET price = @b WHEN NOT MATCHED THEN INSERT (at) VALUES (@c);",
    "@a nvarchar(20)",
    "@b decimal(9,2)",
    "@c datetime2(3)",
  ],
  ["SELECT * FROM dbo.t WHERE code = @p", "@p char(30)"],
  ["SELECT * FROM dbo.t WHERE code > @p", "@p varchar(8000)"],
  ["SELECT * FROM dbo.t WHERE name > @p", "@p varchar(8000)"],
  ["SELECT * FROM dbo.t WHERE i = i + @p", "@p int"],
  ["SELECT * FROM dbo.t WHERE i = s + @p", "@p int"],
  [
    "SELECT * FROM dbo.t WHERE price BETWEEN @a AND 5 AND n LIKE @b AND i IN (1, @c)",
    "@a decimal(38,19)",
    "@b nvarchar(4000)",
    "@c int",
  ],
  [
    "SELECT name FROM dbo.t WHERE day > @d ORDER BY i OFFSET @o ROWS FETCH NEXT @f ROWS ONLY",
    "@d date",
    "@o bigint",
    "@f bigint",
  ],
  ["SELECT * FROM dbo.t WHERE @p = dbo.twice(@q + i)", "@p decimal(12,3)", "@q bigint"],
  [
    "SELECT CAST(@a AS datetime2(5)), CONVERT(nchar(4), @b), @c + 2, NULL + @d",
    "@a datetime2(5)",
    "@b nchar(4)",
    "@c int",
    "@d int",
  ],
  ["SELECT name + @a, LEFT(n, @b), ABS(@c) FROM dbo.t", "@a varchar(8000)", "@b int", "@c float"],
  [
    "SELECT * FROM dbo.t WHERE i IN (SELECT i FROM dbo.t AS u WHERE u.big = @b) OR @s IN (SELECT s FROM dbo.t)",
    "@b bigint",
    "@s smallint",
  ],
  ["EXEC dbo.plus @x, @b = @y, @c = @z OUTPUT", "@x int", "@y nvarchar(10)", "@z decimal(5,1)"],
  ["EXEC @r = dbo.plus 1, @c = @z OUTPUT", "@r int", "@z decimal(5,1)"],
  ["SELECT @a = price, @b = n FROM dbo.t", "@a decimal(9,2)", "@b nvarchar(20)"],
  [
    "DECLARE @x decimal(4,1) = @a; SET @x = @b; IF @x > @c SELECT * FROM dbo.t WHERE i = @d",
    "@a decimal(4,1)",
    "@b decimal(4,1)",
    "@c decimal(38,19)",
    "@d int",
  ],
] as const) {
  test(`undeclared parameters: ${text.slice(0, 100)}`, async () => {
    const { errors, shown } = await describe(text);
    assert.deepEqual(errors, []);
    assert.deepEqual(shown, expected);
  });
}

for (const [text, ...numbers] of [
  ["SELECT @p", 11506],
  ["SELECT * FROM dbo.t WHERE @p IS NULL", 11506],
  ["SELECT * FROM dbo.t WHERE @p1 = @p2", 11503],
  ["SELECT * FROM dbo.t WHERE i = @p1 + @p2", 11503],
  ["SELECT * FROM dbo.t WHERE @p1 = SUBSTRING(@p2, 2, 3)", 11503],
  ["SELECT day + @p FROM dbo.t", 11507],
  ["SELECT * FROM dbo.t WHERE i = @p OR s = @p", 11508],
  ["PRINT @p", 11502],
  ["SELECT * FROM dbo.absent WHERE i = @p", 208, 11501],
  ["SELECT FROM", 156, 11501],
] as const) {
  test(`undeclared parameters that can't be described: ${text}`, async () => {
    const { errors } = await describe(text);
    assert.deepEqual(
      errors.map(({ number }) => number),
      numbers,
    );
  });
}

test("declared parameters are left out", async () => {
  const { shown } = await describe("SELECT * FROM dbo.t WHERE i = @a AND s = @b + @a", "@a int");
  assert.deepEqual(shown, ["@b int"]);
});

test("a row says what the parameter is there for and what it is called in the procedure", async () => {
  const { rows, place } = await describe("EXEC @r = dbo.plus @x, @c = @z OUTPUT");
  const words = ["parameter_ordinal", "suggested_is_input", "suggested_is_output"];
  const names = [...words, "formal_parameter_name", "suggested_system_type_id"];
  assert.deepEqual(
    rows.map((row) => names.map((name) => row[place(name)])),
    [
      ["1", "0", "1", null, "56"],
      ["2", "1", "0", "@a", "56"],
      ["3", "1", "1", "@c", "106"],
    ],
  );
});
