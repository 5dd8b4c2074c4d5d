// An ONNX graph as one SQL query, trees as nested CASE: what people write who score inside an engine without PREDICT.
// For DuckDB. Nodes that compute become a level of subquery, so that no column is computed twice.
import { type Graph, type Node, readModel } from "../../packages/scoring/src/onnx/model.ts";
import type { Tree } from "../../packages/scoring/src/tree/ensemble.ts";
import { readEnsemble } from "../../packages/scoring/src/tree/read-ensemble.ts";
import { Unmeasured } from "./peer.ts";

/** A tensor: an expression per column. */
type Columns = readonly string[];

interface Writer {
  node: Node;
  inputs: readonly Columns[];
  /** The numbers or the text of a constant input. */
  constant(index: number): number[];
  /** An attribute's list. */
  floats(name: string): readonly number[];
}

/** How operators are written; the graph's inputs have a column each. */
const operators: Record<string, (writer: Writer) => Columns> = {
  Concat: ({ inputs }) => inputs.flat(),
  Reshape: ({ inputs }) => inputs[0] as Columns,
  Cast: ({ inputs }) => inputs[0] as Columns,
  Gather: ({ inputs, constant }) => constant(1).map((at) => inputs[0]?.[at] as string),
  Relu: ({ inputs }) => (inputs[0] as Columns).map((x) => `greatest(${x}, 0::FLOAT)`),
  Scaler: ({ inputs, floats }) => {
    const [offsets, scales] = [floats("offset"), floats("scale")];
    return (inputs[0] as Columns).map(
      (x, i) => `(${x} - ${float(offsets[i])}) * ${float(scales[i])}`,
    );
  },
  Imputer: ({ inputs, floats }) => {
    const values = floats("imputed_value_floats");
    return (inputs[0] as Columns).map(
      (x, i) => `CASE WHEN isnan(${x}) THEN ${float(values[i])} ELSE ${x} END`,
    );
  },
  OneHotEncoder: ({ node, inputs }) => {
    const { cats_int64s: codes, cats_strings: texts } = Object.fromEntries(node.attributes);
    const categories = codes?.ints.map(String) ?? texts?.strings.map(quoted) ?? [];
    return (inputs[0] as Columns).flatMap((x) =>
      categories.map((category) => `CASE WHEN ${x} = ${category} THEN 1 ELSE 0 END::FLOAT`),
    );
  },
  Gemm: ({ node, inputs, constant }) => {
    if (node.attributes.size > 0) throw new Unmeasured("Gemm with attributes is not written");
    const [weights, biases] = [constant(1), constant(2)];
    const width = biases.length;
    return biases.map((bias, to) =>
      dotted(inputs[0] as Columns, (from) => weights[from * width + to], bias),
    );
  },
  LinearRegressor: ({ inputs, floats }) => {
    const coefficients = floats("coefficients");
    return [dotted(inputs[0] as Columns, (from) => coefficients[from], floats("intercepts")[0])];
  },
  TreeEnsembleRegressor: ({ node, inputs }) => {
    const { ensemble, aggregate, baseValues, postTransform } = readEnsemble(node, "target", 1);
    if (aggregate !== "SUM" || postTransform !== "NONE") {
      throw new Unmeasured(`trees with ${aggregate} and ${postTransform} are not written`);
    }
    const trees = ensemble.trees.map((tree) => cases(tree, inputs[0] as Columns));
    return [[...trees, ...baseValues.map(float)].join(" + ")];
  },
};

/** Operators that only rename and reorder columns. */
const moving = new Set(["Concat", "Reshape", "Cast", "Gather"]);

/** `SELECT … AS score` over `table`. Throws `Unmeasured` with the operator that it cannot write. */
export function inlineSql(bytes: Uint8Array, table: string, output: string): string {
  const { graph } = readModel(bytes);
  const tensors = new Map<string, Columns>(graph.inputs.map(({ name }) => [name, [name]]));
  let from = table;
  for (const [level, node] of graph.nodes.entries()) {
    const columns = columnsOf(graph, node, tensors);
    const isMoving = moving.has(node.opType);
    const names = columns.map((text, i) => (isMoving ? text : `n${level}_${i}`));
    tensors.set(node.outputs[0] as string, names);
    if (isMoving) continue;
    const list = columns.map((text, i) => `${text} AS ${names[i]}`).join(", ");
    from = `(SELECT *, ${list} FROM ${from})`;
  }
  const [score, ...more] = tensors.get(output) ?? [];
  if (!score || more.length > 0) throw new Unmeasured(`'${output}' is not one number`);
  return `SELECT ${score} AS score FROM ${from}`;
}

function columnsOf(graph: Graph, node: Node, tensors: ReadonlyMap<string, Columns>): Columns {
  const write = operators[node.opType];
  if (!write) throw new Unmeasured(`${node.opType} is not written as SQL`);
  return write({
    node,
    inputs: node.inputs.map((name) => tensors.get(name) ?? []),
    constant: (index) => {
      const data = graph.initializers.get(node.inputs[index] as string)?.data ?? [];
      return Array.from(data as ArrayLike<number | bigint>, Number);
    },
    floats: (name) => node.attributes.get(name)?.floats ?? [],
  });
}

function dotted(
  columns: Columns,
  weightOf: (from: number) => number | undefined,
  bias: number | undefined,
): string {
  const terms = columns.map((x, from) => `${x} * ${float(weightOf(from))}`);
  return [...terms, float(bias)].join(" + ");
}

/** In DuckDB NaN is above every number. */
function cases({ root, splits, leafValues }: Tree, columns: Columns): string {
  const visit = (child: number): string => {
    const split = splits[child];
    if (!split) return float(leafValues[~child]);
    const x = columns[split.feature] as string;
    const t = float(split.threshold);
    if (split.test === "eq") {
      return `CASE WHEN ${x} = ${t} THEN ${visit(split.right)} ELSE ${visit(split.left)} END`;
    }
    const isLeft = split.isNanRight ? `${x} <= ${t}` : `${x} <= ${t} OR isnan(${x})`;
    return `CASE WHEN ${isLeft} THEN ${visit(split.left)} ELSE ${visit(split.right)} END`;
  };
  return visit(root);
}

function float(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) {
    throw new Unmeasured(`the number ${value} is not written`);
  }
  return `(${value})::FLOAT`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
