// Linear models and layers: LinearRegressor, LinearClassifier, Gemm, MatMul. Source: onnx/docs/Operators*.md.
import {
  classLabels,
  constantColumns,
  floatConstant,
  floatsOf,
  input,
  intOf,
  type Lowering,
  numbers,
  type TensorValue,
  textOf,
} from "../graph/tensor-value.ts";
import { type Layer, unary, type Value } from "../graph/value.ts";
import { uncompilable } from "../uncompilable.ts";
import { arithmetic, softmaxOf } from "./arithmetic.ts";

function outputsOf(layer: Layer): Value[] {
  return layer.weights.map((_, index) => ({ op: "dense", layer, index }));
}

/** A layer from row-major coefficients: `outputCount` rows of one weight per input. */
function layerOf(
  inputs: readonly Value[],
  coefficients: readonly number[],
  biases: readonly number[],
): Layer {
  const width = inputs.length;
  const outputCount = coefficients.length / width;
  if (!Number.isInteger(outputCount) || outputCount === 0) {
    throw uncompilable("coefficients that do not match the columns");
  }
  const weights = Array.from({ length: outputCount }, (_, output) =>
    Float32Array.from(coefficients.slice(output * width, (output + 1) * width)),
  );
  const filled = biases.length === 0 ? new Array<number>(outputCount).fill(0) : biases;
  if (filled.length !== outputCount) throw uncompilable("intercepts that do not match the outputs");
  return { inputs, weights, biases: Float32Array.from(filled), isRelu: false };
}

export function postTransformed(columns: readonly Value[], transform: string): readonly Value[] {
  if (transform === "NONE") return columns;
  if (transform === "LOGISTIC") return columns.map((column) => unary("sigmoid", column));
  if (transform === "SOFTMAX") return softmaxOf(columns);
  throw uncompilable(`the post transform ${transform}`);
}

const linearRegressor: Lowering = (node, inputs) => {
  const { columns } = numbers(input(inputs, 0));
  const layer = layerOf(columns, floatsOf(node, "coefficients"), floatsOf(node, "intercepts"));
  if (layer.weights.length !== intOf(node, "targets", 1)) {
    throw uncompilable("coefficients that do not match the targets");
  }
  const outputs = postTransformed(outputsOf(layer), textOf(node, "post_transform", "NONE"));
  return [{ kind: "numbers", rank: 2, columns: outputs }];
};

const linearClassifier: Lowering = (node, inputs) => {
  const { columns } = numbers(input(inputs, 0));
  const layer = layerOf(columns, floatsOf(node, "coefficients"), floatsOf(node, "intercepts"));
  const { labels, type } = classLabels(node);
  // A single score for two classes is written differently by every converter.
  if (labels.length < 2 || labels.length !== layer.weights.length) {
    throw uncompilable("a linear classifier without one score per class");
  }
  const scores = outputsOf(layer);
  const probabilities = postTransformed(scores, textOf(node, "post_transform", "NONE"));
  return [
    { kind: "labels", rank: 1, index: { op: "argMax", of: scores }, labels, type },
    { kind: "numbers", rank: 2, columns: probabilities },
  ];
};

const gemm: Lowering = (node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const { data, dims } = floatConstant(inputs[1]);
  const [alpha, beta] = ["alpha", "beta"].map((name) => node.attributes.get(name)?.float ?? 1);
  if (
    rank !== 2 ||
    dims.length !== 2 ||
    intOf(node, "transA", 0) !== 0 ||
    alpha !== 1 ||
    beta !== 1
  ) {
    throw uncompilable("a scaled or transposed Gemm");
  }
  const isTransposed = intOf(node, "transB", 0) !== 0;
  const coefficients = isTransposed ? [...data] : transposed(data, dims as [number, number]);
  const outputCount = isTransposed ? (dims[0] as number) : (dims[1] as number);
  const biases = inputs[2]
    ? constantColumns(floatConstant(inputs[2]), outputCount).map(
        (bias) => (bias as { value: number }).value,
      )
    : [];
  const layer = layerOf(columns, coefficients, biases);
  return [{ kind: "numbers", rank: 2, columns: outputsOf(layer) }];
};

function transposed(data: Float32Array, [rows, columns]: [number, number]): number[] {
  return Array.from(
    { length: rows * columns },
    (_, at) => data[(at % rows) * columns + Math.floor(at / rows)] as number,
  );
}

const matMul: Lowering = (_node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const { data, dims } = floatConstant(inputs[1]);
  if (rank !== 2 || dims.length !== 2 || dims[0] !== columns.length) {
    throw uncompilable("MatMul of another shape than [rows, N] by [N, M]");
  }
  const layer = layerOf(columns, transposed(data, dims as [number, number]), []);
  return [{ kind: "numbers", rank: 2, columns: outputsOf(layer) }];
};

/** The layer whose outputs, all and in order, a tensor is made of. */
function wholeLayer(value: TensorValue): Layer | null {
  if (value.kind !== "numbers") return null;
  const [first] = value.columns;
  if (first?.op !== "dense" || first.layer.isRelu) return null;
  const { layer } = first;
  const isWhole = value.columns.every(
    (column, i) => column.op === "dense" && column.layer === layer && column.index === i,
  );
  return isWhole && value.columns.length === layer.weights.length ? layer : null;
}

/** A constant added to a whole layer is its bias. */
const add: Lowering = (node, inputs, opset) => {
  const [a, b] = [input(inputs, 0), input(inputs, 1)];
  const sum = biased(a, b) ?? biased(b, a);
  return sum ? [sum] : (arithmetic.Add as Lowering)(node, inputs, opset);
};

function biased(value: TensorValue, bias: TensorValue): TensorValue | null {
  const layer = wholeLayer(value);
  if (!layer || bias.kind !== "constant" || layer.biases.some((known) => known !== 0)) return null;
  const columns = constantColumns(floatConstant(bias), layer.weights.length);
  if (columns.length !== layer.weights.length) return null;
  const biases = Float32Array.from(columns, (column) => (column as { value: number }).value);
  return { kind: "numbers", rank: 2, columns: outputsOf({ ...layer, biases }) };
}

const relu: Lowering = (node, inputs, opset) => {
  const layer = wholeLayer(input(inputs, 0));
  if (!layer) return (arithmetic.Relu as Lowering)(node, inputs, opset);
  return [{ kind: "numbers", rank: 2, columns: outputsOf({ ...layer, isRelu: true }) }];
};

export const linear: Record<string, Lowering> = {
  Add: add,
  Gemm: gemm,
  LinearClassifier: linearClassifier,
  LinearRegressor: linearRegressor,
  MatMul: matMul,
  Relu: relu,
};
