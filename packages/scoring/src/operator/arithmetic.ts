// ai.onnx element-wise operators over columns. Source: onnx/docs/Operators.md.
import {
  constantColumns,
  floatConstant,
  input,
  intOf,
  type Lowering,
  numbers,
  type TensorValue,
} from "../graph/tensor-value.ts";
import {
  type Binary,
  binary,
  constant,
  fold,
  select,
  type Unary,
  unary,
  type Value,
} from "../graph/value.ts";
import { uncompilable } from "../uncompilable.ts";

const elementWise =
  (fn: Unary): Lowering =>
  (_node, inputs) => {
    const { rank, columns } = numbers(input(inputs, 0));
    return [{ kind: "numbers", rank, columns: columns.map((column) => unary(fn, column)) }];
  };

/** Columns of two operands side by side: equally many, or one that is repeated. */
function pair(a: TensorValue, b: TensorValue): { rank: 1 | 2; pairs: [Value, Value][] } {
  if (a.kind === "constant") {
    if (b.kind === "constant") throw uncompilable("arithmetic on constants alone");
    const { rank, pairs } = pair(b, a);
    return { rank, pairs: pairs.map(([x, y]) => [y, x]) };
  }
  const left = numbers(a);
  const right =
    b.kind === "constant"
      ? { rank: left.rank, columns: constantColumns(floatConstant(b), left.columns.length) }
      : numbers(b);
  // [rows] beside [rows, N] would make rows × rows values.
  if (right.rank !== left.rank) throw uncompilable("operands of different rank");
  const width = Math.max(left.columns.length, right.columns.length);
  if (left.rank === 1 && width > 1) throw uncompilable("a constant that spans rows");
  const at = (columns: readonly Value[], i: number) => {
    if (columns.length !== 1 && columns.length !== width) {
      throw uncompilable("operands of different width");
    }
    return columns[columns.length === 1 ? 0 : i] as Value;
  };
  const pairs = Array.from({ length: width }, (_, i): [Value, Value] => [
    at(left.columns, i),
    at(right.columns, i),
  ]);
  return { rank: left.rank, pairs };
}

const pairWise =
  (fn: Binary): Lowering =>
  (_node, inputs) => [
    inputs.slice(1).reduce<TensorValue>(
      (a, b) => {
        const { rank, pairs } = pair(a, b as TensorValue);
        return { kind: "numbers", rank, columns: pairs.map(([x, y]) => binary(fn, x, y)) };
      },
      input(inputs, 0),
    ),
  ];

const where: Lowering = (_node, inputs) => {
  const condition = numbers(input(inputs, 0));
  const [a, b] = [input(inputs, 1), input(inputs, 2)];
  const width = condition.columns.length;
  const columnsOf = (value: TensorValue): readonly Value[] => {
    if (value.kind === "constant") return constantColumns(floatConstant(value), width);
    const { rank, columns } = numbers(value);
    if (rank !== condition.rank) throw uncompilable("operands of different rank");
    return columns;
  };
  const [whenTrue, whenFalse] = [columnsOf(a), columnsOf(b)];
  if (whenTrue.length !== width || whenFalse.length !== width) {
    throw uncompilable("operands of different width");
  }
  const columns = condition.columns.map((column, i) =>
    select(column, whenTrue[i] as Value, whenFalse[i] as Value),
  );
  return [{ kind: "numbers", rank: condition.rank, columns }];
};

const FLOAT_MAX = 3.4028234663852886e38;

/** A bound that is left out is the largest float, not infinity. */
const clip: Lowering = (node, inputs, opset) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const bound = (at: number, name: string, otherwise: number): Value => {
    if (opset < 11) return constant(node.attributes.get(name)?.float ?? otherwise);
    return constant(inputs[at] ? (floatConstant(inputs[at]).data[0] as number) : otherwise);
  };
  const [low, high] = [bound(1, "min", -FLOAT_MAX), bound(2, "max", FLOAT_MAX)];
  const clipped = columns.map((column) => binary("min", binary("max", column, low), high));
  return [{ kind: "numbers", rank, columns: clipped }];
};

/** Sums over columns are chains of additions, walked recursively. */
export const FOLD_MAX = 1000;

/** exp(x - max) / sum, over the columns of a row. */
export function softmaxOf(columns: readonly Value[]): Value[] {
  if (columns.length > FOLD_MAX) throw uncompilable(`Softmax over more than ${FOLD_MAX} columns`);
  const largest = fold("max", columns);
  const powers = columns.map((column) => unary("exp", binary("sub", column, largest)));
  const sum = fold("add", powers);
  return powers.map((power) => binary("div", power, sum));
}

const softmax: Lowering = (node, inputs, opset) => {
  const { rank, columns } = numbers(input(inputs, 0));
  const axis = intOf(node, "axis", opset < 13 ? 1 : -1);
  if (rank !== 2 || (axis !== 1 && axis !== -1)) throw uncompilable("Softmax along rows");
  return [{ kind: "numbers", rank, columns: softmaxOf(columns) }];
};

export const arithmetic: Record<string, Lowering> = {
  Abs: elementWise("abs"),
  Add: pairWise("add"),
  And: pairWise("and"),
  Ceil: elementWise("ceil"),
  Clip: clip,
  Div: pairWise("div"),
  Equal: pairWise("equal"),
  Exp: elementWise("exp"),
  Floor: elementWise("floor"),
  Greater: pairWise("greater"),
  GreaterOrEqual: pairWise("greaterOrEqual"),
  IsNaN: elementWise("isNaN"),
  Less: pairWise("less"),
  LessOrEqual: pairWise("lessOrEqual"),
  Log: elementWise("log"),
  Max: pairWise("max"),
  Min: pairWise("min"),
  Mul: pairWise("mul"),
  Neg: elementWise("neg"),
  Not: elementWise("not"),
  Or: pairWise("or"),
  Relu: elementWise("relu"),
  Sigmoid: elementWise("sigmoid"),
  Softmax: softmax,
  Sqrt: elementWise("sqrt"),
  Sub: pairWise("sub"),
  Sum: pairWise("add"),
  Tanh: elementWise("tanh"),
  Where: where,
};
