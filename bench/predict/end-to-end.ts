// PREDICT as a client asks for it, a pool's engine process included, beside what it is made of: the
// same columns handed to a function that does not score, and the sum of the columns in SQL.

import type { ElementType } from "../../packages/scoring/src/onnx/tensor.ts";
import { byColumns } from "../../packages/scoring/test/by-columns.ts";
import type { SqlSession } from "../../packages/server/src/sql/session.ts";
import { runBatch, startSqlServer } from "../../packages/server/src/sql/testing/sql-server.ts";
import { openHandOut } from "./hand-out.ts";
import { type BenchModel, FEATURES } from "./model.ts";

export interface EndToEnd {
  /** Seconds are of one run; the bench takes their medians. */
  runs: { name: string; run: () => Promise<unknown> }[];
  close(): Promise<void>;
}

interface Table {
  /** T-SQL columns and the values of row `value`. */
  columns: { name: string; type: string; tsql: string; duckdb: string; element: ElementType }[];
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
      element: "float",
      tsql: `CAST(${value} AS real)`,
      duckdb: `CAST(${value} AS FLOAT)`,
    };
  });
}

const visitors: Table["columns"] = [
  {
    name: "age",
    type: "real",
    element: "float",
    tsql: "CAST(n % 70 + 18 AS real)",
    duckdb: "(n % 70 + 18)::FLOAT",
  },
  {
    name: "income",
    type: "real",
    element: "float",
    tsql: "CAST(n % 977 AS real)",
    duckdb: "(n % 977)::FLOAT",
  },
  {
    name: "visits",
    type: "bigint",
    element: "int64",
    tsql: "CAST(n % 6 AS bigint)",
    duckdb: "(n % 6)::BIGINT",
  },
  {
    name: "city",
    type: "varchar(20)",
    element: "string",
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
  const scanned = await openHandOut(
    table.columns.map(({ name, duckdb, element }) => ({ name, sql: duckdb, element })),
    given,
  );
  const predict = `PREDICT(MODEL = (SELECT Model FROM dbo.models), DATA = dbo.d AS d, RUNTIME = ONNX) WITH (${table.output} real) AS p`;
  const reals = table.columns.filter(({ type }) => type === "real");
  const sums = reals.map(({ name }) => `SUM(CAST(${name} AS float))`).join(", ");
  const score = `SELECT SUM(CAST(p.${table.output} AS float)) FROM ${predict}`;
  const few = `d.${reals[0]!.name} > ${model.name === "sklearn pipeline" ? 86.5 : 1.9995}`;
  return {
    runs: [
      { name: "PREDICT", run: () => ask(session, score) },
      { name: "PREDICT of few", run: () => ask(session, `${score} WHERE ${few}`) },
      { name: "sums", run: () => ask(session, `SELECT ${sums} FROM dbo.d AS d`) },
      {
        name: "sums of few",
        run: () => ask(session, `SELECT ${sums} FROM dbo.d AS d WHERE ${few}`),
      },
      ...scanned.runs,
    ],
    async close() {
      scanned.close();
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
