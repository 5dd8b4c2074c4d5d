// ai.onnx.ml TreeEnsembleRegressor, TreeEnsembleClassifier and TreeEnsemble → the normal form of ensemble.ts.
// Source: onnx/docs/Operators-ml.md; what it leaves open is settled by ONNX Runtime, which the tests compare with.
import type { Attribute } from "../onnx/attribute.ts";
import type { Node } from "../onnx/model.ts";
import { uncompilable } from "../uncompilable.ts";
import {
  buildTree,
  type Ensemble,
  float32Below,
  leafBudget,
  type SourceNode,
  type Tree,
} from "./ensemble.ts";

export type PostTransform = "NONE" | "SOFTMAX" | "LOGISTIC" | "SOFTMAX_ZERO" | "PROBIT";

export interface EnsembleModel {
  ensemble: Ensemble;
  aggregate: "SUM" | "AVERAGE";
  baseValues: readonly number[];
  postTransform: PostTransform;
  /** Target or class of every leaf weight, and the weights: classifiers look at their signs. */
  weightTargets: readonly number[];
  weights: readonly number[];
}

const modes = [
  "BRANCH_LEQ",
  "BRANCH_LT",
  "BRANCH_GTE",
  "BRANCH_GT",
  "BRANCH_EQ",
  "BRANCH_NEQ",
  "BRANCH_MEMBER",
] as const;
const postTransforms = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"] as const;
const aggregates = ["AVERAGE", "SUM", "MIN", "MAX"] as const;

const integers = (attribute: Attribute | undefined): readonly number[] => attribute?.integers ?? [];

/** Turns a branch mode into a split; children are given as (whenTrue, whenFalse). */
function splitOf(
  node: { mode: string; feature: number; value: number; isMissingTrue: boolean },
  whenTrue: number,
  whenFalse: number,
): SourceNode {
  const { mode, feature, value, isMissingTrue } = node;
  if (Number.isNaN(value)) throw uncompilable("a tree compares with NaN");
  if (value === Number.NEGATIVE_INFINITY) throw uncompilable("a tree compares with -Infinity");
  if (mode === "BRANCH_EQ" || mode === "BRANCH_NEQ") {
    const isEqual = mode === "BRANCH_EQ";
    if (isEqual && isMissingTrue)
      throw uncompilable("an equality branch that takes missing values");
    const split = { feature, test: "eq" as const, threshold: value, isNanRight: false };
    const [left, right] = isEqual ? [whenFalse, whenTrue] : [whenTrue, whenFalse];
    return { split, left, right };
  }
  const isTrueLeft = mode === "BRANCH_LEQ" || mode === "BRANCH_LT";
  if (!isTrueLeft && mode !== "BRANCH_GTE" && mode !== "BRANCH_GT") {
    throw uncompilable(`tree branches of mode ${mode}`);
  }
  // x >= t is x > the float below t.
  const isStrict = mode === "BRANCH_LEQ" || mode === "BRANCH_GT";
  const threshold = isStrict ? value : (float32Below(value) as number);
  const split = {
    feature,
    test: "gt" as const,
    threshold: threshold === 0 ? 0 : threshold,
    isNanRight: isTrueLeft !== isMissingTrue,
  };
  const [left, right] = isTrueLeft ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
  return { split, left, right };
}

interface Weights {
  /** Of each node's weights, one; -1 for none. */
  first: Int32Array;
  /** After each weight another one of its node; -1 for none. */
  next: Int32Array;
  targets: readonly number[];
  weights: readonly number[];
}

function addLeaf(weights: Weights, position: number, targetCount: number, values: number[]): void {
  const start = values.length;
  for (let t = 0; t < targetCount; t += 1) values.push(0);
  const seen = new Set<number>();
  for (let i = weights.first[position] as number; i >= 0; i = weights.next[i] as number) {
    const target = weights.targets[i] as number;
    if (target < 0 || target >= targetCount || seen.has(target)) {
      throw uncompilable("a leaf with an odd list of targets");
    }
    seen.add(target);
    values[start + target] = weights.weights[i] as number;
  }
}

function finish(trees: (Tree | null)[], targetCount: number, targets: readonly number[]): Ensemble {
  const built = trees.map((tree) => {
    if (!tree) throw uncompilable("nodes that form no tree, or too large a one");
    return tree;
  });
  const isTargetScored = Array.from({ length: targetCount }, () => false);
  for (const target of targets) isTargetScored[target] = true;
  return { trees: built, targetCount, isTargetScored };
}

