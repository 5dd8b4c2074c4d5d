import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../test/difference.ts";
import { randomColumns } from "../../test/fixture.ts";
import { random } from "../../test/random.ts";
import { type EnsembleShape, randomEnsemble } from "../../test/random-ensemble.ts";
import { type TreeModelShape, treeModel, treeModel5 } from "../../test/tree-model.ts";
import { compileModel } from "../compile.ts";
import { readModel } from "../onnx/model.ts";
import { writeModel } from "../onnx/write-model.ts";
import { openScorer } from "../scorer.ts";
import type { Ensemble } from "./ensemble.ts";

const plain: EnsembleShape = {
  treeCount: 7,
  leafCount: 12,
  featureCount: 4,
  thresholdCount: 9,
  targetCount: 1,
  equalShare: 0,
  nanRightShare: 0,
};

type Case = readonly [
  what: string,
  ensemble: Partial<EnsembleShape>,
  model: Partial<TreeModelShape>,
  change?: (ensemble: Ensemble) => void,
];

const onWholeNumbers = (ensemble: Ensemble) => {
  for (const tree of ensemble.trees) {
    for (const split of tree.splits) split.threshold = Math.round(split.threshold * 2);
  }
};
const positive = (ensemble: Ensemble) => {
  for (const tree of ensemble.trees) {
    for (const [i, value] of tree.leafValues.entries()) tree.leafValues[i] = Math.abs(value) / 10;
  }
};

const compiled: readonly Case[] = [
  ["all threshold modes", {}, {}],
  ["missing values that take the true branch", { nanRightShare: 0.5 }, {}],
  ["only <=", { nanRightShare: 0.5 }, { modes: ["BRANCH_LEQ"] }],
  ["only <", { nanRightShare: 0.5 }, { modes: ["BRANCH_LT"] }],
  ["only >=", { nanRightShare: 0.5 }, { modes: ["BRANCH_GTE"] }],
  ["only >", { nanRightShare: 0.5 }, { modes: ["BRANCH_GT"] }],
  ["equality", { equalShare: 0.4 }, {}, onWholeNumbers],
  ["a base value", {}, { baseValues: [3.25] }],
  ["the mean of the trees", {}, { aggregate: "AVERAGE" }],
  ["the mean and a base value", {}, { aggregate: "AVERAGE", baseValues: [-2] }],
  ["three targets", { targetCount: 3 }, { baseValues: [1, 2, 3] }],
  ["three classes", { targetCount: 3 }, { classCount: 3 }],
  [
    "three classes, softmax",
    { targetCount: 3 },
    { classCount: 3, postTransform: "SOFTMAX", baseValues: [0.5, 0, -1] },
  ],
  ["three classes, logistic", { targetCount: 3 }, { classCount: 3, postTransform: "LOGISTIC" }],
  ["two classes of one score", {}, { classCount: 2, onlyClass: 1 }],
  [
    "two classes of one score, logistic",
    {},
    { classCount: 2, onlyClass: 1, postTransform: "LOGISTIC" },
  ],
  ["two classes of one probability", {}, { classCount: 2, onlyClass: 1 }, positive],
  [
    "two classes of the first class's score",
    {},
    { classCount: 2, onlyClass: 0, postTransform: "LOGISTIC" },
  ],
  ["two classes of the first class's probability", {}, { classCount: 2, onlyClass: 0 }, positive],
  [
    "two classes of the first class's score and a base value",
    {},
    { classCount: 2, onlyClass: 0, baseValues: [0.7], postTransform: "LOGISTIC" },
  ],
];

function check(bytes: Uint8Array, seed: number): string {
  const scorer = openScorer(bytes);
  const oracle = openScorer(bytes, { engine: "onnxruntime" });
  const rowCount = 600;
  const style = { scale: 1, edgeShare: 0.15, nullShare: 0 };
  const columns = randomColumns(scorer.columns, rowCount, random(seed), style);
  // Values that hit thresholds exactly.
  for (const column of columns.slice(0, 2)) {
    const values = column.values as Float32Array;
    for (let i = 0; i < rowCount; i += 3) values[i] = Math.round((values[i] as number) * 2);
  }
  const found = differences(scorer.score(columns, rowCount), oracle.score(columns, rowCount));
  assert.deepEqual(found, [], `seed ${seed}`);
  return scorer.kind;
}

