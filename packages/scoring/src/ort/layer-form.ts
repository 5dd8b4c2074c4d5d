// The two ways in which layer-graph.ts writes layers: as convolutions of width one over [1, columns, 1, rows], which
// ONNX Runtime runs in blocks of outputs, bias and ReLU in the same pass; or as products of [rows, columns] and a
// matrix, as models are written. Columns are dimension 1 of both.
import { type Layer, operandsOf, type Value } from "../graph/value.ts";
import type { GraphWriter } from "./graph-writer.ts";

export interface LayerForm {
  /** The graph's input of [rows, columns] as a table. */
  table(writer: GraphWriter, source: string, width: number): string;
  /** A table as [rows, columns]. */
  rows(writer: GraphWriter, table: string, width: number): string;
  /** The shape of a constant per column. */
  constantDims(width: number): readonly number[];
  /** A layer's sums, before its ReLU. */
  sums(writer: GraphWriter, table: string, layer: Layer): string;
}

/**
 * ONNX Runtime's convolutions run in blocks of 16 outputs, or of 8 on older machines. A layer is filled up here: what it
 * would fill up by itself reaches the next layer as 0 times an input, which is NaN when the input is infinite.
 */
const BLOCK_OUTPUTS = 16;

/** Convolutions where the outputs that other layers read fill whole blocks; filling up many would be slower. */
export function formOf(layers: readonly Layer[]): LayerForm {
  const inner = layersOf(layers.flatMap(({ inputs }) => inputs));
  const isFull = inner.every(({ weights }) => weights.length % BLOCK_OUTPUTS === 0);
  return inner.length > 0 && isFull ? convolutions : products;
}

/** The layers that some values depend on. */
export function layersOf(values: readonly Value[]): Layer[] {
  const layers = new Set<Layer>();
  const reached = new Set<Value>();
  const visit = (value: Value): void => {
    if (reached.has(value)) return;
    reached.add(value);
    if (value.op === "dense") layers.add(value.layer);
    for (const operand of operandsOf(value)) visit(operand);
  };
  for (const value of values) visit(value);
  return [...layers];
}

const convolutions: LayerForm = {
  table: (writer, source, width) =>
    transposed(writer, writer.reshape(source, [1, 1, -1, width]), [0, 3, 1, 2]),
  rows(writer, table, width) {
    if (width === 1) return writer.reshape(table, [-1, 1]);
    return writer.reshape(transposed(writer, table, [0, 2, 3, 1]), [-1, width]);
  },
  constantDims: (width) => [1, width, 1, 1],
  sums(writer, table, layer) {
    const { biases, inputs } = layer;
    const [width, count] = [inputs.length, biases.length];
    if (count > 1) {
      const full = Math.ceil(count / BLOCK_OUTPUTS) * BLOCK_OUTPUTS;
      const sums = writer.add("Conv", [
        table,
        writer.constant({ dims: [full, width, 1, 1], floats: weightsOf(layer, full) }),
        writer.constant({ dims: [full], floats: padded(biases, full) }),
      ]);
      return full === count ? sums : writer.pick(sums, [...biases.keys()]);
    }
    const sum = writer.add("Gemm", [
      writer.constant({ dims: [1, width], floats: weightsOf(layer) }),
      writer.reshape(table, [width, -1]),
      writer.constant({ dims: [1], floats: biases }),
    ]);
    return writer.reshape(sum, [1, 1, 1, -1]);
  },
};

const products: LayerForm = {
  table: (_writer, source) => source,
  rows: (_writer, table) => table,
  constantDims: (width) => [width],
  sums(writer, table, layer) {
    const { biases, inputs } = layer;
    const dims = [biases.length, inputs.length];
    const weights = writer.constant({ dims, floats: weightsOf(layer) });
    const bias = writer.constant({ dims: [biases.length], floats: biases });
    const isTransposed = { transB: { int: 1 } };
    if (biases.length > 1) return writer.add("Gemm", [table, weights, bias], isTransposed);
    // One output by itself is a row of scalar products: as a column it would be multiplied like sixteen.
    return writer.reshape(writer.add("Gemm", [weights, table, bias], isTransposed), [-1, 1]);
  },
};

function transposed(writer: GraphWriter, table: string, perm: number[]): string {
  return writer.add("Transpose", [table], { perm: { ints: perm } });
}

function padded(values: Float32Array, length: number): Float32Array {
  const all = new Float32Array(length);
  all.set(values);
  return all;
}

/** Output by output, a weight per input; zeros up to `count` outputs. */
function weightsOf({ inputs, weights }: Layer, count: number = weights.length): Float32Array {
  const floats = new Float32Array(count * inputs.length);
  weights.forEach((row, at) => {
    floats.set(row, at * inputs.length);
  });
  return floats;
}
