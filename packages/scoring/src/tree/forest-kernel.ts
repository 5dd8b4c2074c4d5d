// An ensemble laid out for the trees in machine code, native/forest.h.
import type { ForestRun } from "../program/kernel-addon.ts";
import { type Arena, writeWords } from "../wasm/arena.ts";
import { PLANE_BYTES, WALK_NODE_BYTES } from "../wasm/kernel-plane.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { addsTo, type Ensemble, type Tree } from "./ensemble.ts";
import {
  grayCode,
  isOnPlanes,
  type PlanePlan,
  planPlanes,
  type Ranking,
  walkNodes,
} from "./plane-plan.ts";
import { bitsOf } from "./rank-table.ts";
import type { TreeKernel } from "./tree-kernel.ts";

/** Leaves that tables of values are for. */
const LEAVES = [16, 32, 64, 256];

/** `struct feature`; its first eight bytes say where the values are. */
const FEATURE_BYTES = 32;

/** Bits of a rank among so many thresholds. */
const rankBits = (thresholds: number): number => 32 - Math.clz32(thresholds);

/** Lays an ensemble out. Null when it has trees of more than 256 leaves. */
export function openForestKernel(
  arena: Arena,
  run: ForestRun,
  ensemble: Ensemble,
  featureCount: number,
): TreeKernel | null {
  if (!ensemble.trees.every(isOnPlanes)) return null;
  const plan = planPlanes(ensemble, (thresholds) => thresholds);
  const { rankings } = plan;
  const planes = arena.allocate(plan.count * PLANE_BYTES);
  const sumsBytes = ensemble.targetCount * KERNEL_ROWS * 4;
  const sumsAddress = arena.allocate(sumsBytes);
  const features = writeWords(
    arena,
    rankings.flatMap((ranking) => featureWords(arena, ranking, planes)),
  );
  const derivations = writeWords(
    arena,
    plan.derived.map((plane) => plane * PLANE_BYTES),
  );
  const trees = writeTrees(arena, ensemble, plan);
  const forest = writeWords(arena, [
    ...[features, rankings.length, derivations, plan.derived.length / 3],
    ...[trees, ensemble.trees.length, planes, sumsAddress, sumsBytes],
  ]);
  const values = new Float64Array(arena.memory.buffer);
  const places = Array.from({ length: featureCount }, (): number[] => []);
  for (const [i, { feature }] of rankings.entries())
    places[feature]?.push(features + i * FEATURE_BYTES);
  return {
    point(feature, address) {
      for (const at of places[feature] as number[]) values[at / 8] = address;
    },
    native: { at: forest, placesOf: (feature) => places[feature] as number[] },
    sumsAddress,
    run: (rowCount) => run(forest, rowCount),
  };
}

function featureWords(arena: Arena, ranking: Ranking, planes: number): number[] {
  const { thresholds, firstPlane, isNanRight } = ranking;
  const candidates = writeWords(arena, candidatesOf(thresholds).map(bitsOf));
  const at = planes + firstPlane * PLANE_BYTES;
  const { length } = thresholds;
  return [0, 0, candidates, rankBits(length), length, at, isNanRight ? 1 : 0, 0];
}

/**
 * What each step of a binary search may compare with. The first three steps' thresholds are in ascending order; those
 * of a further one by the outcomes of the steps before, bit j for step j, in tables of at least sixteen.
 */
function candidatesOf(thresholds: readonly number[]): number[] {
  const bits = rankBits(thresholds.length);
  const candidate = (step: number, q: number): number =>
    step < bits
      ? (thresholds[(2 * q + 1) * 2 ** (bits - 1 - step) - 1] ?? Number.POSITIVE_INFINITY)
      : 0;
  const first = [0, 1, 2].flatMap((step) =>
    Array.from({ length: 2 ** step }, (_, q) => candidate(step, q)),
  );
  const tables = [3, 4, 5, 6, 7].flatMap((step) =>
    Array.from({ length: Math.max(16, 2 ** step) }, (_, outcomes) =>
      candidate(step, reversed(outcomes, step)),
    ),
  );
  return [...first, ...new Array<number>(9).fill(0), ...tables];
}

/** The lowest `count` bits in reverse. */
function reversed(bits: number, count: number): number {
  let result = 0;
  for (let j = 0; j < count; j += 1) result = result * 2 + ((bits >> j) & 1);
  return result;
}

function writeTrees(arena: Arena, ensemble: Ensemble, plan: PlanePlan): number {
  const { targetCount } = ensemble;
  const words: number[] = [];
  for (const tree of ensemble.trees) {
    const nodes = walkNodes(tree, plan);
    const tables: number[] = [];
    for (let target = 0; target < targetCount; target += 1) {
      if (!addsTo(tree, target, targetCount)) continue;
      tables.push(
        target * KERNEL_ROWS * 4,
        writeWords(arena, leafWords(tree, target, targetCount)),
      );
    }
    const nodeCount = (nodes.length * 4) / WALK_NODE_BYTES;
    words.push(writeWords(arena, nodes), nodeCount, tree.leafCount, tables.length / 2, ...tables);
  }
  return writeWords(arena, words);
}

/** Values of the leaves by their Gray codes. */
function leafWords(tree: Tree, target: number, targetCount: number): number[] {
  const size = LEAVES.find((leaves) => tree.leafCount <= leaves) as number;
  const words = new Array<number>(size).fill(0);
  for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
    words[grayCode(leaf)] = bitsOf(tree.leafValues[leaf * targetCount + target] as number);
  }
  return words;
}