function refuseTensors(node: Node): void {
  for (const attribute of node.attributes.values()) {
    if (attribute.name.endsWith("_as_tensor") && attribute.tensor) {
      throw uncompilable("a tree ensemble in double precision");
    }
  }
}

const leafNode: SourceNode = { split: null, left: -1, right: -1 };

/** Versions 1 and 3. `prefix` is "target" for regressors and "class" for classifiers. */
export function readEnsemble(
  node: Node,
  prefix: "target" | "class",
  targetCount: number,
): EnsembleModel {
  refuseTensors(node);
  const get = (name: string) => node.attributes.get(name);
  const treeIds = integers(get("nodes_treeids"));
  const nodeIds = integers(get("nodes_nodeids"));
  const modeOf = get("nodes_modes")?.strings ?? [];
  const values = get("nodes_values")?.floats ?? [];
  const features = integers(get("nodes_featureids"));
  const whenTrue = integers(get("nodes_truenodeids"));
  const whenFalse = integers(get("nodes_falsenodeids"));
  const missing = integers(get("nodes_missing_value_tracks_true"));
  const count = treeIds.length;
  const lists = [nodeIds, modeOf, values, features, whenTrue, whenFalse];
  if (count === 0 || lists.some((list) => list.length !== count)) {
    throw uncompilable("a tree ensemble whose lists differ in length");
  }
  const positionOf = positionsOf(treeIds, nodeIds);
  const weights = readWeights(node, { prefix, nodeCount: count, positionOf });
  const childOf = (at: number, list: readonly number[]) =>
    positionOf(treeIds[at] as number, list[at] as number);
  const isLeaf = (at: number) => modeOf[at] === "LEAF";
  const nodeAt = (at: number): SourceNode | undefined => {
    if (at < 0) return undefined;
    if (isLeaf(at)) return leafNode;
    const feature = features[at] as number;
    const value = values[at] as number;
    const mode = modeOf[at] as string;
    const branch = { mode, feature, value, isMissingTrue: missing[at] === 1 };
    return splitOf(branch, childOf(at, whenTrue), childOf(at, whenFalse));
  };
  const hasParent = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    if (isLeaf(at)) continue;
    for (const child of [childOf(at, whenTrue), childOf(at, whenFalse)]) {
      if (child >= 0) hasParent[child] = 1;
    }
  }
  const roots = treeIds.flatMap((_, at) => (hasParent[at] === 1 ? [] : [at]));
  if (new Set(roots.map((at) => treeIds[at])).size !== roots.length) {
    throw uncompilable("a tree with several roots");
  }
  const budget = leafBudget(count, targetCount);
  const trees = roots.map((root) =>
    buildTree(root, nodeAt, (at, into) => addLeaf(weights, at, targetCount, into), {
      targetCount,
      budget,
    }),
  );
  return {
    ensemble: finish(trees, targetCount, weights.targets),
    aggregate: aggregateOf(get("aggregate_function")?.text ?? "SUM"),
    baseValues: get("base_values")?.floats ?? [],
    postTransform: postTransformOf(get("post_transform")?.text ?? "NONE"),
    weightTargets: weights.targets,
    weights: weights.weights,
  };
}

/** Where a tree's node is in the lists; -1 when it is nowhere. */
type PositionOf = (tree: number, node: number) => number;

function positionsOf(treeIds: readonly number[], nodeIds: readonly number[]): PositionOf {
  return positionsInOrder(treeIds, nodeIds) ?? positionsById(treeIds, nodeIds);
}

/** As converters write them: tree after tree, and each one's nodes numbered from 0 on. Null for other lists. */
function positionsInOrder(
  treeIds: readonly number[],
  nodeIds: readonly number[],
): PositionOf | null {
  const ranges = new Map<number, { start: number; count: number }>();
  for (let at = 0; at < treeIds.length; ) {
    const [tree, start] = [treeIds[at] as number, at];
    if (ranges.has(tree)) return null;
    for (; at < treeIds.length && treeIds[at] === tree; at += 1) {
      if (nodeIds[at] !== at - start) return null;
    }
    ranges.set(tree, { start, count: at - start });
  }
  return (tree, node) => {
    const range = ranges.get(tree);
    return range && node >= 0 && node < range.count ? range.start + node : -1;
  };
}

function positionsById(treeIds: readonly number[], nodeIds: readonly number[]): PositionOf {
  const positions = new Map<number, Map<number, number>>();
  for (const [at, tree] of treeIds.entries()) {
    const nodes = positions.get(tree) ?? new Map<number, number>();
    const node = nodeIds[at] as number;
    if (nodes.has(node)) throw uncompilable("a tree ensemble with repeated nodes");
    positions.set(tree, nodes.set(node, at));
  }
  return (tree, node) => positions.get(tree)?.get(node) ?? -1;
}

