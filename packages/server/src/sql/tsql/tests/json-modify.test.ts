// JSON_MODIFY: the documentation's examples, and its table of lax and strict. Source: "JSON_MODIFY".
import { type SqlCase, testSqlCases } from "./case.ts";

const john = '{"name":"John","skills":["C#","SQL"]}';

/** A document, a path, a new value as SQL, and the document then. */
const changes: readonly (readonly [string, string, string, string])[] = [
  [john, "$.name", "'Mike'", '{"name":"Mike","skills":["C#","SQL"]}'],
  [john, "$.surname", "'Smith'", '{"name":"John","skills":["C#","SQL"],"surname":"Smith"}'],
  [john, "$.name", "NULL", '{"skills":["C#","SQL"]}'],
  [john, "append $.skills", "'Azure'", '{"name":"John","skills":["C#","SQL","Azure"]}'],
  [john, "append lax $.skills", "NULL", '{"name":"John","skills":["C#","SQL",null]}'],
  ['{"n": 173}', "$.n", "173 + 1", '{"n":174}'],
  ['{"a":1}', "$.b", "CAST(1.50 AS decimal(4, 2))", '{"a":1,"b":1.50}'],
  ['{"a":1}', "$.b", "CAST(1 AS bit)", '{"a":1,"b":true}'],
  ['{"s":["C#"]}', "$.s", "'[1]'", '{"s":"[1]"}'],
  ['{"s":["C#"]}', "$.s", "JSON_QUERY('[1]')", '{"s":[1]}'],
  ['{"a":{"b":{"c":1}}}', "$.a.b.c", "'x\"y'", '{"a":{"b":{"c":"x\\"y"}}}'],
  ['{"a":1}', "$.x.y", "'z'", '{"a":1}'],
  ['{"a":[1,2,3]}', "$.a[1]", "9", '{"a":[1,9,3]}'],
  ['{"a":[1]}', "$.a[5]", "9", '{"a":[1]}'],
  ['{"a":[{"b":1}]}', "$.a[0].b", "2", '{"a":[{"b":2}]}'],
  ["{}", "$.a", "'b/c'", '{"a":"b\\/c"}'],
  ['{"a b":1}', '$."a b"', "2", '{"a b":2}'],
  ['{"a":1}', "strict $.a", "NULL", '{"a":null}'],
  ['{"a":1}', "$.b", "NULL", '{"a":1}'],
];

const cases: SqlCase[] = [
  ...changes.map(([document, path, value, then]) => ({
    sql: `SELECT JSON_MODIFY('${document}', '${path}', ${value})`,
    rows: then,
  })),
  {
    sql: `SELECT JSON_MODIFY(JSON_MODIFY(JSON_MODIFY('${john}', '$.name', 'Mike'), '$.surname', 'Smith'), 'append $.skills', 'Azure')`,
    rows: '{"name":"Mike","skills":["C#","SQL","Azure"],"surname":"Smith"}',
  },
  {
    sql: "SELECT JSON_MODIFY(c, '$.k', n) FROM (VALUES ('{\"k\":1}', 5), ('{}', 6), (NULL, 1)) v(c, n)",
    rows: [['{"k":5}'], ['{"k":6}'], [null]],
    columns: [" nvarchar(max)"],
  },
  { sql: "SELECT JSON_MODIFY('{\"a\":1}', 'strict $.b', 2)", error: 13608 },
  { sql: "SELECT JSON_MODIFY('none', '$.b', 2)", error: 13609 },
  { sql: "SELECT JSON_MODIFY('{}', '$', 2)", error: 40517 },
  { sql: "SELECT JSON_MODIFY(1, '$.a', 2)", error: 8116 },
];

const texts: SqlCase[] = [
  {
    sql: "SELECT STRING_ESCAPE('\\' + CHAR(9) + '/' + CHAR(10) + '\"' + CHAR(1), 'json')",
    rows: '\\\\\\t\\/\\n\\"\\u0001',
  },
  {
    sql: "SELECT id, name AS [n.first], u AS [n.url] FROM (VALUES (1, 'a', 'b/c'), (2, NULL, NULL)) v(id, name, u) FOR JSON PATH",
    rows: '[{"id":1,"n":{"first":"a","url":"b\\/c"}},{"id":2}]',
  },
  {
    sql: "SELECT CAST(NULL AS int) AS [a.b] FOR JSON PATH, INCLUDE_NULL_VALUES",
    rows: '[{"a":{"b":null}}]',
  },
];

testSqlCases("JSON_MODIFY", cases);
testSqlCases("JSON text", texts);
