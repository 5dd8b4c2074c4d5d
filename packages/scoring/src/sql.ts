// Small models as one SQL expression, for an engine that then needs no scorer: linear models and a few small trees.
// The dialect is DuckDB's. NULL stands for NaN there: a score that would be NaN is NULL or NaN.
import type { Layer, Value } from "./graph/value.ts";
import type { Child, Split, Tree } from "./tree/ensemble.ts";

/** Planning time grows with the text: beyond this a kernel is faster (libraries.md §3). */
const TERMS_MAX = 400;
/** So it is beyond about one tree of 31 leaves: at 10 × 16 CASE takes three times as long. */
const TREE_TERMS_MAX = 120;

interface Writer {
  columns: readonly string[];
  terms: number;
  termsMax: number;
}

/** `columns[i]` is the SQL of scorer column i, of type FLOAT. Null when the value has no exact or small form. */
export function valueToSql(value: Value, columns: readonly string[]): string | null {
  const writer = { columns, terms: 0, termsMax: TERMS_MAX };
  const text = write(writer, value);
  return text === null || writer.terms > writer.termsMax ? null : `CAST(${text} AS FLOAT)`;
}

function float(value: number): string {
  if (Number.isNaN(value)) return "CAST('NaN' AS FLOAT)";
  if (!Number.isFinite(value)) return `CAST('${value > 0 ? "" : "-"}Infinity' AS FLOAT)`;
  return `CAST(${Object.is(value, -0) ? "-0.0" : value} AS FLOAT)`;
}

/** Terms are counted on the way, so that a large model is given up early. */
function write(writer: Writer, value: Value): string | null {
  writer.terms += 1;
  if (writer.terms > writer.termsMax) return null;
  switch (value.op) {
    case "constant":
      return float(value.value);
    case "input":
      return writer.columns[value.column] ?? null;
    case "unary": {
      const a = write(writer, value.a);
      if (a === null) return null;
      if (value.fn === "neg") return `(-${a})`;
      if (value.fn === "abs") return `abs(${a})`;
      if (value.fn === "sigmoid") return `CAST(1 / (1 + exp(-CAST(${a} AS DOUBLE))) AS FLOAT)`;
      return null;
    }
    case "binary": {
      const [a, b] = [write(writer, value.a), write(writer, value.b)];
      if (a === null || b === null) return null;
      if (value.fn === "add") return `(${a} + ${b})`;
      if (value.fn === "sub") return `(${a} - ${b})`;
      if (value.fn === "mul") return `(${a} * ${b})`;
      // Division by zero is the engine's own affair.
      const isSafe = value.fn === "div" && value.b.op === "constant" && value.b.value !== 0;
      return isSafe ? `(${a} / ${b})` : null;
    }
    case "select":
      return writeImputed(writer, value);
    case "dense":
      return writeLayer(writer, value.layer, value.index);
    case "trees": {
      const { forest, target } = value;
      writer.termsMax = TREE_TERMS_MAX;
      const { trees, targetCount } = forest.ensemble;
      const parts = trees.map((tree) =>
        writeTree(writer, { tree, target, targetCount, inputs: forest.inputs }),
      );
      return parts.includes(null) ? null : `(${parts.join(" + ")})`;
    }
    default:
      return null;
  }
}

/** Only "instead of NaN": other comparisons treat NaN in SQL as the largest number. */
function writeImputed(writer: Writer, value: Value & { op: "select" }): string | null {
  const { condition, a, b } = value;
  if (condition.op !== "unary" || condition.fn !== "isNaN") return null;
  const [tested, whenTrue, whenFalse] = [condition.a, a, b].map((part) => write(writer, part));
  if (!tested || !whenTrue || !whenFalse) return null;
  return `CASE WHEN ${tested} IS NULL OR isnan(${tested}) THEN ${whenTrue} ELSE ${whenFalse} END`;
}

function writeLayer(writer: Writer, layer: Layer, index: number): string | null {
  // greatest() skips NULL where ReLU keeps NaN.
  if (layer.isRelu) return null;
  const weights = layer.weights[index] as Float32Array;
  const terms = layer.inputs.map((input, i) => {
    const text = write(writer, input);
    // The engine is a little faster with its constants on the right.
    return text === null ? null : `${text} * ${float(weights[i] as number)}`;
  });
  if (terms.includes(null)) return null;
  return `(${[...terms, float(layer.biases[index] as number)].join(" + ")})`;
}

interface TreeTerm {
  tree: Tree;
  target: number;
  targetCount: number;
  inputs: readonly Value[];
}

function writeTree(writer: Writer, term: TreeTerm): string | null {
  const { tree, target, targetCount, inputs } = term;
  const visit = (child: Child): string | null => {
    writer.terms += 1;
    if (writer.terms > writer.termsMax) return null;
    if (child < 0) return float(tree.leafValues[~child * targetCount + target] as number);
    const split = tree.splits[child] as Split;
    const x = write(writer, inputs[split.feature] as Value);
    const [left, right] = [visit(split.left), visit(split.right)];
    if (x === null || left === null || right === null) return null;
    return `CASE WHEN ${conditionOf(split, x)} THEN ${right} ELSE ${left} END`;
  };
  return visit(tree.root);
}

/** In SQL NaN is above every number and NULL makes a condition unknown, which CASE takes as false. */
function conditionOf({ test, threshold, isNanRight }: Split, x: string): string {
  if (test === "eq") return `${x} = ${float(threshold)}`;
  const isAbove = `${x} > ${float(threshold)}`;
  return isNanRight ? `(${isAbove} OR ${x} IS NULL)` : `(${isAbove} AND NOT isnan(${x}))`;
}