function readWeights(
  node: Node,
  { prefix, nodeCount, positionOf }: { prefix: string; nodeCount: number; positionOf: PositionOf },
): Weights {
  const get = (name: string) => node.attributes.get(`${prefix}_${name}`);
  const treeIds = integers(get("treeids"));
  const nodeIds = integers(get("nodeids"));
  const targets = integers(get("ids"));
  const weights = get("weights")?.floats ?? [];
  const first = new Int32Array(nodeCount).fill(-1);
  const next = new Int32Array(treeIds.length);
  for (let i = 0; i < treeIds.length; i += 1) {
    const position = positionOf(treeIds[i] as number, nodeIds[i] as number);
    if (position < 0 || targets[i] === undefined || weights[i] === undefined) {
      throw uncompilable("leaf weights that belong to no node");
    }
    next[i] = first[position] as number;
    first[position] = i;
  }
  return { first, next, targets, weights };
}

function aggregateOf(name: string): "SUM" | "AVERAGE" {
  if (name === "SUM" || name === "AVERAGE") return name;
  throw uncompilable(`the aggregate function ${name}`);
}

function postTransformOf(name: string): PostTransform {
  const found = postTransforms.find((candidate) => candidate === name);
  if (!found) throw uncompilable(`the post transform ${name}`);
  return found;
}

/** TreeEnsemble, version 5: splits and leaves in separate lists. */
export function readEnsemble5(node: Node): EnsembleModel {
  const get = (name: string) => node.attributes.get(name);
  const splits = get("nodes_splits")?.tensor?.data;
  const leafWeights = get("leaf_weights")?.tensor?.data;
  if (!(splits instanceof Float32Array) || !(leafWeights instanceof Float32Array)) {
    throw uncompilable("a tree ensemble in another precision than float");
  }
  const modeOf = get("nodes_modes")?.tensor?.data as Int32Array | undefined;
  const features = integers(get("nodes_featureids"));
  const next = {
    true: integers(get("nodes_truenodeids")),
    false: integers(get("nodes_falsenodeids")),
  };
  const leaf = { true: integers(get("nodes_trueleafs")), false: integers(get("nodes_falseleafs")) };
  const missing = integers(get("nodes_missing_value_tracks_true"));
  const targets = integers(get("leaf_targetids"));
  const targetCount = Number(get("n_targets")?.int ?? 1n);
  if (!Number.isInteger(targetCount) || targetCount < 1 || targetCount > 10_000) {
    throw uncompilable(`a tree ensemble of ${targetCount} targets`);
  }
  const count = splits.length;
  const lists = [modeOf ?? [], features, next.true, next.false, leaf.true, leaf.false];
  if (lists.some((list) => list.length !== count) || targets.length !== leafWeights.length) {
    throw uncompilable("a tree ensemble whose lists differ in length");
  }
  const nodes = Array.from({ length: count }, (_, at): SourceNode => {
    const mode = modes[modeOf?.[at] as number] ?? "?";
    const [feature, value] = [features[at] as number, splits[at] as number];
    // Leaves are numbered after the splits.
    const child = (side: "true" | "false") =>
      (next[side][at] as number) + (leaf[side][at] === 1 ? count : 0);
    const isMissingTrue = missing[at] === 1;
    return splitOf({ mode, feature, value, isMissingTrue }, child("true"), child("false"));
  });
  const addLeaf = (id: number, values: number[]) => {
    const [target, weight] = [targets[id - count], leafWeights[id - count]];
    if (target === undefined || target < 0 || target >= targetCount) {
      throw uncompilable("a leaf with an odd list of targets");
    }
    for (let t = 0; t < targetCount; t += 1) values.push(t === target ? (weight as number) : 0);
  };
  const nodeOf = (id: number) =>
    id < count ? nodes[id] : id < count + targets.length ? leafNode : undefined;
  const budget = leafBudget(count + targets.length, targetCount);
  const trees = integers(get("tree_roots")).map((root) =>
    buildTree(root, nodeOf, addLeaf, { targetCount, budget }),
  );
  return {
    ensemble: finish(trees, targetCount, targets),
    aggregate: aggregateOf(aggregates[Number(get("aggregate_function")?.int ?? 1n)] ?? "?"),
    baseValues: [],
    postTransform: postTransformOf(postTransforms[Number(get("post_transform")?.int ?? 0n)] ?? "?"),
    weightTargets: targets,
    weights: [...leafWeights],
  };
}
