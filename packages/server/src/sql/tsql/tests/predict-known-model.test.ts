// PREDICT knows a model again that it read before, and never scores with one that its statement would not read.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { writeModel } from "../../../../../scoring/src/onnx/write-model.ts";
import type { SqlSession } from "../../session.ts";
import {
  type Outcome,
  runBatch,
  startSqlServer,
  type TestServer,
} from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;

/** score = factor · x */
function times(factor: number): string {
  const scalar = (name: string) => ({ name, type: "float" as const, shape: [-1, 1] });
  const bytes = writeModel({
    inputs: [scalar("x")],
    outputs: [scalar("score")],
    nodes: [{ op: "Mul", inputs: ["x", "factor"], outputs: ["score"] }],
    initializers: { factor: { dims: [1], floats: [factor] } },
  });
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

before(async () => {
  server = await startSqlServer();
  session = await server.open();
  await ask("CREATE TABLE dbo.d (x real NOT NULL); INSERT dbo.d VALUES (1)");
  await ask("CREATE TABLE dbo.models (ID int NOT NULL, Model varbinary(max))");
});
beforeEach(() => ask(`DELETE dbo.models; INSERT dbo.models VALUES (1, ${times(2)})`));
after(async () => {
  await session.close();
  await server.close();
});

async function ask(text: string, asked = session): Promise<Outcome> {
  const outcome = await runBatch(asked, text);
  assert.deepEqual(outcome.errors, [], text.slice(0, 200));
  return outcome;
}

const predict = (model: string): string =>
  `SELECT p.score FROM PREDICT(MODEL = ${model}, DATA = dbo.d AS d, RUNTIME = ONNX) WITH (score real) AS p`;
const stored = predict("(SELECT Model FROM dbo.models WHERE ID = 1)");
const score = async (asked = session, sql = stored): Promise<string | null | undefined> =>
  (await ask(sql, asked)).results.at(-1)?.rows[0]?.[0];
const update = (factor: number): string =>
  `UPDATE dbo.models SET Model = ${times(factor)} WHERE ID = 1`;

/** Twice, so that the second one may know it. */
async function scoresAre(expected: string, asked = session): Promise<void> {
  assert.equal(await score(asked), expected);
  assert.equal(await score(asked), expected);
}

test("an updated model is seen at once, by the session that updated it and by others", async () => {
  const other = await server.open();
  await scoresAre("2");
  await scoresAre("2", other);
  await ask(update(3), other);
  await scoresAre("3");
  await scoresAre("3", other);
  await other.close();
});

test("a model that another transaction updated is seen when it commits, and not before", async () => {
  const other = await server.open();
  await scoresAre("2");
  await ask(`BEGIN TRANSACTION; ${update(3)}`, other);
  await scoresAre("3", other);
  await scoresAre("2");
  await ask("COMMIT", other);
  await scoresAre("3");
  await scoresAre("3", other);
  await other.close();
});

test("a model that is read while an update runs is not known when it has ended", async () => {
  const other = await server.open();
  await scoresAre("2");
  let isEnded = false;
  const slow = "SELECT COUNT(DISTINCT value % 9999991) FROM GENERATE_SERIES(1, 1000000)";
  const updated = ask(`${update(3)} AND (${slow}) > 0`, other).finally(() => {
    isEnded = true;
  });
  await scoresAre("2");
  assert.equal(isEnded, false);
  await updated;
  await scoresAre("3");
  await other.close();
});

test("a model that a transaction updated and rolled back is as it was", async () => {
  await scoresAre("2");
  await ask(`BEGIN TRANSACTION; ${update(3)}`);
  await scoresAre("3");
  await ask("ROLLBACK");
  await scoresAre("2");
});

test("a transaction keeps the model of its beginning", async () => {
  const other = await server.open();
  await scoresAre("2");
  await ask("BEGIN TRANSACTION");
  await scoresAre("2");
  await ask(update(3), other);
  await scoresAre("3", other);
  await scoresAre("2");
  await ask("COMMIT");
  await scoresAre("3");
  await other.close();
});

test("what a known model's expression comes to by then is reported: NULL, several rows, no column, no model", async () => {
  const errors: [change: string, number: number][] = [
    ["UPDATE dbo.models SET Model = NULL", 39051],
    ["UPDATE dbo.models SET Model = 0x0102", 39051],
    [`INSERT dbo.models VALUES (1, ${times(3)})`, 512],
    ["RENAME OBJECT dbo.models TO models2", 208],
  ];
  for (const [change, number] of errors) {
    await ask(`DELETE dbo.models; INSERT dbo.models VALUES (1, ${times(2)})`);
    await scoresAre("2");
    await ask(change);
    assert.equal((await runBatch(session, stored)).errors[0]?.number, number, change);
  }
  await ask("RENAME OBJECT dbo.models2 TO models");
});

test("a session does not know the models of another one's temporary tables", async () => {
  const other = await server.open();
  const sql = predict("(SELECT Model FROM #m)");
  for (const [asked, factor] of [
    [session, 4],
    [other, 5],
  ] as const)
    await ask(`SELECT ${times(factor)} AS Model INTO #m`, asked);
  for (let round = 0; round < 2; round += 1) {
    assert.equal(await score(session, sql), "4");
    assert.equal(await score(other, sql), "5");
  }
  await ask("DROP TABLE #m");
  await other.close();
});

test("a model that chance chooses is chosen anew", async () => {
  await ask(`INSERT dbo.models VALUES (2, ${times(3)})`);
  const sql = predict("(SELECT TOP 1 Model FROM dbo.models ORDER BY NEWID())");
  const seen = new Set<unknown>();
  for (let round = 0; round < 60; round += 1) seen.add(await score(session, sql));
  assert.deepEqual([...seen].sort(), ["2", "3"]);
});

test("a variable's model and a literal one are those of their statement", async () => {
  for (const factor of [2, 3, 2]) {
    assert.equal(await score(session, predict(times(factor))), String(factor));
    const sql = `DECLARE @m varbinary(max) = ${times(factor)}; ${predict("@m")}`;
    assert.equal(await score(session, sql), String(factor));
  }
});

test("a parameter's model is that of its call, whatever the text was called with before", async () => {
  for (const factor of [2, 3, 2]) {
    const call = `EXEC sp_executesql N'${predict("@m")}', N'@m varbinary(max)', @m = ${times(factor)}`;
    assert.equal(await score(session, call), String(factor));
    const by = `EXEC sp_executesql N'${predict("(SELECT Model FROM dbo.models WHERE ID = @id)")}', N'@id int', @id =`;
    await ask(`DELETE dbo.models WHERE ID = 7; INSERT dbo.models VALUES (7, ${times(7)})`);
    for (let time = 0; time < 2; time += 1) {
      assert.equal(await score(session, `${by} 1`), "2");
      assert.equal(await score(session, `${by} 7`), "7");
    }
  }
});

test("a right that was taken away is missing for a known model, too", async () => {
  const ann = { name: "ann", kind: "user" as const, objectId: "o" };
  server.principals.set("ann", { ...ann, groups: [], isAdministrator: false });
  server.externals.set("ann", ann);
  await ask("CREATE USER ann FROM EXTERNAL PROVIDER; GRANT EXECUTE TO ann");
  await ask("GRANT SELECT ON dbo.d TO ann; GRANT SELECT ON dbo.models TO ann");
  const other = await server.open("ann");
  await scoresAre("2", other);
  await ask("REVOKE SELECT ON dbo.models TO ann");
  assert.equal((await runBatch(other, stored)).errors[0]?.number, 229);
  await ask("GRANT SELECT ON dbo.models TO ann; REVOKE EXECUTE TO ann");
  assert.equal((await runBatch(other, stored)).errors[0]?.number, 262);
  await other.close();
});