for (const [what, ensembleShape, modelShape, change] of compiled) {
  test(`compiled trees with ${what} score as ONNX Runtime does`, () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const shape = { ...plain, ...ensembleShape };
      const ensemble = randomEnsemble(shape, random(seed));
      change?.(ensemble);
      const { featureCount } = shape;
      const bytes = treeModel(ensemble, { featureCount, ...modelShape }, random(seed));
      assert.equal(check(bytes, seed), "trees");
    }
  });
}

test("version 5 ensembles score as ONNX Runtime does", () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const shape = { ...plain, nanRightShare: 0.3, equalShare: seed % 2 === 0 ? 0.3 : 0 };
    const ensemble = randomEnsemble(shape, random(seed));
    const aggregate = seed % 3 === 0 ? "AVERAGE" : "SUM";
    const bytes = treeModel5(ensemble, { featureCount: 4, aggregate }, random(seed));
    assert.equal(check(bytes, seed), "trees");
  }
});

const left: readonly (readonly [what: string, model: Partial<TreeModelShape>, reason: RegExp])[] = [
  ["two scores for two classes", { classCount: 2 }, /two classes with two scores/],
  ["a logistic regression", { postTransform: "LOGISTIC" }, /LOGISTIC/],
  ["the smallest tree", { aggregate: "MIN" }, /aggregate function MIN/],
  ["the largest tree", { aggregate: "MAX" }, /aggregate function MAX/],
  ["the probit transform", { postTransform: "PROBIT" }, /PROBIT/],
];
for (const [what, modelShape, reason] of left) {
  test(`an ensemble with ${what} is left to ONNX Runtime`, () => {
    const ensemble = randomEnsemble(
      { ...plain, targetCount: modelShape.classCount ?? 1 },
      random(1),
    );
    const scorer = openScorer(treeModel(ensemble, { featureCount: 4, ...modelShape }, random(1)));
    assert.equal(scorer.kind, "onnxruntime");
    assert.match(scorer.reason ?? "", reason);
  });
}

/** Nodes 0 … depth - 1 of which both children are the next one, and a leaf: 2^depth leaves in a small file. */
function doublingModel(depth: number, last: number): Uint8Array {
  const nodes = Array.from({ length: depth + 1 }, (_, i) => i);
  const next = nodes.map((i) => (i === depth ? 0 : i === depth - 1 ? last : i + 1));
  const list = (value: number) => ({ ints: nodes.map(() => value) });
  return writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, 1] }],
    outputs: [{ name: "scores", type: "float", shape: [-1, 1] }],
    nodes: [
      {
        op: "TreeEnsembleRegressor",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["scores"],
        attributes: {
          nodes_treeids: list(0),
          nodes_nodeids: { ints: nodes },
          nodes_featureids: list(0),
          nodes_modes: { strings: nodes.map((i) => (i === depth ? "LEAF" : "BRANCH_LEQ")) },
          nodes_values: { floats: nodes },
          nodes_truenodeids: { ints: next },
          nodes_falsenodeids: { ints: next },
          target_treeids: { ints: [0] },
          target_nodeids: { ints: [depth] },
          target_ids: { ints: [0] },
          target_weights: { floats: [1] },
          n_targets: { int: 1 },
        },
      },
    ],
  });
}

for (const [what, bytes] of [
  ["2^60 leaves", doublingModel(60, 60)],
  ["a cycle", doublingModel(60, 1)],
] as const) {
  test(`a tree of ${what} in a small file is not compiled`, () => {
    const model = readModel(bytes);
    const columns = [{ input: "x", index: 0, type: "float" as const, isUsed: true }];
    assert.match(String(compileModel(model, columns)), /no tree, or too large|several roots/);
  });
}
