import { test } from "node:test";
import type { EnsembleShape } from "../../test/random-ensemble.ts";
import { assertAddsUp } from "../../test/tree-sum.ts";
import { openKernel } from "../wasm/kernel.ts";
import { openTreeKernel } from "./tree-kernel.ts";

const shapes: readonly (readonly [what: string, shape: Partial<EnsembleShape>])[] = [
  ["a single leaf", { leafCount: 1 }],
  ["one split", { leafCount: 2, treeCount: 1, thresholdCount: 1 }],
  ["16 leaves", { leafCount: 16 }],
  ["17 leaves", { leafCount: 17 }],
  ["32 leaves", { leafCount: 32 }],
  ["33 leaves", { leafCount: 33 }],
  ["64 leaves", { leafCount: 64 }],
  ["65 leaves", { leafCount: 65 }],
  ["256 leaves", { leafCount: 256, thresholdCount: 400 }],
  ["257 leaves, too many for a byte", { leafCount: 257, thresholdCount: 400 }],
  ["255 thresholds of one feature", { leafCount: 200, featureCount: 1, thresholdCount: 255 }],
  [
    "256 thresholds of one feature, too many for a byte",
    { leafCount: 250, featureCount: 1, thresholdCount: 2000, treeCount: 9 },
  ],
  ["several targets", { targetCount: 3, leafCount: 20 }],
  ["NaN to either side", { nanRightShare: 0.5 }],
  ["equalities", { equalShare: 0.4, nanRightShare: 0.3, thresholdCount: 8 }],
  ["equalities in large trees", { equalShare: 0.4, leafCount: 300, thresholdCount: 8 }],
];

for (const [what, shape] of shapes) {
  test(`trees with ${what} add up exactly`, () => {
    assertAddsUp(
      (arena, ensemble, featureCount) =>
        openTreeKernel(arena, openKernel(arena.memory), ensemble, featureCount),
      shape,
    );
  });
}
