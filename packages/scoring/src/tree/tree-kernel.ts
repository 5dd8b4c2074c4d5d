// An ensemble laid out in memory for wasm/kernel-tree.ts: rank tables, planes, nodes and leaf values.
import type { CompareKernel } from "../program/kernel-addon.ts";
import type { Arena } from "../wasm/arena.ts";
import type { Kernel } from "../wasm/kernel.ts";
import {
  PLANE_BLOCK,
  PLANE_BYTES,
  PLANE_SCRATCH_BYTES,
  WALK_NODE_BYTES,
} from "../wasm/kernel-plane.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { floatNode, treeKinds, treeRecord, WORK } from "../wasm/kernel-tree.ts";
import { type Child, type Ensemble, float32Below, type Split, type Tree } from "./ensemble.ts";
import { bitsOf, type RankTable, writeRankTable } from "./rank-table.ts";

export interface TreeKernel {
  /** Says where a feature's 512 floats are, before `run`. */
  point(feature: number, address: number): void;
  /** Features whose floats may lie outside the memory, at a distance from it. */
  referable: ReadonlySet<number>;
  /**
   * Adds up the trees for 512 rows. The sums are written to `sumsAddress`, 512 floats per target, in the order of the
   * trees as ONNX Runtime adds them.
   */
  run(): void;
  sumsAddress: number;
}

/** Thresholds of a feature that one byte can rank. */
const RANKS_MAX = 255;
const LEAVES_ON_PLANES_MAX = 256;

/** Below this many thresholds a feature is compared with each; ranking costs about as much as twenty compares. */
const RANKED_MIN = 20;

/** A feature, where its NaN goes, and up to 255 of its thresholds: ranked, or compared one by one. */
interface Ranking {
  feature: number;
  isNanRight: boolean;
  table: RankTable | null;
  /** The list of thresholds when there is no table. */
  thresholds: number;
  count: number;
  firstPlane: number;
}

interface Planes {
  rankings: Ranking[];
  count: number;
  /** Offsets of derived planes: target = a & ~b. */
  derived: number[];
  /** The plane of a split's test. */
  planeOf(split: Split): number;
}

const isOnPlanes = (tree: Tree): boolean => tree.leafCount <= LEAVES_ON_PLANES_MAX;

/** x == t is (x > the float below t) & ~(x > t). */
function boundsOf(split: Split): number[] {
  const { threshold, test } = split;
  if (test === "gt") return [threshold];
  // -0 is 0 to a comparison, but not to a rank table.
  return [float32Below(threshold) as number, threshold].map((bound) => (bound === 0 ? 0 : bound));
}

function planPlanes(arena: Arena, ensemble: Ensemble): Planes {
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
      const isRanked = part.length >= RANKED_MIN;
      rankings.push({
        feature,
        isNanRight,
        table: isRanked ? writeRankTable(arena, part, isNanRight ? part.length : 0) : null,
        thresholds: isRanked ? 0 : writeWords(arena, part.map(bitsOf)),
        count: part.length,
        firstPlane: count,
      });
      for (const [k, threshold] of part.entries()) planeAt.set(`${key}${threshold}`, count + k);
      count += Math.ceil(part.length / PLANE_BLOCK) * PLANE_BLOCK;
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
function walkNodes(tree: Tree, planes: Planes): number[] {
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

function writeWords(arena: Arena, words: ArrayLike<number>): number {
  const address = arena.allocate(words.length * 4);
  new Int32Array(arena.memory.buffer, address, words.length).set(words);
  return address;
}

function kindOf(tree: Tree): number {
  if (tree.leafCount <= 16) return treeKinds.leaves16;
  if (tree.leafCount <= 32) return treeKinds.leaves32;
  if (tree.leafCount <= 64) return treeKinds.leaves64;
  return isOnPlanes(tree) ? treeKinds.leaves256 : treeKinds.walk;
}

/** Leaf values of one target as the kind's table: byte planes by Gray code, or floats. */
function leafTable(tree: Tree, target: number, targetCount: number, kind: number): Int32Array {
  const valueAt = (leaf: number) => tree.leafValues[leaf * targetCount + target] as number;
  const gray = (leaf: number) => leaf ^ (leaf >> 1);
  if (kind === treeKinds.leaves256 || kind === treeKinds.walk) {
    const floats = new Float32Array(kind === treeKinds.walk ? tree.leafCount : 256);
    for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
      floats[kind === treeKinds.walk ? leaf : gray(leaf)] = valueAt(leaf);
    }
    return new Int32Array(floats.buffer);
  }
  const tableCount = kind === treeKinds.leaves16 ? 1 : kind === treeKinds.leaves32 ? 2 : 4;
  const bytes = new Uint8Array(4 * tableCount * 16);
  const view = new DataView(new ArrayBuffer(4));
  for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
    view.setFloat32(0, valueAt(leaf), true);
    const code = gray(leaf);
    for (let plane = 0; plane < 4; plane += 1) {
      bytes[(plane * tableCount + (code >> 4)) * 16 + (code & 15)] = view.getUint8(plane);
    }
  }
  return new Int32Array(bytes.buffer);
}

