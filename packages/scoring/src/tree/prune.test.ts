import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../test/random.ts";
import { leafOf, randomEnsemble } from "../../test/random-ensemble.ts";
import type { ValueRange } from "../graph/value-range.ts";
import type { Ensemble } from "./ensemble.ts";
import { pruneEnsemble } from "./prune.ts";

const shape = {
  treeCount: 6,
  leafCount: 40,
  featureCount: 3,
  thresholdCount: 12,
  targetCount: 1,
  equalShare: 0.2,
  nanRightShare: 0.4,
};

const ranges: readonly (readonly [what: string, range: ValueRange])[] = [
  ["any value", { min: -Infinity, max: Infinity, mayBeMissing: true }],
  ["no missing value", { min: -Infinity, max: Infinity, mayBeMissing: false }],
  ["a part of the values", { min: -0.25, max: 0.5, mayBeMissing: false }],
  ["a part of the values or none", { min: 0.5, max: 4, mayBeMissing: true }],
  ["one value", { min: 0.125, max: 0.125, mayBeMissing: false }],
];

const splitCount = (ensemble: Ensemble) =>
  ensemble.trees.reduce((sum, tree) => sum + tree.splits.length, 0);

for (const [what, range] of ranges) {
  test(`pruning for ${what} keeps every row's leaves`, () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const chance = random(seed);
      const ensemble = randomEnsemble(shape, chance);
      const pruned = pruneEnsemble(ensemble, () => range);
      const thresholds = ensemble.trees.flatMap((tree) =>
        tree.splits.map((split) => split.threshold),
      );
      const value = (): number => {
        if (range.mayBeMissing && chance.next() < 0.2) return Number.NaN;
        const drawn = chance.next() < 0.5 ? chance.pick(thresholds) : chance.normal();
        return Math.fround(Math.min(range.max, Math.max(range.min, drawn)));
      };
      for (let row = 0; row < 300; row += 1) {
        const values = [value(), value(), value()];
        ensemble.trees.forEach((tree, t) => {
          const at = (feature: number) => values[feature] as number;
          const other = pruned.trees[t] as typeof tree;
          const want = tree.leafValues[leafOf(tree, at)];
          assert.equal(other.leafValues[leafOf(other, at)], want, `seed ${seed}: ${values}`);
        });
      }
    }
  });
}

test("narrow ranges leave few splits, a single value none", () => {
  const ensemble = randomEnsemble(shape, random(1));
  const narrow = pruneEnsemble(ensemble, () => ({ min: 0, max: 0.2, mayBeMissing: false }));
  assert.ok(splitCount(narrow) < splitCount(ensemble) / 2);
  const single = pruneEnsemble(ensemble, () => ({ min: 0, max: 0, mayBeMissing: false }));
  assert.equal(splitCount(single), 0);
});
