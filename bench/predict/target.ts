// What the PREDICT benchmark is held to, and whether its figures are there.
import type { EndToEndRow } from "./end-to-end.ts";
import { Unmeasured } from "./peer.ts";
import type { ScorerRow } from "./scorer-alone.ts";

interface Verdict {
  target: string;
  found: string;
  isMet: boolean;
}

/** Float32 sums of hundreds of trees in different orders. */
const differenceMax = 1e-5;

/** The rate of ONNX Runtime's best way; NaN when it was not measured. */
function runtimeRate({ peers }: ScorerRow): number {
  const figures = peers.find(({ name }) => name === "ONNX Runtime")?.figures;
  if (!figures || figures instanceof Unmeasured) return Number.NaN;
  return figures.ways[0]?.rate ?? Number.NaN;
}

/** PREDICT is bound by what the engine hands out, or by the scorer, whichever is less. */
export function boundOf({ rates }: EndToEndRow): number {
  return Math.min(rates["hand-out"] ?? Number.NaN, rates.scorer ?? Number.NaN);
}

/** Where both use all threads: rows a second of the one after the other. What they have in common counts twice. */
export function afterAnother({ rates }: EndToEndRow): number {
  return 1 / (1 / (rates["hand-out"] ?? Number.NaN) + 1 / (rates.scorer ?? Number.NaN));
}

export function verdicts(
  rows: readonly EndToEndRow[],
  scorers: readonly ScorerRow[],
): readonly Verdict[] {
  const times = scorers.map((row) => ({ row, ratio: row.rate / runtimeRate(row) }));
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
    ...rows.flatMap(endToEndVerdicts),
    ...[...scorers, ...rows].flatMap(equalityVerdicts),
  ];
}

function endToEndVerdicts(row: EndToEndRow): Verdict[] {
  const { model, rates } = row;
  const share = (rates.PREDICT as number) / boundOf(row);
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

/** Peers are worth comparing with when they compute the same: their scores, or the sum of them. */
function equalityVerdicts({ model, peers }: ScorerRow | EndToEndRow): Verdict[] {
  return peers.flatMap(({ name, figures }) =>
    figures instanceof Unmeasured
      ? []
      : {
          target: `the same scores as ${name}: ${model}`,
          found: figures.difference.toExponential(1),
          isMet: figures.difference <= differenceMax,
        },
  );
}
