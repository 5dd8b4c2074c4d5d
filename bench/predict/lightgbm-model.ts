// A tree ensemble in LightGBM's own text format, so that it scores the very trees of the benchmark.
// Source: what Booster.model_to_string of LightGBM 4 writes. A child is the index of a split, or ~k for leaf k.
import { readModel } from "../../packages/scoring/src/onnx/model.ts";
import type { Tree } from "../../packages/scoring/src/tree/ensemble.ts";
import { readEnsemble } from "../../packages/scoring/src/tree/read-ensemble.ts";
import { Unmeasured } from "./peer.ts";

/** Bits of decision_type: NaN is a missing value, and where it goes. */
const MISSING_IS_NAN = 8;
const MISSING_LEFT = 2;

/** Throws `Unmeasured` when the model is more than a sum of trees over one matrix. */
export function lightGbmModel(bytes: Uint8Array): string {
  const { nodes, inputs } = readModel(bytes).graph;
  const [node] = nodes;
  if (node?.opType !== "TreeEnsembleRegressor" || nodes.length > 1) {
    const others = new Set(nodes.map(({ opType }) => opType));
    others.delete("TreeEnsembleRegressor");
    throw new Unmeasured(`LightGBM scores trees, and this model has ${[...others].join(", ")}`);
  }
  const { ensemble, aggregate, baseValues, postTransform } = readEnsemble(node, "target", 1);
  if (aggregate !== "SUM" || baseValues.length > 0 || postTransform !== "NONE") {
    throw new Unmeasured("LightGBM is given sums of trees without base values and transforms");
  }
  const names = Array.from({ length: inputs[0]?.shape?.[1] ?? 0 }, (_, index) => `c${index}`);
  return [
    "tree",
    "version=v4",
    "num_class=1",
    "num_tree_per_iteration=1",
    "label_index=0",
    `max_feature_idx=${names.length - 1}`,
    "objective=regression",
    `feature_names=${names.join(" ")}`,
    `feature_infos=${names.map(() => "[-inf:inf]").join(" ")}`,
    "",
    ...ensemble.trees.flatMap(treeLines),
    "end of trees",
    "",
  ].join("\n");
}

function treeLines({ splits, leafCount, leafValues }: Tree, index: number): string[] {
  if (splits.some(({ test }) => test === "eq")) {
    throw new Unmeasured("LightGBM is given trees that compare by order only");
  }
  const decisions = splits.map(
    ({ isNanRight }) => MISSING_IS_NAN + (isNanRight ? 0 : MISSING_LEFT),
  );
  return [
    `Tree=${index}`,
    `num_leaves=${leafCount}`,
    "num_cat=0",
    `split_feature=${splits.map(({ feature }) => feature).join(" ")}`,
    `split_gain=${splits.map(() => 1).join(" ")}`,
    // Float32 values, which JavaScript writes so that they are read back as the same double.
    `threshold=${splits.map(({ threshold }) => threshold).join(" ")}`,
    `decision_type=${decisions.join(" ")}`,
    `left_child=${splits.map(({ left }) => left).join(" ")}`,
    `right_child=${splits.map(({ right }) => right).join(" ")}`,
    `leaf_value=${leafValues.join(" ")}`,
    "is_linear=0",
    "shrinkage=1",
    "",
    "",
  ];
}
