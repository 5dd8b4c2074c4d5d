// How the PREDICT benchmark takes time: medians of runs in turns.
import { setTimeout } from "node:timers/promises";
import { orUnmeasured, Unmeasured } from "./peer.ts";

export const roundsMin = 3;
/** What takes longer is run once. */
export const slowSeconds = 10;
/** What takes longer is run no more often than it must. */
const longSeconds = 0.5;
/** Threads of ONNX Runtime and OpenMP spin for up to 50 ms after a run; they must not slow down whoever comes next. */
const pauseMs = 60;

/**
 * Median seconds of each, run in turns so that a machine that drifts drifts for all. Short runs are repeated until
 * `measuredMsMin` have passed: they are the ones that noise hides in. Each follows one of its own that is not timed:
 * else it would be timed as the first after whatever emptied the caches or let the machine fall asleep for seconds.
 */
export async function medianSeconds(
  runs: readonly (() => Promise<unknown>)[],
  { measuredMsMin }: { measuredMsMin: number },
): Promise<(number | Unmeasured)[]> {
  const firsts: (number | Unmeasured)[] = [];
  for (const run of runs) firsts.push(await orUnmeasured(() => warmSecondsOf(run)));
  const isRepeated = firsts.map((first) => !(first instanceof Unmeasured) && first <= slowSeconds);
  const isLong = firsts.map((first) => !(first instanceof Unmeasured) && first > longSeconds);
  const seconds = runs.map((): number[] => []);
  let measuredMs = 0;
  for (let round = 0; round < 99 && isRepeated.includes(true); round += 1) {
    if (round >= roundsMin && measuredMs > measuredMsMin) break;
    const begin = performance.now();
    for (const [at, run] of runs.entries()) {
      if (!isRepeated[at] || (isLong[at] && round >= roundsMin)) continue;
      await setTimeout(pauseMs);
      if (!isLong[at]) await run();
      seconds[at]?.push(await secondsOf(run));
    }
    if (!isLong.includes(true) || round >= roundsMin) measuredMs += performance.now() - begin;
  }
  return firsts.map((first, at) => (isRepeated[at] ? middleOf(seconds[at] as number[]) : first));
}

export function middleOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}

/** Of the second run, unless the first one was slow. */
async function warmSecondsOf(run: () => Promise<unknown>): Promise<number> {
  const first = await secondsOf(run);
  return first > slowSeconds ? first : secondsOf(run);
}

async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