/** Nodes of the float walk. Returns the root's address and the depth. */
function writeFloatTree(arena: Arena, tree: Tree): { root: number; depth: number } {
  const nodes: number[][] = [];
  const add = (...words: number[]) => nodes.push(words) - 1;
  let depth = 0;
  const visit = (child: Child, level: number): number => {
    depth = Math.max(depth, level);
    if (child < 0) {
      const at = add(bitsOf(Number.POSITIVE_INFINITY), 0, 0, nodes.length, nodes.length, ~child);
      return at;
    }
    const split = tree.splits[child] as Split;
    const bounds = boundsOf(split);
    const at = add(
      bitsOf(bounds[0] as number),
      split.feature * 4,
      split.isNanRight ? 1 : 0,
      0,
      0,
      0,
    );
    const second =
      bounds.length === 2 ? add(bitsOf(bounds[1] as number), split.feature * 4, 0, 0, 0, 0) : null;
    const down = second === null ? level + 1 : level + 2;
    const [left, right] = [visit(split.left, down), visit(split.right, down)];
    const link = (node: number, to: [number, number]) =>
      (nodes[node] as number[]).splice(3, 2, ...to);
    if (second === null) link(at, [left, right]);
    else {
      link(at, [left, second]);
      link(second, [right, left]);
    }
    return at;
  };
  const root = visit(tree.root, 0);
  const start = arena.allocate(nodes.length * floatNode.bytes);
  const words = nodes.flatMap(([threshold, column, nan, left, right, leaf]) => [
    ...[threshold as number, column as number, nan as number],
    start + (left as number) * floatNode.bytes,
    start + (right as number) * floatNode.bytes,
    leaf as number,
  ]);
  new Int32Array(arena.memory.buffer, start, words.length).set(words);
  return { root: start + root * floatNode.bytes, depth };
}

function writeRecords(
  arena: Arena,
  ensemble: Ensemble,
  planes: Planes,
): [start: number, end: number] {
  const words: number[] = [];
  for (const tree of ensemble.trees) {
    const kind = kindOf(tree);
    const targets = Array.from({ length: ensemble.targetCount }, (_, target) => target).filter(
      (target) => addsTo(tree, target, ensemble.targetCount),
    );
    const record = new Array<number>(treeRecord.targets / 4).fill(0);
    record[treeRecord.kind / 4] = kind;
    if (kind === treeKinds.walk) {
      const { root, depth } = writeFloatTree(arena, tree);
      record[treeRecord.nodes / 4] = root;
      record[treeRecord.leafCount / 4] = depth;
    } else {
      const nodes = walkNodes(tree, planes);
      const address = writeWords(arena, nodes);
      record[treeRecord.nodes / 4] = address;
      record[treeRecord.nodesEnd / 4] = address + (nodes.length / 3) * WALK_NODE_BYTES;
      record[treeRecord.leafCount / 4] = tree.leafCount;
    }
    record[treeRecord.targetCount / 4] = targets.length;
    for (const target of targets) {
      const table = leafTable(tree, target, ensemble.targetCount, kind);
      record.push(target * KERNEL_ROWS * 4, writeWords(arena, table));
    }
    words.push(...record);
  }
  const start = writeWords(arena, words);
  return [start, start + words.length * 4];
}

function addsTo(tree: Tree, target: number, targetCount: number): boolean {
  for (let at = target; at < tree.leafValues.length; at += targetCount) {
    if (tree.leafValues[at] !== 0) return true;
  }
  return false;
}

