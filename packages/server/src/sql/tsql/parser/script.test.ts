// Positions, batches and names of the parser; what statements mean is in ../tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SqlError } from "../../session.ts";
import { parseBatch, splitScript } from "./script.ts";

test("statements and faults know their line and column", () => {
  const [first, second] = parseBatch("SELECT 1;\n  PRINT 'x'");
  assert.deepEqual(
    [first!.at.line, first!.at.column, second!.at.line, second!.at.column],
    [1, 1, 2, 3],
  );
  const faults: [text: string, line: number][] = [
    ["SELECT 1\n\nSELECT FROM t", 3],
    ["SELECT 1 /* a\nb */\n, , 2", 3],
    ["SELECT 'a\nb', FROM x", 2],
    ["BEGIN\nSELECT 1", 2],
  ];
  for (const [text, line] of faults) {
    assert.throws(
      () => parseBatch(text),
      (error) => error instanceof SqlError && error.detail.line === line,
      text,
    );
  }
});

test("a script is cut at its GO lines, each batch with its first line", () => {
  const batches = splitScript(
    "SELECT 1\ngo\n\nSELECT 2 -- GO\nGO 3 -- again\nSELECT 'GO'\n GO ;\n",
  );
  assert.deepEqual(batches, [
    { text: "SELECT 1", firstLine: 1, count: 1 },
    { text: "\nSELECT 2 -- GO", firstLine: 3, count: 3 },
    { text: "SELECT 'GO'", firstLine: 6, count: 1 },
  ]);
});

test("BREAK and CONTINUE stand in a WHILE only", () => {
  for (const text of [
    "WHILE 1=1 BREAK",
    "WHILE 1=1 BEGIN IF 1=1 CONTINUE; BREAK END",
    "WHILE 1=1 WHILE 1=1 BREAK",
  ])
    parseBatch(text);
  for (const [text, number] of [
    ["BREAK", 135],
    ["WHILE 1=1 SELECT 1; CONTINUE", 136],
    ["CREATE PROCEDURE p AS BREAK", 135],
  ] as const)
    assert.throws(
      () => parseBatch(text),
      (error) => error instanceof SqlError && error.detail.number === number,
      text,
    );
});

test("a batch may begin with a procedure's name, and only begin with it", () => {
  assert.deepEqual(
    parseBatch("dbo.p 1, @x = 2").map((statement) => statement.kind),
    ["execute"],
  );
  assert.throws(() => parseBatch("SELECT 1 dbo.p 1"), SqlError);
});

test("identifiers keep their text, keywords are known in any case", () => {
  const [statement] = parseBatch('sElEcT [a]]b] FROM "c""d" AS [select]');
  assert.equal(statement!.kind, "query");
  assert.ok(JSON.stringify(statement).includes('"a]b"'));
  assert.ok(JSON.stringify(statement).includes('c\\"d'));
});

test("a deeply nested expression is parsed, or refused, but never ends the process", () => {
  const deep = `SELECT ${"(".repeat(5000)}1${")".repeat(5000)}`;
  try {
    parseBatch(deep);
  } catch (error) {
    assert.ok(error instanceof SqlError, String(error));
  }
});

test("MERGE ends with a semicolon, whatever follows it", () => {
  const merge = "MERGE t USING s ON t.a = s.a WHEN MATCHED THEN DELETE";
  const texts: [text: string, isTaken: boolean][] = [
    [`${merge};`, true],
    [`${merge} OPTION (LABEL = 'x');`, true],
    [`IF 1 = 1 ${merge}; SELECT 1`, true],
    [merge, false],
    [`${merge}\nSELECT 1`, false],
    [`BEGIN ${merge} END`, false],
    [`CREATE PROCEDURE p AS ${merge}`, false],
    [`WITH s AS (SELECT 1 AS a) ${merge}`, false],
  ];
  for (const [text, isTaken] of texts) {
    if (isTaken) assert.doesNotThrow(() => parseBatch(text), text);
    else
      assert.throws(
        () => parseBatch(text),
        (error) => error instanceof SqlError && error.detail.number === 10713,
        text,
      );
  }
});

test("queries that come again are known; other statements, quoting and lines are parsed anew", () => {
  const options = { quotedIdentifier: true, firstLine: 1 };
  const query = 'SELECT "a" FROM t; SELECT 2';
  assert.equal(parseBatch(query), parseBatch(query, options));
  assert.notDeepEqual(parseBatch(query), parseBatch(query, { ...options, firstLine: 2 }));
  assert.notDeepEqual(parseBatch(query), parseBatch(query, { quotedIdentifier: false }));
  const others = [
    "CREATE LOGIN a WITH PASSWORD = 'Secret1!'",
    "SELECT 1; CREATE LOGIN a WITH PASSWORD = 'Secret1!'",
    `SELECT '${"x".repeat(5_000)}'`,
  ];
  for (const text of others) assert.notEqual(parseBatch(text), parseBatch(text), text);
});

test("of many queries the last ones are known", () => {
  const first = parseBatch("SELECT 'first'");
  for (let id = 0; id < 150; id += 1) {
    parseBatch(`SELECT ${id}`);
    if (id < 50) assert.equal(parseBatch("SELECT 'first'"), first);
  }
  assert.notEqual(parseBatch("SELECT 'first'"), first);
});
