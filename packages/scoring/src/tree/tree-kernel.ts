// An ensemble laid out in memory for wasm/kernel-tree.ts: rank tables, planes, nodes and leaf values.
import { type Arena, writeWords } from "../wasm/arena.ts";
import type { Kernel } from "../wasm/kernel.ts";
import {
  PLANE_BLOCK,
  PLANE_BYTES,
  PLANE_SCRATCH_BYTES,
  WALK_NODE_BYTES,
} from "../wasm/kernel-plane.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { floatNode, treeKinds, treeRecord, WORK } from "../wasm/kernel-tree.ts";
import { addsTo, type Child, type Ensemble, type Split, type Tree } from "./ensemble.ts";
import {
  boundsOf,
  grayCode,
  isOnPlanes,
  type PlanePlan,
  planPlanes,
  type Ranking,
  walkNodes,
} from "./plane-plan.ts";
import { bitsOf, type RankTable, writeRankTable } from "./rank-table.ts";

/** Where the forest is, and the doubles that say where a feature is. */
export interface NativeForest {
  at: number;
  placesOf(feature: number): readonly number[];
}

export interface TreeKernel {
  /** Says where a feature's 512 floats are, before `run`. */
  point(feature: number, address: number): void;
  /** In machine code a feature's floats may lie outside the memory, at a distance from it. */
  native: NativeForest | null;
  /**
   * Adds up the trees for 512 rows, or at least for the first so many. The sums are written to `sumsAddress`, 512
   * floats per target, in the order of the trees as ONNX Runtime adds them.
   */
  run(rowCount: number): void;
  sumsAddress: number;
}

/** Below this many thresholds a feature is compared with each; ranking costs about as much as twenty compares. */
const RANKED_MIN = 20;

/** A ranking in memory. */
interface Ranked extends Ranking {
  table: RankTable | null;
  /** The list of thresholds when there is no table. */
  list: number;
}

/** Planes are written in blocks. */
const roomFor = (thresholds: number): number => Math.ceil(thresholds / PLANE_BLOCK) * PLANE_BLOCK;

function writeRanking(arena: Arena, ranking: Ranking): Ranked {
  const { thresholds, isNanRight } = ranking;
  if (thresholds.length < RANKED_MIN) {
    return { ...ranking, table: null, list: writeWords(arena, thresholds.map(bitsOf)) };
  }
  const table = writeRankTable(arena, thresholds, isNanRight ? thresholds.length : 0);
  return { ...ranking, table, list: 0 };
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
  if (kind === treeKinds.leaves256 || kind === treeKinds.walk) {
    const floats = new Float32Array(kind === treeKinds.walk ? tree.leafCount : 256);
    for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
      floats[kind === treeKinds.walk ? leaf : grayCode(leaf)] = valueAt(leaf);
    }
    return new Int32Array(floats.buffer);
  }
  const tableCount = kind === treeKinds.leaves16 ? 1 : kind === treeKinds.leaves32 ? 2 : 4;
  const bytes = new Uint8Array(4 * tableCount * 16);
  const view = new DataView(new ArrayBuffer(4));
  for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
    view.setFloat32(0, valueAt(leaf), true);
    const code = grayCode(leaf);
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
  planes: PlanePlan,
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

/** Lays an ensemble out. */
export function openTreeKernel(
  arena: Arena,
  kernel: Kernel,
  ensemble: Ensemble,
  featureCount: number,
): TreeKernel {
  const planes = planPlanes(ensemble, roomFor);
  const rankings = planes.rankings.map((ranking) => writeRanking(arena, ranking));
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
  const makePlanes = ({ feature, table, list, thresholds, firstPlane, isNanRight }: Ranked) => {
    const x = addresses[feature] as number;
    const at = planesAddress + firstPlane * PLANE_BYTES;
    const count = thresholds.length;
    if (!table) {
      if (isNanRight) kernel.compareHigh(x, list, list + count * 4, at);
      else kernel.compareLow(x, list, list + count * 4, at);
      return;
    }
    if (table.isKeyed) kernel.rankKeyed(x, ranks, table.address, scratch);
    else kernel.rankLinear(x, ranks, table.address, scratch);
    kernel.planes(ranks, at, at + count * PLANE_BYTES, scratch);
  };
  return {
    point(feature, address) {
      addresses[feature] = address;
    },
    native: null,
    sumsAddress,
    run() {
      for (const ranking of rankings) makePlanes(ranking);
      if (derived.length > 0) kernel.derive(derivedAddress, derivedEnd, planesAddress);
      kernel.clear(sumsAddress, sumsEnd);
      kernel.trees(records, recordsEnd, planesAddress, columns, sumsAddress, work);
    },
  };
}
