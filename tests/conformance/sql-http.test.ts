// SQL over HTTP: what a browser's query editor does, against a whole instance.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { after, before, describe, it } from "node:test";
import { type Caller, type Reply, startServer, type TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";
import { createSqlWorkspace } from "./sql-workspace.ts";

const audience = "https://database.windows.net/";
const path = "/sql/httpws/databases/pool1/query?api-version=2018-08-01-preview";

// biome-ignore lint/suspicious/noExplicitAny: lines of every kind
type Line = any;

function linesOf(reply: Reply): Line[] {
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers["content-type"], "application/x-ndjson; charset=utf-8");
  return reply.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("SQL over HTTP", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    await createSqlWorkspace(server, "httpws");
  });
  after(() => server.close());

  async function run(query: string, extra: { search?: string; as?: Caller; more?: object } = {}) {
    const { search = "", as = server.admin, more = {} } = extra;
    const reply = await as.send("POST", path + search, { query, ...more }, { audience });
    return linesOf(reply);
  }

  it("answers columns, rows, counts, prints and the end of a script, in order", async () => {
    const lines = await run("PRINT 'hello';\nSELECT 1 AS a, N'é' AS b\nGO\nSELECT 2 AS c");
    assert.deepEqual(lines, [
      {
        kind: "message",
        error: false,
        number: 0,
        severity: 0,
        state: 1,
        message: "hello",
        line: 1,
      },
      {
        kind: "columns",
        columns: [
          { name: "a", type: "int", nullable: false },
          { name: "b", type: "nvarchar(1)", nullable: false },
        ],
      },
      { kind: "rows", rows: [[1, "é"]] },
      { kind: "done", command: "select", rowCount: 1 },
      { kind: "columns", columns: [{ name: "c", type: "int", nullable: false }] },
      { kind: "rows", rows: [[2]] },
      { kind: "done", command: "select", rowCount: 1 },
      { kind: "end", outcome: "succeeded" },
    ]);
  });

  it("writes every type exactly", async () => {
    const values = [
      ["CAST(1 AS bit)", "bit", true],
      ["CAST(9223372036854775807 AS bigint)", "bigint", "9223372036854775807"],
      ["CAST(-0.05 AS decimal(38,2))", "decimal(38,2)", "-0.05"],
      ["CAST(12.5 AS money)", "money", "12.5000"],
      ["CAST(1.5 AS float)", "float", 1.5],
      ["CAST('2024-02-29' AS date)", "date", "2024-02-29"],
      ["CAST('23:59:58.123' AS time(3))", "time(3)", "23:59:58.123"],
      ["CAST('1969-12-31T23:59:59.5' AS datetime2(1))", "datetime2(1)", "1969-12-31T23:59:59.5"],
      ["CAST('2024-02-29T10:20:30' AS smalldatetime)", "smalldatetime", "2024-02-29T10:21:00"],
      [
        "CAST('2024-02-29T10:20:30+02:30' AS datetimeoffset(0))",
        "datetimeoffset(0)",
        "2024-02-29T10:20:30+02:30",
      ],
      ["0xCAFE", "varbinary(2)", "0xCAFE"],
      [
        "CAST('0e984725-c51c-4bf4-9960-e1c80e27aba0' AS uniqueidentifier)",
        "uniqueidentifier",
        "0E984725-C51C-4BF4-9960-E1C80E27ABA0",
      ],
      ["CAST(NULL AS varchar(5))", "varchar(5)", null],
    ];
    const lines = await run(`SELECT ${values.map(([sql]) => sql).join(", ")}`);
    assert.deepEqual(
      lines[0].columns.map(({ type }: { type: string }) => type),
      values.map(([, type]) => type),
    );
    assert.deepEqual(
      lines[1].rows[0],
      values.map(([, , value]) => value),
    );
  });

  it("gives errors number, severity, state and the script's line; later batches run", async () => {
    const lines = await run("SELECT 1 AS a\nGO\n\nSELECT * FROM dbo.absent\nGO\nSELECT 3 AS c");
    const error = lines.find(({ kind, error }) => kind === "message" && error);
    assert.deepEqual(
      [error.number, error.severity, error.state, error.line],
      [208, 16, 1, 4],
      JSON.stringify(error),
    );
    assert.deepEqual(lines.at(-3).rows, [[3]]);
    assert.deepEqual(lines.at(-1), { kind: "end", outcome: "failed" });
  });

  it("takes parameters, whose values are data", async () => {
    const lines = await run("SELECT @name AS name, @n + 1 AS n, @none AS none", {
      more: {
        parameters: [
          { name: "@name", type: "nvarchar(50)", value: "x'; DROP TABLE t --" },
          { name: "@n", type: "int", value: 41 },
          { name: "@none", type: "date", value: null },
        ],
      },
    });
    assert.deepEqual(lines[1].rows, [["x'; DROP TABLE t --", 42, null]]);
  });

  it("ends a result set at topRows and says so; statements that change rows are not cut", async () => {
    const lines = await run(
      `CREATE TABLE #n (v int);
       INSERT INTO #n SELECT value FROM GENERATE_SERIES(1, 5000);
       SELECT v FROM #n ORDER BY v DESC;
       SELECT COUNT(*) AS n FROM #n`,
      { search: "&topRows=3" },
    );
    const rows = lines.filter(({ kind }) => kind === "rows").map((line) => line.rows);
    assert.deepEqual(rows, [[[5000], [4999], [4998]], [[5000]]]);
    const done = lines.filter(({ command }) => command === "select");
    assert.deepEqual(
      done.map(({ truncated }) => truncated),
      [true, undefined],
    );
  });

  it("lets nobody in whom TDS would not let in, and checks permissions as TDS does", async () => {
    const stranger = await createCaller(server);
    const refused = await stranger.send("POST", path, { query: "SELECT 1" }, { audience });
    assert.equal(refused.status, 403, refused.text);
    assert.equal(refused.body.error.number, 4060);
    const nobody = await server.nobody.send("POST", path, { query: "SELECT 1" }, { audience });
    assert.equal(nobody.status, 401);
    const other = await server.admin.send("POST", path, { query: "SELECT 1" });
    assert.equal(other.status, 401);

    await run(
      "CREATE TABLE dbo.secret (v int); CREATE USER [caller of a test] FROM EXTERNAL PROVIDER",
    );
    const lines = await run("SELECT * FROM dbo.secret", { as: stranger });
    assert.equal(lines.find(({ error }) => error).number, 229);
    assert.deepEqual((await run("SELECT USER_NAME() AS u", { as: stranger }))[1].rows, [
      ["caller of a test"],
    ]);
  });

  it("names what is wrong with a request before it answers rows", async () => {
    const cases: [string, unknown, number, string][] = [
      [path, { query: 1 }, 400, "InvalidParameter"],
      [path, [], 400, "InvalidRequestContent"],
      [`${path}&topRows=0`, { query: "SELECT 1" }, 400, "InvalidParameter"],
      [path, { query: "GO", parameters: [{ name: "x", type: "int" }] }, 400, "InvalidParameter"],
      [
        path,
        { query: "SELECT 1", parameters: [{ name: "@x", type: "int = 1, @y int" }] },
        400,
        "InvalidParameter",
      ],
      [path.replace(/\?.*/, ""), { query: "SELECT 1" }, 400, "MissingApiVersionParameter"],
      [path.replace("pool1", "absent"), { query: "SELECT 1" }, 403, "SqlLoginRefused"],
      [path.replace("httpws", "absent"), { query: "SELECT 1" }, 403, "SqlLoginRefused"],
      [
        path.replace("httpws/databases/pool1", "httpws-ondemand/databases/pool1"),
        { query: "SELECT 1" },
        403,
        "SqlLoginRefused",
      ],
    ];
    for (const [where, body, status, code] of cases) {
      const reply = await server.admin.send("POST", where, body, { audience });
      assert.deepEqual([reply.status, reply.body.error.code], [status, code], reply.text);
    }
  });

  it("answers on the workspace's own host name too", async () => {
    const reply = await server.admin.send(
      "POST",
      path.replace("/sql/httpws", ""),
      { query: "SELECT DB_NAME() AS d" },
      { audience, host: "httpws.sql.azuresynapse.net" },
    );
    assert.deepEqual(linesOf(reply)[1].rows, [["pool1"]]);
  });

  async function open(query: string): Promise<[ClientRequest, IncomingMessage]> {
    const { origin, caFile } = server.contract;
    const sent = request(origin + path, {
      method: "POST",
      ca: readFileSync(caFile),
      headers: {
        authorization: `Bearer ${await server.admin.token(audience)}`,
        "content-type": "application/json",
      },
    });
    sent.end(JSON.stringify({ query }));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return [sent, response];
  }

  it("cancels what runs when the client leaves: its transaction is rolled back", async () => {
    await run("CREATE TABLE dbo.once (v int)\nGO\nINSERT INTO dbo.once VALUES (1)");
    const [sent, response] = await open(
      `BEGIN TRANSACTION;
       UPDATE dbo.once SET v = 2;
       SELECT v FROM dbo.once;
       SELECT COUNT(*) AS forever FROM GENERATE_SERIES(1, 1000000) a, GENERATE_SERIES(1, 1000000) b;
       COMMIT`,
    );
    let text = "";
    response.setEncoding("utf8");
    for await (const chunk of response.iterator({ destroyOnReturn: false })) {
      text += chunk;
      if (text.includes("forever")) break;
    }
    sent.destroy();
    // Until the session that was left lets go of its row, another writer of it gets message 3960.
    let outcome = "failed";
    for (let attempt = 0; outcome === "failed" && attempt < 200; attempt += 1) {
      const lines = await run("UPDATE dbo.once SET v = v + 10");
      outcome = lines.at(-1).outcome;
    }
    assert.equal(outcome, "succeeded");
    assert.deepEqual((await run("SELECT v FROM dbo.once"))[1].rows, [[11]]);
  });

  it("waits for a slow reader instead of collecting rows for it", async () => {
    const [sent, response] = await open(
      `SELECT a.value * 1000 + b.value AS n, REPLICATE('x', 100) AS t
       FROM GENERATE_SERIES(1, 10000) a CROSS JOIN GENERATE_SERIES(1, 1000) b`,
    );
    await once(response, "readable");
    response.read(1);
    const before = process.memoryUsage().rss;
    // Others are served meanwhile; ten million rows of this one would be more than a gigabyte.
    for (let round = 0; round < 20; round += 1) await run("SELECT 1 AS a");
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 200 * 1024 * 1024, `grew by ${grown} bytes`);
    sent.destroy();
  });
});
