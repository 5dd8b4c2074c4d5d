// PREDICT's scorer beside ONNX Runtime, and PREDICT end to end beside what the engine hands out: same rows, same
// models, one run, medians. `--quick` for a tenth of the rows, `--only=` for one model, `--end-to-end` for that half.
// Scorers get their input ready in the layout they like best: columns here, a row-major matrix there.
import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { openScorer } from "../packages/scoring/src/scorer.ts";
import { openScorerPool } from "../packages/scoring/src/scorer-pool.ts";
import { openEndToEnd } from "./predict/end-to-end.ts";
import { type BenchModel, benchModels } from "./predict/model.ts";
import { bulk, parallel, type Rival, type RivalInput } from "./predict/onnxruntime.ts";
import { benchRows } from "./predict/rows.ts";

const isQuick = process.argv.includes("--quick");
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length);
const threads = Math.min(4, availableParallelism());
const endToEndRows = isQuick ? 200_000 : 2_000_000;
const roundsMin = 3;
/** Short runs are repeated more often: they are the ones that noise hides in. */
const measuredMsMin = isQuick ? 1000 : 5000;
/** ONNX Runtime's threads spin for a while after a run; they must not slow down whoever comes next. */
const pauseMs = 20;

/** Median seconds of each, run in turns so that a machine that drifts drifts for all. */
async function medianSeconds(runs: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  for (const run of runs) await run();
  const seconds = runs.map((): number[] => []);
  const begin = performance.now();
  for (let round = 0; round < 99; round += 1) {
    if (round >= roundsMin && performance.now() - begin > measuredMsMin) break;
    for (const [at, run] of runs.entries()) {
      await setTimeout(pauseMs);
      const start = performance.now();
      await run();
      seconds[at]?.push((performance.now() - start) / 1000);
    }
  }
  return seconds.map((own) => own.sort((a, b) => a - b)[own.length >> 1] as number);
}

interface ScorerRow {
  model: string;
  kind: string;
  rowCount: number;
  rate: number;
  rivals: { name: string; rate: number }[];
  largestDifference: number;
}

/** The scorer alone on ready columns, and ONNX Runtime every way that is worth trying. */
async function measureScorer(model: BenchModel): Promise<ScorerRow> {
  const rowCount = isQuick ? model.rowCount / 10 : model.rowCount;
  const pool = await openScorerPool(model.bytes, { threads });
  const { columns, ready } = benchRows(pool, rowCount);
  const output = pool.outputs[0]?.name as string;
  const into = [pool.allocate("float", rowCount)];
  const score = () => pool.score(columns, rowCount, [output], into);
  const rivals = await openRivals({ bytes: model.bytes, inputs: ready, output, rowCount });
  const seconds = await medianSeconds([score, ...rivals.map((rival) => rival.run)]);
  const rates = seconds.map((own) => rowCount / own);
  await Promise.all(rivals.map((rival) => rival.close()));
  const largestDifference = await compare(model, { columns, output, rowCount: 2000 });
  await pool.close();
  return {
    model: model.name,
    kind: pool.kind,
    rowCount,
    rate: rates[0] as number,
    rivals: rivals.map(({ name }, at) => ({ name, rate: rates[at + 1] as number })),
    largestDifference,
  };
}

interface EndToEndRow {
  model: string;
  rowCount: number;
  /** Rows a second by name of the run. */
  rates: Record<string, number>;
}

/** A statement over a pool's table: scan, score, sum. */
async function measureEndToEnd(model: BenchModel): Promise<EndToEndRow> {
  const rowCount = endToEndRows;
  const scorer = openScorer(model.bytes);
  const output = scorer.outputs[0]?.name as string;
  scorer.close();
  const opened = await openEndToEnd(model, { output, rowCount, threads });
  const seconds = await medianSeconds(opened.runs.map(({ run }) => run));
  await opened.close();
  const rates = opened.runs.map(({ name }, at) => [name, rowCount / (seconds[at] as number)]);
  return { model: model.name, rowCount, rates: Object.fromEntries(rates) };
}

async function openRivals(given: RivalInput): Promise<Rival[]> {
  const rivals: Rival[] = [];
  // Text cannot be shared between threads.
  if (given.inputs.every(({ type }) => type !== "string")) {
    for (const chunkRows of [2048, 32_768]) rivals.push(await parallel(given, threads, chunkRows));
  }
  for (let count = 1; count <= threads; count += 1) rivals.push(await bulk(given, count));
  return rivals;
}

/** The largest difference from ONNX Runtime, relative to the largest score. */
async function compare(
  model: BenchModel,
  given: {
    columns: Parameters<Awaited<ReturnType<typeof openScorerPool>>["score"]>[0];
    output: string;
    rowCount: number;
  },
): Promise<number> {
  const scores = await Promise.all(
    [{ threads: 1 }, { threads: 1, engine: "onnxruntime" as const }].map(async (options) => {
      const pool = await openScorerPool(model.bytes, options);
      const { columns, rowCount, output } = given;
      const copies = columns.map(
        (column) => column && { values: column.values.slice(0, rowCount) },
      );
      const result = await pool.score(copies, rowCount, [output]);
      await pool.close();
      return result.outputs[0]?.values as Float32Array;
    }),
  );
  const [ours, theirs] = scores as [Float32Array, Float32Array];
  const size = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return ours.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (theirs[i] as number)) / size),
    0,
  );
}

const millions = (rate: number) => `${(rate / 1e6).toFixed(rate < 1e7 ? 2 : 1)} M`;

