// Linear layers as an ONNX graph of our own: what a model computes, from one table of float columns.
// layer-form.ts writes its layers, layer-session.ts runs it.
import type { TensorValue } from "../graph/tensor-value.ts";
import type { Binary, Layer, Unary, Value } from "../graph/value.ts";
import { writeModel } from "../onnx/write-model.ts";
import { valuesOf } from "../program/program.ts";
import { Uncompilable, uncompilable } from "../uncompilable.ts";
import { type GraphWriter, graphWriter } from "./graph-writer.ts";
import { formOf, type LayerForm, layersOf } from "./layer-form.ts";

export interface LayerGraph {
  bytes: Uint8Array;
  /** Places of the columns that it reads, in the order in which the rows of its only input, TABLE, have them. */
  columns: readonly number[];
  /** By name of the model's output, the graph's: [rows, width], a column per value of the output. */
  outputs: ReadonlyMap<string, { name: string; width: number }>;
}

export const TABLE = "table";

const unaryOperators: Partial<Record<Unary, string>> = {
  abs: "Abs",
  ceil: "Ceil",
  exp: "Exp",
  floor: "Floor",
  log: "Log",
  neg: "Neg",
  relu: "Relu",
  sigmoid: "Sigmoid",
  sqrt: "Sqrt",
  tanh: "Tanh",
};
const binaryOperators: Partial<Record<Binary, string>> = {
  add: "Add",
  div: "Div",
  max: "Max",
  min: "Min",
  mul: "Mul",
  sub: "Sub",
};

/** Null when the outputs are more than layers and arithmetic on float columns. */
export function layerGraph(
  tensors: ReadonlyMap<string, TensorValue>,
  usedColumns: ReadonlySet<number>,
): LayerGraph | null {
  const columns = [...usedColumns].sort((a, b) => a - b);
  const outputs = new Map(
    [...tensors].map(([name, tensor], at) => {
      const values = valuesOf(tensor);
      return [name, { name: `y${at}`, width: values.length, values }] as const;
    }),
  );
  try {
    return { bytes: writeGraph(columns, [...outputs.values()]), columns, outputs };
  } catch (error) {
    if (error instanceof Uncompilable || error instanceof RangeError) return null;
    throw error;
  }
}

/** What has been written of a graph. */
interface Written {
  writer: GraphWriter;
  form: LayerForm;
  columns: readonly number[];
  table: string;
  layers: Map<Layer, string>;
  /** Tables of one column. */
  values: Map<Value, string>;
}

function writeGraph(
  columns: readonly number[],
  outputs: readonly { name: string; width: number; values: readonly Value[] }[],
): Uint8Array {
  const writer = graphWriter();
  const form = formOf(layersOf(outputs.flatMap(({ values }) => values)));
  const table = form.table(writer, TABLE, columns.length);
  const written = { writer, form, columns, table, layers: new Map(), values: new Map() };
  const sources = outputs.map(({ values, width }) =>
    form.rows(writer, tableOf(written, values), width),
  );
  return writeModel({
    inputs: [{ name: TABLE, type: "float", shape: [-1, columns.length] }],
    outputs: outputs.map(({ name, width }) => ({ name, type: "float", shape: [-1, width] })),
    nodes: [
      ...writer.nodes,
      ...outputs.map(({ name }, at) => ({
        ...{ op: "Identity", inputs: [sources[at] as string], outputs: [name] },
      })),
    ],
    initializers: writer.initializers,
  });
}

/** The table of some values, column by column. */
function tableOf(written: Written, values: readonly Value[]): string {
  const [first] = values;
  if (!first) throw uncompilable("an output without columns");
  const known = values.length === 1 ? written.values.get(first) : undefined;
  if (known) return known;
  const name = alikeTable(written, first, values) ?? joinedTable(written, values);
  if (values.length === 1) written.values.set(first, name);
  return name;
}

