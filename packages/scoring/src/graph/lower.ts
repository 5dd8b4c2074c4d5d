// ONNX graph → expressions over columns. Operators are looked up in the tables of ../operator; one that is missing
// there, or used in a way that is not covered, leaves the whole model to ONNX Runtime.
import type { ScorerColumn } from "../column.ts";
import type { Node, OnnxModel } from "../onnx/model.ts";
import { arithmetic } from "../operator/arithmetic.ts";
import { encode } from "../operator/encode.ts";
import { layout } from "../operator/layout.ts";
import { linear } from "../operator/linear.ts";
import { trees } from "../operator/trees.ts";
import { uncompilable } from "../uncompilable.ts";
import type { Lowering, TensorValue } from "./tensor-value.ts";
import type { Value } from "./value.ts";
import type { ValueRange } from "./value-range.ts";

const core: Record<string, Lowering> = {
  ...arithmetic,
  ...layout,
  Cast: encode.Cast as Lowering,
  ...linear,
};
const { Cast: _cast, ...machineLearning } = encode;
const domains: Record<string, Record<string, Lowering>> = {
  "": { ...core, ArgMax: encode.ArgMax as Lowering },
  "ai.onnx.ml": {
    ...machineLearning,
    ...trees,
    ArrayFeatureExtractor: layout.ArrayFeatureExtractor as Lowering,
    FeatureVectorizer: layout.FeatureVectorizer as Lowering,
    LinearClassifier: linear.LinearClassifier as Lowering,
    LinearRegressor: linear.LinearRegressor as Lowering,
  },
};

/** What ONNX Runtime loads; in a later version an operator may mean something else. */
const VERSIONS_MAX: Readonly<Record<string, number>> = { "": 26, "ai.onnx.ml": 5 };
const IR_VERSION_MAX = 13;

/** Expressions nest as deep as nodes follow each other, and are walked recursively. */
const NODES_MAX = 1000;
const COLUMNS_MAX = 65_536;

/** Outputs by name. `ranges` are the caller's promises, per column. Throws Uncompilable. */
export function lowerModel(
  model: OnnxModel,
  columns: readonly ScorerColumn[],
  ranges: readonly (ValueRange | null)[] = [],
): Map<string, TensorValue> {
  const { graph } = model;
  if (model.hasFunctions || graph.hasSparseInitializers) {
    throw uncompilable("model-local functions or sparse tensors");
  }
  requireKnownVersions(model);
  const known = new Map<string, TensorValue>();
  for (const [name, tensor] of graph.initializers) known.set(name, { kind: "constant", tensor });
  const columnsOf = new Map<string, number[]>();
  for (const [at, { input, index }] of columns.entries()) {
    if (index === 0) columnsOf.set(input, []);
    columnsOf.get(input)?.push(at);
  }
  for (const { name, shape, type } of graph.inputs) {
    const own = columnsOf.get(name);
    if (!own) throw uncompilable(`the input '${name}', which no column can feed`);
    if (shape?.[0] === 1) throw uncompilable("a model of exactly one row");
    const rank = shape?.length === 1 ? 1 : 2;
    known.set(
      name,
      type === "float"
        ? { kind: "numbers", rank, columns: own.map((column) => inputValue(column, ranges)) }
        : { kind: "raw", type, rank, columns: own },
    );
  }
  if (graph.nodes.length > NODES_MAX) throw uncompilable(`more than ${NODES_MAX} nodes`);
  for (const node of graph.nodes) lowerNode(node, known, model.opsets);
  return new Map(
    graph.outputs.map(({ name }) => {
      const value = known.get(name);
      if (!value) throw uncompilable(`the output '${name}', which no node makes`);
      return [name, value];
    }),
  );
}

function requireKnownVersions({ irVersion, opsets }: OnnxModel): void {
  if (irVersion > IR_VERSION_MAX) throw uncompilable(`IR version ${irVersion}`);
  for (const [domain, version] of opsets) {
    if (version > (VERSIONS_MAX[domain] ?? version)) {
      throw uncompilable(`opset ${version} of ${domain || "ai.onnx"}`);
    }
  }
}

function inputValue(column: number, ranges: readonly (ValueRange | null)[]): Value {
  const range = ranges[column];
  return range ? { op: "input", column, range } : { op: "input", column };
}

function lowerNode(
  node: Node,
  known: Map<string, TensorValue>,
  opsets: ReadonlyMap<string, number>,
): void {
  if (node.opType === "Constant" && node.domain === "") {
    const tensor = node.attributes.get("value")?.tensor;
    const [name] = node.outputs;
    if (!tensor || !name) throw uncompilable("a constant without a tensor");
    known.set(name, { kind: "constant", tensor });
    return;
  }
  const lowering = domains[node.domain]?.[node.opType];
  const name = node.domain === "" ? node.opType : `${node.domain}.${node.opType}`;
  if (!lowering || !Object.hasOwn(domains[node.domain] ?? {}, node.opType)) {
    throw uncompilable(`the operator ${name}`);
  }
  const inputs = node.inputs.map((input) => {
    if (input === "") return null;
    const value = known.get(input);
    if (!value) throw uncompilable(`'${input}', which nothing makes before it is used`);
    return value;
  });
  const outputs = lowering(node, inputs, opsets.get(node.domain) ?? 1);
  node.outputs.forEach((output, at) => {
    if (output === "") return;
    const value = outputs[at];
    if (!value) throw uncompilable(`output ${at} of ${name}`);
    if ("columns" in value && value.columns.length > COLUMNS_MAX) {
      throw uncompilable(`a tensor of more than ${COLUMNS_MAX} columns`);
    }
    known.set(output, value);
  });
}
