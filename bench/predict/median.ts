// How the PREDICT benchmark takes time: medians of runs in turns.
import { setTimeout } from "node:timers/promises";
import { orUnmeasured, Unmeasured } from "./peer.ts";

export const roundsMin = 3;
/** What takes longer is run once, and not to warm up either. */
export const slowSeconds = 10;
/** Threads of ONNX Runtime and OpenMP spin for up to 50 ms after a run; they must not slow down whoever comes next. */
const pauseMs = 60;

/**
 * Median seconds of each, run in turns so that a machine that drifts drifts for all. Short runs are repeated until
 * `measuredMsMin` have passed: they are the ones that noise hides in.
 */
export async function medianSeconds(
  runs: readonly (() => Promise<unknown>)[],
  { measuredMsMin }: { measuredMsMin: number },
): Promise<(number | Unmeasured)[]> {
  const firsts: (number | Unmeasured)[] = [];
  for (const run of runs) firsts.push(await orUnmeasured(() => secondsOf(run)));
  const isRepeated = firsts.map((first) => !(first instanceof Unmeasured) && first <= slowSeconds);
  const seconds = runs.map((): number[] => []);
  const begin = performance.now();
  for (let round = 0; round < 99 && isRepeated.includes(true); round += 1) {
    if (round >= roundsMin && performance.now() - begin > measuredMsMin) break;
    for (const [at, run] of runs.entries()) {
      if (!isRepeated[at]) continue;
      await setTimeout(pauseMs);
      seconds[at]?.push(await secondsOf(run));
    }
  }
  return firsts.map((first, at) => (isRepeated[at] ? middleOf(seconds[at] as number[]) : first));
}

export function middleOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
