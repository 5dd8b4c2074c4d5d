// Strings, binaries and FORMAT as their pages show them, and what the engine has no function for.
// Sources: "String functions", "CAST and CONVERT", "FORMAT", "SOUNDEX", "PARSENAME (Transact-SQL)".
import { type SqlCase, testSqlCases } from "./case.ts";

/** An expression and its only value. */
const values: readonly (readonly [string, string | null])[] = [
  [
    "SOUNDEX('Smith') + SOUNDEX('Smythe') + SOUNDEX('Tymczak') + SOUNDEX('Pfister')",
    "S530S530T522P236",
  ],
  ["CONCAT(SOUNDEX('Ashcraft'), SOUNDEX(''), SOUNDEX(NULL))", "A2610000"],
  ["DIFFERENCE('Smithers', 'Smythers')", "4"],
  ["DIFFERENCE('Anothers', 'Brothers')", "2"],
  ["DIFFERENCE('Blotchet-Halls', 'Greene')", "0"],
  [
    "PARSENAME('srv.db.dbo.t', 4) + PARSENAME('[a.b].c', 2) + PARSENAME('192.168.1.10', 3)",
    "srva.b168",
  ],
  ["PARSENAME('a.b.c.d.e', 1)", null],
  ["PARSENAME('db..t', 2)", null],
  ["PATINDEX('%[^0-9A-Za-z]%', 'Please ensure the door is locked!')", "7"],
  ["PATINDEX('%[[]%', 'a[b')", "2"],
  ["PATINDEX('%B%', 'abc' COLLATE Latin1_General_CS_AS)", "0"],
  ["PATINDEX(NULL, 'abc')", null],
  ["ISNUMERIC(NULL)", "0"],
  ["ISNUMERIC(CAST(NULL AS int))", "0"],
  ["IIF(BINARY_CHECKSUM('ABC') = BINARY_CHECKSUM('abc'), 1, 0)", "0"],
  ["IIF(CHECKSUM('ABC') = CHECKSUM('abc'), 1, 0)", "1"],
  ["HASHBYTES('MD5', N'é')", "0xED71E8FFD3D8C47C1A2E22C53CD384AA"],
  ["HASHBYTES('SHA1', N'😀')", "0xBD4B6549A78E142A44EB9A0A512F83A787E96967"],
  ["HASHBYTES('none', 'abc')", null],
  ["HASHBYTES('MD5', NULL)", null],
];

const binaries: readonly (readonly [string, string | null])[] = [
  ["CAST(N'abc' AS varbinary(10))", "0x610062006300"],
  ["CAST(N'日😀' AS varbinary(10))", "0xE5653DD800DE"],
  ["CAST(0xE5653DD800DE AS nvarchar(10))", "日😀"],
  ["CAST(CAST(0x41 AS nvarchar) AS varbinary)", "0x4100"],
  ["CAST(0xFF AS varchar(1))", "ÿ"],
  ["CAST(1 AS binary(2))", "0x0001"],
  ["CAST(1 AS binary(8))", "0x0000000000000001"],
  ["CAST(-2 AS binary(8))", "0xFFFFFFFFFFFFFFFE"],
  ["CAST(258 AS varbinary(1))", "0x02"],
  ["CAST($1 AS varbinary(8))", "0x0000000000002710"],
  ["CONVERT(varbinary(8), '0x4142', 1)", "0x4142"],
  ["TRY_CONVERT(varbinary(8), 'zz', 2)", null],
];

const formats: readonly (readonly [string, string | null])[] = [
  ["FORMAT(123456789, '###-##-####')", "123-45-6789"],
  ["FORMAT(1234567890, '###-##-####')", "1234-56-7890"],
  ["FORMAT(CAST('2024-08-09' AS date), 'd', 'en-gb')", "09/08/2024"],
  ["FORMAT(CAST('2024-08-09' AS date), 'd', 'de-de')", "09.08.2024"],
  ["FORMAT(CAST('2024-08-09' AS date), 'D', 'en-gb')", "09 August 2024"],
  ["FORMAT(CAST(1.55 AS money), 'G', 'de-de')", "1,5500"],
  ["FORMAT(1234567.891, 'C', 'de-de')", "1.234.567,89 €"],
  ["FORMAT(-12.5, 'C')", "($12.50)"],
  ["FORMAT(.375, 'P')", "37.50 %"],
  ["FORMAT(0, '#')", ""],
  ["FORMAT(-5, '0;(0);zero')", "(5)"],
  ["FORMAT(0, '0;(0);zero')", "zero"],
  ["FORMAT(255, 'x4')", "00ff"],
  ["FORMAT(1234.5, 'E2')", "1.23E+003"],
  ["FORMAT(CAST('07:35' AS time), N'hh:mm')", null],
  ["FORMAT(CAST('17:35' AS time), N'hh\\:mm')", "17:35"],
  ["FORMAT(CAST('2018-01-01 01:00' AS datetime2), N'hh:mm t')", "01:00 A"],
];

const amounts: SqlCase[] = [
  { sql: "SELECT CAST(300000 AS smallmoney)", error: 8115 },
  { sql: "SELECT CAST('300000' AS smallmoney)", error: 8115 },
  { sql: "SELECT CAST(922337203685477.5808 AS money)", error: 8115 },
  {
    sql: "SELECT CAST(922337203685477.5807 AS money), CAST('€1,234.56' AS money), TRY_CAST('abc' AS money)",
    rows: [["922337203685477.5807", "1234.5600", null]],
  },
  { sql: "SELECT CAST('abc' AS money)", error: 235 },
];

const columns: SqlCase[] = [
  {
    sql: "SELECT PARSENAME(c, 1), PARSENAME(c, 4) FROM (VALUES ('10.0.0.7'), ('a.b'), (NULL)) v(c)",
    rows: [
      ["7", "10"],
      ["b", null],
      [null, null],
    ],
  },
  {
    sql: "SELECT PATINDEX(p, t) FROM (VALUES ('%[0-9]%', 'ab3c'), ('%c', 'abc'), ('b%', 'abc'), ('%.%', 'abc'), (NULL, 'x'), ('abc', 'ABC')) v(p, t)",
    rows: [["3"], ["3"], ["0"], ["0"], [null], ["1"]],
  },
];

const failures: SqlCase[] = [
  { sql: "SELECT TRANSLATE('abc', 'ab', 'x')", error: 9828 },
  { sql: "SELECT CONVERT(varbinary(8), 'zz', 1)", error: 8114 },
  { sql: "SELECT CONVERT(varbinary(8), '0x414', 1)", error: 8114 },
  { sql: "SELECT CAST(1.5E0 AS varbinary(8))", error: 40517 },
  { sql: "SELECT HASHBYTES('SHA2_512', 'a')", error: 40517 },
  { sql: "SELECT FORMAT(1, 'N', 'zz-zz')", error: 40517 },
  { sql: "SELECT CAST(NEWID() AS varchar(10))", error: 8170 },
  { sql: "SELECT CAST('yes' AS bit)", error: 245, message: "to data type bit" },
];

testSqlCases("strings", [
  ...[...values, ...binaries, ...formats].map(([expression, value]) => ({
    sql: `SELECT ${expression}`,
    rows: [[value]],
  })),
  ...amounts,
  ...columns,
  ...failures,
]);
