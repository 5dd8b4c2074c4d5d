// The tables that the PREDICT benchmark prints.
import type { EndToEndRow } from "./end-to-end.ts";
import { roundsMin, slowSeconds } from "./median.ts";
import { Unmeasured } from "./peer.ts";
import type { ScorerRow } from "./scorer-alone.ts";
import { afterAnother, boundOf, type verdicts } from "./target.ts";

const modelWidth = 18;
const none = "–";
const medians = `rows/s, medians of ${roundsMin} or more in turns (one run where it takes more than ${slowSeconds} s)`;

const millions = (rate: number) => `${(rate / 1e6).toFixed(rate < 1e6 ? 3 : rate < 1e7 ? 2 : 1)} M`;
const shareOf = (rate: number, bound: number) => `${Math.round((100 * rate) / bound)} %`;
const times = (ratio: number) => ratio.toFixed(ratio < 100 ? 1 : 0);

function printTable(title: string, heads: readonly string[], lines: readonly string[][]): void {
  console.log(`\n${title}\n`);
  const widths = heads.map((head, at) =>
    Math.max(...[head, ...lines.map((line) => line[at] ?? "")].map(({ length }) => length)),
  );
  for (const [first, ...cells] of [heads, ...lines]) {
    const padded = cells.map((cell, at) => cell.padStart(widths[at + 1] as number));
    console.log([(first as string).padEnd(modelWidth), ...padded].join("  "));
  }
}

export function printScorers(rows: readonly ScorerRow[], threads: number): void {
  const peerNames = rows[0]?.peers.map(({ name }) => name) ?? [];
  printTable(
    `The scorer alone, ready columns, ${threads} workers; ${medians}; peers' best way`,
    ["model", "kind", "rows", "scorer", ...peerNames.flatMap((name) => [name, "×"])],
    rows.map(({ model, kind, rowCount, rate, peers }) => [
      model,
      kind,
      String(rowCount),
      millions(rate),
      ...peers.flatMap(({ figures }) => {
        const best = figures instanceof Unmeasured ? undefined : figures.ways[0];
        return best ? [millions(best.rate), times(rate / best.rate)] : [none, ""];
      }),
    ]),
  );
  console.log("\nEvery way, the best first; the largest difference from our scores\n");
  for (const { model, peers } of rows) {
    for (const { name, figures } of peers) {
      if (figures instanceof Unmeasured) continue;
      const ways = figures.ways.map((way) => `${way.name}: ${millions(way.rate)}`);
      const found = [...ways, figures.difference.toExponential(1)].join(" · ");
      console.log(`${model.padEnd(modelWidth)}  ${name}: ${found}`);
    }
  }
  printReasons(rows);
}

/** Each once, with the models that it keeps from being measured. */
function printReasons(rows: readonly (ScorerRow | EndToEndRow)[]): void {
  const reasons = new Map<string, string[]>();
  for (const { model, peers } of rows) {
    for (const { figures } of peers) {
      if (!(figures instanceof Unmeasured)) continue;
      reasons.set(figures.message, [...(reasons.get(figures.message) ?? []), model]);
    }
  }
  for (const [reason, models] of reasons) console.log(`${none} ${models.join(", ")}: ${reason}`);
}

export function printEndToEnd(rows: readonly EndToEndRow[], threads: number): void {
  printTable(
    `PREDICT end to end, ${threads} threads; ${medians}`,
    ["model", "rows", "PREDICT", "hand-out", "scorer", "of less", "of both", "sums", "few rows"],
    rows.map((row) => {
      const { model, rowCount, rates } = row;
      return [
        model,
        String(rowCount),
        millions(rates.PREDICT as number),
        millions(rates["hand-out"] as number),
        millions(rates.scorer as number),
        shareOf(rates.PREDICT as number, boundOf(row)),
        shareOf(rates.PREDICT as number, afterAnother(row)),
        millions(rates.sums as number),
        `${Math.round((1000 * rowCount) / (rates["PREDICT of few"] as number))} ms`,
      ];
    }),
  );
  console.log("\nhand-out: the same statement, its columns handed to threads that score nothing");
  printTablePeers(rows, threads);
}

/** PREDICT's rate is that of its own rows; a slow peer is given fewer. */
function printTablePeers(rows: readonly EndToEndRow[], threads: number): void {
  const heads = ["model", "peer", "rows", "planning", "running", "both", "PREDICT", "×"];
  const lines = rows.flatMap(({ model, rates, peers }) =>
    peers.map(({ name, rowCount, figures }) => {
      const own = rates.PREDICT as number;
      if (figures instanceof Unmeasured) {
        return [model, name, String(rowCount), none, none, none, millions(own), ""];
      }
      const { rate, planningSeconds } = figures;
      return [
        model,
        name,
        String(rowCount),
        `${planningSeconds.toFixed(3)} s`,
        millions(rowCount / (rowCount / rate - planningSeconds)),
        millions(rate),
        millions(own),
        times(own / rate),
      ];
    }),
  );
  printTable(`The same table scored without PREDICT, ${threads} threads; ${medians}`, heads, lines);
  console.log(
    "\nDuckDB CASE: the model as one SQL expression, trees as nested CASE; both: planning and running",
  );
  printReasons(rows);
}

export function printVerdicts(found: ReturnType<typeof verdicts>): void {
  console.log("\nTargets\n");
  for (const { target, found: figure, isMet } of found) {
    console.log(`${isMet ? "met   " : "MISSED"} ${figure.padStart(8)}  ${target}`);
  }
}