/** Bytes of a comparison: its values' place as a double, then thresholds, their count, planes, where NaN goes. */
const COMPARISON_BYTES = 24;

function writeComparisons(
  arena: Arena,
  compared: readonly Ranking[],
  { planesAddress, featureCount }: { planesAddress: number; featureCount: number },
) {
  const address = arena.allocate(compared.length * COMPARISON_BYTES);
  const words = compared.length * (COMPARISON_BYTES / 4);
  const view = new Int32Array(arena.memory.buffer, address, words);
  /** Per feature, where its place stands in `places`. */
  const placesOf = Array.from({ length: featureCount }, (): number[] => []);
  for (const [i, { feature, thresholds, count, firstPlane, isNanRight }] of compared.entries()) {
    const planes = planesAddress + firstPlane * PLANE_BYTES;
    view.set([thresholds, count, planes, isNanRight ? 1 : 0], (i * COMPARISON_BYTES) / 4 + 2);
    placesOf[feature]?.push((i * COMPARISON_BYTES) / 8);
  }
  return { address, placesOf, places: new Float64Array(arena.memory.buffer, address, words / 2) };
}

/** Features of some rankings and of no others. */
function featuresOnlyIn(some: readonly Ranking[], others: readonly Ranking[]): Set<number> {
  const features = new Set(some.map(({ feature }) => feature));
  for (const { feature } of others) features.delete(feature);
  return features;
}

/** Lays an ensemble out. Features are the indices into `addresses` of `run`. */
export function openTreeKernel(
  arena: Arena,
  { kernel, compare }: { kernel: Kernel; compare: CompareKernel | null },
  ensemble: Ensemble,
  featureCount: number,
): TreeKernel {
  const planes = planPlanes(arena, ensemble);
  const [records, recordsEnd] = writeRecords(arena, ensemble, planes);
  const derived = planes.derived.map((plane) => plane * PLANE_BYTES);
  const derivedAddress = writeWords(arena, derived);
  const derivedEnd = derivedAddress + derived.length * 4;
  const planesAddress = arena.allocate(planes.count * PLANE_BYTES);
  const ranks = arena.allocate(KERNEL_ROWS);
  const scratch = arena.allocate(PLANE_SCRATCH_BYTES);
  const work = arena.allocate(WORK.bytes);
  const columns = arena.allocate(featureCount * 4);
  const sumsAddress = arena.allocate(ensemble.targetCount * KERNEL_ROWS * 4);
  const sumsEnd = sumsAddress + ensemble.targetCount * KERNEL_ROWS * 4;
  const addresses = new Int32Array(arena.memory.buffer, columns, featureCount);
  const compared = compare ? planes.rankings.filter(({ table }) => table === null) : [];
  const ranked = planes.rankings.filter((ranking) => !compared.includes(ranking));
  const comparisons = writeComparisons(arena, compared, { planesAddress, featureCount });
  const makePlanes = (ranking: Ranking): void => {
    const { feature, table, thresholds, count, firstPlane, isNanRight } = ranking;
    const x = addresses[feature] as number;
    const at = planesAddress + firstPlane * PLANE_BYTES;
    if (!table) {
      if (isNanRight) kernel.compareHigh(x, thresholds, thresholds + count * 4, at);
      else kernel.compareLow(x, thresholds, thresholds + count * 4, at);
      return;
    }
    if (table.isKeyed) kernel.rankKeyed(x, ranks, table.address, scratch);
    else kernel.rankLinear(x, ranks, table.address, scratch);
    kernel.planes(ranks, at, at + count * PLANE_BYTES, scratch);
  };
  return {
    point(feature, address) {
      addresses[feature] = address;
      for (const at of comparisons.placesOf[feature] as number[]) comparisons.places[at] = address;
    },
    referable: ensemble.trees.every(isOnPlanes) ? featuresOnlyIn(compared, ranked) : new Set(),
    sumsAddress,
    run() {
      if (compared.length > 0) compare?.(comparisons.address, compared.length);
      for (const ranking of ranked) makePlanes(ranking);
      if (derived.length > 0) kernel.derive(derivedAddress, derivedEnd, planesAddress);
      kernel.clear(sumsAddress, sumsEnd);
      kernel.trees(records, recordsEnd, planesAddress, columns, sumsAddress, work);
    },
  };
}
