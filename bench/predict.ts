// PREDICT's scorer beside other scorers, and PREDICT end to end beside what the engine hands out and what engines do
// without it: same rows, same models, one run, medians. `--quick` for a tenth of the rows, `--only=` for one model,
// `--end-to-end` for that half. Scorers get their input in the layout they like best: columns, or a row-major matrix.
import { availableParallelism } from "node:os";
import { duckdbCase } from "./predict/duckdb-case.ts";
import { type EndToEndRow, measureEndToEnd } from "./predict/end-to-end.ts";
import { lightGbm } from "./predict/lightgbm.ts";
import { benchModels } from "./predict/model.ts";
import { onnxRuntime } from "./predict/onnxruntime.ts";
import { printEndToEnd, printScorers, printVerdicts } from "./predict/report.ts";
import { measureScorer, type ScorerRow } from "./predict/scorer-alone.ts";
import { verdicts } from "./predict/target.ts";

const readyPeers = [onnxRuntime, lightGbm];
const tablePeers = [duckdbCase];

const isQuick = process.argv.includes("--quick");
const isEndToEndOnly = process.argv.includes("--end-to-end");
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length);
const threads = Math.min(4, availableParallelism());
const measuredMsMin = isQuick ? 1000 : 5000;
const endToEndRows = isQuick ? 200_000 : 2_000_000;

const scorers: ScorerRow[] = [];
const endToEnd: EndToEndRow[] = [];
for (const model of benchModels()) {
  if (only && !model.name.includes(only)) continue;
  if (!isEndToEndOnly) {
    const rowCount = isQuick ? model.rowCount / 10 : model.rowCount;
    scorers.push(await measureScorer(model, readyPeers, { rowCount, threads, measuredMsMin }));
  }
  const limits = { rowCount: endToEndRows, threads, measuredMsMin };
  endToEnd.push(await measureEndToEnd(model, tablePeers, limits));
  console.error(`measured ${model.name}`);
}
if (!isEndToEndOnly) printScorers(scorers, threads);
printEndToEnd(endToEnd, threads);
printVerdicts(verdicts(endToEnd, scorers));
