// What a name of the ONNX graph stands for while it is compiled: a constant, or one expression per column.
import type { Node } from "../onnx/model.ts";
import type { ElementType, Tensor } from "../onnx/tensor.ts";
import { uncompilable } from "../uncompilable.ts";
import { constant, type Value } from "./value.ts";

export type Label = bigint | string;

export type TensorValue =
  | { kind: "constant"; tensor: Tensor }
  /** Columns of the model's own inputs that are no floats yet. */
  | { kind: "raw"; type: ElementType; rank: 1 | 2; columns: readonly number[] }
  | { kind: "numbers"; rank: 1 | 2; columns: readonly Value[] }
  /** Whole numbers kept as floats: ArgMax and its like. Exact below 2^24. */
  | { kind: "indices"; rank: 1 | 2; columns: readonly Value[] }
  /** One column of class labels: the index says which. */
  | { kind: "labels"; rank: 1 | 2; index: Value; labels: readonly Label[]; type: ElementType }
  /** ZipMap's output: no column. */
  | { kind: "map" };

/** Compiles one operator. Inputs that the node leaves out are null. */
export type Lowering = (
  node: Node,
  inputs: readonly (TensorValue | null)[],
  opset: number,
) => TensorValue[];

export function input(inputs: readonly (TensorValue | null)[], at: number): TensorValue {
  const value = inputs[at];
  if (!value) throw uncompilable("an operator without its input");
  return value;
}

/** The columns of a float tensor; anything else is left to ONNX Runtime. */
export function numbers(value: TensorValue): { rank: 1 | 2; columns: readonly Value[] } {
  if (value.kind === "numbers") return value;
  throw uncompilable("arithmetic on values that are no floats");
}

export function floatConstant(
  value: TensorValue | null | undefined,
): Tensor & { data: Float32Array } {
  if (value?.kind === "constant" && value.tensor.data instanceof Float32Array) {
    return value.tensor as Tensor & { data: Float32Array };
  }
  throw uncompilable("a parameter that is no float constant");
}

export function integerConstant(value: TensorValue | null | undefined): number[] {
  if (value?.kind === "constant") {
    const { data } = value.tensor;
    if (data instanceof BigInt64Array) return [...data].map(Number);
    if (data instanceof Int32Array) return [...data];
  }
  throw uncompilable("a parameter that is no integer constant");
}

/** A constant as columns beside `width` others: a scalar, [1], [width] or [1, width]. */
export function constantColumns(tensor: Tensor & { data: Float32Array }, width: number): Value[] {
  const { dims, data } = tensor;
  const isRow = dims.slice(0, -1).every((dim) => dim === 1) && dims.length <= 2;
  if (!isRow || (data.length !== 1 && width !== 1 && data.length !== width)) {
    throw uncompilable("a constant that spans rows");
  }
  const length = Math.max(width, data.length);
  return Array.from({ length }, (_, at) => constant(data[data.length === 1 ? 0 : at] as number));
}

export const floatsOf = (node: Node, name: string): readonly number[] =>
  node.attributes.get(name)?.floats ?? [];
export const intOf = (node: Node, name: string, otherwise: number): number => {
  const attribute = node.attributes.get(name);
  return attribute ? Number(attribute.int) : otherwise;
};
export const intsOf = (node: Node, name: string): number[] => [
  ...(node.attributes.get(name)?.integers ?? []),
];
export const textOf = (node: Node, name: string, otherwise: string): string =>
  node.attributes.get(name)?.text ?? otherwise;

/** The labels of a classifier: texts or integers. */
export function classLabels(node: Node): { labels: readonly Label[]; type: "string" | "int64" } {
  const strings = node.attributes.get("classlabels_strings")?.strings ?? [];
  if (strings.length > 0) return { labels: strings, type: "string" };
  const ints = node.attributes.get("classlabels_int64s") ?? node.attributes.get("classlabels_ints");
  return { labels: ints?.ints ?? [], type: "int64" };
}
