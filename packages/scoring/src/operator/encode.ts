// Preparation steps of pipelines: casts, scalers, imputers, encoders. Source: onnx/docs/Operators-ml.md.
import {
  floatsOf,
  input,
  intOf,
  type Label,
  type Lowering,
  numbers,
  type TensorValue,
  textOf,
} from "../graph/tensor-value.ts";
import { binary, constant, fold, select, unary, type Value } from "../graph/value.ts";
import { elementTypeOf } from "../onnx/tensor.ts";
import { uncompilable } from "../uncompilable.ts";
import { FOLD_MAX } from "./arithmetic.ts";

const cast: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  const to = elementTypeOf(intOf(node, "to", 0));
  if (value.kind === "labels") {
    if (to === value.type || (to === "int64" && value.type === "int32"))
      return [{ ...value, type: to }];
  } else if (value.kind === "raw") {
    if (to === value.type) return [value];
    const isNumber = ["int64", "int32", "double", "bool"].includes(value.type);
    if (to === "float" && isNumber) {
      const columns = value.columns.map((column): Value => ({ op: "convert", column }));
      return [{ kind: "numbers", rank: value.rank, columns }];
    }
  } else if (value.kind === "indices") {
    if (to === "int64" || to === "int32") return [value];
    if (to === "float") return [{ ...value, kind: "numbers" }];
  } else if (value.kind === "numbers" && to === "float") return [value];
  throw uncompilable(`a cast to ${to}`);
};

/** One parameter for all columns, or one each. */
function perColumn(list: readonly number[], width: number, otherwise: number): number[] {
  if (list.length === 0) return new Array<number>(width).fill(otherwise);
  if (list.length === 1) return new Array<number>(width).fill(list[0] as number);
  if (list.length !== width) throw uncompilable("parameters that do not match the columns");
  return [...list];
}

const scaler: Lowering = (node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const offsets = perColumn(floatsOf(node, "offset"), columns.length, 0);
  const scales = perColumn(floatsOf(node, "scale"), columns.length, 1);
  const scaled = columns.map((column, i) =>
    binary(
      "mul",
      binary("sub", column, constant(offsets[i] as number)),
      constant(scales[i] as number),
    ),
  );
  return [{ kind: "numbers", rank, columns: scaled }];
};

const imputer: Lowering = (node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const values = perColumn(floatsOf(node, "imputed_value_floats"), columns.length, 0);
  const replaced = node.attributes.get("replaced_value_float")?.float ?? 0;
  const imputed = columns.map((column, i) => {
    const isMissing = Number.isNaN(replaced)
      ? unary("isNaN", column)
      : binary("equal", column, constant(replaced));
    return select(isMissing, constant(values[i] as number), column);
  });
  return [{ kind: "numbers", rank, columns: imputed }];
};

function lookUp(
  column: number,
  table: { keys: readonly Label[]; values: readonly number[]; otherwise: number },
): Value {
  if (new Set(table.keys).size !== table.keys.length)
    throw uncompilable("a table with repeated keys");
  if (table.keys.some((key) => typeof key === "bigint" && !Number.isSafeInteger(Number(key)))) {
    throw uncompilable("a table of integers beyond 2^53");
  }
  return { op: "lookUp", column, ...table };
}

const oneHot: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  // Without `zeros` an unknown category is an error, which only ONNX Runtime can raise.
  if (intOf(node, "zeros", 1) !== 1)
    throw uncompilable("a one-hot encoder that refuses unknown values");
  const strings = node.attributes.get("cats_strings")?.strings ?? [];
  const ints = node.attributes.get("cats_int64s")?.ints ?? [];
  const keys: readonly Label[] = strings.length > 0 ? strings : ints;
  const wanted = strings.length > 0 ? "string" : "int64";
  if (value.kind !== "raw" || value.type !== wanted || value.columns.length !== 1) {
    throw uncompilable(`a one-hot encoder over other values than ${wanted}`);
  }
  const code = lookUp(value.columns[0] as number, {
    keys,
    values: keys.map((_, i) => i),
    otherwise: -1,
  });
  const columns = keys.map((_, i) => binary("equal", code, constant(i)));
  return [{ kind: "numbers", rank: 2, columns }];
};