function print(rows: readonly ScorerRow[]): void {
  console.log(
    `\nThe scorer alone, ready columns, ${threads} workers; rows/s, medians of ${roundsMin} or more, in turns\n`,
  );
  console.log(
    [
      "model".padEnd(18),
      "kind".padEnd(12),
      "rows".padStart(9),
      "scorer".padStart(9),
      "ORT best".padStart(9),
      "×".padStart(6),
      "  largest difference   ORT's best way",
    ].join(" "),
  );
  for (const row of rows) {
    const best = row.rivals.reduce((a, b) => (b.rate > a.rate ? b : a));
    console.log(
      [
        row.model.padEnd(18),
        row.kind.padEnd(12),
        String(row.rowCount).padStart(9),
        millions(row.rate).padStart(9),
        millions(best.rate).padStart(9),
        (row.rate / best.rate).toFixed(1).padStart(6),
        `  ${row.largestDifference.toExponential(1).padStart(18)}   ${best.name}`,
      ].join(" "),
    );
  }
  console.log("\nONNX Runtime, every way\n");
  for (const { model, rivals } of rows) {
    console.log(
      `${model.padEnd(18)} ${rivals.map(({ name, rate }) => `${name}: ${millions(rate)}`).join(" · ")}`,
    );
  }
}

/** PREDICT is bound by what the engine hands out, or by the scorer, whichever is less. */
function boundOf({ rates }: EndToEndRow, scorer: ScorerRow | undefined): number {
  return Math.min(rates["hand-out"] ?? Number.NaN, scorer?.rate ?? Number.POSITIVE_INFINITY);
}

function printEndToEnd(rows: readonly EndToEndRow[], scorers: readonly ScorerRow[]): void {
  console.log(`\nPREDICT end to end, ${threads} threads; rows/s, medians\n`);
  const heads = ["rows", "PREDICT", "hand-out", "scorer", "of less", "stream", "sums", "few rows"];
  console.log(["model".padEnd(18), ...heads.map((head) => head.padStart(10))].join(" "));
  for (const row of rows) {
    const { model, rowCount, rates } = row;
    const scorer = scorers.find((candidate) => candidate.model === model);
    const cells = [
      String(rowCount),
      millions(rates.PREDICT as number),
      millions(rates["hand-out"] as number),
      scorer ? millions(scorer.rate) : "",
      `${Math.round((100 * (rates.PREDICT as number)) / boundOf(row, scorer))} %`,
      millions(rates.stream as number),
      millions(rates.sums as number),
      `${Math.round((1000 * rowCount) / (rates["PREDICT of few"] as number))} ms`,
    ];
    console.log([model.padEnd(18), ...cells.map((cell) => cell.padStart(10))].join(" "));
  }
  console.log(
    "\nhand-out: the same columns through the same function without scoring; stream: the columns fetched chunk by chunk",
  );
}

interface Verdict {
  target: string;
  found: string;
  isMet: boolean;
}

function verdicts(rows: readonly EndToEndRow[], scorers: readonly ScorerRow[]): Verdict[] {
  const times = scorers.map((row) => ({
    row,
    ratio: row.rate / Math.max(...row.rivals.map(({ rate }) => rate)),
  }));
  const large = times.filter(({ row }) => row.model === "100 × 31 leaves");
  return [
    ...large.map(({ ratio }) => ({
      target: "the scorer ≥ 13 × ONNX Runtime's best at 100 × 31",
      found: `${ratio.toFixed(1)} ×`,
      isMet: ratio >= 13,
    })),
    ...times.map(({ row, ratio }) => ({
      target: `the scorer never slower than ONNX Runtime: ${row.model}`,
      found: `${ratio.toFixed(2)} ×`,
      isMet: ratio >= 1,
    })),
    ...rows.flatMap((row) => endToEndVerdicts(row, scorers)),
  ];
}

function endToEndVerdicts(row: EndToEndRow, scorers: readonly ScorerRow[]): Verdict[] {
  const { model, rates } = row;
  const scorer = scorers.find((candidate) => candidate.model === model);
  const share = (rates.PREDICT as number) / boundOf(row, scorer);
  const ofSums = (rates.PREDICT as number) / (rates.sums as number);
  // Above scanning and filtering: what the rows that are kept cost, and the model's own look-up.
  const ms = (name: string) => (1000 * row.rowCount) / (rates[name] as number);
  const extra = (ms("PREDICT of few") - ms("sums of few")) / ms("PREDICT");
  return [
    {
      target: `PREDICT ≥ 80 % of the hand-out or of the scorer, whichever is less: ${model}`,
      found: `${Math.round(100 * share)} %`,
      isMet: share >= 0.8,
    },
    ...(model.startsWith("linear")
      ? [
          {
            target: "linear ≥ 0.8 × summing the same columns in SQL",
            found: `${ofSums.toFixed(2)} ×`,
            isMet: ofSums >= 0.8,
          },
        ]
      : []),
    {
      target: `WHERE that keeps 1 % costs ≤ 5 % of scoring all beside the scan: ${model}`,
      found: `${(100 * extra).toFixed(1)} %`,
      isMet: extra <= 0.05,
    },
  ];
}

function printVerdicts(found: readonly Verdict[]): void {
  console.log("\nTargets\n");
  for (const { target, found: figure, isMet } of found) {
    console.log(`${isMet ? "met   " : "MISSED"} ${figure.padStart(8)}  ${target}`);
  }
}

const chosen = benchModels().filter(({ name }) => !only || name.includes(only));
const isEndToEndOnly = process.argv.includes("--end-to-end");
const rows: ScorerRow[] = [];
const endToEnd: EndToEndRow[] = [];
for (const model of chosen) {
  if (!isEndToEndOnly) rows.push(await measureScorer(model));
  endToEnd.push(await measureEndToEnd(model));
  console.error(`measured ${model.name}`);
}
if (!isEndToEndOnly) print(rows);
printEndToEnd(endToEnd, rows);
printVerdicts(verdicts(endToEnd, rows));
