// Trees of any kernel against a plain walk, on rows around the thresholds.
import assert from "node:assert/strict";
import type { Ensemble } from "../src/tree/ensemble.ts";
import type { TreeKernel } from "../src/tree/tree-kernel.ts";
import { type Arena, newMemory, openArena } from "../src/wasm/arena.ts";
import { random } from "./random.ts";
import { type EnsembleShape, leafOf, randomEnsemble } from "./random-ensemble.ts";

const ROWS = 512;
const plain: EnsembleShape = {
  treeCount: 5,
  leafCount: 31,
  featureCount: 6,
  thresholdCount: 40,
  targetCount: 1,
  equalShare: 0,
  nanRightShare: 0,
};

/** Around the thresholds an inexact rank would show; and every odd float. */
function valuesFor(thresholds: readonly number[], seed: number): Float32Array {
  const chance = random(seed);
  const odd = [0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38];
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  return Float32Array.from({ length: ROWS }, () => {
    const kind = chance.below(4);
    if (kind === 0) return chance.normal();
    if (kind === 1) return chance.pick(odd);
    float[0] = chance.pick(thresholds);
    bits[0] = (bits[0] as number) + chance.below(3) - 1;
    return float[0];
  });
}

/** What a row's trees add up to, one after the other. */
function sumOf(ensemble: Ensemble, target: number, valueAt: (feature: number) => number): number {
  let sum = 0;
  for (const tree of ensemble.trees) {
    const leaf = leafOf(tree, valueAt);
    sum = Math.fround(sum + (tree.leafValues[leaf * ensemble.targetCount + target] as number));
  }
  return sum;
}

/** Asserts exact sums for the first rows of a block. `open` lays an ensemble out. */
export function assertAddsUp(
  open: (arena: Arena, ensemble: Ensemble, featureCount: number) => TreeKernel,
  shape: Partial<EnsembleShape>,
  rowCount = ROWS,
): void {
  const { featureCount } = { ...plain, ...shape };
  for (let seed = 1; seed <= 4; seed += 1) {
    const ensemble = randomEnsemble({ ...plain, ...shape }, random(seed));
    const arena = openArena(newMemory());
    const kernel = open(arena, ensemble, featureCount);
    const splits = ensemble.trees.flatMap((tree) => tree.splits);
    const columns = Array.from({ length: featureCount }, (_, feature) => {
      const address = arena.allocate(ROWS * 4);
      kernel.point(feature, address);
      const own = splits.filter((split) => split.feature === feature);
      const thresholds = own.length > 0 ? own.map((split) => split.threshold) : [0];
      const values = valuesFor(thresholds, seed * 100 + feature);
      arena.float32(address, ROWS).set(values);
      return values;
    });
    kernel.run(rowCount);
    const sums = arena.float32(kernel.sumsAddress, ROWS * ensemble.targetCount);
    for (let row = 0; row < rowCount; row += 1) {
      for (let target = 0; target < ensemble.targetCount; target += 1) {
        const sum = sumOf(ensemble, target, (at) => (columns[at] as Float32Array)[row] as number);
        assert.equal(sums[target * ROWS + row], sum, `seed ${seed}, row ${row}, target ${target}`);
      }
    }
  }
}
