// Models of linear layers, as converters write them.
import { type NodeSpec, type TensorSpec, writeModel } from "../src/onnx/write-model.ts";
import { type Random, random } from "./random.ts";

export interface Shape {
  /** Columns, then outputs of each layer. */
  sizes: readonly number[];
  activation: string;
  /** What follows the last layer, if anything. */
  last?: string;
  isScaled?: boolean;
  /** A class as well: the place of the largest score. */
  hasClass?: boolean;
}

export function normals(count: number, chance: Random): number[] {
  return Array.from({ length: count }, () => chance.normal());
}

/** Layers as converters write them, in front of them (x - mean) / deviation if asked. */
export function perceptron({ sizes, activation, last, isScaled, hasClass }: Shape): Uint8Array {
  const chance = random(8);
  const [width, outputs] = [sizes[0] as number, sizes.at(-1) as number];
  const initializers: Record<string, TensorSpec> = {
    mean: { dims: [1, width], floats: normals(width, chance) },
    deviation: { dims: [width], floats: normals(width, chance).map((v) => 1 + v * v) },
  };
  const nodes: NodeSpec[] = [];
  const then = (op: string, inputs: string[], attributes: NodeSpec["attributes"] = {}): string => {
    const name = `t${nodes.length}`;
    nodes.push({ op, inputs, outputs: [name], attributes });
    return name;
  };
  let table = "x";
  if (isScaled) table = then("Div", [then("Sub", [table, "mean"]), "deviation"]);
  sizes.slice(1).forEach((to, i) => {
    const from = sizes[i] as number;
    const floats = normals(from * to, chance).map((weight) => weight / Math.sqrt(from));
    initializers[`w${i}`] = { dims: [from, to], floats };
    initializers[`b${i}`] = { dims: [to], floats: normals(to, chance) };
    table = then("Gemm", [table, `w${i}`, `b${i}`]);
    if (i < sizes.length - 2) table = then(activation, [table]);
  });
  if (last) table = then(last, [table]);
  nodes.push({ op: "Identity", inputs: [table], outputs: ["y"] });
  const axis = { axis: { int: 1 }, keepdims: { int: 0 } };
  if (hasClass) nodes.push({ op: "ArgMax", inputs: [table], outputs: ["class"], attributes: axis });
  return writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, width] }],
    outputs: [
      { name: "y", type: "float", shape: [-1, outputs] },
      ...(hasClass ? [{ name: "class", type: "int64" as const, shape: [-1] }] : []),
    ],
    nodes,
    initializers,
  });
}

/** Of different widths, activations and ends. */
export const shapes: readonly (readonly [what: string, shape: Shape])[] = [
  ["layers in blocks", { sizes: [20, 64, 64, 1], activation: "Relu" }],
  ["layers in blocks, a few outputs", { sizes: [13, 128, 32, 5], activation: "Relu" }],
  ["layers in blocks, blocks of outputs", { sizes: [7, 96, 32], activation: "Tanh" }],
  ["other layers", { sizes: [20, 50, 50, 1], activation: "Tanh" }],
  ["a wide layer", { sizes: [7, 300, 2], activation: "Sigmoid" }],
  ["scaled columns", { sizes: [9, 64, 48, 1], activation: "Relu", isScaled: true }],
  [
    "scaled columns and other layers",
    { sizes: [9, 63, 40, 3], activation: "Relu", isScaled: true },
  ],
  ["a probability", { sizes: [30, 80, 1], activation: "Relu", last: "Sigmoid" }],
  ["classes", { sizes: [30, 80, 4], activation: "Relu", last: "Softmax", hasClass: true }],
  [
    "classes of other layers",
    { sizes: [24, 90, 3], activation: "Relu", last: "Softmax", hasClass: true },
  ],
];
