import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../test/difference.ts";
import { randomColumns } from "../../test/fixture.ts";
import { random } from "../../test/random.ts";
import {
  type AttributeSpec,
  type ModelSpec,
  type NodeSpec,
  writeModel,
} from "../onnx/write-model.ts";
import { openScorer } from "../scorer.ts";

const WIDTH = 3;
const machineLearning = "ai.onnx.ml";

interface Case {
  nodes: NodeSpec[];
  initializers?: ModelSpec["initializers"];
  width?: number;
  opset?: number;
}

const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes: Record<string, AttributeSpec> = {},
): NodeSpec => ({
  op,
  inputs,
  outputs: [output],
  attributes,
});
const one = (op: string, attributes?: Record<string, AttributeSpec>): Case => ({
  nodes: [node(op, ["x"], "y", attributes)],
});
const ml = (op: string, attributes: Record<string, AttributeSpec>): Case => ({
  nodes: [{ ...node(op, ["x"], "y", attributes), domain: machineLearning }],
});
const withConstant = (op: string, floats: number[], dims: number[]): Case => ({
  nodes: [node(op, ["x", "c"], "y")],
  initializers: { c: { dims, floats } },
});
const condition = (op: string, ...inputs: string[]): Case => ({
  nodes: [node(op, inputs, "b"), node("Cast", ["b"], "y", { to: { int: 1 } })],
  initializers: { c: { dims: [3], floats: [0, 0.5, -1] } },
});

const compiled: Record<string, Case> = {
  Abs: one("Abs"),
  Ceil: one("Ceil"),
  Exp: one("Exp"),
  Floor: one("Floor"),
  Log: one("Log"),
  Neg: one("Neg"),
  Relu: one("Relu"),
  Sigmoid: one("Sigmoid"),
  Sqrt: one("Sqrt"),
  Tanh: one("Tanh"),
  Softmax: one("Softmax", { axis: { int: 1 } }),
  "Add of a row": withConstant("Add", [1, -2, 0.5], [3]),
  "Sub of a scalar": withConstant("Sub", [2], [1]),
  "Mul by a row": withConstant("Mul", [1, -2, 0], [1, 3]),
  "Div by a row": withConstant("Div", [1, -2, 0], [1, 3]),
  "Min with a scalar": withConstant("Min", [0.5], []),
  "Max with a scalar": withConstant("Max", [0.5], []),
  "Add of columns": { nodes: [node("Add", ["x", "x"], "y")] },
  "Sum of three": { nodes: [node("Sum", ["x", "x", "x"], "y")] },
  Equal: condition("Equal", "x", "c"),
  Greater: condition("Greater", "x", "c"),
  GreaterOrEqual: condition("GreaterOrEqual", "x", "c"),
  Less: condition("Less", "x", "c"),
  LessOrEqual: condition("LessOrEqual", "x", "c"),
  IsNaN: condition("IsNaN", "x"),
  Where: {
    nodes: [
      node("Less", ["x", "c"], "b"),
      node("Not", ["b"], "n"),
      node("Or", ["b", "n"], "o"),
      node("And", ["b", "o"], "a"),
      node("Where", ["a", "x", "c"], "y"),
    ],
    initializers: { c: { dims: [3], floats: [0, 0.5, -1] } },
  },
  Clip: {
    nodes: [node("Clip", ["x", "low", "high"], "y")],
    initializers: { low: { dims: [], floats: [-0.5] }, high: { dims: [], floats: [0.75] } },
  },
  "Clip from below": {
    nodes: [node("Clip", ["x", "low"], "y")],
    initializers: { low: { dims: [], floats: [-0.5] } },
  },
  Gemm: {
    nodes: [node("Gemm", ["x", "w", "b"], "y")],
    initializers: {
      w: { dims: [3, 2], floats: [1, 2, 3, 4, 5, 6] },
      b: { dims: [2], floats: [0.5, -1] },
    },
    width: 2,
  },
  "transposed Gemm": {
    nodes: [node("Gemm", ["x", "w"], "y", { transB: { int: 1 } })],
    initializers: { w: { dims: [7, 3], floats: Array.from({ length: 21 }, (_, i) => i - 10) } },
    width: 7,
  },
  "MatMul, Add and Relu": {
    nodes: [
      node("MatMul", ["x", "w"], "m"),
      node("Add", ["b", "m"], "s"),
      node("Relu", ["s"], "y"),
    ],
    initializers: {
      w: { dims: [3, 8], floats: Array.from({ length: 24 }, (_, i) => Math.sin(i)) },
      b: { dims: [8], floats: [1, 2, 3, 4, -5, -6, -7, -8] },
    },
    width: 8,
  },
  "Gather of columns": {
    nodes: [node("Gather", ["x", "i"], "y", { axis: { int: 1 } })],
    initializers: { i: { dims: [2], int64s: [2, -3] } },
    width: 2,
  },
  Concat: { nodes: [node("Concat", ["x", "x"], "y", { axis: { int: 1 } })], width: 6 },
  "Reshape to the same": {
    nodes: [node("Reshape", ["x", "s"], "y")],
    initializers: { s: { dims: [2], int64s: [-1, 3] } },
  },
  Scaler: ml("Scaler", { offset: { floats: [1, 2, 3] }, scale: { floats: [0.5, -1, 2] } }),
  "Scaler with one value": ml("Scaler", { offset: { floats: [1] }, scale: { floats: [3] } }),
  "Imputer of NaN": ml("Imputer", {
    imputed_value_floats: { floats: [1, 2, 3] },
    replaced_value_float: Number.NaN,
  }),
  "Imputer of a number": ml("Imputer", {
    imputed_value_floats: { floats: [9] },
    replaced_value_float: 0,
  }),
  "Normalizer L1": ml("Normalizer", { norm: "L1" }),
  "Normalizer L2": ml("Normalizer", { norm: "L2" }),
  LinearRegressor: {
    ...ml("LinearRegressor", {
      coefficients: { floats: [1, 2, 3, -1, -2, -3] },
      intercepts: { floats: [0.5, 0] },
      targets: { int: 2 },
    }),
    width: 2,
  },
  ArrayFeatureExtractor: {
    nodes: [{ ...node("ArrayFeatureExtractor", ["x", "i"], "y"), domain: machineLearning }],
    initializers: { i: { dims: [2], int64s: [1, 0] } },
    width: 2,
  },
};

