// ai.onnx operators that only move columns about: they vanish in the compiled model. Source: onnx/docs/Operators.md.
import {
  input,
  integerConstant,
  intOf,
  intsOf,
  type Label,
  type Lowering,
  numbers,
  type TensorValue,
} from "../graph/tensor-value.ts";
import type { Value } from "../graph/value.ts";
import { uncompilable } from "../uncompilable.ts";

const widthOf = (value: TensorValue): number => {
  if (value.kind === "constant" || value.kind === "map")
    throw uncompilable("a constant to reshape");
  return value.kind === "labels" ? 1 : value.columns.length;
};

/** The same columns under another rank. */
function withRank(value: TensorValue, rank: 1 | 2): TensorValue {
  if (rank === 1 && widthOf(value) !== 1) throw uncompilable("a reshape that mixes rows");
  return { ...value, rank } as TensorValue;
}

const isRowsDimension = (dim: number | undefined) => dim === -1 || dim === 0;

const reshape: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  const shape = inputs[1] ? integerConstant(inputs[1]) : intsOf(node, "shape");
  const [rows, width] = shape;
  const columns = widthOf(value);
  if (shape.length === 1 && rows === -1) return [withRank(value, 1)];
  if (
    shape.length === 2 &&
    isRowsDimension(rows) &&
    (width === columns || (rows === 0 && width === -1))
  ) {
    return [withRank(value, 2)];
  }
  throw uncompilable(`a reshape to [${shape}]`);
};

const flatten: Lowering = (node, inputs) => {
  if (intOf(node, "axis", 1) !== 1) throw uncompilable("Flatten along another axis than 1");
  return [withRank(input(inputs, 0), 2)];
};

const axesOf = (node: Parameters<Lowering>[0], inputs: Parameters<Lowering>[1]): number[] =>
  inputs[1] ? integerConstant(inputs[1]) : intsOf(node, "axes");

const squeeze: Lowering = (node, inputs) => {
  const [axis, ...more] = axesOf(node, inputs);
  if ((axis !== 1 && axis !== -1) || more.length > 0) throw uncompilable("Squeeze of rows");
  return [withRank(input(inputs, 0), 1)];
};

const unsqueeze: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  const [axis, ...more] = axesOf(node, inputs);
  const isVector = value.kind !== "constant" && value.kind !== "map" && value.rank === 1;
  if (!isVector || (axis !== 1 && axis !== -1) || more.length > 0) {
    throw uncompilable("Unsqueeze that is no column");
  }
  return [withRank(value, 2)];
};

const concat: Lowering = (node, inputs) => {
  const axis = intOf(node, "axis", 1);
  if (axis !== 1 && axis !== -1) throw uncompilable("Concat along rows");
  const parts = inputs.map((_, at) => input(inputs, at));
  const [first] = parts;
  if (parts.length === 1 && first) return [first];
  if (parts.every((part) => part.kind === "raw")) {
    const types = new Set(parts.map((part) => part.type));
    const [type] = types;
    if (types.size !== 1 || !type) throw uncompilable("Concat of different types");
    if (parts.some((part) => part.rank !== 2)) throw uncompilable("Concat along rows");
    return [{ kind: "raw", type, rank: 2, columns: parts.flatMap((part) => part.columns) }];
  }
  const all = parts.map((part) => numbers(part));
  if (all.some(({ rank }) => rank !== 2)) throw uncompilable("Concat along rows");
  return [{ kind: "numbers", rank: 2, columns: all.flatMap(({ columns }) => columns) }];
};

/** Picks columns, or looks labels up when the data are constant. */
function pick(value: TensorValue, indices: TensorValue | null, rank: 1 | 2): TensorValue {
  if (value.kind === "constant") return labelsAt(value, indices, rank);
  if (value.kind === "raw" || value.kind === "numbers") {
    const width = value.columns.length;
    const wanted = integerConstant(indices).map((i) => (i < 0 ? i + width : i));
    if (wanted.some((i) => i < 0 || i >= width)) throw uncompilable("a column that is not there");
    if (value.kind === "raw") {
      return { ...value, rank, columns: wanted.map((i) => value.columns[i] as number) };
    }
    return { ...value, rank, columns: wanted.map((i) => value.columns[i] as Value) };
  }
  throw uncompilable("a choice among labels");
}

function labelsAt(
  value: TensorValue & { kind: "constant" },
  indices: TensorValue | null,
  rank: 1 | 2,
): TensorValue {
  const { data, dims, type } = value.tensor;
  const isList = dims.length === 1 || (dims.length === 2 && dims[0] === 1);
  const [index, ...more] = indices?.kind === "indices" ? indices.columns : [];
  if (!isList || !index || more.length > 0)
    throw uncompilable("a table of more than one dimension");
  let labels: Label[] | null = null;
  if (Array.isArray(data)) labels = data;
  else if (data instanceof BigInt64Array) labels = [...data];
  else if (data instanceof Int32Array) labels = [...data].map(BigInt);
  if (!labels || (type !== "string" && type !== "int64" && type !== "int32")) {
    throw uncompilable("a table of labels that are neither text nor integers");
  }
  return { kind: "labels", rank, index, labels, type };
}

const gather: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  const axis = intOf(node, "axis", 0);
  if (value.kind !== "constant" && axis !== 1 && axis !== -1) throw uncompilable("Gather of rows");
  const indices = input(inputs, 1);
  const isScalar = indices.kind === "constant" && indices.tensor.dims.length === 0;
  return [pick(value, indices, isScalar ? 1 : 2)];
};

const arrayFeatureExtractor: Lowering = (_node, inputs) => [
  pick(input(inputs, 0), input(inputs, 1), 2),
];

export const layout: Record<string, Lowering> = {
  ArrayFeatureExtractor: arrayFeatureExtractor,
  Concat: concat,
  FeatureVectorizer: concat,
  Flatten: flatten,
  Gather: gather,
  Identity: (_node, inputs) => [input(inputs, 0)],
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
};
