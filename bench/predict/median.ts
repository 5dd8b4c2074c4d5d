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
 * After a pause a virtual machine takes up to a quarter of a second until it is as fast as before; then a rate is what
 * goes on and on, whoever ran before.
 */
const warmMs = 300;
const timedRuns = 3;

/**
 * Median seconds of each, run in turns so that a machine that drifts drifts for all. Short runs are repeated until
 * `measuredMsMin` have passed: they are the ones that noise hides in. They are timed after as many that are not as
 * take `warmMs`.
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
      const times = isLong[at] ? [await secondsOf(run)] : await warmTimes(run);
      seconds[at]?.push(...times);
    }
    if (!isLong.includes(true) || round >= roundsMin) measuredMs += performance.now() - begin;
  }
  return firsts.map((first, at) => (isRepeated[at] ? middleOf(seconds[at] as number[]) : first));
}

export function middleOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}

async function warmTimes(run: () => Promise<unknown>): Promise<number[]> {
  for (let warmed = 0; warmed < warmMs / 1000; ) warmed += await secondsOf(run);
  const times: number[] = [];
  while (times.length < timedRuns) times.push(await secondsOf(run));
  return times;
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
