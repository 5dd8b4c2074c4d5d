// PREDICT as a client asks for it, a pool's engine process included, beside what it is made of: the
// scan that hands the columns out to JavaScript, and the sum of the columns in SQL.
import { DuckDBInstance } from "@duckdb/node-api";
import { byColumns } from "../../packages/scoring/test/by-columns.ts";
import type { SqlSession } from "../../packages/server/src/sql/session.ts";
import { runBatch, startSqlServer } from "../../packages/server/src/sql/testing/sql-server.ts";
import { type BenchModel, FEATURES } from "./model.ts";

export interface EndToEnd {
  /** Seconds are of one run; the bench takes their medians. */
  runs: { name: string; run: () => Promise<unknown> }[];
  close(): Promise<void>;
}

interface Table {
  /** T-SQL columns and the values of row `value`. */
  columns: { name: string; type: string; tsql: string; duckdb: string }[];
  output: string;
  bytes: Uint8Array;
}

/** Values that a hundred trees tell apart: no two columns alike, spread like the models' thresholds. */
function numbers(): Table["columns"] {
  return Array.from({ length: FEATURES }, (_, index) => {
    const value = `2 * SIN(n * ${(0.7 + index * 0.137).toFixed(3)} + ${index})`;
    return {
      name: `c${index}`,
      type: "real",
      tsql: `CAST(${value} AS real)`,
      duckdb: `CAST(${value} AS FLOAT)`,
    };
  });
}

const visitors: Table["columns"] = [
  { name: "age", type: "real", tsql: "CAST(n % 70 + 18 AS real)", duckdb: "(n % 70 + 18)::FLOAT" },
  { name: "income", type: "real", tsql: "CAST(n % 977 AS real)", duckdb: "(n % 977)::FLOAT" },
  { name: "visits", type: "bigint", tsql: "CAST(n % 6 AS bigint)", duckdb: "(n % 6)::BIGINT" },
  {
    name: "city",
    type: "varchar(20)",
    tsql: "CASE n % 3 WHEN 0 THEN 'Delft' WHEN 1 THEN 'Leiden' ELSE 'Utrecht' END",
    duckdb: "CASE n % 3 WHEN 0 THEN 'Delft' WHEN 1 THEN 'Leiden' ELSE 'Utrecht' END",
  },
];

function tableOf(model: BenchModel, output: string): Table {
  return model.name === "sklearn pipeline"
    ? { columns: visitors, output, bytes: model.bytes }
    : { columns: numbers(), output, bytes: byColumns(model.bytes, FEATURES) };
}

/** `output` names the model's output; `threads` are the engine's. */
export async function openEndToEnd(
  model: BenchModel,
  given: { output: string; rowCount: number; threads: number },
): Promise<EndToEnd> {
  const table = tableOf(model, given.output);
  const limits = { threads: given.threads, memoryBytes: 4 * 1024 ** 3 };
  const server = await startSqlServer(limits);
  const session = await server.open();
  await fill(session, table, given.rowCount);
  const instance = await DuckDBInstance.create(":memory:", { threads: String(given.threads) });
  const connection = await instance.connect();
  const cells = table.columns.map(({ name, duckdb }) => `${duckdb} AS ${name}`).join(", ");
  await connection.run(
    `CREATE TABLE d AS SELECT ${cells} FROM range(1, ${given.rowCount + 1}) r(n)`,
  );
  const predict = `PREDICT(MODEL = (SELECT Model FROM dbo.models), DATA = dbo.d AS d, RUNTIME = ONNX) WITH (${table.output} real) AS p`;
  const reals = table.columns.filter(({ type }) => type === "real");
  const sums = reals.map(({ name }) => `SUM(CAST(${name} AS float))`).join(", ");
  return {
    runs: [
      {
        name: "PREDICT",
        run: () => ask(session, `SELECT SUM(CAST(p.${table.output} AS float)) FROM ${predict}`),
      },
      {
        name: "1 % of rows",
        run: () =>
          ask(
            session,
            `SELECT SUM(CAST(p.${table.output} AS float)) FROM ${predict} WHERE d.${reals[0]!.name} > ${model.name === "sklearn pipeline" ? 86.5 : 1.9995}`,
          ),
      },
      { name: "sums", run: () => ask(session, `SELECT ${sums} FROM dbo.d`) },
      {
        name: "hand-out",
        async run() {
          const result = await connection.stream("SELECT * FROM d");
          for (;;) {
            const chunk = await result.fetchChunk();
            if (chunk === null || chunk.rowCount === 0) return;
            for (let column = 0; column < chunk.columnCount; column += 1)
              chunk.getColumnVector(column);
          }
        },
      },
    ],
    async close() {
      connection.closeSync();
      instance.closeSync();
      await session.close();
      await server.close();
    },
  };
}

async function fill(session: SqlSession, table: Table, rowCount: number): Promise<void> {
  const columns = table.columns.map(({ name, type }) => `${name} ${type} NOT NULL`).join(", ");
  const cells = table.columns.map(({ tsql }) => tsql).join(", ");
  const hex = Buffer.from(table.bytes).toString("hex");
  await ask(session, `CREATE TABLE dbo.d (${columns}) WITH (HEAP)`);
  await ask(
    session,
    `INSERT dbo.d SELECT ${cells} FROM (SELECT value AS n FROM GENERATE_SERIES(1, ${rowCount})) r`,
  );
  await ask(session, "CREATE TABLE dbo.models (Model varbinary(max))");
  await ask(session, `INSERT dbo.models VALUES (0x${hex})`);
}

async function ask(session: SqlSession, text: string): Promise<(string | null)[]> {
  const outcome = await runBatch(session, text);
  const error = outcome.errors[0];
  if (error) throw new Error(error.message);
  return outcome.results[0]?.rows[0] ?? [];
}
