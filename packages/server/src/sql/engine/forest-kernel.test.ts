// Small forests in machine code, against a plain walk.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  type ForestRun,
  kernelSources,
  openKernels,
} from "@callosum/scoring/program/kernel-addon.ts";
import { openForestKernel } from "@callosum/scoring/tree/forest-kernel.ts";
import { type Arena, newMemory, openArena } from "@callosum/scoring/wasm/arena.ts";
import { assertNarrows } from "../../../../scoring/test/desk-narrowing.ts";
import { random } from "../../../../scoring/test/random.ts";
import { type EnsembleShape, randomEnsemble } from "../../../../scoring/test/random-ensemble.ts";
import { assertAddsUp } from "../../../../scoring/test/tree-sum.ts";
import { buildAddon } from "../../platform/native-addon.ts";

const { path, reason } = await buildAddon(kernelSources);
const isHere = path !== null && openKernels(path, newMemory()).forest !== null;
const skip = isHere ? false : `there is no kernel: ${reason ?? "the processor lacks AVX-512"}`;
before(() => {
  if (skip) console.log(`Trees in machine code are not tested: ${skip}.`);
});

const runOn = ({ memory }: Arena) => openKernels(path as string, memory).forest as ForestRun;

const one = { featureCount: 1, leafCount: 32, treeCount: 9 };
/** 2^b - 1 thresholds are ranked with b bits. */
const ranked = [1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255].map((thresholdCount) => {
  const what = `${thresholdCount} thresholds of one feature`;
  return [what, { ...one, thresholdCount, leafCount: Math.min(200, thresholdCount + 1) }] as const;
});
const few = { thresholdCount: 15, nanRightShare: 0.5 };
const shapes: readonly (readonly [what: string, shape: Partial<EnsembleShape>])[] = [
  ...ranked,
  ["a single leaf", { ...few, leafCount: 1 }],
  ["two leaves", { ...few, leafCount: 2 }],
  ["15 leaves", { ...few, leafCount: 15 }],
  ["16 leaves", { ...few, leafCount: 16 }],
  ["17 leaves", { ...few, leafCount: 17 }],
  ["32 leaves", { ...few, leafCount: 32 }],
  ["33 leaves", { ...few, leafCount: 33 }],
  ["64 leaves", { ...few, leafCount: 64 }],
  ["65 leaves", { ...few, leafCount: 65 }],
  ["256 leaves", { leafCount: 256, thresholdCount: 200, nanRightShare: 0.5 }],
  ["256 thresholds of one feature", { ...one, thresholdCount: 2000, leafCount: 250 }],
  ["NaN above every threshold", { ...few, nanRightShare: 1 }],
  ["NaN below every threshold", { ...few, nanRightShare: 0 }],
  ["several targets", { ...few, targetCount: 3, leafCount: 20 }],
  ["equalities", { ...few, equalShare: 0.4, thresholdCount: 8 }],
  ["many features", { ...few, featureCount: 90, treeCount: 40 }],
];

for (const [what, shape] of shapes) {
  test(`trees in machine code with ${what} add up exactly`, { skip }, () => {
    for (const rowCount of [512, 511, 17, 16, 1]) {
      assertAddsUp(
        (arena, ensemble, featureCount) => {
          const kernel = openForestKernel(arena, runOn(arena), ensemble, featureCount);
          assert.ok(kernel, "the ensemble is not too large");
          return kernel;
        },
        shape,
        rowCount,
      );
    }
  });
}

test("an ensemble with a tree of 257 leaves is left to WebAssembly", () => {
  const shape = { treeCount: 1, targetCount: 1, equalShare: 0, nanRightShare: 0, featureCount: 6 };
  const ensemble = randomEnsemble({ ...shape, leafCount: 257, thresholdCount: 400 }, random(1));
  assert.equal(
    openForestKernel(openArena(newMemory()), () => {}, ensemble, 6),
    null,
  );
});

test(
  "rows that never take most branches are scored by what is left of the trees, wherever they are",
  {
    skip,
  },
  () => assertNarrows({ kernelsPath: path as string }),
);

test("the bounds of a column are found wherever its least, largest and missing values are", {
  skip: path === null,
}, () => {
  const arena = openArena(newMemory());
  const [at, out] = [arena.allocate(64), arena.allocate(12)];
  const { bounds } = openKernels(path as string, arena.memory);
  for (let count = 1; count <= 9; count += 1) {
    for (let place = 0; place < count; place += 1) {
      for (const odd of [-7, 9, Number.NaN]) {
        const values = Array.from({ length: count }, (_, i) => (i === place ? odd : 1));
        arena.float32(at, 16).fill(100).set(values);
        bounds?.(at, count, out);
        const numbers = values.filter((value) => !Number.isNaN(value));
        const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
        const hasNaN = numbers.length < count ? 1 : 0;
        assert.deepEqual([...arena.float32(out, 3)], [low, high, hasNaN], `${odd} at ${place}`);
      }
    }
  }
});
