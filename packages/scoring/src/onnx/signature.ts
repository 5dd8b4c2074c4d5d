// What a caller must know to bind a table to a model: its inputs, its outputs, who made it.
import type { ScorerColumn, ScorerInput, ScorerOutput } from "../column.ts";
import { columnTypes } from "../column.ts";
import type { OnnxModel, ValueInfo } from "./model.ts";

export interface ModelSignature {
  inputs: ScorerInput[];
  outputs: ScorerOutput[];
  producerName: string;
  producerVersion: string;
  /** The library that trained or converted the model, as far as its producer tells. */
  framework: string;
  opsets: Record<string, number>;
  metadata: Record<string, string>;
}

/** Producer names that converters write, and the framework each stands for. */
const frameworks: readonly (readonly [prefix: string, framework: string])[] = [
  ["skl2onnx", "ScikitLearn"],
  ["sklearn", "ScikitLearn"],
  ["pytorch", "PyTorch"],
  ["tf2onnx", "TensorFlow"],
  ["keras2onnx", "TensorFlow"],
];

export function signatureOf(model: OnnxModel): ModelSignature {
  const producer = model.producerName.toLowerCase();
  const framework = frameworks.find(([prefix]) => producer.startsWith(prefix))?.[1] ?? "Onnx";
  return {
    inputs: model.graph.inputs.map(inputOf),
    outputs: model.graph.outputs.map(outputOf),
    producerName: model.producerName,
    producerVersion: model.producerVersion,
    framework,
    opsets: Object.fromEntries(model.opsets),
    metadata: Object.fromEntries(model.metadata),
  };
}

/**
 * A table can feed [rows] and [rows, 1] with one column and [rows, N] with N columns. The first dimension must be
 * open (or 1: such models run row by row). PREDICT itself binds one scalar column per input (features.md G-17).
 */
function inputOf(value: ValueInfo): ScorerInput {
  const { name, kind, type, shape } = value;
  return { name, kind, type, shape, width: bindableWidth(value) };
}

/** More columns than any table has; a hostile shape must not make a list of billions. */
const WIDTH_MAX = 16_384;

function bindableWidth(value: ValueInfo): number {
  const { kind, type, shape } = value;
  if (kind !== "tensor" || shape === null || !columnTypes().includes(type)) return 0;
  const [rows, width] = shape;
  if (rows !== null && rows !== 1) return 0;
  if (shape.length === 1) return 1;
  if (shape.length === 2) return (width ?? 0) > WIDTH_MAX ? 0 : (width ?? 0);
  return 0;
}

function outputOf(value: ValueInfo): ScorerOutput {
  const { name, kind, type, shape } = value;
  const isColumn = kind === "tensor" && columnTypes().includes(type);
  let width: number | null = isColumn ? null : 0;
  if (isColumn && shape?.length === 1) width = 1;
  else if (isColumn && shape?.length === 2) width = shape[1] ?? null;
  else if (isColumn && shape !== null) width = 0;
  return { name, kind, type, shape, width };
}

/** The scalar columns of all inputs, in the order in which `score` takes them. */
export function scorerColumns(inputs: readonly ScorerInput[]): ScorerColumn[] {
  return inputs.flatMap((input) =>
    Array.from({ length: input.width }, (_, index) => ({
      input: input.name,
      index,
      type: input.type,
      isUsed: true,
    })),
  );
}
