// The compiled form of a model: expressions over columns. A [rows, N] tensor is just N expressions, so concatenating,
// picking and reshaping columns cost nothing, and what no output depends on disappears.
// lower.ts makes them from ONNX nodes; program.ts runs them; sql.ts writes them as SQL.
import type { Ensemble } from "../tree/ensemble.ts";
import type { ValueRange } from "./value-range.ts";

export type Unary =
  | "abs"
  | "ceil"
  | "exp"
  | "floor"
  | "isNaN"
  | "log"
  | "neg"
  | "not"
  | "relu"
  | "sigmoid"
  | "sqrt"
  | "tanh";
export type Binary =
  | "add"
  | "and"
  | "div"
  | "equal"
  | "greater"
  | "greaterOrEqual"
  | "less"
  | "lessOrEqual"
  | "max"
  | "min"
  | "mul"
  | "or"
  | "sub";

/** Numbers are float32 throughout; a truth value is 0 or 1. */
export type Value =
  | { op: "constant"; value: number }
  /** A float column as it is. */
  | { op: "input"; column: number; range?: ValueRange }
  /** An integer or double column, converted as ONNX Cast does. */
  | { op: "convert"; column: number }
  /** An integer or text column, mapped: `otherwise` for what is not a key. */
  | {
      op: "lookUp";
      column: number;
      keys: readonly (bigint | string)[];
      values: readonly number[];
      otherwise: number;
    }
  | { op: "unary"; fn: Unary; a: Value }
  | { op: "binary"; fn: Binary; a: Value; b: Value }
  | { op: "select"; condition: Value; a: Value; b: Value }
  /** Output `index` of a linear layer. */
  | { op: "dense"; layer: Layer; index: number }
  /** The sum of an ensemble's trees for one target. */
  | { op: "trees"; forest: Forest; target: number }
  /** The place of the first largest value. */
  | { op: "argMax"; of: readonly Value[] };

export interface Layer {
  inputs: readonly Value[];
  /** Per output: one weight per input. */
  weights: readonly Float32Array[];
  biases: Float32Array;
  isRelu: boolean;
}

export interface Forest {
  /** Indexed by the ensemble's features. */
  inputs: readonly Value[];
  ensemble: Ensemble;
}

const { fround } = Math;

export function constant(value: number): Value {
  return { op: "constant", value: fround(value) };
}

/** What each operation does to two numbers; the result is rounded to float32 by whoever stores it. */
export const unaryFunctions: Record<Unary, (a: number) => number> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  floor: Math.floor,
  isNaN: (a) => (Number.isNaN(a) ? 1 : 0),
  log: Math.log,
  neg: (a) => -a,
  not: (a) => (a === 0 ? 1 : 0),
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

export const binaryFunctions: Record<Binary, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  and: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  div: (a, b) => a / b,
  equal: (a, b) => (a === b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  greaterOrEqual: (a, b) => (a >= b ? 1 : 0),
  less: (a, b) => (a < b ? 1 : 0),
  lessOrEqual: (a, b) => (a <= b ? 1 : 0),
  max: Math.max,
  min: Math.min,
  mul: (a, b) => a * b,
  or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  sub: (a, b) => a - b,
};

export function unary(fn: Unary, a: Value): Value {
  if (a.op === "constant") return constant(unaryFunctions[fn](a.value));
  return { op: "unary", fn, a };
}

export function binary(fn: Binary, a: Value, b: Value): Value {
  if (a.op === "constant" && b.op === "constant") {
    return constant(binaryFunctions[fn](a.value, b.value));
  }
  // x * 1 and x / 1 are x for every float; x + 0 is not (-0).
  const isOne = (value: Value) => value.op === "constant" && value.value === 1;
  if ((fn === "mul" || fn === "div") && isOne(b)) return a;
  if (fn === "mul" && isOne(a)) return b;
  if (fn === "sub" && b.op === "constant" && Object.is(b.value, 0)) return a;
  return { op: "binary", fn, a, b };
}

export function select(condition: Value, a: Value, b: Value): Value {
  if (condition.op === "constant") return condition.value !== 0 ? a : b;
  return { op: "select", condition, a, b };
}

export function fold(fn: Binary, values: readonly Value[]): Value {
  return values.reduce((a, b) => binary(fn, a, b));
}

/** What a value is computed from. */
export function operandsOf(value: Value): readonly Value[] {
  switch (value.op) {
    case "constant":
    case "input":
    case "convert":
    case "lookUp":
      return [];
    case "unary":
      return [value.a];
    case "binary":
      return [value.a, value.b];
    case "select":
      return [value.condition, value.a, value.b];
    case "dense":
      return value.layer.inputs;
    case "trees":
      return forestInputs(value.forest);
    case "argMax":
      return value.of;
  }
}

const usedInputs = new WeakMap<Forest, readonly Value[]>();

/** The inputs that some split asks for: features that no tree uses are no operands. */
export function forestInputs(forest: Forest): readonly Value[] {
  let used = usedInputs.get(forest);
  if (!used) {
    const features = new Set<number>();
    for (const tree of forest.ensemble.trees) {
      for (const split of tree.splits) features.add(split.feature);
    }
    used = [...features].map((feature) => forest.inputs[feature] as Value);
    usedInputs.set(forest, used);
  }
  return used;
}
