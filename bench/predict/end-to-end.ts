// PREDICT as a client asks for it, a pool's engine process included, beside what it is made of (the same statement
// over an engine whose threads are handed the columns and score nothing, the scorer alone, and the sum of the columns in
// SQL) and beside peers over the same table: all in turns.
import { openScorer } from "../../packages/scoring/src/scorer.ts";
import { byColumns } from "../../packages/scoring/test/by-columns.ts";
import type { SqlSession } from "../../packages/server/src/sql/session.ts";
import { runBatch, startSqlServer } from "../../packages/server/src/sql/testing/sql-server.ts";
import { medianSeconds, middleOf } from "./median.ts";
import { type BenchModel, benchModels, FEATURES } from "./model.ts";
import {
  orUnmeasured,
  type TableColumn,
  type TablePeer,
  type TableRun,
  Unmeasured,
  type Way,
} from "./peer.ts";
import { openAlone } from "./scorer-alone.ts";

export interface EndToEndRow {
  model: string;
  rowCount: number;
  /** Rows a second by name of the run. */
  rates: Record<string, number>;
  peers: TablePeerRow[];
}

export interface TablePeerRow {
  name: string;
  rowCount: number;
  figures: TablePeerFigures | Unmeasured;
}

export interface TablePeerFigures {
  /** Rows a second of the whole statement. */
  rate: number;
  planningSeconds: number;
  /** How far its sum is from PREDICT's, relative to the sum of all scores' sizes. */
  difference: number;
}

export interface EndToEndLimits {
  rowCount: number;
  threads: number;
  measuredMsMin: number;
}

/** A statement over a pool's table: scan, score, sum. */
export async function measureEndToEnd(
  model: BenchModel,
  peers: readonly TablePeer[],
  limits: EndToEndLimits,
): Promise<EndToEndRow> {
  const { rowCount, threads } = limits;
  const table = tableOf(model);
  const opened = await openEndToEnd(table, limits);
  // Slow engines are given the rows that the model allows.
  const peerRows = Math.min(rowCount, model.rowCount);
  const alone = await openAlone(model, { rowCount: peerRows, threads });
  const own = [
    ...opened.runs.map((run) => ({ ...run, rows: rowCount })),
    { name: "scorer", run: alone.run, rows: peerRows },
  ];
  const beside: BesideRun[] = [];
  for (const peer of peers) {
    const rows = { ...table, rowCount: peerRows, threads };
    beside.push(await openBeside(peer, () => peer.open(rows)));
  }
  const runs = [...own, ...beside].map(({ run }) => run);
  const seconds = await medianSeconds(runs, limits);
  const besideSeconds = seconds.slice(own.length);
  const rates = own.map(({ name, rows }, at) => [name, rows / (seconds[at] as number)]);
  const truth = await opened.sums(peerRows);
  const row: EndToEndRow = {
    model: model.name,
    rowCount,
    rates: Object.fromEntries(rates),
    peers: beside.map(({ name, found }, at) => ({
      name,
      rowCount: peerRows,
      figures: figuresOf(found, besideSeconds[at] as number | Unmeasured, {
        rowCount: peerRows,
        truth,
      }),
    })),
  };
  await Promise.all(beside.map((run) => run.close()));
  await alone.close();
  await opened.close();
  return row;
}

interface BesideRun extends Way {
  found: TableRun[];
  close(): Promise<void>;
}

/** A peer that cannot be opened fails when it runs, with its reason. */
async function openBeside(
  { name }: TablePeer,
  open: () => ReturnType<TablePeer["open"]>,
): Promise<BesideRun> {
  const opened = await orUnmeasured(open);
  const found: TableRun[] = [];
  return {
    name,
    found,
    async run() {
      if (opened instanceof Unmeasured) throw opened;
      found.push(await opened.run());
    },
    async close() {
      if (!(opened instanceof Unmeasured)) await opened.close();
    },
  };
}

interface Sums {
  sum: number;
  /** Of the scores without their signs. */
  size: number;
}

function figuresOf(
  found: readonly TableRun[],
  seconds: number | Unmeasured,
  { rowCount, truth }: { rowCount: number; truth: Sums },
): TablePeerFigures | Unmeasured {
  if (seconds instanceof Unmeasured) return seconds;
  return {
    rate: rowCount / seconds,
    planningSeconds: middleOf(found.map(({ planningSeconds }) => planningSeconds)),
    difference: Math.abs((found[0] as TableRun).sum - truth.sum) / truth.size,
  };
}

interface EndToEnd {
  runs: Way[];
  /** What PREDICT says of the first rows. */
  sums(rowCount: number): Promise<Sums>;
  close(): Promise<void>;
}