/** Values of one kind as one operation; null when they are of several. */
function alikeTable(written: Written, first: Value, values: readonly Value[]): string | null {
  const { writer, columns, table } = written;
  switch (first.op) {
    case "input": {
      const inputs = alike(values, first.op, () => true);
      const places = inputs?.map(({ column }) => columns.indexOf(column));
      if (!places) return null;
      return picked(writer, { table, width: columns.length }, places);
    }
    case "dense": {
      const { layer } = first;
      const places = alike(values, first.op, (value) => value.layer === layer);
      if (!places) return null;
      const whole = { table: layerTable(written, layer), width: layer.weights.length };
      return picked(
        writer,
        whole,
        places.map(({ index }) => index),
      );
    }
    case "unary": {
      const all = alike(values, first.op, ({ fn }) => fn === first.fn);
      const operator = known(unaryOperators, first.fn);
      return (
        all &&
        writer.add(operator, [
          tableOf(
            written,
            all.map(({ a }) => a),
          ),
        ])
      );
    }
    case "binary": {
      const exponents = softmaxOperands(values);
      if (exponents) {
        return writer.add("Softmax", [tableOf(written, exponents)], { axis: { int: 1 } });
      }
      const all = alike(values, first.op, ({ fn }) => fn === first.fn);
      const operator = known(binaryOperators, first.fn);
      if (!all) return null;
      const [a, b] = [all.map((value) => value.a), all.map((value) => value.b)];
      // One side has to be as wide as the result.
      const isWide = isRepeated(a);
      const operands = [operand(written, a, false), operand(written, b, isWide)];
      return writer.add(operator, operands);
    }
    case "argMax": {
      if (values.length > 1) return null;
      const place = writer.add("ArgMax", [tableOf(written, first.of)], { axis: { int: 1 } });
      return writer.add("Cast", [place], { to: { int: 1 } });
    }
    default:
      throw uncompilable(`${first.op} beside layers`);
  }
}

/** The operands when the values are a softmax of them, as arithmetic.ts lowers it; else null. */
function softmaxOperands(values: readonly Value[]): Value[] | null {
  const parts = values.map((value) => {
    const power = value.op === "binary" && value.fn === "div" ? value.a : null;
    const difference = power?.op === "unary" && power.fn === "exp" ? power.a : null;
    if (difference?.op !== "binary" || difference.fn !== "sub") return null;
    return { power, operand: difference.a, largest: difference.b, sum: (value as { b?: Value }).b };
  });
  const [first] = parts;
  if (!first || values.length < 2) return null;
  const isWhole = parts.every((part) => part?.largest === first.largest && part.sum === first.sum);
  const operands = parts.flatMap((part) => part?.operand ?? []);
  const powers = parts.flatMap((part) => part?.power ?? []);
  const isSame =
    isWhole && isFold("max", first.largest, operands) && isFold("add", first.sum, powers);
  return isSame ? operands : null;
}

/** Whether a value is `fold(fn, of)`. */
function isFold(fn: Binary, value: Value | undefined, of: readonly Value[]): boolean {
  let rest = value;
  for (let at = of.length - 1; at > 0; at -= 1) {
    if (rest?.op !== "binary" || rest.fn !== fn || rest.b !== of[at]) return false;
    rest = rest.a;
  }
  return rest === of[0];
}

/** The values, if all of them are the same operation. */
function alike<Op extends Value["op"]>(
  values: readonly Value[],
  op: Op,
  isSame: (value: Extract<Value, { op: Op }>) => boolean,
): Extract<Value, { op: Op }>[] | null {
  const all = values as Extract<Value, { op: Op }>[];
  return all.every((value) => value.op === op && isSame(value)) ? all : null;
}

function known<Name extends string>(operators: Partial<Record<Name, string>>, name: Name): string {
  const operator = operators[name];
  if (!operator) throw uncompilable(`${name} beside layers`);
  return operator;
}

function joinedTable(written: Written, values: readonly Value[]): string {
  const parts = values.map((value) => tableOf(written, [value]));
  return written.writer.add("Concat", parts, { axis: { int: 1 } });
}

const isRepeated = (values: readonly Value[]) => values.every((value) => value === values[0]);

/**
 * One side of arithmetic: constants, which ONNX Runtime repeats for all rows, or columns. Unless `isWide`, it also
 * repeats one column beside many.
 */
function operand(written: Written, values: readonly Value[], isWide: boolean): string {
  const constants = alike(values, "constant", () => true);
  if (constants) {
    const floats = constants.map(({ value }) => value);
    return written.writer.constant({ dims: written.form.constantDims(floats.length), floats });
  }
  return tableOf(written, !isWide && isRepeated(values) ? values.slice(0, 1) : values);
}

/** Some columns of a table, or all of it. */
function picked(
  writer: GraphWriter,
  { table, width }: { table: string; width: number },
  places: readonly number[],
): string {
  const isAll = places.length === width && places.every((place, at) => place === at);
  return isAll ? table : writer.pick(table, places);
}

function layerTable(written: Written, layer: Layer): string {
  const { writer, form, layers } = written;
  const done = layers.get(layer);
  if (done) return done;
  const sums = form.sums(writer, tableOf(written, layer.inputs), layer);
  const name = layer.isRelu ? writer.add("Relu", [sums]) : sums;
  layers.set(layer, name);
  return name;
}
