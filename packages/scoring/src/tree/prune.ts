// Removes splits whose answer is known: from the ranges of the features, or from splits above in the same tree.
import { anything, type ValueRange } from "../graph/value-range.ts";
import { type Child, type Ensemble, float32Below, type Split, type Tree } from "./ensemble.ts";

/** The same sums with fewer splits, for rows whose features keep to their ranges. */
export function pruneEnsemble(
  ensemble: Ensemble,
  rangeOfFeature: (feature: number) => ValueRange,
): Ensemble {
  const ranges = new Map<number, ValueRange>();
  for (const tree of ensemble.trees) {
    for (const { feature } of tree.splits) ranges.set(feature, rangeOfFeature(feature));
  }
  const trees = ensemble.trees.map((tree) => pruneTree(tree, ensemble.targetCount, ranges));
  return { ...ensemble, trees };
}

/** `known` is as it was when the tree is done. */
function pruneTree(tree: Tree, targetCount: number, known: Map<number, ValueRange>): Tree {
  const splits: Split[] = [];
  const leaves: number[] = [];
  const visit = (child: Child): Child => {
    if (child < 0) return ~(leaves.push(~child) - 1);
    const split = tree.splits[child] as Split;
    const range = known.get(split.feature) ?? anything;
    const [left, right] = sidesOf(split, range);
    // Where nothing can go (a range that no row has), either side will do.
    if (!right) return visit(split.left);
    if (!left) return visit(split.right);
    const copy = { ...split };
    const at = splits.push(copy) - 1;
    known.set(split.feature, left);
    copy.left = visit(split.left);
    known.set(split.feature, right);
    copy.right = visit(split.right);
    known.set(split.feature, range);
    return at;
  };
  const root = visit(tree.root);
  const leafValues = new Float32Array(leaves.length * targetCount);
  for (const [leaf, old] of leaves.entries()) {
    const from = old * targetCount;
    leafValues.set(tree.leafValues.subarray(from, from + targetCount), leaf * targetCount);
  }
  return { root, splits, leafCount: leaves.length, leafValues };
}

/** What is left of a range on either side of a split; null when no row goes there. */
function sidesOf(
  split: Split,
  range: ValueRange,
): [left: ValueRange | null, right: ValueRange | null] {
  const { threshold, test, isNanRight } = split;
  const { min, max, mayBeMissing } = range;
  if (test === "eq") {
    const isInside = min <= threshold && threshold <= max;
    const isOnly = min === threshold && max === threshold && !mayBeMissing;
    const right = isInside ? { min: threshold, max: threshold, mayBeMissing: false } : null;
    return [isOnly ? null : range, right];
  }
  const left = { min, max: Math.min(max, threshold), mayBeMissing: mayBeMissing && !isNanRight };
  const above = -(float32Below(-threshold) ?? Number.POSITIVE_INFINITY);
  const right = { min: Math.max(min, above), max, mayBeMissing: mayBeMissing && isNanRight };
  const isPossible = (side: ValueRange) => side.min <= side.max || side.mayBeMissing;
  return [isPossible(left) ? left : null, isPossible(right) ? right : null];
}
