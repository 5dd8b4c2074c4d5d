// An ONNX graph while it is written: nodes in order, constants beside them, names made up.
import type { AttributeSpec, NodeSpec, TensorSpec } from "../onnx/write-model.ts";
import { uncompilable } from "../uncompilable.ts";

export interface GraphWriter {
  nodes: readonly NodeSpec[];
  initializers: Readonly<Record<string, TensorSpec>>;
  /** Adds a node of one output and names that. Throws Uncompilable when there are too many. */
  add(op: string, inputs: readonly string[], attributes?: Record<string, AttributeSpec>): string;
  constant(spec: TensorSpec): string;
  reshape(source: string, shape: readonly number[]): string;
  /** Some of dimension 1. */
  pick(source: string, places: readonly number[]): string;
}

/** Beyond this a graph is no chain of layers, and its nodes cost more than they save. */
const NODES_MAX = 100;

export function graphWriter(): GraphWriter {
  const nodes: NodeSpec[] = [];
  const initializers: Record<string, TensorSpec> = {};
  let constants = 0;
  const writer: GraphWriter = {
    nodes,
    initializers,
    add(op, inputs, attributes = {}) {
      if (nodes.length >= NODES_MAX) throw uncompilable("more than a chain of layers");
      const name = `t${nodes.length}`;
      nodes.push({ op, inputs, outputs: [name], attributes });
      return name;
    },
    constant(spec) {
      const name = `c${constants}`;
      constants += 1;
      initializers[name] = spec;
      return name;
    },
    reshape: (source, shape) =>
      writer.add("Reshape", [source, writer.constant({ dims: [shape.length], int64s: shape })]),
    pick(source, places) {
      const indices = writer.constant({ dims: [places.length], int64s: places });
      return writer.add("Gather", [source, indices], { axis: { int: 1 } });
    },
  };
  return writer;
}
