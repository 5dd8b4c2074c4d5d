// Which planes an ensemble needs, "value > threshold" for 512 rows each, and how its trees are walked on them.
import { PLANE_BYTES } from "../wasm/kernel-plane.ts";
import { type Child, type Ensemble, float32Below, type Split, type Tree } from "./ensemble.ts";

/** Thresholds of a feature that one byte can rank. */
const RANKS_MAX = 255;
const LEAVES_ON_PLANES_MAX = 256;

/** A feature, where its NaN goes, and up to 255 of its thresholds, in ascending order. */
export interface Ranking {
  feature: number;
  isNanRight: boolean;
  thresholds: readonly number[];
  firstPlane: number;
}

export interface PlanePlan {
  rankings: Ranking[];
  count: number;
  /** Numbers of derived planes, by threes: target = a & ~b. */
  derived: number[];
  /** The plane of a split's test. */
  planeOf(split: Split): number;
}

/** Other trees are too large. */
export const isOnPlanes = (tree: Tree): boolean => tree.leafCount <= LEAVES_ON_PLANES_MAX;

/** The code of a leaf: its neighbours' differ in one bit. */
export const grayCode = (leaf: number): number => leaf ^ (leaf >> 1);

/** x == t is (x > the float below t) & ~(x > t). */
export function boundsOf(split: Split): number[] {
  const { threshold, test } = split;
  if (test === "gt") return [threshold];
  // -0 is 0 to a comparison, but not to a rank table.
  return [float32Below(threshold) as number, threshold].map((bound) => (bound === 0 ? 0 : bound));
}

/** `roomFor` says how many planes so many thresholds take up. */
export function planPlanes(ensemble: Ensemble, roomFor: (thresholds: number) => number): PlanePlan {
  const wanted = new Map<
    string,
    { feature: number; isNanRight: boolean; thresholds: Set<number> }
  >();
  const splits = ensemble.trees.filter(isOnPlanes).flatMap((tree) => tree.splits);
  const keyOf = (split: Split) => `${split.feature}${split.isNanRight ? "+" : "-"}`;
  for (const split of splits) {
    const { feature, isNanRight } = split;
    const entry = wanted.get(keyOf(split)) ?? { feature, isNanRight, thresholds: new Set() };
    wanted.set(keyOf(split), entry);
    for (const bound of boundsOf(split)) entry.thresholds.add(bound);
  }
  const rankings: Ranking[] = [];
  const planeAt = new Map<string, number>();
  let count = 0;
  for (const [key, { feature, isNanRight, thresholds }] of wanted) {
    const sorted = [...thresholds].sort((a, b) => a - b);
    for (let from = 0; from < sorted.length; from += RANKS_MAX) {
      const part = sorted.slice(from, from + RANKS_MAX);
      rankings.push({ feature, isNanRight, thresholds: part, firstPlane: count });
      for (const [k, threshold] of part.entries()) planeAt.set(`${key}${threshold}`, count + k);
      count += roomFor(part.length);
    }
  }
  const derived: number[] = [];
  const planeOf = (split: Split): number => {
    const key = keyOf(split);
    const planes = boundsOf(split).map((bound) => planeAt.get(`${key}${bound}`) as number);
    if (split.test === "gt") return planes[0] as number;
    const name = `${key}=${split.threshold}`;
    const known = planeAt.get(name);
    if (known !== undefined) return known;
    planeAt.set(name, count);
    derived.push(count, ...(planes as [number, number]));
    count += 1;
    return count - 1;
  };
  for (const split of splits) planeOf(split);
  return { rankings, count, derived, planeOf };
}

/** Nodes in the order of a walk from the root; slots are boundaries between leaves (kernel-plane.ts). */
export function walkNodes(tree: Tree, planes: PlanePlan): number[] {
  const words: number[] = [];
  /** Leaves under a child, for the number of the boundary between two children. */
  const leavesUnder = (child: Child): number => {
    if (child < 0) return 1;
    const { left, right } = tree.splits[child] as Split;
    return leavesUnder(left) + leavesUnder(right);
  };
  const visit = (child: Child, low: number, high: number): void => {
    if (child < 0) return;
    const split = tree.splits[child] as Split;
    const own = low + leavesUnder(split.left);
    const slots = (own * PLANE_BYTES) | 0;
    words.push(
      planes.planeOf(split) * PLANE_BYTES,
      (low * PLANE_BYTES) | ((high * PLANE_BYTES) << 16),
      slots,
    );
    visit(split.left, low, own);
    visit(split.right, own, high);
  };
  visit(tree.root, 0, tree.leafCount);
  return words;
}