/** LabelEncoder 2 and later from text or integers to floats or integers. */
const labelEncoder: Lowering = (node, inputs) => {
  const value = input(inputs, 0);
  if (value.kind !== "raw") throw uncompilable("a label encoder over computed values");
  const get = (name: string) => node.attributes.get(name);
  const keys: readonly Label[] =
    value.type === "string"
      ? (get("keys_strings")?.strings ?? [])
      : (get("keys_int64s")?.ints ?? []);
  if (value.type !== "string" && value.type !== "int64") {
    throw uncompilable(`a label encoder over ${value.type} values`);
  }
  const floats = get("values_floats")?.floats ?? [];
  const ints = get("values_int64s")?.ints ?? [];
  const isFloat = floats.length > 0;
  const values = isFloat ? floats : ints.map(Number);
  if (keys.length === 0 || keys.length !== values.length) {
    throw uncompilable("a label encoder of another kind");
  }
  const otherwise = isFloat
    ? (get("default_float")?.float ?? 0)
    : Number(get("default_int64")?.int ?? -1n);
  if (!isFloat && [...values, otherwise].some((v) => Math.abs(v) > 2 ** 24)) {
    throw uncompilable("a label encoder to large integers");
  }
  const columns = value.columns.map((column) => lookUp(column, { keys, values, otherwise }));
  return [{ kind: isFloat ? "numbers" : "indices", rank: value.rank, columns }];
};

/** Rows are divided by their norm; a norm of zero leaves them, as ONNX Runtime does. */
export function normalized(columns: readonly Value[], norm: string): Value[] {
  if (columns.length > FOLD_MAX) throw uncompilable(`a norm of more than ${FOLD_MAX} columns`);
  const zero = constant(0);
  const divided = (size: Value, quotient: (column: Value) => Value) => {
    const isZero = binary("equal", size, zero);
    return columns.map((column) => select(isZero, column, quotient(column)));
  };
  if (norm === "L1") {
    const sum = fold(
      "add",
      columns.map((column) => unary("abs", column)),
    );
    return divided(sum, (column) => binary("div", column, sum));
  }
  if (norm === "MAX") {
    const largest = fold("max", columns);
    return divided(largest, (column) => binary("div", column, largest));
  }
  if (norm !== "L2") throw uncompilable(`the norm ${norm}`);
  const square = (column: Value) => binary("mul", column, column);
  const sum = fold("add", columns.map(square));
  // The root of the share, not a share of the root: they differ where squares overflow.
  return divided(sum, (column) => {
    const share = unary("sqrt", binary("div", square(column), sum));
    return select(binary("less", column, zero), unary("neg", share), share);
  });
}

const normalizer: Lowering = (node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  return [{ kind: "numbers", rank, columns: normalized(columns, textOf(node, "norm", "MAX")) }];
};

/** The map itself is no column; its probabilities are reached through the model's other outputs. */
const zipMap: Lowering = (): TensorValue[] => [{ kind: "map" }];

const argMax: Lowering = (node, inputs) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const axis = intOf(node, "axis", 0);
  if (rank !== 2 || (axis !== 1 && axis !== -1) || intOf(node, "select_last_index", 0) !== 0) {
    throw uncompilable("ArgMax along rows");
  }
  const keep = intOf(node, "keepdims", 1) === 1;
  const index: Value = { op: "argMax", of: columns };
  return [{ kind: "indices", rank: keep ? 2 : 1, columns: [index] }];
};

export const encode: Record<string, Lowering> = {
  ArgMax: argMax,
  Cast: cast,
  Imputer: imputer,
  LabelEncoder: labelEncoder,
  Normalizer: normalizer,
  OneHotEncoder: oneHot,
  Scaler: scaler,
  ZipMap: zipMap,
};
