// Random ensembles as ONNX models, in every branch mode, for regression and classification.

import { type AttributeSpec, type NodeSpec, writeModel } from "../src/onnx/write-model.ts";
import type { Child, Ensemble, Split } from "../src/tree/ensemble.ts";
import type { Random } from "./random.ts";

interface FlatNodes {
  treeIds: number[];
  nodeIds: number[];
  features: number[];
  modes: string[];
  values: number[];
  whenTrue: number[];
  whenFalse: number[];
  missing: number[];
  leaves: { tree: number; node: number; leaf: number }[];
}

/** Modes that ONNX has for "x > t"; the two with equality are given t itself, so they ask another question. */
const thresholdModes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"];

function flatten(ensemble: Ensemble, modes: readonly string[], chance: Random): FlatNodes {
  const flat: FlatNodes = {
    treeIds: [],
    nodeIds: [],
    features: [],
    modes: [],
    values: [],
    whenTrue: [],
    whenFalse: [],
    missing: [],
    leaves: [],
  };
  ensemble.trees.forEach((tree, treeId) => {
    let nodeCount = 0;
    const add = (child: Child): number => {
      const nodeId = nodeCount++;
      const at = flat.treeIds.push(treeId) - 1;
      flat.nodeIds.push(nodeId);
      const split = child < 0 ? null : (tree.splits[child] as Split);
      flat.features.push(split?.feature ?? 0);
      flat.values.push(split?.threshold ?? 0);
      const mode = split
        ? split.test === "eq"
          ? chance.pick(["BRANCH_EQ", "BRANCH_NEQ"])
          : chance.pick(modes)
        : "LEAF";
      flat.modes.push(mode);
      flat.missing.push(split?.isNanRight && mode !== "BRANCH_EQ" ? 1 : 0);
      flat.whenTrue.push(0);
      flat.whenFalse.push(0);
      if (!split) flat.leaves.push({ tree: treeId, node: nodeId, leaf: ~child });
      else {
        flat.whenTrue[at] = add(split.left);
        flat.whenFalse[at] = add(split.right);
      }
      return nodeId;
    };
    add(tree.root);
  });
  return flat;
}

export interface TreeModelShape {
  featureCount: number;
  /** Branch modes to draw from; all thresholds by default. */
  modes?: readonly string[];
  aggregate?: "SUM" | "AVERAGE" | "MIN" | "MAX";
  baseValues?: readonly number[];
  postTransform?: string;
  /** A classifier of so many classes instead of a regressor. */
  classCount?: number;
  /** Labels, when they are not 0, 10, 20, … */
  labels?: readonly number[];
  /** With two classes: the class that alone gets weights. */
  onlyClass?: number;
}

/** Writes the ensemble; the left child is where the mode's condition holds. */
export function treeModel(ensemble: Ensemble, shape: TreeModelShape, chance: Random): Uint8Array {
  const flat = flatten(ensemble, shape.modes ?? thresholdModes, chance);
  const isClassifier = shape.classCount !== undefined;
  const prefix = isClassifier ? "class" : "target";
  const targets = Array.from({ length: ensemble.targetCount }, (_, target) => target);
  const weights = flat.leaves.flatMap(({ tree, node, leaf }) =>
    targets.map((target) => ({
      tree,
      node,
      target: shape.onlyClass ?? target,
      weight: ensemble.trees[tree]?.leafValues[leaf * ensemble.targetCount + target] as number,
    })),
  );
  const attributes: Record<string, AttributeSpec> = {
    nodes_treeids: { ints: flat.treeIds },
    nodes_nodeids: { ints: flat.nodeIds },
    nodes_featureids: { ints: flat.features },
    nodes_modes: { strings: flat.modes },
    nodes_values: { floats: flat.values },
    nodes_truenodeids: { ints: flat.whenTrue },
    nodes_falsenodeids: { ints: flat.whenFalse },
    nodes_missing_value_tracks_true: { ints: flat.missing },
    [`${prefix}_treeids`]: { ints: weights.map(({ tree }) => tree) },
    [`${prefix}_nodeids`]: { ints: weights.map(({ node }) => node) },
    [`${prefix}_ids`]: { ints: weights.map(({ target }) => target) },
    [`${prefix}_weights`]: { floats: weights.map(({ weight }) => weight) },
    post_transform: shape.postTransform ?? "NONE",
  };
  if (shape.baseValues) attributes.base_values = { floats: shape.baseValues };
  if (isClassifier) {
    attributes.classlabels_int64s = {
      ints: shape.labels ?? Array.from({ length: shape.classCount ?? 0 }, (_, i) => i * 10),
    };
  } else {
    attributes.n_targets = { int: ensemble.targetCount };
    attributes.aggregate_function = shape.aggregate ?? "SUM";
  }
  const node: NodeSpec = {
    op: isClassifier ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor",
    domain: "ai.onnx.ml",
    inputs: ["x"],
    outputs: isClassifier ? ["label", "scores"] : ["scores"],
    attributes,
  };
  const scores = {
    name: "scores",
    type: "float" as const,
    shape: [-1, shape.classCount ?? ensemble.targetCount],
  };
  return writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, shape.featureCount] }],
    outputs: isClassifier ? [{ name: "label", type: "int64", shape: [-1] }, scores] : [scores],
    nodes: [node],
  });
}

