// An ensemble laid out for the trees in machine code, native/forest.h: features of few thresholds and small trees.
import type { ForestRun } from "../program/kernel-addon.ts";
import { type Arena, writeWords } from "../wasm/arena.ts";
import { PLANE_BYTES, WALK_NODE_BYTES } from "../wasm/kernel-plane.ts";
import { KERNEL_ROWS } from "../wasm/kernel-rank.ts";
import { addsTo, type Ensemble, type Tree } from "./ensemble.ts";
import { grayCode, type PlanePlan, planPlanes, type Ranking, walkNodes } from "./plane-plan.ts";
import { bitsOf } from "./rank-table.ts";
import type { TreeKernel } from "./tree-kernel.ts";

const LEAVES_MAX = 32;
const RANK_BITS_MAX = 5;

/** `struct feature`; its first eight bytes say where the values are. */
const FEATURE_BYTES = 24;

/** Bits of a rank among so many thresholds. */
const rankBits = (thresholds: number): number => 32 - Math.clz32(thresholds);

/** As many planes as there are ranks but one. */
const roomFor = (thresholds: number): number => 2 ** rankBits(thresholds) - 1;

/** Lays an ensemble out. Null when it has features of more than 31 thresholds or trees of more than 32 leaves. */
export function openForestKernel(
  arena: Arena,
  run: ForestRun,
  ensemble: Ensemble,
  featureCount: number,
): TreeKernel | null {
  if (ensemble.trees.some(({ leafCount }) => leafCount > LEAVES_MAX)) return null;
  const plan = planPlanes(ensemble, roomFor);
  const { rankings } = plan;
  if (rankings.some(({ thresholds }) => rankBits(thresholds.length) > RANK_BITS_MAX)) return null;
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
  const size = (rankings.length * FEATURE_BYTES) / 8;
  const values = new Float64Array(arena.memory.buffer, features, size);
  const placesOf = Array.from({ length: featureCount }, (): number[] => []);
  for (const [i, { feature }] of rankings.entries())
    placesOf[feature]?.push((i * FEATURE_BYTES) / 8);
  return {
    point(feature, address) {
      for (const at of placesOf[feature] as number[]) values[at] = address;
    },
    isReferring: true,
    sumsAddress,
    run: (rowCount) => run(forest, rowCount),
  };
}

function featureWords(arena: Arena, ranking: Ranking, planes: number): number[] {
  const { thresholds, firstPlane, isNanRight } = ranking;
  const candidates = writeWords(arena, candidatesOf(thresholds).map(bitsOf));
  const at = planes + firstPlane * PLANE_BYTES;
  return [0, 0, candidates, rankBits(thresholds.length), at, isNanRight ? 1 : 0];
}

/** What each step of a binary search may compare with: one threshold, two, four, then tables by what is known. */
function candidatesOf(thresholds: readonly number[]): number[] {
  const bits = rankBits(thresholds.length);
  const candidate = (step: number, q: number): number =>
    step < bits
      ? (thresholds[(2 * q + 1) * 2 ** (bits - 1 - step) - 1] ?? Number.POSITIVE_INFINITY)
      : 0;
  const table = (step: number) =>
    Array.from({ length: 16 }, (_, known) => candidate(step, known >> (bits - 1 - step)));
  const steps = [0, 1, 2].flatMap((step) =>
    Array.from({ length: 2 ** step }, (_, q) => candidate(step, q)),
  );
  return [...steps, ...new Array<number>(9).fill(0), ...table(3), ...table(4)];
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
  const words = new Array<number>(LEAVES_MAX).fill(0);
  for (let leaf = 0; leaf < tree.leafCount; leaf += 1) {
    words[grayCode(leaf)] = bitsOf(tree.leafValues[leaf * targetCount + target] as number);
  }
  return words;
}