interface Table {
  /** T-SQL columns, and their values in row `n`. */
  columns: (TableColumn & { type: string; tsql: string })[];
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

function tableOf(model: BenchModel): Table {
  const scorer = openScorer(model.bytes);
  const output = scorer.outputs[0]?.name as string;
  scorer.close();
  return model.name === "sklearn pipeline"
    ? { columns: visitors, output, bytes: model.bytes }
    : { columns: numbers(), output, bytes: byColumns(model.bytes, FEATURES) };
}

const handOutProcess = new URL("./hand-out-process.ts", import.meta.url);

async function openEndToEnd(table: Table, limits: EndToEndLimits): Promise<EndToEnd> {
  const { rowCount } = limits;
  const pool = await openPool(table, limits);
  // A model that is not an expression in SQL, over the same columns.
  const trees = benchModels().find(({ name }) => name.startsWith("10 ×")) as BenchModel;
  const handed = table.columns === visitors ? table : tableOf(trees);
  const handing = await openPool(handed, { ...limits, engineEntry: handOutProcess });
  // Of every column that the model is given: text by its length.
  const sums = table.columns
    .map(({ name, element }) => (element === "string" ? `LEN(${name})` : name))
    .map((number) => `SUM(CAST(${number} AS float))`)
    .join(", ");
  const p = `CAST(p.${table.output} AS float)`;
  const predict = (name: string, { output } = table) =>
    `FROM PREDICT(MODEL = (SELECT Model FROM dbo.models), DATA = ${name} AS d, RUNTIME = ONNX) WITH (${output} real) AS p`;
  const score = `SELECT SUM(${p}) ${predict("dbo.d")}`;
  const hand = `SELECT SUM(CAST(p.${handed.output} AS float)) ${predict("dbo.d", handed)}`;
  const few = `d.${table.columns[0]!.name} > ${table.columns === visitors ? 86.5 : 1.9995}`;
  return {
    runs: [
      { name: "PREDICT", run: () => pool.ask(score) },
      { name: "hand-out", run: () => handing.ask(hand) },
      { name: "PREDICT of few", run: () => pool.ask(`${score} WHERE ${few}`) },
      { name: "sums", run: () => pool.ask(`SELECT ${sums} FROM dbo.d AS d`) },
      {
        name: "sums of few",
        run: () => pool.ask(`SELECT ${sums} FROM dbo.d AS d WHERE ${few}`),
      },
    ],
    async sums(firstRows) {
      const name = firstRows === rowCount ? "dbo.d" : "dbo.first";
      if (name === "dbo.first") await pool.fill(name, firstRows);
      const text = `SELECT SUM(${p}), SUM(ABS(${p})) ${predict(name)}`;
      const [sum, size] = (await pool.ask(text)).map(Number);
      return { sum: sum as number, size: size as number };
    },
    async close() {
      await pool.close();
      await handing.close();
    },
  };
}

interface Pool {
  ask(text: string): Promise<(string | null)[]>;
  fill(name: string, rowCount: number): Promise<void>;
  close(): Promise<void>;
}

/** A pool with the table `dbo.d` and its model. */
async function openPool(
  table: Table,
  { rowCount, threads, engineEntry }: EndToEndLimits & { engineEntry?: URL },
): Promise<Pool> {
  const memoryBytes = 4 * 1024 ** 3;
  const server = await startSqlServer({
    threads,
    memoryBytes,
    ...(engineEntry && { engineEntry }),
  });
  const session = await server.open();
  const hex = Buffer.from(table.bytes).toString("hex");
  await fill(session, "dbo.d", { table, rowCount });
  await ask(session, "CREATE TABLE dbo.models (Model varbinary(max))");
  await ask(session, `INSERT dbo.models VALUES (0x${hex})`);
  return {
    ask: (text) => ask(session, text),
    fill: (name, firstRows) => fill(session, name, { table, rowCount: firstRows }),
    async close() {
      await session.close();
      await server.close();
    },
  };
}

async function fill(
  session: SqlSession,
  name: string,
  { table, rowCount }: { table: Table; rowCount: number },
): Promise<void> {
  const columns = table.columns.map((column) => `${column.name} ${column.type} NOT NULL`);
  const cells = table.columns.map(({ tsql }) => tsql).join(", ");
  await ask(session, `CREATE TABLE ${name} (${columns.join(", ")}) WITH (HEAP)`);
  await ask(
    session,
    `INSERT ${name} SELECT ${cells} FROM (SELECT value AS n FROM GENERATE_SERIES(1, ${rowCount})) r`,
  );
}

async function ask(session: SqlSession, text: string): Promise<(string | null)[]> {
  const outcome = await runBatch(session, text);
  const error = outcome.errors[0];
  if (error) throw new Error(error.message);
  return outcome.results[0]?.rows[0] ?? [];
}
