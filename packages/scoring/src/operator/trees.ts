// Tree ensembles: sums of trees, base values, and a classifier's labels and probabilities.
// Source: onnx/docs/Operators-ml.md; two-class rules as ONNX Runtime reads them (its tests are the fixtures).
import { rangeOf } from "../graph/range.ts";
import {
  classLabels,
  input,
  intOf,
  type Lowering,
  numbers,
  type TensorValue,
} from "../graph/tensor-value.ts";
import { binary, constant, type Forest, unary, type Value } from "../graph/value.ts";
import { pruneEnsemble } from "../tree/prune.ts";
import { type EnsembleModel, readEnsemble, readEnsemble5 } from "../tree/read-ensemble.ts";
import { uncompilable } from "../uncompilable.ts";
import { postTransformed } from "./linear.ts";

function forestOf(value: TensorValue, model: EnsembleModel): Forest {
  const { columns } = numbers(value);
  for (const tree of model.ensemble.trees) {
    for (const { feature } of tree.splits) {
      if (feature < 0 || feature >= columns.length)
        throw uncompilable("a split on a missing column");
    }
  }
  const ensemble = pruneEnsemble(model.ensemble, (feature) => rangeOf(columns[feature] as Value));
  return { inputs: columns, ensemble };
}

/** Sums of all targets, averaged if asked, plus base values. */
function scoresOf(forest: Forest, model: EnsembleModel): Value[] {
  const { targetCount, trees } = model.ensemble;
  const { baseValues } = model;
  if (baseValues.length !== 0 && baseValues.length !== targetCount) {
    throw uncompilable("base values that do not match the targets");
  }
  return Array.from({ length: targetCount }, (_, target) => {
    const sum: Value = { op: "trees", forest, target };
    const mean = model.aggregate === "AVERAGE" ? binary("div", sum, constant(trees.length)) : sum;
    const base = baseValues[target] ?? 0;
    return base === 0 ? mean : binary("add", mean, constant(base));
  });
}

function regression(value: TensorValue, model: EnsembleModel): TensorValue[] {
  // ONNX Runtime ignores most transforms of a single target.
  if (model.postTransform !== "NONE")
    throw uncompilable(`the post transform ${model.postTransform}`);
  return [{ kind: "numbers", rank: 2, columns: scoresOf(forestOf(value, model), model) }];
}

const regressor: Lowering = (node, inputs) => {
  const targetCount = intOf(node, "n_targets", 1);
  if (targetCount < 1 || targetCount > 10_000) throw uncompilable(`${targetCount} targets`);
  return regression(input(inputs, 0), readEnsemble(node, "target", targetCount));
};

const ensemble: Lowering = (node, inputs) => regression(input(inputs, 0), readEnsemble5(node));

const classifier: Lowering = (node, inputs) => {
  const { labels, type } = classLabels(node);
  if (labels.length < 2) throw uncompilable("a classifier of fewer than two classes");
  const model = readEnsemble(node, "class", labels.length);
  if (model.aggregate !== "SUM") throw uncompilable("a classifier that averages");
  const forest = forestOf(input(inputs, 0), model);
  const scored = new Set(model.weightTargets);
  if (labels.length === 2 && scored.size === 1) {
    return binaryClasses(forest, model, [...scored][0] as number).map((part) =>
      part.kind === "labels" ? { ...part, labels, type } : part,
    );
  }
  // Label and probabilities then follow different rules in ONNX Runtime; no converter writes that.
  if (labels.length === 2) throw uncompilable("two classes with two scores");
  if (scored.size !== labels.length) throw uncompilable("a class that no leaf scores");
  const scores = scoresOf(forest, model);
  const probabilities = postTransformed(scores, model.postTransform);
  return [
    { kind: "labels", rank: 1, index: { op: "argMax", of: scores }, labels, type },
    { kind: "numbers", rank: 2, columns: probabilities },
  ];
};

/**
 * Two classes, one score s. Given to the first class it stands for both: [1 - s, s] when no weight is negative, else
 * [-s, s]. Given to the second class, the first keeps 0. The second class wins above 0.5 or above 0.
 */
function binaryClasses(forest: Forest, model: EnsembleModel, target: number): TensorValue[] {
  const { baseValues, postTransform } = model;
  const base = baseValues[0] ?? 0;
  if (baseValues.length > 1 || (base !== 0 && target === 1)) {
    throw uncompilable("base values of two classes with one score");
  }
  const sum: Value = { op: "trees", forest, target };
  const score = base === 0 ? sum : binary("add", sum, constant(base));
  const isProbability = model.weights.every((weight) => weight >= 0);
  if (postTransform !== "NONE" && (postTransform !== "LOGISTIC" || isProbability)) {
    throw uncompilable(`the post transform ${postTransform} of two classes`);
  }
  let other: Value = isProbability ? binary("sub", constant(1), score) : unary("neg", score);
  if (target === 1) other = constant(0);
  const index = binary("greater", score, constant(isProbability ? 0.5 : 0));
  const columns = postTransformed([other, score], postTransform);
  return [
    { kind: "labels", rank: 1, index, labels: [], type: "int64" },
    { kind: "numbers", rank: 2, columns },
  ];
}

export const trees: Record<string, Lowering> = {
  TreeEnsemble: ensemble,
  TreeEnsembleClassifier: classifier,
  TreeEnsembleRegressor: regressor,
};
