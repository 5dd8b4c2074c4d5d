// Linear layers in machine code, against WebAssembly's sums and ONNX Runtime's scores.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { kernelSources, openKernels } from "@callosum/scoring/program/kernel-addon.ts";
import { openScorer } from "@callosum/scoring/scorer.ts";
import { newMemory, openArena } from "@callosum/scoring/wasm/arena.ts";
import { openKernel } from "@callosum/scoring/wasm/kernel.ts";
import { denseForm } from "@callosum/scoring/wasm/kernel-dense.ts";
import { differences } from "../../../../scoring/test/difference.ts";
import { randomColumns } from "../../../../scoring/test/fixture.ts";
import { normals, perceptron, shapes } from "../../../../scoring/test/perceptron.ts";
import { random } from "../../../../scoring/test/random.ts";
import { randomEnsemble } from "../../../../scoring/test/random-ensemble.ts";
import { treeModel } from "../../../../scoring/test/tree-model.ts";
import { buildAddon } from "../../platform/native-addon.ts";

const { path, reason } = await buildAddon(kernelSources);
const memory = newMemory();
const isWide = path !== null && openKernels(path, memory).dense !== null;
const skip = isWide ? false : `there is no kernel: ${reason ?? "vectors are not wider"}`;
before(() => {
  if (skip) console.log(`Linear layers in machine code are not tested: ${skip}.`);
});

const ROWS = 512;

/** Inputs, outputs. Around a tile of outputs, and around the inputs that are packed together. */
const layers: readonly (readonly [inputs: number, outputs: number])[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 11, 12, 13].map((outputs) => [20, outputs] as const),
  ...[1, 64, 127, 128, 129, 256, 300].map((inputs) => [inputs, 7] as const),
];

/** What the kernel of so many lanes, or WebAssembly's, makes of inputs that are the same for all of them. */
function sumsOf(
  [inputs, outputs]: readonly [number, number],
  floor: number,
  lanes: number | null,
): Float32Array {
  const own = newMemory();
  const arena = openArena(own);
  const chance = random(inputs * 1000 + outputs);
  const put = (floats: ArrayLike<number>): number => {
    const address = arena.allocate(floats.length * 4);
    arena.float32(address, floats.length).set(floats);
    return address;
  };
  const weights = Array.from({ length: outputs }, () => Float32Array.from(normals(inputs, chance)));
  const biases = Float32Array.from(normals(outputs, chance));
  const columns = Array.from({ length: inputs }, () => put(normals(ROWS, chance)));
  const native = lanes === null ? null : openKernels(path as string, own, lanes).dense;
  const { run, order, table } = denseForm(openKernel(own), native);
  const columnsAt = arena.allocate(inputs * 8);
  table(own, columnsAt, inputs).set(columns);
  const weightsAt = put(order(weights, biases));
  const out = arena.allocate((outputs + 1) * ROWS * 4);
  const view = arena.float32(out, (outputs + 1) * ROWS).fill(-1);
  run(columnsAt, inputs, weightsAt, out, outputs, floor);
  return view.slice();
}

for (const lanes of [8, 16]) {
  test(`vectors of ${lanes} floats sum up layers of any size`, { skip }, () => {
    for (const layer of layers) {
      for (const floor of [0, Number.NEGATIVE_INFINITY]) {
        const expected = sumsOf(layer, floor, null);
        const found = sumsOf(layer, floor, lanes);
        for (const [at, sum] of expected.entries()) {
          const isNear = Math.abs((found[at] as number) - sum) <= 1e-5 * (1 + Math.abs(sum));
          assert.ok(isNear, `${layer} above ${floor}: ${found[at]} is not ${sum} at ${at}`);
        }
      }
    }
  });
}

for (const [what, shape] of shapes) {
  test(`${what} in machine code score as ONNX Runtime does`, { skip }, () => {
    const bytes = perceptron(shape);
    const scorer = openScorer(bytes, { kernelsPath: path });
    assert.equal(scorer.reason, null);
    const oracle = openScorer(bytes, { engine: "onnxruntime" });
    const rowCount = 3003;
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const style of [
      { scale: 1, edgeShare: 0, nullShare: 0 },
      { scale: 20, edgeShare: 0, nullShare: 0.05 },
    ]) {
      const columns = randomColumns(scorer.columns, rowCount, random(5), style);
      columns.forEach(({ values }, at) => {
        for (let row = at; row < rowCount; row += 291) values[row] = odd[row % 3] as never;
      });
      const expected = oracle.score(columns, rowCount);
      assert.deepEqual(differences(scorer.score(columns, rowCount), expected), []);
    }
    scorer.close();
    oracle.close();
  });
}

test("trees of few thresholds score exactly as in WebAssembly, NaN and the bounds included", {
  skip,
}, () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  for (const nanRightShare of [0, 0.5, 1]) {
    for (const [seed, thresholdCount] of [3, 7, 19, 60].entries()) {
      const shape = { treeCount: 12, leafCount: 14, featureCount: 9, targetCount: 1 };
      const ensemble = randomEnsemble(
        { ...shape, thresholdCount, equalShare: 0.1, nanRightShare },
        random(seed),
      );
      const bytes = treeModel(ensemble, { featureCount: 9, modes: ["BRANCH_LEQ"] }, random(3));
      const [scorer, own] = [openScorer(bytes, { kernelsPath: path }), openScorer(bytes)];
      const thresholds = ensemble.trees.flatMap(({ splits }) => splits.map((s) => s.threshold));
      const rowCount = 1500;
      const columns = randomColumns(scorer.columns, rowCount, random(5), {
        ...{ scale: 1, edgeShare: 0, nullShare: 0.05 },
      });
      columns.forEach(({ values }, at) => {
        for (let row = at; row < rowCount; row += 7) {
          const some = row % 2 ? odd[row % 5] : thresholds[row % thresholds.length];
          values[row] = some as never;
        }
      });
      assert.deepEqual(scorer.score(columns, rowCount), own.score(columns, rowCount));
    }
  }
});