const modeCodes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

/** The same as TreeEnsemble of ai.onnx.ml 5, which keeps splits and leaves apart. One target only. */
export function treeModel5(ensemble: Ensemble, shape: TreeModelShape, chance: Random): Uint8Array {
  const splits: { split: Split; tree: number; mode: number; left: number; right: number }[] = [];
  const leafWeights: number[] = [];
  const roots: number[] = [];
  ensemble.trees.forEach((tree, treeAt) => {
    const add = (child: Child): number => {
      if (child < 0) return ~(leafWeights.push(tree.leafValues[~child] as number) - 1);
      const split = tree.splits[child] as Split;
      const mode = split.test === "eq" ? 4 + chance.below(2) : chance.below(4);
      const entry = { split, tree: treeAt, mode, left: 0, right: 0 };
      const at = splits.push(entry) - 1;
      entry.left = add(split.left);
      entry.right = add(split.right);
      return at;
    };
    roots.push(add(tree.root));
  });
  const side = (of: "left" | "right") => ({
    ids: { ints: splits.map((s) => (s[of] < 0 ? ~s[of] : s[of])) },
    leafs: { ints: splits.map((s) => (s[of] < 0 ? 1 : 0)) },
  });
  const [left, right] = [side("left"), side("right")];
  const dims = [splits.length];
  return writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, shape.featureCount] }],
    outputs: [{ name: "scores", type: "float", shape: [-1, 1] }],
    machineLearningOpset: 5,
    opset: 21,
    nodes: [
      {
        op: "TreeEnsemble",
        domain: "ai.onnx.ml",
        inputs: ["x"],
        outputs: ["scores"],
        attributes: {
          n_targets: { int: 1 },
          aggregate_function: {
            int: ["AVERAGE", "SUM", "MIN", "MAX"].indexOf(shape.aggregate ?? "SUM"),
          },
          tree_roots: { ints: roots },
          nodes_featureids: { ints: splits.map(({ split }) => split.feature) },
          nodes_modes: { tensor: { dims, uint8s: splits.map(({ mode }) => mode) } },
          nodes_splits: { tensor: { dims, floats: splits.map(({ split }) => split.threshold) } },
          nodes_truenodeids: left.ids,
          nodes_trueleafs: left.leafs,
          nodes_falsenodeids: right.ids,
          nodes_falseleafs: right.leafs,
          nodes_missing_value_tracks_true: {
            ints: splits.map(({ split, mode }) =>
              split.isNanRight && modeCodes[mode] !== "BRANCH_EQ" ? 1 : 0,
            ),
          },
          leaf_targetids: { ints: leafWeights.map(() => 0) },
          leaf_weights: { tensor: { dims: [leafWeights.length], floats: leafWeights } },
        },
      },
    ],
  });
}
