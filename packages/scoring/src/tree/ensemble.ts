// Tree ensembles in one normal form: every split asks "x > threshold" or "x == threshold" in float32.
// read-ensemble.ts makes it from ONNX nodes; kernel.ts and prune.ts work on it.

export interface Split {
  feature: number;
  test: "gt" | "eq";
  /** A float32. */
  threshold: number;
  /** Where NaN goes. Always false for "eq". */
  isNanRight: boolean;
  left: Child;
  /** Taken when the test holds. */
  right: Child;
}

/** The index of a split, or for leaf k the complement ~k. */
export type Child = number;

export interface Tree {
  root: Child;
  splits: Split[];
  leafCount: number;
  /** Row-major: `targetCount` float32 values per leaf. Leaves are numbered left to right. */
  leafValues: Float32Array;
}

export interface Ensemble {
  trees: Tree[];
  targetCount: number;
  /** Targets that at least one leaf adds to. */
  isTargetScored: boolean[];
}

/** A tree under construction: child ids refer to whatever the source numbers its nodes by. */
export interface SourceNode {
  split: Omit<Split, "left" | "right"> | null;
  left: number;
  right: number;
}

const DEPTH_MAX = 500;

/** Leaf values that an ensemble may still have. Shared nodes are repeated, so a small file can stand for a huge tree. */
export interface LeafBudget {
  left: number;
}

const LEAF_VALUES_MAX = 50_000_000;

/** In proportion to the file, with room for sets of categories. */
export function leafBudget(nodeCount: number, targetCount: number): LeafBudget {
  return { left: Math.min(LEAF_VALUES_MAX, (4 * nodeCount + 10_000) * targetCount) };
}

/**
 * Renumbers a tree from its root, splits first-come, leaves left to right. Nodes that several parents share (converters
 * write sets of categories so) are repeated. Returns null when a child is missing, or past a depth of 500 or
 * the budget, which is also where a cycle ends.
 */
export function buildTree(
  root: number,
  nodeOf: (id: number) => SourceNode | undefined,
  /** Adds a value for each target. */
  addLeaf: (id: number, values: number[]) => void,
  { targetCount, budget }: { targetCount: number; budget: LeafBudget },
): Tree | null {
  const splits: Split[] = [];
  const leafValues: number[] = [];
  let leafCount = 0;
  const visit = (id: number, depth: number): Child | null => {
    const node = nodeOf(id);
    if (!node || depth > DEPTH_MAX || budget.left <= 0) return null;
    if (!node.split) {
      budget.left -= targetCount;
      addLeaf(id, leafValues);
      leafCount += 1;
      return ~(leafCount - 1);
    }
    const split: Split = { ...node.split, left: -1, right: -1 };
    const at = splits.push(split) - 1;
    const left = visit(node.left, depth + 1);
    const right = left === null ? null : visit(node.right, depth + 1);
    if (left === null || right === null) return null;
    split.left = left;
    split.right = right;
    return at;
  };
  const start = visit(root, 0);
  if (start === null) return null;
  return { root: start, splits, leafCount, leafValues: Float32Array.from(leafValues) };
}

/** Whether a leaf of the tree changes a target's sum. */
export function addsTo(tree: Tree, target: number, targetCount: number): boolean {
  for (let at = target; at < tree.leafValues.length; at += targetCount) {
    if (tree.leafValues[at] !== 0) return true;
  }
  return false;
}

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

/** The largest float32 below `value`; null below -Infinity. */
export function float32Below(value: number): number | null {
  if (value === Number.NEGATIVE_INFINITY) return null;
  if (value === 0) return -1.401298464324817e-45;
  float[0] = value;
  floatBits[0] = (floatBits[0] as number) + (value > 0 ? -1 : 1);
  return float[0] as number;
}