const left: Record<string, readonly [Case, RegExp]> = {
  "Softmax along rows": [one("Softmax", { axis: { int: 0 } }), /along rows/],
  "a scaled Gemm": [
    {
      nodes: [node("Gemm", ["x", "w"], "y", { alpha: 2 })],
      initializers: { w: { dims: [3, 3], floats: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
    },
    /scaled/,
  ],
  "a constant of several rows": [withConstant("Add", [1, 2], [2, 1]), /spans rows/],
  "a sum of constants": [
    {
      nodes: [node("Add", ["c", "c"], "d"), node("Add", ["x", "d"], "y")],
      initializers: { c: { dims: [1], floats: [1] } },
    },
    /constants alone/,
  ],
  "an unknown operator": [one("Erf"), /operator Erf/],
};

function modelOf(given: Case): Uint8Array {
  return writeModel({
    inputs: [{ name: "x", type: "float", shape: [-1, WIDTH] }],
    outputs: [{ name: "y", type: "float", shape: [-1, given.width ?? WIDTH] }],
    nodes: given.nodes,
    initializers: given.initializers ?? {},
    machineLearningOpset: 1,
    opset: given.opset ?? 17,
  });
}

for (const [name, given] of Object.entries(compiled)) {
  test(`${name} computes what ONNX Runtime does`, () => {
    const bytes = modelOf(given);
    const scorer = openScorer(bytes);
    assert.equal(scorer.reason, null);
    const oracle = openScorer(bytes, { engine: "onnxruntime" });
    for (const scale of [0.5, 3]) {
      const style = { scale, edgeShare: 0.15, nullShare: 0.1 };
      const columns = randomColumns(scorer.columns, 515, random(3), style);
      const found = differences(scorer.score(columns, 515), oracle.score(columns, 515));
      assert.deepEqual(found, []);
    }
  });
}

for (const [name, [given, reason]] of Object.entries(left)) {
  test(`${name} is left to ONNX Runtime`, () => {
    let scorer: ReturnType<typeof openScorer> | null = null;
    try {
      scorer = openScorer(modelOf(given));
    } catch (error) {
      // A model that ONNX Runtime refuses too is no case for this table.
      assert.fail(String(error));
    }
    assert.match(scorer.reason ?? "", reason);
  });
}
