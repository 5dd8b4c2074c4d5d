import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../test/random.ts";
import { type EnsembleShape, leafOf, randomEnsemble } from "../../test/random-ensemble.ts";
import { newMemory, openArena } from "../wasm/arena.ts";
import { openKernel } from "../wasm/kernel.ts";
import { openTreeKernel } from "./tree-kernel.ts";

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

const shapes: readonly (readonly [what: string, shape: Partial<EnsembleShape>])[] = [
  ["a single leaf", { leafCount: 1 }],
  ["one split", { leafCount: 2, treeCount: 1, thresholdCount: 1 }],
  ["16 leaves", { leafCount: 16 }],
  ["17 leaves", { leafCount: 17 }],
  ["32 leaves", { leafCount: 32 }],
  ["33 leaves", { leafCount: 33 }],
  ["64 leaves", { leafCount: 64 }],
  ["65 leaves", { leafCount: 65 }],
  ["256 leaves", { leafCount: 256, thresholdCount: 400 }],
  ["257 leaves, too many for a byte", { leafCount: 257, thresholdCount: 400 }],
  ["255 thresholds of one feature", { leafCount: 200, featureCount: 1, thresholdCount: 255 }],
  [
    "256 thresholds of one feature, too many for a byte",
    { leafCount: 250, featureCount: 1, thresholdCount: 2000, treeCount: 9 },
  ],
  ["several targets", { targetCount: 3, leafCount: 20 }],
  ["NaN to either side", { nanRightShare: 0.5 }],
  ["equalities", { equalShare: 0.4, nanRightShare: 0.3, thresholdCount: 8 }],
  ["equalities in large trees", { equalShare: 0.4, leafCount: 300, thresholdCount: 8 }],
];

/** Rows around the thresholds, where an inexact rank would show, and every odd float. */
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

for (const [what, shape] of shapes) {
  test(`trees with ${what} add up exactly`, () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const ensemble = randomEnsemble({ ...plain, ...shape }, random(seed));
      const { featureCount } = { ...plain, ...shape };
      const arena = openArena(newMemory());
      const kernel = openTreeKernel(
        arena,
        { kernel: openKernel(arena.memory), compare: null },
        ensemble,
        featureCount,
      );
      const splits = ensemble.trees.flatMap((tree) => tree.splits);
      const columns = Array.from({ length: featureCount }, (_, feature) => {
        const address = arena.allocate(ROWS * 4);
        kernel.point(feature, address);
        const thresholds = splits
          .filter((split) => split.feature === feature)
          .map((split) => split.threshold);
        const values = valuesFor(thresholds.length > 0 ? thresholds : [0], seed * 100 + feature);
        arena.float32(address, ROWS).set(values);
        return values;
      });
      kernel.run();
      const sums = arena.float32(kernel.sumsAddress, ROWS * ensemble.targetCount);
      for (let row = 0; row < ROWS; row += 1) {
        for (let target = 0; target < ensemble.targetCount; target += 1) {
          let sum = 0;
          for (const tree of ensemble.trees) {
            const leaf = leafOf(
              tree,
              (feature) => (columns[feature] as Float32Array)[row] as number,
            );
            sum = Math.fround(
              sum + (tree.leafValues[leaf * ensemble.targetCount + target] as number),
            );
          }
          assert.equal(
            sums[target * ROWS + row],
            sum,
            `seed ${seed}, row ${row}, target ${target}`,
          );
        }
      }
    }
  });
}
