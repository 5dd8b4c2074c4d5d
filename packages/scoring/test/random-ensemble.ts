// Random tree ensembles for property tests and benches, and a plain walk to check kernels by.
import type { Child, Ensemble, Split, Tree } from "../src/tree/ensemble.ts";
import type { Random } from "./random.ts";

export interface EnsembleShape {
  treeCount: number;
  leafCount: number;
  featureCount: number;
  /** Distinct thresholds per feature. */
  thresholdCount: number;
  targetCount: number;
  /** How often a split is an equality. */
  equalShare: number;
  /** How often NaN goes right. */
  nanRightShare: number;
}

export function randomEnsemble(shape: EnsembleShape, chance: Random): Ensemble {
  const thresholds = Array.from({ length: shape.featureCount }, () =>
    Array.from({ length: shape.thresholdCount }, () => Math.fround(chance.normal())),
  );
  const tree = (): Tree => {
    const splits: Split[] = [];
    const leafValues: number[] = [];
    let leafCount = 0;
    const grow = (leaves: number): Child => {
      if (leaves === 1) {
        for (let t = 0; t < shape.targetCount; t += 1) leafValues.push(chance.normal());
        leafCount += 1;
        return ~(leafCount - 1);
      }
      const third = Math.floor(leaves / 3);
      const leftLeaves = Math.max(1, third) + chance.below(leaves - 2 * Math.max(1, third) + 1);
      const feature = chance.below(shape.featureCount);
      const test = chance.next() < shape.equalShare ? "eq" : "gt";
      const split: Split = {
        feature,
        test,
        threshold: chance.pick(thresholds[feature] as number[]),
        isNanRight: test === "gt" && chance.next() < shape.nanRightShare,
        left: 0,
        right: 0,
      };
      const at = splits.push(split) - 1;
      split.left = grow(Math.min(leftLeaves, leaves - 1));
      split.right = grow(leaves - Math.min(leftLeaves, leaves - 1));
      return at;
    };
    const root = grow(shape.leafCount);
    return { root, splits, leafCount, leafValues: Float32Array.from(leafValues) };
  };
  return {
    trees: Array.from({ length: shape.treeCount }, tree),
    targetCount: shape.targetCount,
    isTargetScored: Array.from({ length: shape.targetCount }, () => true),
  };
}

/** The leaf that a row reaches. */
export function leafOf(tree: Tree, valueAt: (feature: number) => number): number {
  let child = tree.root;
  while (child >= 0) {
    const split = tree.splits[child] as Split;
    const x = valueAt(split.feature);
    const isRight =
      split.test === "eq"
        ? x === split.threshold
        : x > split.threshold || (Number.isNaN(x) && split.isNanRight);
    child = isRight ? split.right : split.left;
  }
  return ~child;
}
