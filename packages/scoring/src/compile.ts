// Decides whether a model is compiled, and says why when it is not.
import type { ScorerColumn } from "./column.ts";
import { lowerModel } from "./graph/lower.ts";
import type { TensorValue } from "./graph/tensor-value.ts";
import { type Forest, type Layer, operandsOf, type Value } from "./graph/value.ts";
import type { ValueRange } from "./graph/value-range.ts";
import type { OnnxModel } from "./onnx/model.ts";
import { valuesOf } from "./program/program.ts";
import { Uncompilable, uncompilable } from "./uncompilable.ts";

/** "linear": one linear layer, perhaps scaled and squashed. "trees": at least one ensemble. "graph": anything else. */
export type CompiledKind = "linear" | "trees" | "graph";

export interface CompiledModel {
  kind: CompiledKind;
  /** Only outputs that a table can hold. */
  outputs: Map<string, TensorValue>;
  /** Indices of the columns that some output depends on. */
  usedColumns: Set<number>;
  /** Per text column, the texts that some look-up asks for. */
  texts: Map<number, string[]>;
  /** Splits of all trees that some output depends on. */
  splits: number;
  /** Multiplications of its linear layers for one row. */
  products: number;
}

function productsPerRow(reached: ReadonlySet<Value>): number {
  const layers = new Set<Layer>();
  for (const value of reached) if (value.op === "dense") layers.add(value.layer);
  return [...layers].reduce((sum, { inputs, weights }) => sum + inputs.length * weights.length, 0);
}

/** Returns the reason when the model has to run in ONNX Runtime. */
export function compileModel(
  model: OnnxModel,
  columns: readonly ScorerColumn[],
  ranges: readonly (ValueRange | null)[] = [],
): CompiledModel | string {
  try {
    const outputs = lowerModel(model, columns, ranges);
    for (const { name, type, kind } of model.graph.outputs) {
      const value = outputs.get(name) as TensorValue;
      if (value.kind === "map") outputs.delete(name);
      else if (kind !== "tensor" || typeOf(value) !== type) {
        throw uncompilable(`the output '${name}' of type ${type}`);
      }
    }
    if (outputs.size === 0) throw uncompilable("outputs of which none is a column");
    const reached = reachedValues([...outputs.values()].flatMap(valuesOf));
    const usedColumns = new Set<number>();
    for (const value of reached) if ("column" in value) usedColumns.add(value.column);
    return {
      kind: kindOf(reached),
      outputs,
      usedColumns,
      texts: textsOf(reached),
      splits: splitsOf(reached),
      products: productsPerRow(reached),
    };
  } catch (error) {
    if (error instanceof Uncompilable) return error.message;
    if (error instanceof RangeError) return "expressions that nest too deep";
    throw error;
  }
}

function typeOf(value: TensorValue): string | null {
  if (value.kind === "numbers") return "float";
  if (value.kind === "indices") return "int64";
  if (value.kind === "labels") return value.type;
  return null;
}

function reachedValues(from: readonly Value[]): Set<Value> {
  const reached = new Set<Value>();
  const visit = (value: Value): void => {
    if (reached.has(value)) return;
    reached.add(value);
    for (const operand of operandsOf(value)) visit(operand);
  };
  for (const value of from) visit(value);
  return reached;
}

function textsOf(reached: ReadonlySet<Value>): Map<number, string[]> {
  const texts = new Map<number, string[]>();
  for (const value of reached) {
    if (value.op !== "lookUp" || typeof value.keys[0] !== "string") continue;
    const asked = [...(texts.get(value.column) ?? []), ...(value.keys as readonly string[])];
    texts.set(value.column, [...new Set(asked)]);
  }
  return texts;
}

function splitsOf(reached: ReadonlySet<Value>): number {
  const forests = new Set<Forest>();
  for (const value of reached) if (value.op === "trees") forests.add(value.forest);
  const trees = [...forests].flatMap(({ ensemble }) => ensemble.trees);
  return trees.reduce((sum, { splits }) => sum + splits.length, 0);
}

function kindOf(reached: ReadonlySet<Value>): CompiledKind {
  const layers = new Set<unknown>();
  for (const value of reached) {
    if (value.op === "trees") return "trees";
    if (value.op === "dense") layers.add(value.layer);
  }
  return layers.size === 1 ? "linear" : "graph";
}
