// ModelProto: bytes → graph. The compiler (compile.ts) and the signature (signature.ts) start from here.
// Source: onnx/onnx.proto field numbers. Hostile bytes end in ModelError, never in a hang or a huge allocation.
import { corrupt, ModelError } from "../model-error.ts";
import { type Attribute, readAttribute } from "./attribute.ts";
import { type ElementType, elementTypeOf, readTensor, type Tensor } from "./tensor.ts";
import { asInt64, asInteger, asMessage, asText, fieldsOf, type Message } from "./wire.ts";

export interface Node {
  name: string;
  opType: string;
  /** "" is ai.onnx. */
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, Attribute>;
}

/** A graph input or output. `shape` is null when the model does not give one; an unknown dimension is null. */
export interface ValueInfo {
  name: string;
  kind: "tensor" | "sequence" | "map" | "other";
  type: ElementType;
  shape: (number | null)[] | null;
}

export interface Graph {
  name: string;
  nodes: Node[];
  initializers: Map<string, Tensor>;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  hasSparseInitializers: boolean;
}

export interface OnnxModel {
  irVersion: number;
  opsets: Map<string, number>;
  producerName: string;
  producerVersion: string;
  description: string;
  modelVersion: number;
  metadata: Map<string, string>;
  hasFunctions: boolean;
  graph: Graph;
}

/** Two bytes of input can name a node, so counts are limited as well as bytes. */
const NODES_MAX = 200_000;
const DEPTH_MAX = 16;
export const MODEL_BYTES_MAX = 512 * 1024 * 1024;

interface Budget {
  nodes: number;
}

/** Reads an ONNX file. Throws `CorruptModel` or `UnsupportedModel`. */
export function readModel(bytes: Uint8Array, bytesMax: number = MODEL_BYTES_MAX): OnnxModel {
  if (bytes.length === 0) throw corrupt("the model has no bytes");
  if (bytes.length > bytesMax) {
    throw new ModelError(
      "UnsupportedModel",
      `The model has ${bytes.length} bytes; at most ${bytesMax} are read.`,
    );
  }
  const message: Message = { bytes, start: 0, end: bytes.length, what: "the model" };
  const budget = { nodes: NODES_MAX };
  const model: Omit<OnnxModel, "graph"> = {
    irVersion: 0,
    opsets: new Map(),
    producerName: "",
    producerVersion: "",
    description: "",
    modelVersion: 0,
    metadata: new Map(),
    hasFunctions: false,
  };
  let graph: Graph | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) model.irVersion = asInteger(message, field);
    else if (field.number === 2) model.producerName = asText(message, field);
    else if (field.number === 3) model.producerVersion = asText(message, field);
    else if (field.number === 5) model.modelVersion = Number(asInt64(message, field));
    else if (field.number === 6) model.description = asText(message, field);
    else if (field.number === 7) graph = readGraph(asMessage(message, field, "the graph"), budget);
    else if (field.number === 8) readOpset(asMessage(message, field, "an opset"), model.opsets);
    else if (field.number === 14) {
      readMetadata(asMessage(message, field, "a metadata entry"), model.metadata);
    } else if (field.number === 25) {
      model.hasFunctions = true;
      scanFunction(asMessage(message, field, "a function"), budget);
    }
  }
  if (graph === null) throw corrupt("the model has no graph");
  if (model.irVersion < 1) throw corrupt("the model has no IR version");
  if (graph.outputs.length === 0) throw corrupt("the graph has no outputs");
  return { ...model, graph };
}

function readOpset(message: Message, opsets: Map<string, number>): void {
  let domain = "";
  let version = 0;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) domain = asText(message, field);
    else if (field.number === 2) version = asInteger(message, field);
  }
  opsets.set(domain === "ai.onnx" ? "" : domain, version);
}

function readMetadata(message: Message, metadata: Map<string, string>): void {
  let key = "";
  let value = "";
  for (const field of fieldsOf(message)) {
    if (field.number === 1) key = asText(message, field);
    else if (field.number === 2) value = asText(message, field);
  }
  metadata.set(key, value);
}

