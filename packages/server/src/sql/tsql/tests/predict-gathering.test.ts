// Rows are gathered before a model is called where a scan may leave only some of each chunk, and only there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeModel } from "../../../../../scoring/src/onnx/write-model.ts";
import type { EngineConnection } from "../../engine/port.ts";
import type { SqlSession } from "../../session.ts";
import { runBatch, startSqlServer, type TestServer } from "../../testing/sql-server.ts";

let server: TestServer;
let session: SqlSession;
/** What the engine was asked, last first. */
const asked: string[] = [];

before(async () => {
  server = await startSqlServer();
  const { engine } = server;
  const open = engine.open;
  engine.open = async (file, limits) => {
    const pool = await open(file, limits);
    return {
      ...pool,
      async connect(): Promise<EngineConnection> {
        const connection = await pool.connect();
        return {
          ...connection,
          stream(statement, signal) {
            asked.unshift(statement.sql);
            return connection.stream(statement, signal);
          },
        };
      },
    };
  };
  session = await server.open();
  const scalar = (name: string) => ({ name, type: "float" as const, shape: [-1, 1] });
  const model = writeModel({
    inputs: [scalar("x"), scalar("z")],
    outputs: [scalar("score")],
    nodes: [{ op: "Mul", inputs: ["x", "z"], outputs: ["score"] }],
  });
  await ask("CREATE TABLE dbo.d (x real NOT NULL, z real NOT NULL); INSERT dbo.d VALUES (2, 3)");
  await ask(`SELECT 0x${Buffer.from(model).toString("hex")} AS m INTO dbo.models`);
  await ask(`CREATE VIEW dbo.scored AS SELECT d.x, p.score ${predict}`);
});
after(async () => {
  await session.close();
  await server.close();
});

async function ask(text: string): Promise<void> {
  assert.deepEqual((await runBatch(session, text)).errors, [], text);
}

const predict =
  "FROM PREDICT(MODEL = (SELECT m FROM dbo.models), DATA = dbo.d AS d, RUNTIME = ONNX) WITH (score real) AS p";

const cases: [sql: string, isGathered: boolean][] = [
  [`SELECT d.x, p.score ${predict}`, false],
  [`SELECT SUM(p.score) ${predict} GROUP BY d.x HAVING d.x > 1`, false],
  [`SELECT s.score FROM (SELECT p.score ${predict}) s`, false],
  [`SELECT p.score ${predict} WHERE d.x > 1`, true],
  [`SELECT s.score FROM (SELECT d.x, p.score ${predict}) s WHERE s.x > 1`, true],
  [`SELECT p.score ${predict} JOIN dbo.d e ON e.x = d.x`, true],
  [`WITH s AS (SELECT d.x, p.score ${predict}) SELECT score FROM s WHERE x > 1`, true],
  ["SELECT score FROM dbo.scored WHERE x > 1", true],
];

for (const [sql, isGathered] of cases) {
  test(`rows are ${isGathered ? "" : "not "}gathered: ${sql.replace(predict, "…")}`, async () => {
    await ask(sql);
    assert.equal(asked[0]!.includes("IS NOT NULL"), isGathered, asked[0]);
  });
}