/** Model-local functions are left to ONNX Runtime; they are read only so that no external data hides in them. */
function scanFunction(message: Message, budget: Budget): void {
  for (const field of fieldsOf(message)) {
    if (field.number === 7) readNode(asMessage(message, field, "a node"), budget, 1);
  }
}

function readGraph(message: Message, budget: Budget, depth = 0): Graph {
  if (depth > DEPTH_MAX) throw corrupt(`graphs are nested more than ${DEPTH_MAX} deep`);
  const graph: Graph = {
    name: "",
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    hasSparseInitializers: false,
  };
  for (const field of fieldsOf(message)) {
    if (field.number === 1) {
      graph.nodes.push(readNode(asMessage(message, field, "a node"), budget, depth));
    } else if (field.number === 2) graph.name = asText(message, field);
    else if (field.number === 5) {
      spend(budget);
      const tensor = readTensor(asMessage(message, field, "an initializer"));
      graph.initializers.set(tensor.name, tensor);
    } else if (field.number === 11 || field.number === 12) {
      spend(budget);
      const value = readValueInfo(asMessage(message, field, "a graph input or output"));
      (field.number === 11 ? graph.inputs : graph.outputs).push(value);
    } else if (field.number === 15) {
      graph.hasSparseInitializers = true;
      const sparse = asMessage(message, field, "a sparse initializer");
      for (const part of fieldsOf(sparse)) {
        if (part.number <= 2) readTensor(asMessage(sparse, part, "a sparse initializer"));
      }
    }
  }
  // Before IR 4 every initializer is listed as an input too; those are not the caller's to give.
  graph.inputs = graph.inputs.filter((input) => !graph.initializers.has(input.name));
  return graph;
}

function spend(budget: Budget): void {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw corrupt(`the model has more than ${NODES_MAX} nodes and tensors`);
}

function readNode(message: Message, budget: Budget, depth: number): Node {
  spend(budget);
  const node: Node = {
    name: "",
    opType: "",
    domain: "",
    inputs: [],
    outputs: [],
    attributes: new Map(),
  };
  for (const field of fieldsOf(message)) {
    if (field.number === 1) node.inputs.push(asText(message, field));
    else if (field.number === 2) node.outputs.push(asText(message, field));
    else if (field.number === 3) node.name = asText(message, field);
    else if (field.number === 4) node.opType = asText(message, field);
    else if (field.number === 5) {
      spend(budget);
      const attribute = readAttribute(asMessage(message, field, "an attribute"), (inner) => {
        readGraph(inner, budget, depth + 1);
      });
      node.attributes.set(attribute.name, attribute);
    } else if (field.number === 7) node.domain = asText(message, field);
  }
  if (node.domain === "ai.onnx") node.domain = "";
  if (node.opType === "") throw corrupt(`node '${node.name}' has no operator`);
  return node;
}

function readValueInfo(message: Message): ValueInfo {
  const value: ValueInfo = { name: "", kind: "other", type: "undefined", shape: null };
  for (const field of fieldsOf(message)) {
    if (field.number === 1) value.name = asText(message, field);
    else if (field.number === 2) readType(asMessage(message, field, "a type"), value);
  }
  if (value.name === "") throw corrupt("a graph input or output has no name");
  return value;
}

function readType(message: Message, value: ValueInfo): void {
  for (const field of fieldsOf(message)) {
    if (field.number === 4) value.kind = "sequence";
    else if (field.number === 5) value.kind = "map";
    else if (field.number === 1) {
      value.kind = "tensor";
      const tensor = asMessage(message, field, "a tensor type");
      for (const part of fieldsOf(tensor)) {
        if (part.number === 1) value.type = elementTypeOf(asInteger(tensor, part));
        else if (part.number === 2) value.shape = readShape(asMessage(tensor, part, "a shape"));
      }
    }
  }
}

function readShape(message: Message): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number !== 1) continue;
    const dimension = asMessage(message, field, "a dimension");
    let size: number | null = null;
    for (const part of fieldsOf(dimension)) {
      if (part.number === 1) size = asInteger(dimension, part);
    }
    // Zero and negative sizes are how old converters write "unknown".
    shape.push(size !== null && size > 0 ? size : null);
    if (shape.length > 64) throw corrupt("a shape has more than 64 dimensions");
  }
  return shape;
}
